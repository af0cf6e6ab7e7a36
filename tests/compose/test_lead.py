from random import Random
from statistics import mean, median
from typing import Any, get_args

import pytest

from hardcore.compose.parts import lead
from hardcore.knowledge.melodic import LeadBehaviour, LeadStyle
from hardcore.music.scale import Key
from hardcore.project.notes import Note
from tests.compose.melodic import (
    FOUR_FOUR,
    GENRES,
    METERS,
    MODES,
    assert_one_voice,
    assert_sound,
    lead_line,
    lead_of,
    leaps,
    meter_of,
    progression_of,
    sounding_bars,
)
from tests.each import each

BEHAVIOURS: tuple[LeadBehaviour, ...] = get_args(LeadBehaviour)


def style_of(behaviour: LeadBehaviour, **changes: object) -> LeadStyle:
    return LeadStyle.model_validate({"behaviours": {behaviour: 1}, "slide": 0.2, **changes})


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_lead_is_one_voice_in_key_range_and_length_in_any_meter(behaviour: LeadBehaviour) -> None:
    for seed in range(60):
        rng = Random(seed)
        meter, bars = meter_of(*rng.choice(METERS)), rng.choice((1, 2, 5, 8, 33))
        if bars > 2 and rng.random() < 0.3:
            meter = meter.with_change(2, 7, 8)
        key = Key(tonic=rng.randrange(12), mode=rng.choice(MODES))
        low, high = rng.choice(((55, 91), (48, 72), (60, 74)))
        chords = progression_of(rng.choice(GENRES), seed, key, bars, meter)
        style = lead_of(rng.choice(GENRES)).evolve(behaviours={behaviour: 1.0}, chromatic=0.0)
        levels: dict[str, Any] = {"density": rng.random(), "movement": rng.random()}
        notes, _ = lead.sing(style, chords, key, meter, bars, rng, low=low, high=high, **levels)
        assert notes
        assert_sound(notes, meter.bar_start(bars), low, high, key)
        assert_one_voice(notes)


@pytest.mark.parametrize("behaviour", ("riff", "stabs", "arpeggio", "acid"))
def test_leads_that_drive_fill_every_bar(behaviour: LeadBehaviour) -> None:
    for seed in range(30):
        notes = lead_line(style_of(behaviour, riff_steps=[3, 7, 16]), "gabber", seed)
        assert all(sounding_bars(notes, FOUR_FOUR, 8))


@each("genre_id", GENRES)
def test_a_tune_leans_on_the_chord_where_it_is_stressed(genre_id: str) -> None:
    style = lead_of(genre_id).evolve(behaviours={"motif": 1.0})
    strong, weak = [], []
    for seed in range(25):
        chords = progression_of(genre_id, seed)
        for note in lead_line(style, genre_id, seed):
            inside = chords.at(note.start_ticks).contains(note.pitch)
            (strong if note.start_ticks % 3840 == 0 else weak).append(inside)
    assert mean(strong) >= 0.65 and mean(strong) > mean(weak)


def rows_of(notes: list[Note]) -> list[tuple[tuple[int, int], ...]]:
    """Return per bar the place and pitch of each note."""
    return [tuple((n.start_ticks % 7680, n.pitch) for n in notes if n.start_ticks // 7680 == bar) for bar in range(8)]


def test_the_fifth_bar_is_parallel_to_the_first_and_the_phrase_closes_its_own_way() -> None:
    heads, ends, bars = [], [], []
    style = style_of("motif", slide=0.0, tune={"forms": {"period": 1}})
    for seed in range(40):
        rows = rows_of(lead_line(style, "house", seed))
        first, fifth = ([start for start, _ in row if start < 3840] for row in (rows[0], rows[4]))
        heads.append(first == fifth)
        ends.append(rows[3] == rows[7])
        bars.append(len(set(rows)))
    assert mean(heads) > 0.75
    assert mean(ends) < 0.3 and mean(bars) > 5


def test_a_song_keeps_its_rhythms_in_another_tune() -> None:
    """Two sections of a song share more half-bar rhythms than two songs do."""

    def cells(seed: int, song: int) -> set[tuple[int, ...]]:
        notes = lead_line(lead_of("pop"), "pop", seed, bars=16, song=Random(song))
        halves: dict[int, list[int]] = {}
        for note in notes:
            halves.setdefault(note.start_ticks // 3840, []).append(note.start_ticks % 3840)
        return {tuple(row) for row in halves.values()}

    def shared(pairs: list[tuple[set[tuple[int, ...]], set[tuple[int, ...]]]]) -> float:
        return mean(len(a & b) / len(a | b) for a, b in pairs)

    within = [(cells(seed, seed), cells(seed + 100, seed)) for seed in range(25)]
    between = [(cells(seed, seed), cells(seed + 100, seed + 50)) for seed in range(25)]
    assert shared(within) > shared(between) + 0.02


def test_a_tune_has_one_highest_note_late_and_ends_at_rest() -> None:
    tops, late, home = [], [], []
    for seed in range(40):
        notes = lead_line(style_of("motif", slide=0.0), "hardcore", seed)
        top = max(note.pitch for note in notes)
        tops.append(sum(note.pitch == top for note in notes))
        late.append(min(n.start_ticks for n in notes if n.pitch == top) >= 3.2 * 7680)
        chord = progression_of("hardcore", seed).at(notes[-1].start_ticks)
        home.append(notes[-1].pitch % 12 == 5 if chord.contains(5) else chord.contains(notes[-1].pitch))
    assert median(tops) <= 2 and mean(late) > 0.5 and mean(home) > 0.9


def test_more_rest_leaves_more_silence() -> None:
    def sounding(rest: float) -> float:
        style = style_of("motif", rest=rest, tune={"forms": {"period": 1}})
        return mean(sum(n.length_ticks for n in lead_line(style, "house", seed)) for seed in range(40))

    assert sounding(0.95) < 0.98 * sounding(0.0)


def test_an_arpeggio_plays_chord_tones_only() -> None:
    for genre_id in GENRES:
        for seed in range(10):
            chords = progression_of(genre_id, seed)
            for note in lead_line(style_of("arpeggio"), genre_id, seed):
                assert chords.at(note.start_ticks).contains(note.pitch)


def test_an_acid_lead_has_slides_and_accents() -> None:
    style = lead_of("acid").evolve(behaviours={"acid": 1.0})
    for seed in range(20):
        notes = lead_line(style, "acid", seed)
        assert any(note.slide for note in notes) and sum(note.velocity >= 109 for note in notes) >= 8


def test_a_riff_runs_across_the_bar_lines_and_starts_over_each_phrase() -> None:
    for seed in range(10):
        notes = lead_line(style_of("riff", riff_steps=[7]), "ambient", seed, movement=0.0)
        starts = {note.start_ticks // 480 for note in notes}
        assert {step % 7 for step in starts if step < 64} == {step - 64 for step in starts if 64 <= step < 71}


def test_bells_are_sparse_and_stabs_are_hard() -> None:
    bells = mean(len(lead_line(lead_of("ambient").evolve(behaviours={"bells": 1.0}), "ambient", s)) for s in range(20))
    assert 4 <= bells <= 20
    stabs = [
        n.velocity for s in range(20) for n in lead_line(lead_of("gabber").evolve(behaviours={"stabs": 1}), "gabber", s)
    ]
    assert mean(velocity >= 108 for velocity in stabs) > 0.4


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_density_adds_notes(behaviour: LeadBehaviour) -> None:
    counts = [
        mean(len(lead_line(style_of(behaviour), "house", seed, density=density)) for seed in range(25))
        for density in (0.0, 0.5, 1.0)
    ]
    assert counts[0] < counts[1] < counts[2], counts


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_movement_adds_leaps(behaviour: LeadBehaviour) -> None:
    jumps = [
        mean(leaps(lead_line(style_of(behaviour), "house", seed, movement=movement)) for seed in range(40))
        for movement in (0.0, 1.0)
    ]
    assert jumps[0] < jumps[1], jumps


@each("genre_id", GENRES)
def test_the_same_seed_gives_the_same_lead_and_other_seeds_others(genre_id: str) -> None:
    lines = [tuple(lead_line(lead_of(genre_id), genre_id, seed)) for seed in (1, 1, 2, 3, 4, 5)]
    assert lines[0] == lines[1] and len(set(lines)) >= 4


def test_traits_ask_for_a_behaviour() -> None:
    style = lead_of("house")
    for word, behaviour in (("hoover", "stabs"), ("arp", "arpeggio"), ("riff", "riff"), ("bells", "bells")):
        assert lead.behaviour_of(style, (word,), Random(0)) == behaviour
