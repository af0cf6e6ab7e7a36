"""What hands play becomes requests for the engine: read back with the OSC decoder, no engine and no port needed."""

from collections.abc import Callable
from typing import Any

import pytest

from hardcore.engine.nodes import source_group, track_group
from hardcore.engine.osc import decode
from hardcore.midi.hands import Hands
from hardcore.midi.messages import parse
from hardcore.midi.ports import Ports, shown
from hardcore.project import tracks
from hardcore.project.hands import BEND, NOTE_OFF, NOTE_ON, PRESSURE, PROGRAM
from hardcore.project.midiin import MidiInput
from hardcore.project.state import ProjectState, new_project

KEYS = "Keystation:keys"


def band(**inputs: MidiInput) -> ProjectState:
    """Return a project with an organ (many voices), a bass (one) and a kick (not gated), which hear what is given."""
    project = new_project(seed=1)
    for name, device in (("organ", "organ"), ("bass", "acid303"), ("kick", "kick909")):
        project, track = tracks.add_track(project, name, instrument=device)
        project = project.with_track(track, lambda one, name=name: one.evolve(midi_in=inputs.get(name)))
    return project


class Played:
    """Hands on a project, and what they sent: (address, words by name), the waking of the mixer left out."""

    def __init__(self, project: ProjectState) -> None:
        self.sent: list[bytes] = []
        self.project = project
        self.now_s = 100.0
        self.hands = Hands(project, 2, self.sent.extend, lambda: self.now_s)

    def __call__(self, *data: int, port: str = KEYS) -> list[tuple[str, Any]]:
        self.sent.clear()
        self.hands.hear(port, data)
        return self.said()

    def said(self) -> list[tuple[str, Any]]:
        found = []
        for packet in self.sent:
            ((address, words),) = decode(packet)[1]
            if address == "/s_new":
                pairs = dict(zip(words[4::2], words[5::2], strict=True))
                found.append((address, {"def": words[0], "node": words[1], "group": words[3], **pairs}))
            elif address == "/n_set":
                found.append((address, {"node": words[0], **dict(zip(words[1::2], words[2::2], strict=True))}))
        return found


def test_a_key_starts_a_note_on_the_track_that_hears_it_and_releases_it() -> None:
    play = Played(band(organ=MidiInput()))
    ((address, note),) = play(0x90, 69, 127)
    assert address == "/s_new"
    assert (note["def"], note["freq"], note["velocity"]) == ("organ", pytest.approx(440), pytest.approx(1))
    assert note["group"] == source_group(play.project.find_track("organ").id)
    assert play(0x80, 69, 0) == [("/n_set", {"node": note["node"], "gate": 0})]
    assert play(0x80, 69, 0) == []


def test_a_zone_a_channel_and_a_port_decide_who_hears_it() -> None:
    low, high = MidiInput(low=0, high=59, transpose=12), MidiInput(port=KEYS, channel=2, low=60)
    play = Played(band(bass=low, organ=high))
    assert [note["def"] for _, note in play(0x90, 40, 100)] == ["acid303"]
    assert [note["def"] for _, note in play(0x91, 60, 100)] == ["organ"]
    assert play(0x90, 61, 100) == []
    assert play(0x91, 62, 100, port="another") == []
    ((_, note),) = play(0x90, 57, 100)
    assert note["freq"] == pytest.approx(440)


def test_a_mono_track_keeps_one_voice_and_goes_back_to_the_key_that_is_held() -> None:
    play = Played(band(bass=MidiInput()))
    ((_, first),) = play(0x90, 45, 100)
    ((address, second),) = play(0x90, 57, 100)
    assert (address, second["node"], second["freq"]) == ("/n_set", first["node"], pytest.approx(220))
    ((_, back),) = play(0x80, 57, 0)
    assert (back["node"], back["freq"]) == (first["node"], pytest.approx(110))
    assert play(0x80, 45, 0) == [("/n_set", {"node": first["node"], "gate": 0})]


def test_the_pedal_keeps_notes_until_it_is_up() -> None:
    play = Played(band(organ=MidiInput()))
    play(0xB0, 64, 127)
    ((_, note),) = play(0x90, 60, 100)
    assert play(0x80, 60, 0) == []
    assert play(0xB0, 64, 0) == [("/n_set", {"node": note["node"], "gate": 0})]


def test_a_bend_moves_what_sounds_and_what_comes() -> None:
    play = Played(band(organ=MidiInput()))
    play(0x90, 69, 100)
    ((_, moved),) = play(0xE0, 0x7F, 0x7F)
    assert moved["freq"] == pytest.approx(440 * 2 ** (2 / 12))
    started, bent = play(0x90, 57, 100)
    assert bent[1] == {"node": started[1]["node"], "freq": pytest.approx(220 * 2 ** (2 / 12))}
    assert [one["freq"] for _, one in play(0xE0, 0, 0x40)] == [pytest.approx(440), pytest.approx(220)]


def test_what_hands_hold_is_released_where_a_port_or_a_sound_goes() -> None:
    play = Played(band(organ=MidiInput()))
    ((_, note),) = play(0x90, 60, 100)
    play.sent.clear()
    play.hands.unplugged(KEYS)
    assert play.said() == [("/n_set", {"node": note["node"], "gate": 0})]
    ((_, note),) = play(0x90, 60, 100)
    play.sent.clear()
    play.hands.follow(tracks.set_instrument(play.project, play.project.find_track("organ").id, "stab"))
    assert play.said() == [("/n_set", {"node": note["node"], "gate": 0})]


def test_a_mixer_that_may_rest_is_let_run_before_the_note() -> None:
    play = Played(band(organ=MidiInput()))
    groups = [track_group(track.id) for track in play.project.tracks]

    def woken() -> list[Any]:
        return [words[0] for packet in play.sent for address, words in decode(packet)[1] if address == "/n_run"]

    play(0x90, 60, 100)
    assert woken() == groups and decode(play.sent[-1])[1][0][0] == "/s_new"
    play(0x90, 62, 100)
    assert woken() == []
    play.now_s += 5
    play(0x80, 62, 0)
    assert woken() == groups


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        ((0x90, 60, 0), (NOTE_OFF, 1, 60, 0)), ((0x9F, 60, 1), (NOTE_ON, 16, 60, 1)), ((0xC3, 5), (PROGRAM, 4, 5, 0)),
        ((0xD0, 9), (PRESSURE, 1, 0, 9)), ((0xE0, 0, 0x40), (BEND, 1, 0, 0)), ((0xE1, 0, 0), (BEND, 2, 0, -8192)),
        ((), None), ((0x90, 60), None), ((0x90, 60, 200), None), ((60, 60, 60), None), ((0xF8,), None),
        ((0xF0, 1, 2, 0xF7), None), ((0xC0, 1, 2), None),
    ],
)  # fmt: skip
def test_bytes_mean_what_the_standard_says_or_nothing(data: tuple[int, ...], meant: tuple[int, ...] | None) -> None:
    heard = parse(KEYS, data, 1.5)
    assert (heard and heard[1:5]) == meant


class System:
    """A MIDI system whose ports come and go."""

    def __init__(self) -> None:
        self.there: list[str] = []
        self.open: list[str] = []
        self.ended = False

    def client(self) -> "Client":
        return Client(self)


class Client:
    def __init__(self, system: System) -> None:
        self.system, self.opened = system, ""

    def get_ports(self) -> list[str]:
        if self.system.ended:
            raise OSError("gone")
        return self.system.there

    def open_port(self, port: int, name: str) -> None:
        self.opened = self.system.there[port]
        self.system.open.append(self.opened)

    def set_callback(self, call: Callable[..., None]) -> None:
        self.call = call

    def ignore_types(self, sysex: bool, timing: bool, active_sense: bool) -> None:
        pass

    def delete(self) -> None:
        if self.opened:
            self.system.open.remove(self.opened)


def test_ports_come_and_go_by_name() -> None:
    system = System()
    ports = Ports(system.client, lambda port, data: None)
    assert ports.poll() == ([], []) and ports.available
    system.there = ["nanoKONTROL2 20:0", "hardcore:in 128:0"]
    assert ports.poll() == (["nanoKONTROL2"], [])
    assert ports.poll() == ([], [])
    system.there = ["LPK25 24:0", "nanoKONTROL2 28:0"]  # another number after it was pulled out
    assert ports.poll() == (["LPK25"], [])
    system.there = ["LPK25 24:0"]
    assert ports.poll() == ([], ["nanoKONTROL2"])
    system.ended = True
    assert ports.poll() == ([], ["LPK25"]) and not ports.available
    system.ended = False
    assert ports.poll() == (["LPK25"], [])
    ports.close()
    assert system.open == []


def test_two_ports_of_one_name_have_two() -> None:
    assert shown(["LPK25 20:0", "LPK25 24:0", "x", "LPK25 28:0"]) == ["LPK25", "LPK25 2", "x", "LPK25 3"]
