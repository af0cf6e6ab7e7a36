"""Aftertouch, bends of any reach and MPE, as requests for the engine; and values of 14 bits put together."""

import pytest

from hardcore.controller.events import Events, MidiReceived
from hardcore.controller.hands import HandEvents
from hardcore.midi.messages import parse
from hardcore.project import devices
from hardcore.project.midiin import MidiInput
from tests.midi.test_hands import KEYS, Played, band


def test_a_wheel_reaches_as_far_as_the_track_says() -> None:
    play = Played(band(organ=MidiInput(bend=12)))
    play(0x90, 69, 100)
    assert [one["freq"] for _, one in play(0xE0, 0x7F, 0x7F)] == [pytest.approx(880)]
    assert [one["freq"] for _, one in play(0xE0, 0, 0)] == [pytest.approx(220)]


def test_aftertouch_moves_a_parameter_up_from_where_it_is() -> None:
    play = Played(band(bass=MidiInput(pressure="cutoff"), organ=MidiInput()))
    started = {note["def"]: note for _, note in play(0x90, 45, 100)}
    ((_, full),) = play(0xD0, 127)
    cutoff = devices.instrument("acid303").parameter("cutoff")
    assert full == {"node": started["acid303"]["node"], "cutoff": cutoff.high}
    ((_, none),) = play(0xD0, 0)
    assert none["cutoff"] == pytest.approx(cutoff.default, rel=1e-3)
    ((_, half),) = play(0xA0, 45, 64)
    assert none["cutoff"] < half["cutoff"] < full["cutoff"]
    assert play(0xA0, 46, 64) == [], "that key is not down"


def test_mpe_notes_bend_and_press_by_themselves_and_begin_as_their_channel_said() -> None:
    play = Played(band(organ=MidiInput(mpe=True, channel=5)))
    ((_, low),) = play(0x91, 57, 100)
    assert play(0xE2, 0, 0x60) == [], "nothing is down on that channel"
    started, bent = play(0x92, 69, 100)
    assert bent[1] == {"node": started[1]["node"], "freq": pytest.approx(440 * 2 ** (24 / 12), rel=1e-3)}
    ((_, moved),) = play(0xE1, 0, 0x48)
    assert moved == {"node": low["node"], "freq": pytest.approx(220 * 2 ** (6 / 12), rel=1e-3)}
    both = {one["node"]: one["freq"] for _, one in play(0xE0, 0x7F, 0x7F)}
    assert both == {
        low["node"]: pytest.approx(220 * 2 ** (8 / 12), rel=1e-3),
        started[1]["node"]: pytest.approx(440 * 2 ** (26 / 12), rel=1e-3),
    }
    play(0x81, 57, 0)
    assert len(play(0xE1, 0, 0x40)) == 0, "its note has ended"


def test_two_controllers_are_one_value_of_14_bits_and_a_parameter_is_chosen_before_its_value() -> None:
    events, told = Events(), list[tuple[str, int, int, int]]()
    events.subscribe(MidiReceived, lambda one: told.append((one.message, one.channel, one.number, one.value)))
    hands = HandEvents(events)

    def send(*data: int) -> list[tuple[str, int, int, int]]:
        told.clear()
        heard = parse(KEYS, data, 0.0)
        assert heard is not None
        hands.heard(heard)
        return list(told)

    assert send(0xB0, 39, 1) == [("cc", 1, 39, 1)], "its first half is missing"
    send(0xB0, 7, 64)
    assert send(0xB0, 39, 1) == [("cc", 1, 39, 1), ("fine", 1, 7, 64 * 128 + 1)]
    send(0xB1, 99, 2)
    send(0xB1, 98, 44)
    assert send(0xB1, 6, 100) == [("cc", 2, 6, 100), ("nrpn", 2, 300, 12800)]
    assert send(0xB1, 38, 5)[-1] == ("nrpn", 2, 300, 12805)
    send(0xB1, 101, 0)
    send(0xB1, 100, 0)
    assert [one[0] for one in send(0xB1, 6, 12)] == ["cc"], "a registered parameter is no controller"
    assert send(0xE3, 0, 0x40) == [("bend", 4, 0, 8192)]
    assert send(0xC0, 9) == [("program", 1, 9, 0)]
    assert send(0xD0, 9) == [("pressure", 1, 0, 9)]
