"""Swing, micro-timing, ratchets, velocity, ghosts, displacement, accents: what the schedule makes of a mask."""

from itertools import pairwise
from typing import Any

import pytest

from tests.rhythm.playing import BAR, counts, layer_of, play, steps

MS = 132 * 1920 / 60_000  # ticks


def hats(**layer: Any) -> dict[str, Any]:
    """Return a rhythm of sixteenth hats, dead on the grid unless the layer says otherwise."""
    plain = {"fills": 16, "beat_bins_ms": [], "beat_bins_probs": [], "velocity": 100}
    return {"mode": "m2", "swing": 50, "layers": {"hat_c": {**plain, **layer}}}


def late(data: dict[str, Any], bars: int = 1) -> list[int]:
    return [start - grid for grid, start, *_ in layer_of(play(data, bars), "hat_c")]


@pytest.mark.parametrize(("percent", "ticks"), [(50, 0), (55, 48), (60, 96), (66.7, 160), (75, 240), (0.55, 48)])
def test_swing_delays_every_second_sixteenth_by_the_percent_law(percent: float, ticks: int) -> None:
    assert late({**hats(), "swing": percent}) == [0, ticks] * 8
    assert late(hats(swing_percent=percent)) == [0, ticks] * 8


def test_swing_of_eighths_carries_the_sixteenths_between_them() -> None:
    assert late({**hats(), "swing": 60, "swing_grid": 8}) == [0, 96, 192, 96] * 4


def test_the_legacy_law_gives_the_earlier_engines_numbers() -> None:
    assert late({**hats(), "swing": 55, "swing_law": "legacy"}) == [0, 12] * 8


def test_swing_of_a_triplet_grid_leaves_the_beats() -> None:
    found = late({**hats(steps=12, fills=12), "swing": 66.7})
    assert found[::3] == [0] * 4 and min(found) >= 0


@pytest.mark.parametrize("cap", [0, 3, 12])
def test_micro_timing_stays_within_the_cap_after_rounding(cap: float) -> None:
    data = hats(beat_bins_ms=[-20, -5, 0, 5, 20], beat_bins_probs=[0.2] * 5, beat_bin_cap_ms=cap)
    found = late(data, 16)[1:]
    assert max(map(abs, found)) <= cap * MS
    assert max(found) >= int(min(cap, 5) * MS)


def test_the_bins_are_drawn_as_often_as_they_say() -> None:
    found = late(hats(beat_bins_ms=[0, 5, 10], beat_bins_probs=[0.1, 0.6, 0.3]), 128)
    shares = [found.count(round(ms * MS)) / len(found) for ms in (0, 5, 10)]
    assert shares == pytest.approx([0.1, 0.6, 0.3], abs=0.03)


@pytest.mark.parametrize("repeat", range(2, 9))
@pytest.mark.parametrize("swing", [50, 62])
def test_a_ratchet_fills_its_step_and_no_more(repeat: int, swing: float) -> None:
    data = hats(fills=4, ratchet_prob=1, ratchet_repeat=repeat, gate=4)
    notes = layer_of(play({**data, "swing": swing}, 1), "hat_c")
    assert len(notes) == 4 * repeat
    for beat in range(4):
        roll = notes[beat * repeat : (beat + 1) * repeat]
        room = 480 + (round((2 * swing / 100 - 1) * 480))
        assert roll[0][1] == beat * 1920
        assert roll[-1][1] + roll[-1][2] <= beat * 1920 + room
        gaps = {b[1] - a[1] for a, b in pairwise(roll)}
        assert max(gaps) - min(gaps) <= 1


def test_ratchets_come_as_often_as_they_say() -> None:
    notes = layer_of(play(hats(ratchet_prob=0.25, ratchet_repeat=2), 128), "hat_c")
    assert len(notes) / (16 * 128) == pytest.approx(1.25, abs=0.03)


def test_a_velocity_curve_repeats_over_the_steps() -> None:
    notes = layer_of(play(hats(velocity_curve=[1, 0.5, 0.8]), 1), "hat_c")
    assert [note[4] for note in notes] == [round(100 * [1, 0.5, 0.8][step % 3]) for step in range(16)]


def test_ghosts_are_soft_one_step_before_a_hit_and_only_where_nothing_sounds() -> None:
    data = hats(fills=4, ghost_pre1_prob=1, ghost_velocity=0.3)
    played = play(data, 2)
    assert steps(played, "hat_c", 0) == [0, 3, 4, 7, 8, 11, 12, 15]
    assert {note[0] % 1920: note[4] for note in layer_of(played, "hat_c")} == {0: 100, 1440: 30}
    assert counts(play(hats(fills=16, ghost_pre1_prob=1), 4), "hat_c") == [16] * 4


@pytest.mark.parametrize("kind", ["free", "steered"])
def test_a_ghost_leads_over_the_bar_line_only_into_a_hit(kind: str) -> None:
    layer: dict[str, Any] = {"pattern": "x...............", "note": 50, "ghost_pre1_prob": 1}
    if kind == "steered":
        layer["markov"] = {"start": 1, "floor": 1, "ceil": 1, "stickiness": 0}
    mode = "m4" if kind == "steered" else "m2"
    every = play({"mode": mode, "layers": {"kick": {}, "x": layer}}, 3)
    assert [steps(every, "x", bar) for bar in range(3)] == [[0, 15]] * 3
    layer["conditions"] = [{"kind": "EVERY_N", "n": 3, "offset": 1}]
    third = play({"mode": mode, "layers": {"kick": {}, "x": layer}}, 9)
    assert [steps(third, "x", bar) for bar in range(9)] == [[0], [], []] * 3


def test_ghosts_come_as_often_as_they_say() -> None:
    found = sum(counts(play(hats(fills=4, ghost_pre1_prob=0.3), 256), "hat_c")) - 4 * 256
    assert found / (4 * 256) == pytest.approx(0.3, abs=0.04)


def test_displacement_moves_a_hit_by_two_steps_but_never_the_first() -> None:
    assert steps(play(hats(fills=4, displace_into_2_prob=1), 1), "hat_c", 0) == [0, 6, 10, 14]
    assert counts(play(hats(fills=8, displace_into_2_prob=1), 8), "hat_c") == [8] * 8


def test_the_kick_moves_only_when_the_guard_lets_it() -> None:
    kick = {"displace_into_2_prob": 1, "rotation_rate_per_bar": 1, "ghost_pre1_prob": 0}
    held = play({"mode": "m2", "layers": {"kick": kick}}, 4)
    assert all(steps(held, "kick", bar) == [0, 4, 8, 12] for bar in range(4))
    assert held.rhythm.notes
    free = play({"mode": "m2", "guard": {"kick_immutable": False}, "layers": {"kick": kick}}, 4)
    assert [steps(free, "kick", bar) for bar in (0, 1)] == [[0, 6, 10, 14], [3, 7, 11, 15]]
    assert not free.rhythm.notes


def test_an_accent_strikes_as_often_as_its_coin() -> None:
    data = {**hats(), "accent": {"steps": [1], "prob": 0.25, "velocity_scale": 1.2}}
    first = [note[4] for note in layer_of(play(data, 400), "hat_c") if note[0] % BAR == 0]
    assert set(first) == {100, 120}
    assert first.count(120) / 400 == pytest.approx(0.25, abs=0.06)


def test_velocities_stay_midi() -> None:
    data = {**hats(velocity=127, velocity_curve=[2.0]), "accent": {"steps": [1], "velocity_scale": 4}}
    assert {note[4] for note in layer_of(play(data, 1), "hat_c")} == {127}


def test_a_hit_pushed_past_the_last_bar_stays_inside_it() -> None:
    data = hats(pattern="." * 63 + "x", steps=64, micro_ms=50)
    data["layers"]["hat_c"].pop("fills")
    notes = layer_of(play({**data, "bpm": 200}, 2), "hat_c")
    assert [note[1] + note[2] for note in notes][-1] == 2 * BAR
