"""What hands play goes on to a track's MIDI output: as it was heard, and every key that begins also ends."""

import random
from collections.abc import Sequence

from hardcore.midi.messages import message_of, parse
from hardcore.midi.thru import Thru
from hardcore.project import tracks
from hardcore.project.midiin import MidiInput
from hardcore.project.midiout import MidiOutput
from hardcore.project.state import ProjectState, new_project
from tests.effort import examples

HIGH = MidiInput(low=60, transpose=12)
OUT = MidiOutput(port="synth", channel=3, thru=True)


def keys(*routes: tuple[MidiInput | None, MidiOutput | None]) -> ProjectState:
    """Return a project with a track for each input and output."""
    project = new_project(seed=1)
    for taken, out in routes:
        project, track = tracks.add_track(project, "keys", instrument="epiano")
        project = project.with_track(track, lambda one, taken=taken, out=out: one.evolve(midi_in=taken, midi_out=out))
    return project


class Synth:
    """Another instrument: what it was told, and which of its keys are down."""

    def __init__(self, project: ProjectState) -> None:
        self.told: list[tuple[int, ...]] = []
        self.down: set[tuple[str, int, int]] = set()
        self.thru = Thru(self._take)
        self.thru.follow(project)

    def _take(self, port: str, message: Sequence[int]) -> None:
        self.told.append(tuple(message))
        place = (port, message[0] & 0x0F, message[1])
        if message[0] & 0xF0 == 0x90:
            self.down.add(place)
        elif message[0] & 0xF0 == 0x80:
            self.down.discard(place)

    def play(self, *data: int, port: str = "keyboard") -> None:
        heard = parse(port, data, 1.0)
        assert heard is not None
        self.thru.take(heard)


def test_keys_controllers_and_bends_go_on_as_the_track_takes_them() -> None:
    synth = Synth(keys((HIGH, OUT), (MidiInput(), OUT.evolve(thru=False)), (None, OUT)))
    for data in ((0x90, 62, 90), (0x90, 40, 90), (0xB0, 1, 77), (0xE0, 5, 65), (0xD0, 33), (0xC0, 4), (0x80, 62, 0)):
        synth.play(*data)
    assert synth.told == [(0x92, 74, 90), (0xB2, 1, 77), (0xE2, 5, 65), (0xD2, 33), (0xC2, 4), (0x82, 74, 0)]
    assert synth.thru.first("synth") == [(0xB2, 123, 0)] and synth.thru.ports == {"synth"}


def test_what_is_sent_is_what_was_heard_for_every_message() -> None:
    draw = random.Random(2)
    for _ in range(examples(1000)):
        data = (draw.randrange(0x80, 0xF0), draw.randrange(128), draw.randrange(1, 128))
        data = data[:2] if data[0] & 0xF0 in (0xC0, 0xD0) else data  # type: ignore[assignment]
        heard = parse("keys", data, 1.0)
        assert heard is not None
        again = parse("keys", message_of(heard, heard.channel), 1.0)
        assert again == heard


def test_no_key_hangs_whatever_is_unplugged_or_changed_meanwhile() -> None:
    playing = keys((HIGH, OUT), (MidiInput(), OUT.evolve(port="other")))
    for end in (
        lambda thru: thru.silence(),
        lambda thru: thru.follow(new_project(seed=1)),
        lambda thru: thru.follow(keys((HIGH, OUT.evolve(channel=4)))),
        lambda thru: [thru.unplugged(port) for port in ("keyboard", "pads")],
    ):
        synth = Synth(playing)
        draw = random.Random(3)
        for _ in range(examples(300)):
            synth.play(
                draw.choice((0x90, 0x90, 0x80)), draw.randrange(50, 80), 90, port=draw.choice(("keyboard", "pads"))
            )
        assert len(synth.down) > 10
        end(synth.thru)
        assert not synth.down
