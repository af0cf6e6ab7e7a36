"""Drums: the grammar played over bars."""

from statistics import fmean

import pytest

from hardcore.compose.form.structure import scene_bars
from hardcore.compose.intent import Intent
from hardcore.compose.parts.drums import generate
from hardcore.compose.plan import Plan, make_plan
from hardcore.project import devices
from hardcore.project.notes import Note
from hardcore.project.roles import GM_DRUM_NOTE, Role
from tests.compose.measures import DEEP, GENRES, bar_shapes, composed, notes_of, seeds_of
from tests.each import each

DEVICE = {"kick": "kick909", "snare": "snare909", "tom": "tom", "perc": "perc"}


def plan(genre: str, seed: int = 1, **fields: object) -> Plan:
    return make_plan(Intent.model_validate({"genre": genre, **fields}), seed)


def drum(made: Plan, role: Role, device: str | None = None) -> list[Note]:
    return generate(made, scene_bars(made), role, devices.instrument(device or DEVICE.get(role, role)))


def steps_of(notes: list[Note], bar_ticks: int = 7680) -> list[float]:
    return [note.start_ticks % bar_ticks / 480 for note in notes]


@pytest.mark.parametrize("genre", ["warehouse_techno", "acid", "house", "gabber"])
@pytest.mark.parametrize("seed", range(5))
def test_four_on_the_floor_has_a_kick_on_every_beat_outside_fills(genre: str, seed: int) -> None:
    made = plan(genre, seed)
    starts = {note.start_ticks for note in drum(made, "kick", "kick_gabber" if genre == "gabber" else None)}
    for bar in scene_bars(made)[:-1]:
        if bar.fill is None or "kick" not in bar.fill.parts:
            assert {bar.start_ticks + beat * 1920 for beat in range(4)} <= starts


def test_the_backbeat_falls_on_two_and_four_not_a_step_early() -> None:
    claps = [note for note in drum(plan("house"), "clap") if note.velocity >= 96]
    assert set(steps_of(claps[:6])) == {4.0, 12.0}


def test_drum_and_bass_is_two_step_not_four_on_the_floor() -> None:
    for seed in range(10):
        steps = steps_of([note for note in drum(plan("drum_and_bass", seed), "kick") if note.velocity > 108])
        assert 4.0 not in steps and 0.0 in steps


def test_more_density_keeps_the_hits_and_adds_others() -> None:
    for genre in ("warehouse_techno", "drum_and_bass", "lofi_hip_hop"):
        rows = [{n.start_ticks for n in drum(plan(genre, density=d, ghost=0), "hat_closed")} for d in (0.55, 0.75, 1)]
        assert rows[0] < rows[2] and len(rows[0]) < len(rows[1]) < len(rows[2])


def test_less_density_thins_weak_hits_but_never_a_kick() -> None:
    thin, usual = (drum(plan("house", density=d), "hat_closed") for d in (0.05, 0.5))
    assert len(thin) < 0.6 * len(usual)
    kicks = [len(drum(plan("house", density=d, ghost=0), "kick")) for d in (0.05, 0.5)]
    assert kicks[0] == kicks[1]


def test_ghosts_follow_the_ghost_level_and_are_gone_at_zero() -> None:
    counts = []
    for level in (0.0, 0.5, 1.0):
        snares = [n for s in range(6) for n in drum(plan("drum_and_bass", s, ghost=level), "snare")]
        counts.append(sum(note.velocity < 62 for note in snares))
    fills_only = sum(
        letters.count("o")
        for s in range(6)
        for bar in scene_bars(plan("drum_and_bass", s))
        if bar.fill and (letters := bar.fill.parts.get("snare", ""))
    )
    assert counts[0] <= fills_only
    assert counts[0] < counts[1] < counts[2]


def test_energy_makes_hits_harder() -> None:
    soft, hard = (fmean(n.velocity for n in drum(plan("house", energy=e), "clap")) for e in (0.2, 0.95))
    assert hard > soft + 10


@each("genre", GENRES)
def test_no_drum_repeats_one_bar_for_a_whole_scene(genre: str) -> None:
    for seed in seeds_of(genre):
        project = composed(genre, seed)
        for role in ("hat_closed", "snare", "kick"):
            shapes = bar_shapes(project, role)
            if any(shapes) and genre not in ("ambient", "drone"):
                assert len(set(shapes)) >= (3 if genre in DEEP else 2), (genre, seed, role)


def test_the_last_bar_has_a_fill() -> None:
    for seed in range(10):
        bars = scene_bars(plan("warehouse_techno", seed))
        assert bars[-1].fill is not None and bars[-1].fill.big
        assert all(bar.fill is None for bar in bars if (bar.index + 1) % 4)


def test_a_fill_replaces_only_the_end_of_its_bar_and_only_the_drums_it_names() -> None:
    made = plan("house", 4)
    bar = scene_bars(made)[-1]
    assert bar.fill is not None
    role, steps = next(iter(bar.fill.parts.items()))
    notes = [n for n in drum(made, role) if n.start_ticks >= bar.start_ticks + 7680 - 480 * len(steps)]
    first = bar.start_ticks + 7680 - 480 * len(steps)
    assert {(n.start_ticks - first) // 480 for n in notes} == {i for i, step in enumerate(steps) if step != "."}


def test_a_trait_chooses_the_pattern_and_kin_lend_what_the_genre_lacks() -> None:
    broken = drum(plan("warehouse_techno", traits={"kick": ("broken",)}), "kick")
    assert 4.0 not in steps_of(broken[:4])
    lent = drum(plan("acid", traits={"snare": ("halftime",)}), "snare")
    assert steps_of([note for note in lent if note.velocity > 95])[0] == 8.0


def test_swing_is_left_to_the_groove_and_humanising_to_the_offset() -> None:
    notes = drum(plan("lofi_hip_hop"), "snare")
    assert all(note.start_ticks % 480 == 0 for note in notes)
    late = fmean(note.offset_ticks for note in notes)
    ms = late / (80 * 1920 / 60000)
    assert 10 < ms < 18, "a lo-fi snare lies behind the beat"
    assert len({note.offset_ticks for note in notes}) > 5


def test_a_tuned_kick_plays_the_tonic_and_stays_in_key_and_range() -> None:
    device = devices.instrument("kick_gabber")
    pitches = set()
    for seed in range(8):
        made = plan("gabber", seed)
        notes = drum(made, "kick", "kick_gabber")
        assert all(made.key.contains(note.pitch) for note in notes)
        assert all(device.low_note <= note.pitch <= device.high_note for note in notes)
        assert sum(note.pitch % 12 == made.key.tonic for note in notes) > 0.7 * len(notes)
        pitches |= {(note.pitch - made.key.tonic) % 12 for note in notes}
    assert len(pitches) > 2, "rolls and fills leave the tonic"


def test_an_untuned_drum_carries_its_general_midi_note() -> None:
    assert {note.pitch for note in drum(plan("house"), "clap")} == {GM_DRUM_NOTE["clap"]}


def test_rolls_are_ratchets_within_their_step() -> None:
    rolls = [
        note
        for seed in range(10)
        for note in notes_of(composed("industrial_hardcore", seed), "hat_closed", "perc")
        if note.ratchet > 1
    ]
    assert len(rolls) > 10
    assert all(note.length_ticks == 480 for note in rolls)
