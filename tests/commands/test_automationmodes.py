"""Recording automation: knobs, OSC and the mixer's keys while the music runs, in a studio whose player keeps time."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.commands.performance import knobs
from hardcore.commands.performance.automationrecorder import AutomationRecorder
from hardcore.controller.events import MidiReceived, StepMade
from hardcore.music.ticks import WHOLE
from hardcore.project.clip import Automation
from hardcore.surfaces.live import LiveStudio
from hardcore.surfaces.repl.gesture import Gesture
from tests.commands.test_knobs import rested, until

BAR, BEAT = WHOLE, WHOLE // 4


@pytest.fixture
def studio(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveStudio]:
    """Yield a studio with a bass of one bar at 120 bpm, its cutoff on a knob, where a touch ends when it is told so."""
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    monkeypatch.setattr(knobs, "REST_S", 600)
    with open_studio() as studio:
        studio._studio.hands = None
        lines = ("/track add bass --instrument acid303", "/clip add bass A --bars 1")
        for line in (*lines, "/map add cc7 gain bass --mode jump --low -60 --high 0", "/set bass cutoff 500"):
            studio.do(line)
        yield studio


def in_loop(studio: LiveStudio, do: Callable[[], object]) -> None:
    done: Future[object] = Future()
    studio._loop.call_soon_threadsafe(lambda: done.set_result(do()))
    done.result(15)


def turned(studio: LiveStudio, *moves: tuple[float, int], number: int = 7) -> None:
    """Let a knob be at values at ticks of the music."""
    player = studio._studio.player
    assert player is not None
    now = player.latest()
    for tick, value in moves:
        at_s = now.at_s + (tick - now.tick) / (2 * BEAT)
        event = MidiReceived(port="nano", message="cc", channel=1, number=number, value=value, at_s=at_s)
        studio._studio.controller.events.tell(event)


def envelope(studio: LiveStudio, parameter: str, *, clip: bool = True) -> Automation:
    track = studio.project.find_track("bass")
    thing = track.clips[0] if clip else track
    return next(one for one in thing.automation if one.parameter == parameter)


def heard_db(studio: LiveStudio) -> float:
    return studio._studio.controller.hearing.heard.find_track("bass").mixer.gain_db


def test_a_touch_is_written_into_the_clip_within_the_stated_error_and_is_one_step(studio: LiveStudio) -> None:
    steps: list[str] = []
    studio._studio.controller.events.subscribe(StepMade, lambda event: steps.append(event.label))
    studio.do("/automation mode bass touch")
    studio.do("/launch A")
    moves = [(10 * BAR + BEAT + 40 * n, n) for n in range(128)]  # a smooth turn, in its eleventh round
    turned(studio, *moves)
    until(lambda: heard_db(studio) == 0)
    assert not steps and not studio.project.find_track("bass").clips[0].automation
    rested(studio)
    assert steps == ["automation: track gain bass"]
    written = envelope(studio, "gain_db")
    span = 24 + 96
    assert max(abs(written.at(tick - 10 * BAR) - (-60 + 60 * value / 127)) for tick, value in moves) <= span / 100
    assert 2 <= len([point for point in written.points if BEAT <= point.tick < BEAT + 40 * 128]) <= 6, "thinned"
    assert written.at(BEAT - 1) == 0, "around it it is as it was set"
    assert studio.project.find_track("bass").mixer.gain_db == heard_db(studio) == 0
    studio.do("/undo")
    assert not studio.project.find_track("bass").clips[0].automation


def test_a_still_knob_writes_one_point(studio: LiveStudio) -> None:
    studio.do("/automation mode bass touch")
    studio.do("/launch A")
    turned(studio, *((8 * BAR + 2 * BEAT + 10 * n, 64) for n in range(20)))
    rested(studio)
    still = -60 + 60 * 64 / 127
    points = envelope(studio, "gain_db").points
    assert [point.tick for point in points if point.value == pytest.approx(still, abs=0.01)] == [2 * BEAT]


def test_latch_holds_until_the_music_stops_and_the_last_round_counts(studio: LiveStudio) -> None:
    studio.do("/automation mode bass latch")
    studio.do("/launch A")
    turned(studio, (6 * BAR + BEAT, 0))
    rested(studio)
    assert not studio.project.find_track("bass").clips[0].automation, "a rest ends no latch"
    turned(studio, (7 * BAR + 2 * BEAT, 127))  # a round later
    rested(studio)
    studio.do("/stop")
    until(lambda: studio.project.find_track("bass").clips[0].automation)
    written = envelope(studio, "gain_db")
    assert written.at(0) == written.at(BEAT) == written.at(2 * BEAT - 1) == -60 and written.at(2 * BEAT) == 0
    studio.do("/undo")
    assert not studio.project.find_track("bass").clips[0].automation


def test_along_the_song_and_what_touch_leaves_goes_back_to_the_envelope(studio: LiveStudio) -> None:
    studio.do("/place bass:A 1 --bars 32")
    studio.do("/automation add bass gain_db 1.1.1 -20")
    studio.do("/automation mode bass touch")
    studio.do("/play")
    recorder = studio._studio.recall(AutomationRecorder)
    assert recorder is not None
    turned(studio, (20 * BAR, 127), (20 * BAR + BEAT, 100))
    rested(studio)
    written = envelope(studio, "gain_db", clip=False)
    assert written.at(20 * BAR - 1) == -20 and written.at(20 * BAR) == 0
    assert written.at(20 * BAR + BEAT) == pytest.approx(-60 + 60 * 100 / 127, abs=0.01)
    assert written.at(30 * BAR) == -20


def test_write_goes_over_all_that_is_automated_and_read_leaves_everything(studio: LiveStudio) -> None:
    studio.do("/automation add bass:A cutoff 1.1.1 2000")
    studio.do("/launch A")
    turned(studio, (4 * BAR, 127))
    rested(studio)
    assert studio.project.find_track("bass").mixer.gain_db == 0, "read: it is set"
    studio.do("/automation mode bass write")
    until(lambda: not studio._studio.controller.hearing.heard.find_track("bass").clips[0].automation)
    recorder = studio._studio.recall(AutomationRecorder)
    assert recorder is not None
    in_loop(studio, recorder.end)
    assert envelope(studio, "cutoff").at(BAR - 1) in (500, 2000)
    assert any(point.value == 500 for point in envelope(studio, "cutoff").points)


def test_keys_of_the_mixer_and_osc_record_too(studio: LiveStudio) -> None:
    studio.do("/automation mode bass touch")
    studio.do("/launch A")
    lines: list[str] = []
    found = studio._studio.recall(knobs.Knobs)
    assert found is not None

    def press() -> None:
        gesture = Gesture(studio._studio, lambda shown: None, lines.append)
        assert gesture.press("/track gain bass --by -1") and gesture.press("/track gain bass --by -1")

    in_loop(studio, press)
    in_loop(studio, lambda: found.put("track pan bass", lambda target: 0.5))  # as OSC does
    rested(studio)
    assert not lines
    assert {point.value for point in envelope(studio, "gain_db").points} >= {-2}
    assert {point.value for point in envelope(studio, "pan").points} >= {0.5}
    assert studio.project.find_track("bass").mixer.gain_db == 0


def test_modes_are_told_and_end_with_the_project(studio: LiveStudio) -> None:
    answer = studio.do("/automation mode bass latch --within 2")
    assert answer is not None and answer.text() == "automation: bass latch; within 2 %"
    studio.do("/new")
    answer = studio.do("/automation mode")
    assert answer is not None and answer.text() == "automation: every track reads; within 2 %"
