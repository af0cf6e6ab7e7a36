"""OSC over a real socket: parameters, commands, getters, subscriptions, what goes wrong, strangers and nonsense."""

import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import build_msg

from hardcore import open_studio
from hardcore.commands.performance import knobs
from hardcore.commands.performance.osc import OscState
from hardcore.controller.events import StepMade
from hardcore.errors import UserError
from hardcore.surfaces import gate
from hardcore.surfaces.live import LiveStudio
from tests.waiting import until


class Remote:
    """A program with faders: it sends messages to a studio and takes what comes back."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(15)
        self._to = ("127.0.0.1", port)

    def send(self, address: str, *values: object) -> None:
        self.raw(build_msg(address, list(values)).dgram)

    def raw(self, data: bytes) -> None:
        self._socket.sendto(data, self._to)

    def answer(self) -> tuple[str, list[object]]:
        message = OscMessage(self._socket.recv(8192))
        return message.address, list(message.params)

    def ask(self, address: str, *values: object) -> tuple[str, list[object]]:
        self.send(address, *values)
        return self.answer()

    def asked(self, address: str) -> bool:
        """Return whether a question is answered: one that comes behind a flood may be dropped."""
        self.send(address)
        self._socket.settimeout(0.3)
        try:
            return self.answer()[0] == address
        except TimeoutError:
            return False

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def studio(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveStudio]:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    monkeypatch.setattr(knobs, "REST_S", 0.05)
    with open_studio() as studio:
        studio._studio.hands = None
        for line in ('/track add "big kick" --instrument kick909', "/track add bass --instrument acid303"):
            studio.do(line)
        studio.do("/clip add bass A")
        yield studio


@pytest.fixture
def remote(studio: LiveStudio) -> Iterator[Remote]:
    answer = studio.do("/osc start --port 0 --unlocked")
    assert isinstance(answer, OscState) and answer.host == "127.0.0.1" and answer.port
    remote = Remote(answer.port)
    yield remote
    remote.close()


def test_a_fader_moves_a_parameter_as_one_step_and_says_its_value(studio: LiveStudio, remote: Remote) -> None:
    steps: list[str] = []
    studio._studio.controller.events.subscribe(StepMade, lambda event: steps.append(event.label))
    for value in range(20):
        remote.send("/track/big_kick/gain", -float(value))
    until(lambda: steps, "no step was made")
    assert studio.project.find_track("big kick").mixer.gain_db == -19 and len(steps) == 1
    assert remote.ask("/track/big_kick/gain") == ("/track/big_kick/gain", [-19.0])
    remote.send("/track/bass/fader", 1.0)
    until(lambda: len(steps) == 2, "no second step")
    assert studio.project.find_track("bass").mixer.gain_db == 6
    remote.send("/track/bass/set/cutoff", 500)
    until(lambda: len(steps) == 3, "no third step")
    address, (cutoff,) = remote.ask("/track/bass/set/cutoff")
    assert address == "/track/bass/set/cutoff" and cutoff == pytest.approx(500)


def test_commands_are_run_and_answered(studio: LiveStudio, remote: Remote) -> None:
    assert remote.ask("/hardcore/do", "gain bass -3")[0] == "/hardcore/answer"
    assert studio.project.find_track("bass").mixer.gain_db == -3
    assert remote.ask("/hardcore/track/gain", "big kick", -7)[0] == "/hardcore/answer"
    assert studio.project.find_track("big kick").mixer.gain_db == -7
    remote.ask("/track/bass/mute", 1)
    assert studio.project.find_track("bass").mixer.mute
    assert remote.ask("/track/bass/mute") == ("/track/bass/mute", [1])
    player = studio._studio.player
    assert player is not None
    remote.ask("/slot/bass/A", 1)
    assert player.latest().playing
    remote.ask("/transport/stop", 1)
    assert not player.latest().playing
    assert remote.ask("/tempo") == ("/tempo", [120.0])


@pytest.mark.parametrize(
    ("address", "values", "why"),
    [
        ("/nothing", (), "no address /nothing"), ("/track/bassoon/gain", (1.0,), "bassoon"),
        ("/track/bass/gain", (400.0,), "does not reach 400"), ("/track/bass/gain", (float("nan"),), "no number"),
        ("/track/bass/gain", ("loud",), "one number"), ("/track/bass/wobble", (1,), "wobble"),
        ("/hardcore/do", (), "a line of text"), ("/hardcore/do", ("save x.hcs",), "osc may not"),
        ("/hardcore/config", ("render.rate", "44100"), "osc may not"), ("/hardcore/quit", (), "osc may not"),
        ("/hardcore/no/such", (), "no command"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_said_and_changes_nothing(
    studio: LiveStudio, remote: Remote, address: str, values: tuple[object, ...], why: str
) -> None:
    before = studio.project
    answer, words = remote.ask(address, *values)
    assert (answer, words[0]) == ("/hardcore/error", address) and why in str(words[1])
    assert studio.project is before and not studio._studio.closing


def test_subscribers_are_told_everything_once_and_then_what_changes(studio: LiveStudio, remote: Remote) -> None:
    told: dict[str, list[object]] = {}

    def heard(address: str) -> list[object]:
        while address not in told:
            name, values = remote.answer()
            told[name] = values
        return told[address]

    remote.send("/hardcore/subscribe")
    assert heard("/track/bass/pan") == [0.0] and heard("/tempo") == [120.0]
    heard("/track/master/solo")
    heard("/track/master/fader")
    told.clear()
    studio.do("/pan bass 0.5")
    assert heard("/track/bass/pan") == [0.5]
    assert set(told) == {"/track/bass/pan"}
    remote.send("/hardcore/unsubscribe")
    assert remote.ask("/tempo") == ("/tempo", [120.0])


def test_nonsense_and_floods_leave_it_well(studio: LiveStudio, remote: Remote) -> None:
    draw = random.Random(3)
    whole = build_msg("/track/bass/gain", [-3.0]).dgram
    deep = b"#bundle\0" + bytes(8)
    nested = whole
    for _ in range(380):
        nested = deep + len(nested).to_bytes(4, "big") + nested
    packets = [draw.randbytes(draw.randrange(1, 200)) for _ in range(200)]
    packets += [whole[:cut] for cut in range(len(whole))] + [nested, b"", b"#bundle\0", whole + b"\0" * 8000]
    for packet in packets:
        remote.raw(packet)
    for value in range(2000):
        remote.send("/track/big_kick/pan", value % 2 / 2)
    until(lambda: remote.asked("/tempo"), "it does not answer any more")
    answer = studio.do("/osc stop")
    assert isinstance(answer, OscState) and answer.port is None


@pytest.mark.parametrize(
    ("options", "here"), [("", True), ("--host 0.0.0.0", False), ("--host 0.0.0.0 --unlocked", False)]
)
def test_nothing_is_done_before_the_token(
    studio: LiveStudio, remote: Remote, monkeypatch: pytest.MonkeyPatch, options: str, here: bool
) -> None:
    studio.do("/osc stop")
    answer = studio.do(f"/osc start --port 0 {options}")
    assert isinstance(answer, OscState) and answer.token and answer.port
    monkeypatch.setattr(gate, "is_here", lambda host: here)
    stranger = Remote(answer.port)
    assert stranger.ask("/tempo", 90)[1][1] == "say the token first (/hardcore/token)"
    stranger.send("/hardcore/token", "wrong")
    assert stranger.ask("/tempo")[0] == "/hardcore/error"
    stranger.send("/hardcore/token", answer.token)
    assert stranger.ask("/tempo") == ("/tempo", [120.0])
    stranger.close()
    with pytest.raises(UserError, match="OSC is heard already"):
        studio.do("/osc start")
