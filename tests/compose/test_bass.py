from itertools import pairwise
from random import Random
from statistics import mean
from typing import Any, get_args

import pytest

from hardcore.compose.parts import bass
from hardcore.knowledge.melodic import BassBehaviour, BassStyle
from hardcore.music.scale import Key
from hardcore.project.notes import Note
from tests.compose.melodic import (
    F_MINOR,
    GENRES,
    METERS,
    MODES,
    assert_one_voice,
    assert_sound,
    bass_line,
    bass_of,
    four_on_the_floor,
    leaps,
    meter_of,
    progression_of,
    sounding_bars,
)
from tests.each import each

BEHAVIOURS: tuple[BassBehaviour, ...] = get_args(BassBehaviour)
FIGURES = ("1-..x.1-5-..8-l-", "......5-----n---|..1---v-....3-7-")
HEEDFUL = ("rolling", "offbeat", "sub_anchor", "root_fifth", "pocket_groove", "gabber_offbeat")


def style_of(behaviour: BassBehaviour, **changes: object) -> BassStyle:
    return BassStyle.model_validate({"behaviours": {behaviour: 1}, "slide": 0.3, "figures": FIGURES, **changes})


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_line_is_one_voice_in_key_and_range_and_fills_every_bar_of_any_meter(behaviour: BassBehaviour) -> None:
    for seed in range(60):
        rng = Random(seed)
        meter, bars = meter_of(*rng.choice(METERS)), rng.choice((1, 2, 3, 8, 33))
        if bars > 2 and rng.random() < 0.3:
            meter = meter.with_change(2, 7, 8)
        key = Key(tonic=rng.randrange(12), mode=rng.choice(MODES))
        low, high = rng.choice(((24, 60), (28, 52), (33, 45)))
        chords = progression_of(rng.choice(GENRES), seed, key, bars, meter)
        style = style_of(behaviour, kick=rng.choice(("avoid", "lock", "free")))
        levels: dict[str, Any] = {"density": rng.random(), "movement": rng.random()}
        kick = four_on_the_floor(bars, meter)
        notes = bass.generate(style, chords, key, meter, bars, kick, rng, low=low, high=high, **levels)
        assert_sound(notes, meter.bar_start(bars), low, high, key)
        assert_one_voice(notes)
        assert all(sounding_bars(notes, meter, bars)), (seed, meter.text)


@pytest.mark.parametrize("behaviour", HEEDFUL)
def test_a_line_that_avoids_the_kick_neither_starts_with_it_nor_sounds_through_it(behaviour: BassBehaviour) -> None:
    kicks = {note.start_ticks for note in four_on_the_floor()}
    for seed in range(30):
        for note in bass_line(style_of(behaviour, kick="avoid"), "warehouse_techno", seed, density=seed / 30):
            assert not any(note.start_ticks <= kick < note.end_ticks for kick in kicks), note


@pytest.mark.parametrize("behaviour", ("pocket_groove", "root_fifth", "sub_anchor", "reese"))
def test_a_line_that_locks_starts_with_the_kick_far_more_often(behaviour: BassBehaviour) -> None:
    def share(kick: str) -> float:
        lines = [bass_line(style_of(behaviour, kick=kick), "house", seed) for seed in range(20)]
        return mean(note.start_ticks % 1920 == 0 for line in lines for note in line)

    assert share("lock") > 0.25
    assert behaviour == "reese" or share("avoid") == 0


def test_a_rolling_line_rolls_in_sixteenths_between_the_kicks() -> None:
    style = bass_of("warehouse_techno").evolve(behaviours={"rolling": 1})
    for seed in range(20):
        notes = bass_line(style, "warehouse_techno", seed)
        assert {note.start_ticks % 480 for note in notes} == {0}
        assert 8 * 7 <= len(notes) <= 8 * 12
    assert mean(len(bass_line(style, "warehouse_techno", seed)) for seed in range(30)) > 8 * 10


def test_an_offbeat_line_stands_in_the_middle_of_each_beat() -> None:
    style = style_of("offbeat")
    shares = [note.start_ticks % 1920 == 960 for seed in range(30) for note in bass_line(style, "gabber", seed)]
    assert mean(shares) > 0.8


def test_an_acid_line_has_accents_slides_that_overlap_and_octaves() -> None:
    style = bass_of("acid").evolve(behaviours={"acid": 1})
    for seed in range(25):
        notes = bass_line(style, "acid", seed)
        assert sum(note.velocity >= 110 for note in notes) >= 8
        slides = [note for note in notes if note.slide]
        assert slides
        starts = {note.start_ticks for note in notes}
        assert all(any(note.start_ticks < start < note.end_ticks for start in starts) for note in slides)
        assert max(note.pitch for note in notes) - min(note.pitch for note in notes) >= 7


def test_an_acid_line_mutates_from_bar_to_bar_but_keeps_most_of_itself() -> None:
    style = bass_of("acid").evolve(behaviours={"acid": 1}, turn=0.0)
    shared, same = [], 0
    for seed in range(20):
        notes = bass_line(style, "acid", seed, movement=0.7)
        chords = progression_of("acid", seed)
        bars = [
            {
                (note.start_ticks % 7680, note.pitch - chords.at(bar * 7680).root)
                for note in notes
                if note.start_ticks // 7680 == bar
            }
            for bar in range(8)
        ]
        if chords.at(0) == chords.at(7680):
            shared.append(len(bars[0] & bars[1]) / len(bars[0]))
            same += bars[0] == bars[1]
    assert 0.5 < mean(shared) < 0.97
    assert same < len(shared) / 2


def test_a_line_follows_the_roots_of_the_chords() -> None:
    for genre_id in GENRES:
        hits = []
        for seed in range(12):
            chords = progression_of(genre_id, seed)
            for note in bass_line(bass_of(genre_id), genre_id, seed):
                hits.append(note.pitch % 12 == chords.at(note.start_ticks).root)
        wanders = genre_id == "acid" or bass_of(genre_id).colour > 0.3
        assert mean(hits) > (0.4 if wanders else 0.5), genre_id


def test_a_phrase_ends_with_a_turn_that_walks_to_the_next_root() -> None:
    style = style_of("rolling", turn=1.0, colour=0.0, octave=0.0, form="A")
    for seed in range(10):
        notes = bass_line(style, "warehouse_techno", seed, movement=0.0)
        chords = progression_of("warehouse_techno", seed)
        tail = [note for note in notes if note.start_ticks >= 8 * 7680 - 1920]
        assert any(note.pitch % 12 != chords.at(note.start_ticks).root for note in tail)
        assert abs((tail[-1].pitch - chords.at(0).root + 6) % 12 - 6) <= 3


def test_a_form_develops_the_line_and_comes_back_to_it() -> None:
    style = style_of("pocket_groove", form="A A A B", turn=0.0, colour=0.5, kick="free")
    varied = 0
    for seed in range(20):
        notes = bass_line(style, "ambient", seed, bars=4)
        bars = [[n.start_ticks % 7680 for n in notes if n.start_ticks // 7680 == bar] for bar in range(4)]
        assert bars[0] == bars[1] == bars[2]
        tones = [[n.pitch for n in notes if n.start_ticks // 7680 == bar] for bar in (0, 3)]
        varied += tones[0] != tones[1] or bars[0] != bars[3]
    assert varied > 12


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_density_adds_notes_and_movement_adds_leaps(behaviour: BassBehaviour) -> None:
    style = style_of(behaviour, kick="free", colour=0.3, octave=0.15)

    def measure(**asked: Any) -> tuple[float, float]:
        lines = [bass_line(style, "house", seed, **asked) for seed in range(25)]
        return mean(map(len, lines)), mean(map(leaps, lines))

    counts = [measure(density=density)[0] for density in (0.0, 0.5, 1.0)]
    assert counts[0] <= counts[1] < counts[2] and counts[0] < counts[2] * 0.75, counts
    jumps = [measure(movement=movement)[1] for movement in (0.0, 0.5, 1.0)]
    assert behaviour == "drone" or jumps[0] < jumps[2] > jumps[1], jumps


def test_lofi_bass_walks_chromatically_into_a_new_chord_now_and_then() -> None:
    style = bass_of("lofi_hip_hop").evolve(behaviours={"walking_lofi": 1})
    found = 0
    for seed in range(30):
        notes = bass_line(style, "house", seed)  # whose chords stay in the key
        for note, after in pairwise(notes):
            if not F_MINOR.contains(note.pitch):
                found += 1
                # the last note of its bar, a semitone from the root that follows
                assert after.start_ticks % 7680 == 0 and abs(after.pitch - note.pitch) == 1
    assert found > 10


@each("genre_id", GENRES)
def test_the_same_seed_gives_the_same_line_and_other_seeds_others(genre_id: str) -> None:
    lines = [tuple(bass_line(bass_of(genre_id), genre_id, seed)) for seed in (1, 1, 2, 3, 4, 5)]
    assert lines[0] == lines[1] and len(set(lines)) >= 4


def test_traits_ask_for_a_behaviour_and_the_last_one_wins() -> None:
    style = bass_of("house")
    assert bass.behaviour_of(style, ("rolling",), Random(0)) == "rolling"
    assert bass.behaviour_of(style, ("sub", "acid"), Random(0)) == "acid"
    assert bass.behaviour_of(style, ("purple",), Random(0)) in style.behaviours


def test_a_walking_bass_steps_on_every_beat_and_seldom_walks_the_same_way_twice() -> None:
    for seed in range(10):
        notes = bass_line(style_of("walking", octave=0.0, turn=0.0), "house", seed, density=0.0, movement=0.5)
        assert [note.start_ticks for note in notes] == list(range(0, 8 * 7680, 1920))
        bars = [tuple(note.pitch - notes[4 * bar].pitch for note in notes[4 * bar : 4 * bar + 4]) for bar in range(8)]
        assert len(set(bars)) >= 3
        assert all(len(set(bar)) >= 3 for bar in bars)


@pytest.mark.parametrize("behaviour", ["rolling", "offbeat", "pocket_groove", "gabber_offbeat"])
def test_a_style_s_own_rhythm_is_played_where_a_behaviour_would_draw_one(behaviour: BassBehaviour) -> None:
    style = style_of(behaviour, rhythms={behaviour: ["..x.x...........|x......."]}, form="A", turn=0.0, kick="free")
    notes = bass_line(style, "warehouse_techno", 1, density=0.5, movement=0.0)
    steps = [note.start_ticks // 480 for note in notes if note.start_ticks < 7680]
    assert steps == [2, 4]


def test_a_written_line_has_its_roots_fifths_and_the_root_of_the_chord_that_comes() -> None:
    style = BassStyle.model_validate(
        {
            "behaviours": {"figure": 1},
            "figures": ["1-----5-----n---"],
            "kick": "free",
            "turn": 0,
            "form": "A",
            "colour": 0,
        }
    )
    for seed in range(12):
        chords = progression_of("house", seed)
        notes = bass_line(style.evolve(octave=0), "house", seed, movement=0.0)
        steps: dict[int, list[Note]] = {}
        for note in notes:
            steps.setdefault(note.start_ticks % 7680 // 480, []).append(note)
        assert set(steps) == {0, 6, 12}
        assert all(note.pitch % 12 == chords.at(note.start_ticks).root for note in steps[0])
        assert all((note.pitch - chords.at(note.start_ticks).root) % 12 in (6, 7, 8) for note in steps[6])
        for note in steps[12]:
            after = (note.start_ticks // 7680 + 1) * 7680
            assert note.pitch % 12 == chords.at(after if after < 8 * 7680 else 0).root


def test_a_style_cannot_ask_for_written_lines_that_are_not_there() -> None:
    with pytest.raises(ValueError, match="there are none"):
        BassStyle.model_validate({"behaviours": {"figure": 1}})
