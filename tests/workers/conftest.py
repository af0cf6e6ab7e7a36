"""Here it is tested how a worker begins, so every one starts Python anew."""

import subprocess

import pytest

from tests.forking import Popen


@pytest.fixture(autouse=True)
def real_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the studios of this process start their workers as a user's does."""
    monkeypatch.setattr(subprocess, "Popen", Popen)
