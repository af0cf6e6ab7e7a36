"""Engines and clips' grids by command; without an engine, so that they run anywhere."""

import asyncio
from collections.abc import Iterator

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.settings import load_settings, with_engine
from tests.song import studio_with_song


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = studio_with_song()
    studio.settings = with_engine(studio.settings, "none")
    yield studio
    studio.close()


def say(studio: Studio, line: str) -> str:
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result.text()


def test_an_engine_that_is_used_is_kept_and_plays_on(studio: Studio) -> None:
    assert say(studio, "/engine use none --rate 44100") == "engine: none, from the next play on"
    say(studio, "/play 2.1")
    assert say(studio, "/engine use none --buffer 256").startswith("engine: silent")
    assert studio.player is not None and studio.player.state().playing
    kept = load_settings().engine
    assert (kept.kind, kept.rate, kept.buffer_frames) == ("none", 44_100, 256)
    assert "*  none" in say(studio, "/engine list")


def test_an_unknown_engine_is_answered_with_the_nearest_or_with_those_there_are(studio: Studio) -> None:
    with pytest.raises(UserError, match=r"did you mean embedded\?"):
        say(studio, "/engine use embeded")
    with pytest.raises(UserError, match="one of: embedded, external, none"):
        say(studio, "/engine use qqq")


def test_a_clip_with_a_grid_of_its_own_is_launched_on_it_and_undo_takes_it_back(studio: Studio) -> None:
    assert say(studio, "/clip grid kick 1/4") == "kick A is launched on 1/4"
    say(studio, "/play")
    state = studio.player.launch({t.id: t.clips[0].id for t in studio.controller.project.tracks if t.clips})  # type: ignore[union-attr]
    ticks = {studio.controller.project.find_track(track).name: found.tick for track, found in state.queue.items()}
    assert ticks["kick"] % 1920 == 0 and ticks["kick"] <= ticks["snare"] and ticks["snare"] % 7680 == 0
    assert "kick" in say(studio, "/launch queue")
    say(studio, "/undo")
    assert studio.controller.project.find_track("kick").clips[0].quantum is None
    say(studio, "/clip grid kick 8")
    assert say(studio, "/clip grid kick studio") == "kick A is launched on the launch grid"
