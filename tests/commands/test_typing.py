"""The computer's keys as a piano and as pads: notes with an end of their own, no repeats of the terminal, the grid."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.performance.typingkeys import PORT, TypingKeys
from hardcore.controller.playingports import MidiInputs
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from tests.song import studio_with_song

Message = tuple[int, int, int]


class Fed:
    """MIDI inputs that keep what they are fed."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def feed(self, port: str, data: Sequence[int]) -> None:
        assert port == PORT
        self.messages.append((data[0], data[1], data[2]))

    def keep_time(self, now: object) -> None:
        """It has no clock."""

    def send(self, frames: object) -> None:
        """Nothing plays."""

    def close(self) -> None:
        """Nothing is left of it."""


def played(keys: Sequence[tuple[str, float]], gate_s: float | None, let_go: bool = False) -> list[Message]:
    """Return the messages of keys, pressed at times of a steady clock, and of the gates that end meanwhile."""

    async def play() -> list[Message]:
        studio, hands = studio_with_song(None), Fed()
        studio.hands = cast(MidiInputs, hands)
        typing = TypingKeys(studio, gate_s)
        for key, at_s in keys:
            typing.press(key, at_s)
        if gate_s is not None:
            while typing._ends:
                await asyncio.sleep(0)
        if let_go:
            typing.let_go()
        studio.close()
        return hands.messages

    return asyncio.run(play())


def test_a_key_is_a_note_that_ends_after_its_gate() -> None:
    assert played([("a", 0.0)], 0.001) == [(0x90, 60, 100), (0x80, 60, 0)]
    assert played([("w", 0.0), ("k", 1.0)], 0.001)[:2] == [(0x90, 61, 100), (0x90, 72, 100)]


def test_with_hold_it_ends_with_the_next_one() -> None:
    found = played([("a", 0.0), ("d", 0.5)], None)
    assert found == [(0x90, 60, 100), (0x80, 60, 0), (0x90, 64, 100)]
    assert played([("a", 0.0)], None, let_go=True) == [(0x90, 60, 100), (0x80, 60, 0)]


def test_what_a_terminal_repeats_is_one_note_and_a_finger_twice_is_two() -> None:
    held = [("a", 0.0), *(("a", 0.03 * at) for at in range(1, 20))]
    assert [one for one in played(held, 0.001) if one[0] == 0x90] == [(0x90, 60, 100)]
    twice = played([("a", 0.0), ("a", 0.2)], None, let_go=True)
    assert [one[0] for one in twice] == [0x90, 0x80, 0x90, 0x80], "the first ends before the second begins"


def test_octave_and_velocity_stay_within_midi() -> None:
    keys = [(key, float(at)) for at, key in enumerate("xxxxxxxxxvvvvvv'")]
    assert played(keys, None) == [(0x90, 108 + 17, 127)]
    keys = [(key, float(at)) for at, key in enumerate("zzzzzzzzzcccccccca")]
    assert played(keys, None) == [(0x90, 0, 10)]


class Launches:
    """A player that notes what is launched and let go."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def latest(self) -> Any:
        from hardcore.project.playback import Playback

        return Playback(sound="none")

    def launch(self, clips: dict[str, str | None], quantum: Any = None, **how: Any) -> Any:
        self.asked.append(("launch", clips))
        return self.latest()

    def news(self) -> str:
        return ""

    def follow(self, *what: object, **how: object) -> None:
        """Nothing is played."""

    def close(self) -> None:
        """Nothing is left of it."""


def test_pads_press_and_let_go_of_slots_of_the_bank() -> None:
    async def press(studio: Studio) -> None:
        await run_line(studio, "/clip mode bass:A gate", Caller())
        await run_line(studio, "/keys pads --gate 1/16", Caller())
        typing = studio.recall(TypingKeys)
        assert typing is not None
        names = [track.name for track in studio.controller.project.tracks]
        typing.press("1234"[names.index("bass")])
        while typing._ends or typing._running:
            await asyncio.sleep(0)
        await run_line(studio, "/keys off", Caller())
        assert studio.recall(TypingKeys) is None

    studio, player = studio_with_song(None), Launches()
    studio.player = player  # type: ignore[assignment]
    bass = studio.controller.project.find_track("bass")
    asyncio.run(press(studio))
    assert player.asked == [("launch", {bass.id: bass.clips[0].id}), ("launch", {bass.id: None})]
    studio.close()


def test_a_piano_that_nobody_hears_says_so() -> None:
    studio = studio_with_song(None)
    with pytest.raises(UserError, match="no track hears a keyboard"):
        asyncio.run(run_line(studio, "/keys piano", Caller()))
    studio.close()
