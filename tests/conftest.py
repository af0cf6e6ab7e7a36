"""What every test has: an empty home of its own, patient hypothesis, no colour."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Two busy cores make deadlines a lottery; timing never gates a test.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Where this is set, each of the many processes that tests start compiles the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield an empty folder that holds everything the program keeps for its user."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HARDCORE_HOME", str(folder))
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("HARDCORE_RENDER_RATE", "HARDCORE_SCREEN_COLOR"):
        monkeypatch.delenv(name, raising=False)
    yield folder
