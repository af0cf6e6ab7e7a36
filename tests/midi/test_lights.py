"""Pads of a real controller over JACK: pressed, lit, told only what changes; lights of one that comes and goes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.midi.lightoutput import Lamps
from hardcore.midi.outputs import Outputs, named
from hardcore.project.hands import DeviceLights
from hardcore.surfaces.live import LiveStudio
from tests.midi.test_listener import NAME, Keyboard
from tests.midi.test_listener import keyboards as keyboards
from tests.player.jack import jack_server, needs_jack
from tests.waiting import until

MAP = f"""
name = "Pads"
port = "{NAME}"
setup = ["B0 00 28"]

[palette.pads]
empty = 12
stopped = 29
queued = 56
playing = 60

[[control]]
note = 0
count = 3
rows = 2
step = 16
target = "launch press pad:{{n}}:{{row}}"
lights = "pads"

[[control]]
cc = 107
target = "bank tracks next"
"""


def shown_port(studio: LiveStudio) -> None:
    """Wait until the studio has seen the controller."""
    hands = studio._studio.hands
    assert hands is not None
    until(lambda: any(NAME in name for name in hands.listed().names), "no port")


@needs_jack
def test_pads_launch_clips_and_show_what_plays(
    keyboards: Callable[[], Keyboard], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    from hardcore.paths import config_folder

    (config_folder() / "midi").mkdir(parents=True)
    (config_folder() / "midi" / "pads.toml").write_text(MAP)
    with jack_server(tmp_path, monkeypatch, []), open_studio() as studio:
        keys = keyboards()
        player = studio._studio.player
        assert player is not None
        shown_port(studio)
        for line in ("/track add kick --instrument kick909", "/clip add kick A", "/clip mode kick:A gate"):
            studio.do(line)
        lit: dict[tuple[int, int], int] = {}
        came: list[tuple[int, ...]] = []

        def shows(status: int, number: int, value: int) -> bool:
            for message in keys.lights():
                came.append(message)
                lit[message[0], message[1]] = message[2]
            return lit.get((status, number)) == value

        studio.do("/map use pads")
        until(lambda: shows(0x90, 0, 29), "the clip is not shown")
        until(lambda: shows(0x90, 1, 12) and shows(0x90, 16, 12), "what is not there is lit")
        assert came[0] == (0xB0, 0, 0x28), "the setup comes first"
        assert len(came) == 7, "each light once"

        keys.send(0x90, 0, 100)
        until(lambda: shows(0x90, 0, 60), "it does not play")
        assert {message[1] for message in came[7:]} == {0}, "only what changed was sent"
        keys.send(0x80, 0, 0)
        until(lambda: shows(0x90, 0, 29), "a gated clip goes on")
        assert player.latest().playing


class Written:
    """An output port of a system whose ports come and go; it keeps what it is sent."""

    def __init__(self, there: list[str], sent: list[tuple[int, ...]]) -> None:
        self._there, self._sent = there, sent

    def get_ports(self) -> list[str]:
        return self._there

    def open_port(self, port: int, name: str) -> None:
        assert self._there[port]

    def send_message(self, message: tuple[int, ...]) -> None:
        self._sent.append(tuple(message))

    def delete(self) -> None:
        pass


def test_lights_that_stay_are_not_sent_and_those_that_go_are_put_out() -> None:
    there, sent = ["Launchpad 20:0"], list[tuple[int, ...]]()
    lamps = Lamps(Outputs(lambda: Written(there, sent)))
    lamps.show([DeviceLights("launchpad", "", ((0xB0, 0, 40),), ((0x90, 0, 60), (0x90, 1, 12)))])
    assert sent == [(0xB0, 0, 40), (0x90, 0, 60), (0x90, 1, 12)]
    sent.clear()
    lamps.show([DeviceLights("launchpad", "", ((0xB0, 0, 40),), ((0x90, 0, 60), (0x90, 1, 13)))])
    assert sent == [(0x90, 1, 13)]
    sent.clear()
    there.clear()
    lamps.poll()
    lamps.show([DeviceLights("launchpad", "", ((0xB0, 0, 40),), ((0x90, 0, 61),))])
    assert sent == []
    there.append("Launchpad 28:0")
    lamps.poll()
    assert sent == [(0xB0, 0, 40), (0x90, 0, 61)]
    sent.clear()
    lamps.poll(["another"])
    assert sent == []
    lamps.poll(["Launchpad"])
    assert sent == [(0xB0, 0, 40), (0x90, 0, 61)], "gone and back between two looks"
    sent.clear()
    lamps.show([])
    assert sent == [(0x90, 0, 0)]


def test_a_port_is_known_by_its_whole_name_before_a_part() -> None:
    assert named("LPX", ["LPX MIDI 2", "LPX"]) == "LPX"
    assert named("lpx", ["X", "LPX MIDI 2"]) == "LPX MIDI 2"
    assert named("lpx", []) is None
