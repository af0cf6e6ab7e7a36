"""Harmony: the chords, pads, keys and plucks that play a progression."""

from random import Random

from hardcore.compose.grid import finish
from hardcore.compose.harmony.placement import PlacedChord
from hardcore.compose.harmony.progression import Progression, progression
from hardcore.compose.harmony.register import Register, over, register
from hardcore.compose.motif.phrase import scaled
from hardcore.compose.parts.comping import comp, hold
from hardcore.knowledge.melodic import CompRole, CompStyle, HarmonyStyle
from hardcore.music.chord import Chord
from hardcore.music.scale import Key
from hardcore.music.voicing import Guide, drop2, tendencies, voicing
from hardcore.project.notes import Note

__all__ = ["PlacedChord", "Progression", "chords", "progression", "voice_lead"]

_PLAIN: dict[str, CompStyle] = {
    "chords": CompStyle(rhythms=("..x-..x-..x-..x-",), gate=0.6),
    "keys": CompStyle(rhythms=("x---..x-....x---",)),
    "pluck": CompStyle(rhythms=("x.x.x.x.x.x.x.x.",), home=72, broken=1, gate=0.5),
    "pad": CompStyle(),
}
# words of a prompt, and the pattern they ask for
_RHYTHM_TRAITS = {
    "offbeat": "..x-..x-..x-..x-",
    "stab": "x..x..x...x.....",
    "stabs": "x..x..x...x.....",
    "dub": "..o...x.......o.",
    "rolling": "x.xxx.xxx.xxx.xx",
}
_HOLD_TRAITS = frozenset({"held", "hold", "long", "sustained", "warm", "washy", "lush"})
ALONE = "alone"  # the part accompanies a tune by itself: its left hand has the bass
_LEFT_HANDS = ("b---u---f---u---", "b-2-3-4-3-2-3-2-", "b-----u-f-----u-", "b-f-2-3-4-3-2-f-")
_LEFT_HOME = 57  # MIDI pitch
_BROKEN_TRAITS = frozenset({"arp", "arpeggio", "arpeggiated", "broken", "rolling"})


def chords(
    style: HarmonyStyle,
    progression: Progression,
    key: Key,
    role: CompRole,
    rng: Random,
    *,
    density: float = 0.5,
    movement: float = 0.5,
    traits: tuple[str, ...] = (),
    low: int = 43,
    high: int = 88,
) -> list[Note]:
    """Return the notes of a role that plays the chords, between MIDI pitches `low` and `high`.

    density   more hits, or more voices where chords are held; movement   voicings that wander and rhythms that change
    traits    words that ask for a way to play: offbeat, stabs, dub, held, arpeggio
    """
    part = _with_traits(style.parts.get(role) or _PLAIN[role], traits)
    if not (part.rhythms or part.figures):
        part = part.evolve(voices=min(max(part.voices + round((density - 0.5) * 4), 1), 6))
    home = min(max(part.home, low), high)
    # inversions stay in the middle of the range, out of the mud and the glare
    usable = register(key, max(low, home - 14), min(high, home + 16))
    if part.power:
        voices = [power_chord(placed.chord, home, part.voices, low) for placed in progression.chords]
    else:
        voices = _opened(part, progression, voice_lead(progression, part.voices, home, usable), usable, rng, movement)
    if part.rhythms or part.figures:
        notes = comp(part, progression, voices, style.form, usable, rng, density, movement, low)
    else:
        notes = list(hold(part, progression, voices, usable, rng, movement))
    return finish(notes, progression.end_ticks)


def voice_lead(progression: Progression, count: int, around: int, usable: Register) -> list[tuple[int, ...]]:
    """Return the pitches of each chord of a progression, `count` voices, each moving little from the one before.

    A chord of more notes than voices leaves out its fifth, then its root, which the bass has. In a range without any of
    the chord's notes it is the nearest usable one. Where the music is tense the voices lie up to a fourth higher, and
    one joins in, unless the voice-leading is strict.
    """
    found: list[tuple[int, ...]] = []
    before: Chord | None = None
    for placed in progression.chords:
        chord, lift = placed.chord, progression.lift(placed.start_ticks)
        guide = (
            Guide((_bass(before), _bass(chord)), tendencies(before, chord)) if before and progression.strict else None
        )
        voices = count + (not progression.strict and count > 2 and lift > 0.25)
        pitches = voicing(chord, around + round(5 * max(lift, 0.0)), voices, found[-1] if found else None, guide)
        inside = {pitch + 12 * _octaves(pitch, usable.low, usable.high) for pitch in pitches}
        kept = tuple(sorted(pitch for pitch in inside if usable.low <= pitch <= usable.high))
        found.append(kept or (over(usable, chord).nearest(around),))
        before = chord
    return found


def power_chord(chord: Chord, home: int, count: int, low: int = 0) -> tuple[int, ...]:
    """Return the root nearest to `home`, not under `low`, its fifth and, with three voices or more, its octave."""
    near = home + (chord.root - home + 6) % 12 - 6
    root = near if near >= low else near + 12
    fifth = 6 if 6 in chord.intervals and 7 not in chord.intervals else 7
    return (root, root + fifth, root + 12)[: max(count, 2)]


def _bass(chord: Chord) -> int:
    return chord.root if chord.bass is None else chord.bass


def _opened(
    part: CompStyle,
    progression: Progression,
    voices: list[tuple[int, ...]],
    usable: Register,
    rng: Random,
    movement: float,
) -> list[tuple[int, ...]]:
    """Return the voicings, some of them spread, more where it is tense; strict voices all or none, so they lead on."""
    draws = [rng.random() for _ in voices]
    found = []
    for placed, pitches, draw in zip(progression.chords, voices, draws, strict=True):
        lift = 0.0 if progression.strict else progression.lift(placed.start_ticks)
        chance = min(scaled(part.open, movement) * (1 + lift), 0.95)
        spread = drop2(pitches) if (draws[0] if progression.strict else draw) < chance else pitches
        # an opened voicing may reach below the range
        found.append(spread if min(spread) >= usable.low else pitches)
    return found


def _octaves(pitch: int, low: int, high: int) -> int:
    """Return how many octaves to move a pitch to come into a range."""
    return -(-(low - pitch) // 12) if pitch < low else -(-(pitch - high) // 12) * -1 if pitch > high else 0


def _with_traits(part: CompStyle, traits: tuple[str, ...]) -> CompStyle:
    """Return the part as the prompt's words bend it."""
    rhythm = next((_RHYTHM_TRAITS[word] for word in traits if word in _RHYTHM_TRAITS), None)
    if rhythm:
        part = part.evolve(rhythms=(rhythm,), figures=(), gate=min(part.gate, 0.7))
    if _HOLD_TRAITS.intersection(traits):
        part = part.evolve(rhythms=(), figures=())
    if ALONE in traits:
        own = tuple(figure for figure in part.figures if "b" in figure)
        home, voices = min(part.home, _LEFT_HOME), max(part.voices, 3)
        part = part.evolve(rhythms=(), figures=own or _LEFT_HANDS, home=home, voices=voices, power=False)
    if _BROKEN_TRAITS.intersection(traits):
        part = part.evolve(broken=1.0, figures=(), rhythms=part.rhythms or ("x.x.x.x.x.x.x.x.",))
    return part
