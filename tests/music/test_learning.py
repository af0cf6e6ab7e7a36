"""Learning a groove from onsets: medians per step, voices told from accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.music.groove import GrooveTemplate, own_tick, swing, swing_percent
from hardcore.music.learning import Onset, learn, of_song
from hardcore.music.meter import MeterMap
from hardcore.music.midisong import MidiNote, MidiSong, MidiTrack
from hardcore.music.tempo import TempoMap

BAR = 7680
TIMING = (0, 115, -20, 130, 30, 90, 0, 140, 5, 100, -40, 120, 35, 95, 10, 150)


def played(timing: tuple[int, ...] = TIMING, bars: int = 4, level: float = 100, voice: str = "") -> list[Onset]:
    steps = len(timing)
    return [
        Onset(bar * BAR + step * BAR // steps + timing[step], level, voice)
        for bar in range(bars)
        for step in range(steps)
    ]


def test_each_step_gets_its_own_offset() -> None:
    learned = learn(played(), "x")
    assert learned.groove.timing == TIMING
    assert learned.groove.velocity == (1.0,) * 16
    assert learned.heard == (4,) * 16
    assert learned.spread_ticks == 0


@given(st.lists(st.integers(-150, 150), min_size=16, max_size=16))
def test_any_timing_within_a_third_of_a_step_is_learned_exactly(timing: list[int]) -> None:
    # the first bar is left out: nothing can be played before its beginning
    onsets = [Onset(one.tick + BAR, one.level) for one in played(tuple(timing))]
    assert learn(onsets, "x").groove.timing == tuple(timing)


@pytest.mark.parametrize("percent", [50, 54, 66.7, 71, 75])
def test_a_swing_is_learned_up_to_the_end_of_the_dial(percent: float) -> None:
    delay = swing(percent).timing[1]
    groove = learn(played((0, delay) * 8), "x").groove
    assert groove.timing == (0, delay) * 8
    assert swing_percent(groove) == pytest.approx(percent, abs=0.1)


def test_one_slip_in_many_bars_changes_nothing() -> None:
    onsets = played(bars=5)
    onsets[20] = onsets[20]._replace(tick=onsets[20].tick + 150, level=3)
    learned = learn(onsets, "x")
    assert learned.groove.timing == TIMING
    assert learned.groove.velocity == (1.0,) * 16


def test_accents_are_relative_and_average_one() -> None:
    onsets = [one._replace(level=120 if place % 4 == 0 else 60) for place, one in enumerate(played())]
    groove = learn(onsets, "x").groove
    assert groove.velocity[:4] == pytest.approx((1.6, 0.8, 0.8, 0.8), abs=0.001)
    assert sum(groove.velocity) / 16 == pytest.approx(1, abs=0.001)


def test_a_loud_kick_does_not_make_the_beat_loud() -> None:
    hats = [one._replace(level=70 if place % 2 else 90) for place, one in enumerate(played(voice="hat"))]
    kicks = [Onset(bar * BAR + beat * 1920 + TIMING[beat * 4], 127, "kick") for bar in range(4) for beat in range(4)]
    alone, both = learn(hats, "x").groove, learn(hats + kicks, "x").groove
    assert both.timing == alone.timing
    assert both.velocity == pytest.approx(alone.velocity, abs=0.02)


def test_a_step_never_played_takes_after_the_other_beats() -> None:
    without = [one for place, one in enumerate(played((0, 100, 20, 60) * 4)) if place % 16 not in (5, 6)]
    learned = learn(without, "x")
    assert learned.groove.timing == (0, 100, 20, 60) * 4
    assert learned.heard[5:7] == (0, 0)


def test_two_bars_make_a_groove_of_two_bars() -> None:
    onsets = [one._replace(tick=one.tick + 40 * (int(one.tick) // BAR % 2)) for one in played((0,) * 16)]
    groove = learn(onsets, "x", bars=2).groove
    assert groove.timing == (0,) * 16 + (40,) * 16
    assert groove.length_ticks == 2 * BAR


def test_seven_eighths_has_bars_of_its_own() -> None:
    meter = MeterMap().with_meter(7, 8)
    timing = tuple(range(0, 140, 10))
    onsets = [Onset(bar * 6720 + step * 480 + timing[step], 90) for bar in range(4) for step in range(14)]
    groove = learn(onsets, "x", meter_map=meter).groove
    assert groove.timing == timing
    assert (groove.bar_ticks, len(groove.timing)) == (6720, 14)


def test_the_tempo_map_is_out_of_the_picture() -> None:
    notes = tuple(MidiNote(int(one.tick), 100, 42, 90) for one in played())
    slow = TempoMap().with_point(BAR, 60).with_point(2 * BAR, 200)
    for tempo_map in (TempoMap(), slow):
        song = MidiSong((MidiTrack("hats", notes, 9),), tempo_map)
        assert learn(of_song(song), "x").groove.timing == TIMING


def test_a_groove_made_in_bars_begins_again_at_each_bar_line() -> None:
    groove = GrooveTemplate(id="x", name="x", timing=tuple(range(16)), velocity=(1,) * 16, bar_ticks=BAR)
    waltz = MeterMap().with_meter(3, 4)
    assert own_tick(groove, BAR + 960, MeterMap()) % BAR == 960
    assert own_tick(groove, 5760 + 960, waltz) == 960
    assert own_tick(swing(60), 5760 + 960, waltz) == 5760 + 960


@pytest.mark.parametrize(
    ("values", "said"),
    [({"step_ticks": 1000}, "do not fill"), ({"bars": 100}, "out of range"), ({"step_ticks": 1}, "out of range")],
)
def test_a_grid_that_does_not_fit_is_refused(values: dict[str, int], said: str) -> None:
    with pytest.raises(UserError, match=said):
        learn(played(), "x", **values)  # type: ignore[arg-type]


def test_too_few_notes_are_refused() -> None:
    with pytest.raises(UserError, match="too few"):
        learn(played()[:3], "x")
