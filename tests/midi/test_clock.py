"""MIDI clock, sent and followed: pulses by their ticks, a tempo steady under jitter, ramps, gaps, places."""

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.performance.clockfollower import ClockFollower
from hardcore.controller.events import ClockHeard
from hardcore.errors import UserError
from hardcore.midi.clockin import ClockIn
from hardcore.midi.clockout import ClockOut
from hardcore.midi.ticker import Ticker
from hardcore.music.tempo import PPQ, TempoMap
from hardcore.project.hands import ClockSaid
from hardcore.surfaces.live import LiveStudio
from tests.midi.test_lights import shown_port
from tests.midi.test_listener import NAME, Keyboard
from tests.midi.test_listener import keyboards as keyboards
from tests.player.jack import jack_server, needs_jack
from tests.takes import LOSSY, taken
from tests.waiting import until

CLOCK, START, CONTINUE, STOP = (0xF8,), (0xFA,), (0xFB,), (0xFC,)


class Sent:
    """A clock that is sent in a time of our own."""

    def __init__(self, bpm: float = 120.0) -> None:
        self.now_s = 10.0
        self.ticker = Ticker(lambda: self.now_s)
        self.ticker.follow(TempoMap().with_bpm(bpm))
        self.out = ClockOut(self.ticker, lambda: self.now_s)

    def until(self, end_s: float, step_s: float = 0.001) -> list[tuple[float, tuple[int, ...]]]:
        found = []
        while self.now_s < end_s:
            found += [(self.now_s, message) for message in self.out.due()]
            self.now_s += step_s
        return found


def pulses(sent: Iterable[tuple[float, tuple[int, ...]]]) -> list[float]:
    return [at for at, message in sent if message == CLOCK]


def test_pulses_stand_at_their_ticks_and_nothing_adds_up() -> None:
    clock = Sent(174)
    clock.ticker.heard(True, 0.0, 10.0, 1)
    sent = clock.until(40)
    assert sent[0][1] == START and sent[1][1] == CLOCK
    at = pulses(sent)
    assert len(at) == 30 * 174 / 60 * 24
    assert max(abs(when - 10 - number * 60 / 174 / 24) for number, when in enumerate(at)) <= 0.0011


def test_music_that_begins_elsewhere_says_its_place_on_the_sixteenth_and_stops_at_once() -> None:
    clock = Sent()
    clock.until(10.5)
    clock.ticker.heard(True, 4.1 * PPQ, clock.now_s, 1)
    sent = clock.until(11.5)
    place = next(at for at, message in sent if message[0] == 0xF2)
    assert [message for at, message in sent if at == place] == [(0xF2, 17, 0), CONTINUE, CLOCK]
    assert place - 10.5 == pytest.approx(0.15 * 60 / 120, abs=0.003)
    clock.ticker.heard(False, 6.0 * PPQ, clock.now_s, 1)
    assert clock.until(11.51)[0][1] == STOP
    assert len(pulses(clock.until(12.51))) in (47, 48, 49), "others are told the tempo before it begins"


def test_a_beginning_that_is_noticed_late_is_told_as_one() -> None:
    clock = Sent()
    clock.until(10.5)
    clock.ticker.heard(True, 0.0, clock.now_s, 1)
    clock.now_s += 0.03
    sent = [message for _, message in clock.until(clock.now_s + 0.02)]
    assert sent[:3] == [START, CLOCK, CLOCK]


def test_a_machine_that_slept_goes_on_from_now() -> None:
    clock = Sent()
    clock.ticker.heard(True, 0.0, 10.0, 1)
    clock.until(11)
    clock.now_s += 60
    assert len(pulses(clock.until(clock.now_s + 0.01))) <= 2


def followed(clock: ClockIn, stamps: Iterable[float]) -> list[ClockSaid]:
    return [said for at in stamps if (said := clock.take(CLOCK, at)) is not None]


def beaten(bpm: Callable[[float], float], seconds: float, jitter_s: float = 0.0) -> list[float]:
    """Return when pulses come, of a tempo that may move, each a little off."""
    draw, at, found = random.Random(1), 0.0, []
    while at < seconds:
        found.append(100 + at + draw.gauss(0, jitter_s))
        at += 60 / bpm(at) / 24
    return found


@pytest.mark.parametrize("bpm", [60, 124.3, 174, 220])
def test_the_tempo_is_steady_within_a_tenth_though_pulses_are_not(bpm: float) -> None:
    said = followed(ClockIn(), beaten(lambda _: bpm, 20, 0.0004))
    settled = [one.bpm for one in said[12:]]
    assert settled and all(one is not None and abs(one - bpm) < 0.1 * max(1, bpm / 120) for one in settled)


def test_a_ramp_is_followed_and_a_leap_within_a_beat_or_two() -> None:
    said = followed(ClockIn(), beaten(lambda at: 120 + at, 20))
    assert all(one.bpm is not None and abs(one.bpm - (120 + one.at_s - 100)) < 1.6 for one in said[6:])
    leap = followed(ClockIn(), beaten(lambda at: 120 if at < 5 else 90, 10))
    assert leap[-1].bpm == pytest.approx(90, abs=0.1)
    assert next(one for one in leap if one.at_s > 107).bpm == pytest.approx(90, abs=0.5)


def test_a_gap_leaves_no_trace_and_start_stop_and_position_are_told() -> None:
    clock = ClockIn()
    followed(clock, beaten(lambda _: 120, 4))
    said = followed(clock, [at + 30 for at in beaten(lambda _: 120, 4)])
    assert said[-1].bpm == pytest.approx(120, abs=0.01)
    assert clock.take(START, 200.0) is None
    first = clock.take(CLOCK, 200.1)
    assert first is not None and (first.did, first.tick, first.running) == ("start", 0, True)
    on = followed(clock, [200.1 + number / 48 for number in range(1, 97)])
    assert on[-1].tick == pytest.approx(PPQ * 4, abs=PPQ / 24 * 12) and on[-1].at_s == pytest.approx(202.1, abs=0.3)
    stopped = clock.take(STOP, 203.0)
    assert stopped is not None and (stopped.did, stopped.running) == ("stop", False)
    moved = clock.take((0xF2, 16, 1), 203.0)
    assert moved is not None and moved.tick == (16 + 128) * PPQ / 4
    assert clock.take((0xF2, 16), 203.0) is None and clock.take((0xFE,), 203.0) is None
    clock.take(CONTINUE, 204.0)
    again = clock.take(CLOCK, 204.01)
    assert again is not None and (again.did, again.tick) == ("continue", (16 + 128) * PPQ / 4)


def started_and_stopped(studio: LiveStudio, keys: Keyboard) -> list[tuple[int, ...]]:
    """Return what is sent while the music is started and stopped. Raises AssertionError where a message is missing."""
    got: list[tuple[int, ...]] = []
    until(lambda: got.extend(keys.lights()) or CLOCK in got, "no clock")
    studio.do("/stop")
    studio.do("/play")
    until(lambda: got.extend(keys.lights()) or START in got, "no start", 5)
    studio.do("/stop")
    until(lambda: got.extend(keys.lights()) or STOP in got, "no stop", 5)
    return got


@needs_jack
def test_two_studios_worth_of_clock_over_jack_one_sent_and_one_followed(
    keyboards: Callable[[], Keyboard], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with jack_server(tmp_path, monkeypatch, []), open_studio() as studio:
        keys, heard = keyboards(), list[ClockHeard]()
        controller, player = studio._studio.controller, studio._studio.player
        assert player is not None
        controller.events.subscribe(ClockHeard, heard.append)
        with pytest.raises(UserError, match="follow itself"):
            studio.do(f"/clock out {NAME}")
            studio.do(f"/clock follow {NAME}")
        studio.do("/clock follow off")
        shown_port(studio)
        studio.do("/track add kick --instrument kick909")
        studio.do("/clip add kick A")
        got = taken(lambda: started_and_stopped(studio, keys), LOSSY)
        assert got[got.index(START) + 1] == CLOCK

        studio.do("/clock out off")
        studio.do(f"/clock follow {NAME}")
        until(lambda: keys.send(*START) or keys.send(*CLOCK) or any(one.did == "start" for one in heard), "no start")
        until(lambda: player.latest().playing, "it does not follow")
        until(lambda: keys.send(*CLOCK) or heard[-1].bpm is not None, "no tempo")
        follower = studio._studio.recall(ClockFollower)
        assert follower is not None
        until(lambda: keys.send(*CLOCK) or follower.bpm is not None, "no tempo is followed")
        keys.send(*STOP)
        until(lambda: not player.latest().playing, "it does not stop")
        assert studio.project.tempo_map.bpm == 120, "the project keeps its tempo"
