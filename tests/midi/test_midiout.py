"""What tracks send to other instruments, over JACK: notes, programs, what hands play, and an end of each."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.music.tempo import PPQ
from hardcore.player.child import EngineChoice
from hardcore.player.remote import Remote
from hardcore.player.wire import Words
from hardcore.project import clips, tracks
from hardcore.project.midiout import MidiOutput
from hardcore.project.notes import Note
from hardcore.project.state import new_project
from hardcore.surfaces.live import LiveStudio
from tests.midi.test_journal import SYNC
from tests.midi.test_lights import shown_port
from tests.midi.test_listener import NAME, Keyboard
from tests.midi.test_listener import keyboards as keyboards
from tests.player.jack import jack_server, needs_jack
from tests.takes import LOSSY, taken
from tests.waiting import until

pytestmark = needs_jack
SETUP = [(0xB1, 123, 0), (0xB1, 0, 1), (0xB1, 32, 2), (0xC1, 32)]
ON, OFF = 0x91, 0x81


class Synth:
    """What another instrument hears."""

    def __init__(self, keys: Keyboard) -> None:
        self._keys = keys
        self.heard: list[tuple[int, ...]] = []

    @property
    def down(self) -> list[int]:
        """Return the keys that are down, and check that each note is ended before it begins again."""
        self.heard += self._keys.lights()
        down: list[int] = []
        for status, key, *_ in self.heard:
            if status == ON:
                assert key not in down
                down.append(key)
            elif status == OFF and key in down:  # what began before the port was there ends there, too
                down.remove(key)
            elif (status, key) == (0xB1, 123):
                down.clear()
        return down

    @property
    def down_somewhere(self) -> set[int]:
        """Return the keys that are down, however often each was struck."""
        self.heard += self._keys.lights()
        last = {key: status for status, key, *_ in self.heard if status in (ON, OFF)}
        return {key for key, status in last.items() if status == ON}

    def has(self, *messages: tuple[int, ...]) -> bool:
        assert self.down is not None
        return all(message in self.heard for message in messages)


@pytest.fixture
def synth(
    keyboards: Callable[[], Keyboard], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[LiveStudio, Synth, Keyboard]]:
    """Yield a studio whose bass goes to another instrument, at 240 BPM; no engine plays."""
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with jack_server(tmp_path, monkeypatch, SYNC), open_studio() as studio:
        keys = keyboards()
        lines = (
            "/tempo 240", "/track add bass --instrument reese", "/clip add bass A --bars 1",
            "/note add bass:A 1.1.1 C2 1/8", "/note add bass:A 1.2.1 E2 1/8", "/note add bass:A 1.3.1 G2 1/2",
            f"/track midi-out bass {NAME} --channel 2 --program 33 --bank 130",
        )  # fmt: skip
        for line in lines:
            studio.do(line)
        shown_port(studio)
        heard, (*_, output) = Synth(keys), lines

        def told() -> None:
            heard.heard.clear()
            studio.do("/track midi-out bass off")
            studio.do(output)
            until(lambda: heard.has(*SETUP), "bank and program are not told", 5)

        taken(told, LOSSY, 5)
        yield studio, heard, keys


def test_notes_arrive_in_order(synth: tuple[LiveStudio, Synth, Keyboard]) -> None:
    studio, heard, _ = synth
    assert heard.heard[-len(SETUP) :] == SETUP

    def take() -> None:
        heard.heard.clear()
        studio.do("/stop")
        studio.do("/play")
        until(lambda: 43 in heard.down, "no notes")
        notes = [(status, key) for status, key, *_ in heard.heard if status in (ON, OFF)]
        studio.do("/stop")
        until(lambda: 43 not in heard.down, "a note hangs")
        assert notes == [(ON, 36), (OFF, 36), (ON, 40), (OFF, 40), (ON, 43)]

    taken(take, LOSSY)


@pytest.mark.soak
def test_no_note_hangs_whatever_ends(synth: tuple[LiveStudio, Synth, Keyboard]) -> None:
    studio, heard, _ = synth
    studio.do(f"/track midi-out bass {NAME} --channel 2 --program 7 --bank 130")
    until(lambda: heard.has((0xC1, 6)), "the program is not changed")
    for ending in ("/stop", "/panic", "/seek 1.1.1", "/track mute bass"):
        studio.do("/play")
        until(lambda: 43 in heard.down, "no notes")
        studio.do(ending)
        until(lambda: 43 not in heard.down, f"a note hangs after {ending}")
    studio.do("/track mute bass off")

    player, hands = studio._studio.player, studio._studio.hands
    assert player is not None and hands is not None
    for victim in (lambda: player.process_id, lambda: hands._out.process_id):  # type: ignore[attr-defined]
        until(lambda: 43 in heard.down, "no notes")
        os.kill(victim() or 0, signal.SIGKILL)
        until(lambda: 43 not in heard.down, "a note hangs")
    until(lambda: 43 in heard.down, "it does not go on")


@pytest.mark.soak
def test_notes_arrive_as_far_apart_as_they_are_written(synth: tuple[LiveStudio, Synth, Keyboard]) -> None:
    studio, _, keys = synth
    studio.do("/play")
    found: list[tuple[float, tuple[int, ...]]] = []
    until(lambda: found.extend(keys.stamped()) or len(found) > 60, "no notes", 60)
    at = [when for when, message in found if message[0] == ON]
    beats = [number // 3 * 4 + number % 3 for number in range(len(at))]
    off = sorted(abs(when - at[0] - beat / 4) for when, beat in zip(at, beats, strict=True))
    # JACK passes MIDI on once a period, here 10.7 ms, so that two may be further apart by as much.
    assert off[len(off) // 2] < 0.002 + 512 / 48_000 and off[-1] < 0.02


@pytest.mark.soak
def test_notes_are_sent_at_the_times_of_the_score(tmp_path: Path) -> None:
    project, track = tracks.add_track(new_project(seed=1), "bass", instrument="reese")
    notes = tuple(Note(tick, PPQ // 4, 40, 90) for tick in range(0, 4 * PPQ, PPQ // 2))
    project = clips.add_clip(project, track, "s2", 4 * PPQ, notes)[0]
    project = project.with_track(track, lambda one: one.evolve(midi_out=MidiOutput(port="synth")))
    found: list[float] = []

    def midi(frames: Sequence[Words]) -> None:
        messages = [one for words in frames if words["do"] == "send" for one in words["messages"]]
        found.extend(at_s for at_s, _, message in messages if message[0] == 0x90)

    log, none = lambda: tmp_path / "player.log", EngineChoice(kind="none")
    with closing(Remote(project, lambda: none, log, midi=midi)) as remote:
        remote.play()
        until(lambda: len(found) > 80, "no notes", 60)
    off = sorted(abs(at_s - found[0] - number / 4) for number, at_s in enumerate(found))
    assert off[-1] < 0.002


def test_what_hands_play_goes_on_to_the_output_and_a_panic_ends_it(synth: tuple[LiveStudio, Synth, Keyboard]) -> None:
    studio, heard, keys = synth
    studio.do("/midi input bass --transpose 12")
    studio.do(f"/track midi-out bass {NAME} --channel 2 --thru")

    def take() -> None:
        until(lambda: keys.send(0x90, 60, 100) or 72 in heard.down_somewhere, "no key goes through", 5)
        studio.do("/panic")
        until(lambda: 72 not in heard.down_somewhere, "a key hangs", 5)

    taken(take, LOSSY, 5)
