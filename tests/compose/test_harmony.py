from itertools import pairwise
from random import Random
from statistics import mean
from typing import Any

import pytest

from hardcore.compose.harmony.register import fit, register
from hardcore.compose.parts import chordparts
from hardcore.compose.parts.chordparts import Progression
from hardcore.knowledge.melodic import CompRole, CompStyle, HarmonyStyle
from hardcore.music.chord import parse_chord, parse_roman
from hardcore.music.scale import Key
from hardcore.music.voicing import voicing
from hardcore.project.notes import Note
from tests.compose.melodic import (
    F_MINOR,
    FOUR_FOUR,
    GENRES,
    METERS,
    MODES,
    assert_sound,
    harmony_of,
    meter_of,
    progression_of,
    sounding_bars,
)
from tests.each import each

ROLES: tuple[CompRole, ...] = ("chords", "pad", "keys", "pluck")


def comp(genre_id: str, role: CompRole, seed: int, **asked: Any) -> list[Note]:
    chords = progression_of(genre_id, seed)
    return chordparts.chords(harmony_of(genre_id), chords, F_MINOR, role, Random(seed), **asked)


@each("genre_id", GENRES)
def test_a_progression_covers_the_clip_with_chords_that_start_on_bar_lines(genre_id: str) -> None:
    for seed in range(40):
        rng = Random(seed)
        meter, bars = meter_of(*rng.choice(METERS)), rng.choice((1, 2, 3, 6, 8, 17))
        found = chordparts.progression(harmony_of(genre_id), F_MINOR, meter, bars, rng)
        lines = {meter.bar_start(bar) for bar in range(bars)}
        at = 0
        for placed in found.chords:
            assert placed.start_ticks == at and at in lines and placed.length_ticks > 0
            at += placed.length_ticks
        assert at == meter.bar_start(bars) == found.end_ticks


@each("genre_id", GENRES)
@each("mode", MODES)
def test_every_chord_is_in_the_key_when_the_style_is_not_chromatic(genre_id: str, mode: str) -> None:
    for seed in range(12):
        key = Key(tonic=seed, mode=mode)
        for placed in progression_of(genre_id, seed, key).chords:
            assert all(key.contains(tone) for tone in placed.chord.pitch_classes), (placed.chord.name, key.name)


def test_most_progressions_begin_on_the_tonic_of_the_genres_own_keys() -> None:
    first = [progression_of(genre_id, seed).chords[0].chord.root for genre_id in GENRES for seed in range(40)]
    assert mean(root == F_MINOR.tonic for root in first) > 0.85


def test_a_chromatic_style_keeps_the_leading_note_of_a_major_fifth_degree() -> None:
    style = HarmonyStyle.model_validate({"progressions": [{"numerals": "i V"}], "chromatic": 1})
    strict = style.evolve(chromatic=0)
    assert chordparts.progression(style, F_MINOR, FOUR_FOUR, 2, Random(1)).chords[1].chord.name == "C"
    assert chordparts.progression(strict, F_MINOR, FOUR_FOUR, 2, Random(1)).chords[1].chord.name == "Cm"


def test_a_chord_outside_the_key_moves_third_and_seventh_and_drops_the_ninth() -> None:
    assert fit(parse_chord("Fm9"), Key.parse("F phrygian")).name == "Fm7"
    assert fit(parse_chord("C7"), F_MINOR).name == "Cm7"
    assert fit(parse_roman("im9", F_MINOR), F_MINOR).name == "Fm9"


def test_the_last_chord_turns_around_when_the_style_says_so() -> None:
    style = HarmonyStyle.model_validate({"progressions": [{"numerals": "i VI III i"}], "turnarounds": ["v"], "turn": 1})
    names = [placed.chord.name for placed in chordparts.progression(style, F_MINOR, FOUR_FOUR, 8, Random(3)).chords]
    assert names == ["Fm", "Db", "Ab", "Fm", "Fm", "Db", "Ab", "Cm"]


def test_at_gives_the_chord_of_a_tick() -> None:
    style = HarmonyStyle.model_validate({"progressions": [{"numerals": "i VI"}]})
    found = chordparts.progression(style, F_MINOR, FOUR_FOUR, 2, Random(0))
    assert [found.at(tick).name for tick in (0, 7679, 7680, 99999)] == ["Fm", "Fm", "Db", "Db"]


@each("genre_id", GENRES)
def test_chords_stay_in_key_range_and_length_in_any_meter(genre_id: str) -> None:
    for seed in range(25):
        rng = Random(seed)
        meter, bars = meter_of(*rng.choice(METERS)), rng.choice((1, 3, 8, 20))
        key = Key(tonic=rng.randrange(12), mode=rng.choice(MODES))
        low, high = rng.choice(((40, 88), (48, 72), (55, 67)))
        chords = progression_of(genre_id, seed, key, bars, meter)
        for role in ROLES:
            levels: dict[str, Any] = {"density": rng.random(), "movement": rng.random()}
            notes = chordparts.chords(harmony_of(genre_id), chords, key, role, rng, low=low, high=high, **levels)
            assert_sound(notes, meter.bar_start(bars), low, high, key)
            assert notes


@each("genre_id", GENRES)
def test_pads_sound_in_every_bar(genre_id: str) -> None:
    for seed in range(20):
        assert all(sounding_bars(comp(genre_id, "pad", seed), FOUR_FOUR, 8))


def test_voices_move_less_than_block_chords_in_root_position() -> None:
    led = blocks = alone = 0
    for genre_id in ("house", "lofi_hip_hop", "gabber", "drum_and_bass"):
        for seed in range(15):
            chords = progression_of(genre_id, seed)
            led += _movement(chordparts.voice_lead(chords, 3, 62, register(F_MINOR, 43, 88)))
            alone += _movement([voicing(placed.chord, 62, 3) for placed in chords.chords])
            blocks += _movement([_block(chords, place) for place in range(len(chords.chords))])
    assert led < 0.6 * blocks and led < 0.95 * alone


def _block(chords: Progression, place: int) -> tuple[int, ...]:
    chord = chords.chords[place].chord
    return tuple(60 + chord.root + interval for interval in chord.intervals[:3])


def _movement(voices: list[tuple[int, ...]]) -> int:
    return sum(abs(a - b) for x, y in pairwise(voices) for a, b in zip(x, y, strict=False))


def test_house_stabs_play_off_the_beat_more_than_gabber_stabs_do() -> None:
    def on_beat(genre_id: str) -> float:
        notes = [note for seed in range(40) for note in comp(genre_id, "chords", seed)]
        return mean(note.start_ticks % 1920 == 0 for note in notes)

    assert on_beat("house") + 0.08 < on_beat("gabber")


def test_lofi_keys_anticipate_and_strum() -> None:
    notes = [note for seed in range(20) for note in comp("lofi_hip_hop", "keys", seed)]
    assert any(note.offset_ticks > 0 for note in notes)
    early = sum(note.start_ticks % 7680 == 7680 - 960 for note in notes)
    assert early > 10


def test_an_anticipated_chord_is_the_one_of_the_next_bar() -> None:
    style = harmony_of("lofi_hip_hop")
    part = style.parts["keys"].evolve(rhythms=("x-------........",), anticipate=1.0, broken=0.0, voices=3)
    style = style.evolve(parts={"keys": part}, form="A")
    chords = chordparts.progression(style, F_MINOR, FOUR_FOUR, 4, Random(1))
    notes = chordparts.chords(style, chords, F_MINOR, "keys", Random(1), movement=0.0)
    for note in notes:
        if note.start_ticks % 7680:
            assert chords.at(note.start_ticks + 960).contains(note.pitch)


@pytest.mark.parametrize("role", ROLES)
def test_density_adds_notes(role: CompRole) -> None:
    counts = [
        mean(len(comp(genre_id, role, seed, density=density)) for genre_id in GENRES for seed in range(12))
        for density in (0.0, 0.5, 1.0)
    ]
    assert counts[0] < 0.8 * counts[1] and counts[1] < 0.9 * counts[2], counts


@pytest.mark.parametrize("role", ("chords", "keys"))
def test_movement_makes_the_top_voice_wander(role: CompRole) -> None:
    def wander(movement: float) -> float:
        found = []
        for genre_id in GENRES:
            for seed in range(10):
                tops: dict[int, int] = {}
                for note in comp(genre_id, role, seed, movement=movement):
                    tops[note.start_ticks] = max(note.pitch, tops.get(note.start_ticks, 0))
                row = [tops[start] for start in sorted(tops)]
                found += [abs(a - b) for a, b in pairwise(row)]
        return mean(found)

    still, normal, wild = wander(0.0), wander(0.5), wander(1.0)
    assert still < normal < wild


@each("genre_id", GENRES)
def test_the_same_seed_gives_the_same_chords_and_another_seed_others(genre_id: str) -> None:
    rows = [tuple(comp(genre_id, "chords", seed)) for seed in (1, 1, 2, 3, 4, 5)]
    assert rows[0] == rows[1]
    assert len(set(rows)) >= 3


def test_traits_bend_the_rhythm() -> None:
    chords = progression_of("gabber", 1)
    style = harmony_of("gabber")
    held = chordparts.chords(style, chords, F_MINOR, "chords", Random(1), traits=("held",))
    offbeat = chordparts.chords(style, chords, F_MINOR, "chords", Random(1), traits=("offbeat",), movement=0.0)
    assert min(note.length_ticks for note in held) >= 7680
    assert {note.start_ticks % 1920 for note in offbeat} == {960}


def test_an_open_part_spreads_its_chords_wider() -> None:
    def width(spread: float) -> float:
        part = CompStyle(voices=4, open=spread)
        style = harmony_of("house").evolve(parts={"pad": part})
        found = []
        for seed in range(10):
            chords = progression_of("house", seed)
            notes = chordparts.chords(style, chords, F_MINOR, "pad", Random(seed), movement=0.4)
            first = [note.pitch for note in notes if note.start_ticks == 0]
            found.append(max(first) - min(first))
        return mean(found)

    assert width(0.0) + 3 < width(1.0)


@pytest.mark.parametrize("genre_id", ["metal", "rock"])
def test_distorted_guitars_play_fifths_low_down_and_never_turn_them_over(genre_id: str) -> None:
    known = harmony_of(genre_id)
    style = known.evolve(parts={"chords": known.parts["chords"].evolve(anticipate=0)})
    for seed in range(8):
        chords = progression_of(genre_id, seed, Key(tonic=4, mode="minor"))
        notes = chordparts.chords(
            style, chords, Key(tonic=4, mode="minor"), "chords", Random(seed), low=38, movement=1.0
        )
        struck: dict[int, list[int]] = {}
        for note in notes:
            struck.setdefault(note.start_ticks, []).append(note.pitch)
        for start, pitches in struck.items():
            root = min(pitches)
            assert 38 <= root <= 54 and root % 12 == chords.at(start).root
            fifth = 6 if 6 in chords.at(start).intervals else 7
            assert sorted(pitch - root for pitch in pitches) == [0, fifth, 12][: len(pitches)] and len(pitches) > 1


def test_a_written_figure_strikes_the_voices_it_names() -> None:
    part = CompStyle.model_validate({"figures": ["b---1-u-t-f-x---"], "voices": 4, "home": 62})
    style = harmony_of("house").evolve(parts={"keys": part}, form="A")
    for seed in range(10):
        chords = progression_of("house", seed)
        notes = chordparts.chords(style, chords, F_MINOR, "keys", Random(seed), movement=0.0, low=36)
        for bar in range(8):
            struck: dict[int, list[int]] = {}
            for note in notes:
                if note.start_ticks // 7680 == bar:
                    struck.setdefault(note.start_ticks % 7680 // 480, []).append(note.pitch)
            chord, whole = chords.at(bar * 7680), sorted(struck[12])
            assert [pitch % 12 for pitch in struck[0]] == [chord.root] and struck[0][0] < whole[0]
            assert [pitch % 12 for pitch in struck[10]] == [(chord.root + 7) % 12] and struck[10][0] < whole[0]
            assert struck[4] == whole[:1] and sorted(struck[6]) == whole[1:]
            assert sorted(struck[8]) == [whole[-1] - 12, whole[-1]]
