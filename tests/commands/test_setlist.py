"""Set lists: kept in order, gone through without a question, the next project made ready, and on the bar."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.performance.setlist import SetListView, SetMoved
from hardcore.errors import UserError
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.surfaces.live import LiveStudio


@pytest.fixture
def studio(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveStudio]:
    """Yield a studio on the first of three projects of a set, which differ in tempo."""
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    monkeypatch.chdir(tmp_path)
    with open_studio() as studio:
        for name, bpm in (("three", 160), ("two", 140), ("one", 110)):
            studio.do("/new")
            studio.do("/track add kick --instrument kick909")
            studio.do("/clip add kick A --bars 1")
            studio.do(f"/tempo {bpm}")
            studio.do(f"/save {name}.hcs")
        for name in ("one", "three"):
            studio.do(f"/setlist add {name}.hcs")
        studio.do("/setlist add two.hcs --at 2")
        yield studio


def states(studio: LiveStudio) -> list[tuple[str, str]]:
    view = studio.do("/setlist")
    assert isinstance(view, SetListView)
    return [(row.name, row.state) for row in view.items]


def test_a_set_is_gone_through_in_order_on_stage_without_a_question(studio: LiveStudio, tmp_path: Path) -> None:
    assert states(studio) == [("one", "now"), ("two", ""), ("three", "")]
    studio.do("/stage")
    moved = studio.do("/setlist next")
    assert isinstance(moved, SetMoved) and moved.ready
    assert (moved.number, moved.name, moved.following) == (2, "two", "three")
    assert studio.project.tempo_map.bpm == 140
    assert states(studio) == [("one", ""), ("two", "now"), ("three", "ready")]
    studio.do("/setlist next")
    assert studio.project.tempo_map.bpm == 160
    with pytest.raises(UserError, match="the last one"):
        studio.do("/setlist next")
    studio.do("/setlist go 1")
    assert studio.project.tempo_map.bpm == 110
    assert studio._studio.jobs is not None and not studio._studio.jobs.going(), "no slow work begins by itself"
    (tmp_path / "two.hcs").unlink()
    assert states(studio)[1] == ("two", "missing")
    with pytest.raises(UserError):
        studio.do("/setlist go 2")
    assert studio.project.tempo_map.bpm == 110, "the one that plays stays"


def test_a_set_list_is_there_in_the_next_session(studio: LiveStudio) -> None:
    with open_studio() as later:
        assert [name for name, _ in states(later)] == ["one", "two", "three"]
        later.do("/setlist remove 2")
        with pytest.raises(UserError, match="no project 3"):
            later.do("/setlist go 3")


class Ready:
    """A player that plays, and notes what it is to have ready."""

    def __init__(self) -> None:
        self.prepared: list[float] = []
        self.followed: list[tuple[float, int]] = []

    def latest(self) -> Playback:
        return Playback(playing=True, sound="none")

    def state(self) -> Playback:
        return self.latest()

    def prepare(self, project: ProjectState) -> Playback:
        self.prepared.append(project.tempo_map.bpm)
        return self.latest()

    def follow(self, project: ProjectState, *, provisional: bool = False, opening: int = 0) -> None:
        self.followed.append((project.tempo_map.bpm, opening))

    def news(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing is left of it."""


def test_the_player_has_the_next_project_before_it_is_asked_for(studio: LiveStudio) -> None:
    player, inner = Ready(), studio._studio
    before, inner.player = inner.player, player  # type: ignore[assignment]
    studio.do("/setlist go 1")
    assert player.prepared == [140], "the one that is open stays, and the next one is loaded"
    inner.player = before
