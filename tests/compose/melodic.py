"""What the tests of the melodic parts share: styles, bars, kicks, and what every part must keep to."""

from functools import cache
from itertools import pairwise
from random import Random
from statistics import mean
from typing import Any

from hardcore.compose.parts import bass, chordparts, lead
from hardcore.compose.parts.chordparts import Progression
from hardcore.knowledge.genre import Genre
from hardcore.knowledge.loader import genre
from hardcore.knowledge.melodic import BassStyle, HarmonyStyle, LeadStyle, TextureStyle
from hardcore.music.meter import MeterMap
from hardcore.music.scale import Key
from hardcore.project.notes import Note
from tests.compose.measures import DEEP

# chords that leave the key take the bass with them: what must stay in the key is tried on the others
FAR_APART = (
    "acid", "blues", "cinematic", "drum_and_bass", "footwork", "hardcore", "jungle", "minimal_techno", "reggaeton",
    "tech_house", "uptempo",
)  # fmt: skip
GENRES = tuple(
    name
    for name in (*DEEP, *FAR_APART)
    if not (genre(name).harmony.chromatic or genre(name).harmony.cadence or genre(name).harmony.secondary)
)
METERS = ((4, 4), (3, 4), (7, 8), (6, 8), (12, 8), (5, 4), (1, 4), (5, 16), (1, 32))
MODES = ("minor", "major", "dorian", "phrygian", "harmonic minor", "minor pentatonic", "blues", "whole tone", "locrian")
F_MINOR = Key.parse("F minor")
FOUR_FOUR = MeterMap()


@cache
def known(genre_id: str) -> Genre:
    """Return a genre that has all melodic sections."""
    found = genre(genre_id)
    assert found.harmony and found.bass and found.lead and found.texture
    return found


def harmony_of(genre_id: str) -> HarmonyStyle:
    """Return a genre's harmony."""
    return HarmonyStyle.model_validate(known(genre_id).harmony)


def bass_of(genre_id: str) -> BassStyle:
    """Return a genre's bass."""
    return BassStyle.model_validate(known(genre_id).bass)


def lead_of(genre_id: str) -> LeadStyle:
    """Return a genre's lead."""
    return LeadStyle.model_validate(known(genre_id).lead)


def texture_of(genre_id: str) -> TextureStyle:
    """Return a genre's texture."""
    return TextureStyle.model_validate(known(genre_id).texture)


def progression_of(
    genre_id: str, seed: int, key: Key = F_MINOR, bars: int = 8, meter: MeterMap = FOUR_FOUR
) -> Progression:
    """Return a progression of a genre."""
    return chordparts.progression(harmony_of(genre_id), key, meter, bars, Random(seed))


def four_on_the_floor(bars: int = 8, meter: MeterMap = FOUR_FOUR) -> list[Note]:
    """Return a kick on every quarter."""
    return [Note(tick, 240, 36, 110) for tick in range(0, meter.bar_start(bars), 1920)]


def bass_line(style: BassStyle, genre_id: str, seed: int, bars: int = 8, **asked: Any) -> list[Note]:
    """Return a bass line over a four-on-the-floor kick in F minor."""
    chords = progression_of(genre_id, seed, bars=bars)
    kick = four_on_the_floor(bars)
    return bass.generate(style, chords, F_MINOR, FOUR_FOUR, bars, kick, Random(seed), **asked)


def lead_line(style: LeadStyle, genre_id: str, seed: int, bars: int = 8, **asked: Any) -> list[Note]:
    """Return a lead in F minor."""
    chords = progression_of(genre_id, seed, bars=bars)
    return lead.sing(style, chords, F_MINOR, FOUR_FOUR, bars, Random(seed), **asked)[0]


def meter_of(numerator: int, denominator: int) -> MeterMap:
    """Return a meter map of one meter."""
    return MeterMap().with_meter(numerator, denominator)


def assert_sound(notes: list[Note], end_ticks: int, low: int, high: int, key: Key | None) -> None:
    """Check order, length, range, velocities, key (None: any pitch), and that no pitch sounds over itself."""
    assert notes == sorted(notes, key=lambda note: (note.start_ticks, note.pitch))
    ends: dict[int, int] = {}
    for note in notes:
        assert note.start_ticks >= 0 and note.length_ticks >= 1 and note.end_ticks <= end_ticks, note
        assert low <= note.pitch <= high and 1 <= note.velocity <= 127, note
        assert key is None or key.contains(note.pitch), (note, key)
        assert ends.get(note.pitch, 0) <= note.start_ticks, note
        ends[note.pitch] = note.end_ticks


def assert_one_voice(notes: list[Note]) -> None:
    """Check that a note stops before the next starts, or slides into it and ends inside it."""
    for note, after in pairwise(notes):
        assert note.start_ticks < after.start_ticks
        if note.slide:
            assert after.start_ticks < note.end_ticks <= after.end_ticks and note.pitch != after.pitch
        else:
            assert note.end_ticks <= after.start_ticks


def sounding_bars(notes: list[Note], meter: MeterMap, bars: int) -> list[bool]:
    """Return for each bar whether something sounds in it."""
    spans = [(meter.bar_start(bar), meter.bar_start(bar + 1)) for bar in range(bars)]
    return [any(note.start_ticks < end and note.end_ticks > start for note in notes) for start, end in spans]


def leaps(notes: list[Note]) -> float:
    """Return the mean semitones from note to note."""
    return mean([abs(b.pitch - a.pitch) for a, b in pairwise(notes)] or [0])
