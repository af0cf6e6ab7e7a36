"""A player that takes its time, asked by commands: everything else goes on meanwhile."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.controller.studio import Studio
from hardcore.errors import EngineError
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.project.playback import Playback
from tests.song import song, studio_with_song


class SlowPlayer:
    """A player that is not there before it `may` be; closing it ends the wait."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.asked: list[str] = []
        self._state = Playback()
        self._closed = False

    def latest(self) -> Playback:
        return self._state

    def news(self) -> str:
        return ""

    def follow(self, project: object) -> None:
        self.asked.append("follow")

    def close(self) -> None:
        self._closed = True
        self.may.set()

    def play(self, tick: int | None, *, count_in: int, arrangement: bool) -> Playback:
        return self._answer("play", playing=True)

    def stop(self) -> Playback:
        return self._answer("stop", playing=False)

    def _answer(self, name: str, playing: bool) -> Playback:
        assert self.may.wait(20)
        if self._closed:
            raise EngineError("ended")
        self.asked.append(name)
        self._state = Playback(playing=playing, sound="silent")
        return self._state


def studio_of(player: SlowPlayer) -> Studio:
    """Return a studio that plays on it."""
    studio = studio_with_song()
    studio.player = player  # type: ignore[assignment]
    return studio


def test_a_first_play_says_that_the_engine_starts_and_edits_go_on(home: Path) -> None:
    player, said = SlowPlayer(), []
    studio = studio_of(player)

    async def session() -> list[Result | None]:
        caller = Caller(progress=lambda share, words: said.append(words))
        playing = asyncio.ensure_future(run_line(studio, "/play", caller))
        stopping = asyncio.ensure_future(run_line(studio, "/stop", Caller()))
        edited = await run_line(studio, "/gain kick -3", Caller())
        assert not playing.done() and not player.asked
        player.may.set()
        return [edited, await playing, await stopping]

    edited, playing, stopped = [result.text() for result in asyncio.run(session()) if result]
    assert said == ["starting the engine"]
    assert edited.startswith("kick: gain") and playing.startswith("playing") and stopped.startswith("stopped")
    assert player.asked == ["play", "stop"]
    studio.controller.close()


def test_a_start_that_is_cancelled_plays_nothing_later(home: Path) -> None:
    player = SlowPlayer()
    studio = studio_of(player)

    async def session() -> None:
        playing = asyncio.ensure_future(run_line(studio, "/play", Caller()))
        while not playing.done():
            await asyncio.sleep(0)
            playing.cancel()
        await playing

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(session())
    assert player.asked == []
    studio.controller.close()


def in_thread(do: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Return a thread that does it, and what that gave."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(do())
        except EngineError as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def test_a_player_that_starts_keeps_nobody_from_editing_and_plays_what_was_edited(tmp_path: Path) -> None:
    project = song()
    remote = Remote(project, lambda: EngineChoice("none"), lambda: tmp_path / "log")
    try:
        thread, found = in_thread(remote.play)
        while remote.process_id is None:
            pass
        remote.follow(project.with_mixer(project.tracks[0].id, gain_db=-3))
        assert not found
        thread.join()
        assert isinstance(found[0], Playback) and found[0].playing
    finally:
        remote.close()


def test_closing_ends_the_wait_for_a_player_that_starts(tmp_path: Path) -> None:
    remote = Remote(song(), lambda: EngineChoice("none"), lambda: tmp_path / "log")
    thread, found = in_thread(remote.play)
    while remote.process_id is None:
        pass
    remote.close()
    thread.join(10)
    assert isinstance(found[0], EngineError) and not remote.running
