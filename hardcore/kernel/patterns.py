"""Patterns for code that makes music: chords and scales as MIDI pitches, hits as beats."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

_LOUD = {"x": 100, "X": 120, "o": 60}


class Hit(NamedTuple):
    """A hit: the beat (a quarter, from 0) and the velocity, 1 to 127."""

    beat: float
    velocity: int


def chord(symbol: str, octave: int = 4) -> list[int]:
    """Return the MIDI pitches of a chord such as `Fm7` or `C/E`, its root in `octave` (C4 is 60), the bass below it."""
    from hardcore.music.chord import parse_chord

    parsed = parse_chord(symbol)
    root = 12 * (octave + 1) + parsed.root
    pitches = [root + interval for interval in parsed.intervals]
    return pitches if parsed.bass is None else [root - (parsed.root - parsed.bass) % 12, *pitches]


def scale(key: str, octave: int = 4, degrees: int | None = None) -> list[int]:
    """Return the MIDI pitches of a key such as `F minor`, upwards from its tonic in `octave`; one octave by default."""
    from hardcore.music.scale import Key

    parsed = Key.parse(key)
    return [parsed.degree(degree, octave) for degree in range(degrees or len(parsed.intervals))]


def euclid(hits: int, steps: int, rotate: int = 0) -> str:
    """Return so many hits spread as evenly as so many steps (1 to 64) allow, such as `x..x..x.`."""
    from hardcore.rhythm.euclid import euclid as mask

    return "".join("x" if hit else "." for hit in mask(steps, hits, rotate))


def drums(pattern: str, steps_a_beat: int = 4, bar: int | None = None) -> list[Hit]:
    """Return the hits of a pattern: `x`, `X` loud, `o` soft, `.` or `-` none; spaces and `|` only part it.

    With `bar`, the number of steps in a bar, ValueError for a pattern that is not whole bars.
    """
    steps = "".join(letter for letter in pattern if not letter.isspace() and letter != "|")
    if wrong := set(steps) - set(_LOUD) - {".", "-"}:
        raise ValueError(f"'{min(wrong)}' is no step: x, X, o, . or -")
    if bar and len(steps) % bar:
        raise ValueError(f"{len(steps)} steps: {bar - len(steps) % bar} short of whole bars of {bar}")
    return [Hit(step / steps_a_beat, _LOUD[letter]) for step, letter in enumerate(steps) if letter in _LOUD]


def humanize(hits: Sequence[Hit], beats: float = 0.02, velocity: int = 8, seed: int = 0) -> list[Hit]:
    """Return hits moved by up to so many beats and so much velocity; the same seed moves them the same way."""
    return [_moved(hit, place, beats, velocity, seed) for place, hit in enumerate(hits)]


def _moved(hit: Hit, place: int, beats: float, velocity: int, seed: int) -> Hit:
    drawn = blake2b(f"{seed} {place}".encode(), digest_size=8).digest()
    early, softer = (int.from_bytes(part, "big") / 0x7FFFFFFF - 1 for part in (drawn[:4], drawn[4:]))
    return Hit(max(0.0, hit.beat + beats * early), min(127, max(1, round(hit.velocity + velocity * softer))))
