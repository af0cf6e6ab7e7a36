"""A recorded sound device and players on it, for every test that listens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.project.state import ProjectState
from tests.player.device import Recorder, recording


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Yield a recorder that is the default sound device."""
    with recording(tmp_path / "device", monkeypatch) as recorder:
        yield recorder


@pytest.fixture
def play(recorder: Recorder, tmp_path: Path) -> Iterator[Callable[[ProjectState], Remote]]:
    """Yield a function that makes a player of a project on the recorded device; all are closed afterwards."""
    started: list[Remote] = []

    def start(project: ProjectState) -> Remote:
        started.append(Remote(project, EngineChoice, lambda: tmp_path / "player.log"))
        return started[-1]

    yield start
    for remote in started:
        remote.close()
