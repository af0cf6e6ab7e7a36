"""Commands render at half the rate where a test needs no other: what is written and heard takes half as long."""

import pytest


@pytest.fixture
def full_rate() -> None:
    """Let files be rendered as a user's are."""


@pytest.fixture(autouse=True)
def half_rate(request: pytest.FixtureRequest, home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be rendered at 24 kHz, in this process and those that it starts, where nothing says otherwise."""
    if "full_rate" not in request.fixturenames:
        monkeypatch.setenv("HARDCORE_RENDER_RATE", "24000")
