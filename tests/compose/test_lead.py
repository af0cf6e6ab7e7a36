from random import Random
from statistics import mean
from typing import Any, get_args

import pytest

from hardcore.compose import lead
from hardcore.knowledge.melodic import LeadBehaviour, LeadStyle
from hardcore.music.scale import Key
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


@pytest.mark.parametrize("genre_id", GENRES)
def test_a_motif_stands_on_chord_tones_on_the_beat(genre_id: str) -> None:
    style = lead_of(genre_id).evolve(behaviours={"motif": 1.0})
    on_beat = []
    for seed in range(40):
        chords = progression_of(genre_id, seed)
        for note in lead_line(style, genre_id, seed):
            if note.start_ticks % 1920 == 0:
                on_beat.append(chords.at(note.start_ticks).contains(note.pitch))
    assert mean(on_beat) >= 0.85


def test_a_motif_is_repeated_and_answered_and_not_the_same_in_every_bar() -> None:
    repeats, distinct = [], []
    style = style_of("motif", rest=0.0, slide=0.0)
    for seed in range(40):
        notes = lead_line(style, "house", seed)
        rhythms = [tuple(n.start_ticks % 7680 for n in notes if n.start_ticks // 7680 == bar) for bar in range(8)]
        tones = [tuple(n.pitch for n in notes if n.start_ticks // 7680 == bar) for bar in range(8)]
        repeats.append(rhythms[0] == rhythms[1])
        distinct.append(len(set(tones)))
    assert mean(repeats) > 0.9
    assert mean(distinct) > 3


def test_answers_may_rest() -> None:
    silent = [sounding_bars(lead_line(style_of("motif", rest=0.9), "house", seed), FOUR_FOUR, 8) for seed in range(20)]
    assert all(row[0] and row[2] for row in silent)
    assert mean(not row[3] for row in silent) > 0.5


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


@pytest.mark.parametrize("genre_id", GENRES)
def test_the_same_seed_gives_the_same_lead_and_other_seeds_others(genre_id: str) -> None:
    lines = [tuple(lead_line(lead_of(genre_id), genre_id, seed)) for seed in (1, 1, 2, 3, 4, 5)]
    assert lines[0] == lines[1] and len(set(lines)) >= 4


def test_traits_ask_for_a_behaviour() -> None:
    style = lead_of("house")
    for word, behaviour in (("hoover", "stabs"), ("arp", "arpeggio"), ("riff", "riff"), ("bells", "bells")):
        assert lead.behaviour_of(style, (word,), Random(0)) == behaviour
