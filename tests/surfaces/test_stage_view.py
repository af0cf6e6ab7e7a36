"""The view `stage` and the lock of the stage."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.core import stagelock
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import registry
from hardcore.commands.performance.stage import StageState
from hardcore.commands.studio.keymap import load_keymap
from hardcore.errors import Denied
from hardcore.project import scenes
from hardcore.project.history import History
from hardcore.project.playback import Launched
from hardcore.surfaces.screen.cells import width
from hardcore.surfaces.screen.stage_view import StageView
from hardcore.surfaces.screen.view import Shown
from tests.song import song, studio_with_song
from tests.surfaces.stage import full_screen, playing
from tests.surfaces.test_screen import BAR


def test_it_shows_the_place_what_plays_what_comes_and_levels_at_any_size() -> None:
    project, _ = scenes.copy_scene(song(), song().scenes[0].id, "drop")
    kick = project.find_track("kick")
    first, second = project.scenes[0], project.scenes[-1]
    slots = {scene.id: dict(scene.slots) for scene in (first, second)}
    playback = playing(project, 5 * BAR).evolve(
        clips={track: Launched(clip=clip, tick=0) for track, clip in slots[first.id].items()},
        queue={track: Launched(clip=clip, tick=8 * BAR) for track, clip in slots[second.id].items()},
        peaks_db={kick.id: -6.0},
    )
    shown = Shown(project, History(project), load_keymap(), playback=playback, tick=5 * BAR)
    for columns, rows in ((80, 24), (200, 60), (40, 10)):
        lines = StageView().draw(columns, rows, shown)
        assert len(lines) <= rows and all(width("".join(text for _, text in line)) <= columns for line in lines)
    text = ["".join(piece for _, piece in line) for line in StageView().draw(80, 24, shown)]
    assert any("now" in line and first.name.upper() in line for line in text)
    assert any("next" in line and second.name.upper() in line and "BARS" in line for line in text)
    assert any("kick" in line and "-6.0" in line for line in text)
    assert text[2].count("█") >= 9, "large digits"
    plain = StageView().draw(80, 24, replace(shown, ascii_only=True))
    assert all(ord(letter) < 127 for line in plain for _, piece in line for letter in piece)


def test_on_stage_what_takes_away_is_done_when_it_is_said_twice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with open_studio() as studio:
        studio.do("/track add kick --instrument kick909")
        answer = studio.do("/stage")
        assert isinstance(answer, StageState) and answer.locked
        for line in ("/track delete kick", "/new", "/config render.rate 44100", "/export song.wav", "techno, 2 bars"):
            with pytest.raises(Denied, match="locked on stage"):
                studio.do(line)
        for line in ("/gain kick -3", "/undo", "/redo", "/bank tracks next", "/clip add kick A"):
            studio.do(line)
        with pytest.raises(Denied):
            studio.do("/track delete kick")
        studio.do("/track delete kick")
        assert "kick" not in [track.name for track in studio.project.tracks]
        with pytest.raises(Denied):
            studio.do("/new")
        monkeypatch.setattr(stagelock, "AGAIN_S", -1.0)  # the time to say it again is over
        with pytest.raises(Denied):
            studio.do("/new")
        studio.do("/stage off")
        studio.do("/new")


def test_others_than_the_person_change_nothing_of_that_on_stage() -> None:
    lock = stagelock.StageLock()
    delete = registry()["track remove"]
    effects = delete.effects.always
    for _ in range(2):
        with pytest.raises(Denied, match="locked on stage"):
            lock.ensure(delete, effects, "track delete kick", "agent", 1.0)
    with pytest.raises(Denied):
        lock.ensure(delete, effects, "track delete kick", "you", 1.0)
    with pytest.raises(Denied):
        lock.ensure(delete, effects, "track delete bass", "you", 2.0)
    lock.ensure(delete, effects, "track delete bass", Caller().author, 3.0)
    free = registry()["track gain"]
    lock.ensure(free, free.effects.always, "gain kick -3", "agent", 3.0)


def test_stage_shows_its_view_and_off_the_grid(home: Path) -> None:
    studio = studio_with_song(home)
    with full_screen(studio) as screen:
        for line, view in (("/stage", "stage"), ("/stage", "stage"), ("/stage off", "session")):
            asyncio.run(run_line(studio, line, Caller()))
            assert screen.board.view.name == view
    studio.close()
