from random import Random
from statistics import mean
from typing import Any, get_args

import pytest

from hardcore.compose.parts import texture
from hardcore.knowledge.melodic import TextureBehaviour, TextureStyle
from hardcore.music.scale import Key
from hardcore.project.notes import Note
from tests.compose.melodic import (
    F_MINOR,
    FOUR_FOUR,
    GENRES,
    METERS,
    MODES,
    assert_sound,
    meter_of,
    progression_of,
    sounding_bars,
    texture_of,
)

BEHAVIOURS: tuple[TextureBehaviour, ...] = get_args(TextureBehaviour)


def ground(behaviour: TextureBehaviour, seed: int, **asked: Any) -> list[Note]:
    style = TextureStyle.model_validate({"behaviours": {behaviour: 1}})
    chords = progression_of("ambient", seed)
    return texture.generate(style, chords, F_MINOR, FOUR_FOUR, 8, Random(seed), **asked)


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_texture_sounds_in_every_bar_of_any_meter_in_key_and_range(behaviour: TextureBehaviour) -> None:
    for seed in range(60):
        rng = Random(seed)
        meter, bars = meter_of(*rng.choice(METERS)), rng.choice((1, 2, 5, 8, 33))
        key = Key(tonic=rng.randrange(12), mode=rng.choice(MODES))
        genre_id = rng.choice(GENRES)
        style = texture_of(genre_id).evolve(behaviours={behaviour: 1.0})
        low, high = rng.choice(((36, 84), (48, 62)))
        chords = progression_of(genre_id, seed, key, bars, meter)
        levels: dict[str, Any] = {"density": rng.random(), "movement": rng.random()}
        notes = texture.generate(style, chords, key, meter, bars, rng, low=low, high=high, **levels)
        assert_sound(notes, meter.bar_start(bars), low, high, key)
        assert all(sounding_bars(notes, meter, bars))


def test_a_drone_holds_the_tonic_for_four_bars() -> None:
    for seed in range(10):
        notes = ground("drone", seed)
        assert notes[0].pitch % 12 == F_MINOR.tonic and notes[0].length_ticks == 4 * 7680


def test_crackle_is_one_held_note_a_bar_at_normal_density() -> None:
    for seed in range(10):
        notes = ground("crackle", seed)
        assert [note.start_ticks for note in notes] == [bar * 7680 for bar in range(8)]
        assert {note.length_ticks for note in notes} == {7680}
        assert len({note.pitch for note in notes}) == 1


def test_a_swell_and_a_shimmer_are_notes_of_the_chords() -> None:
    for seed in range(10):
        chords = progression_of("ambient", seed)
        for note in (*ground("swell", seed), *ground("shimmer", seed)):
            assert chords.at(note.start_ticks).contains(note.pitch)


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_density_adds_notes(behaviour: TextureBehaviour) -> None:
    low, high = (mean(len(ground(behaviour, seed, density=density)) for seed in range(20)) for density in (0.0, 1.0))
    assert low < high


def test_movement_makes_swells_wander() -> None:
    def reach(movement: float) -> float:
        lines = [ground("swell", seed, movement=movement, density=0.0) for seed in range(30)]
        return mean(max(n.pitch for n in line) - min(n.pitch for n in line) for line in lines)

    assert reach(0.0) < reach(1.0)


def test_the_same_seed_gives_the_same_texture() -> None:
    assert ground("shimmer", 3) == ground("shimmer", 3) != ground("shimmer", 4)


def test_traits_ask_for_a_behaviour() -> None:
    chords = progression_of("house", 1)
    style = TextureStyle(behaviours={"shimmer": 1})
    notes = texture.generate(style, chords, F_MINOR, FOUR_FOUR, 8, Random(1), traits=("vinyl",))
    assert len({note.pitch for note in notes}) == 1
