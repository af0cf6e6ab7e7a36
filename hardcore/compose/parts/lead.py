"""Lead: the melody of a clip, one voice, in the way the style or the prompt wants it."""

from random import Random

from hardcore.compose.grid import finish_mono
from hardcore.compose.harmony.register import register
from hardcore.compose.motif.bars import told
from hardcore.compose.motif.phrase import asked_or_drawn
from hardcore.compose.parts.chordparts import Progression
from hardcore.compose.parts.leadlines import LEADS
from hardcore.compose.parts.melody import Melody
from hardcore.knowledge.melodic import LeadBehaviour, LeadStyle
from hardcore.music.meter import MeterMap
from hardcore.music.scale import Key
from hardcore.project.notes import Note

ANSWERED = "call and response"  # a trait: the counter-melody plays the responses
# words of a prompt, and the behaviour they ask for
TRAITS: dict[str, LeadBehaviour] = {
    "motif": "motif", ANSWERED: "motif", "riff": "riff", "melodic": "motif",
    "melody": "motif", "singing": "motif", "call": "motif", "hypnotic": "riff", "loop": "riff",
    "rolling": "riff", "minimal": "riff", "stab": "stabs", "stabs": "stabs", "rave": "stabs", "hoover": "stabs",
    "screech": "stabs", "arp": "arpeggio", "arpeggio": "arpeggio", "arpeggiated": "arpeggio", "trance": "arpeggio",
    "acid": "acid", "303": "acid", "squelchy": "acid", "bell": "bells", "bells": "bells", "sparse": "bells",
}  # fmt: skip


def sing(
    style: LeadStyle,
    progression: Progression,
    key: Key,
    meter_map: MeterMap,
    bars: int,
    rng: Random,
    *,
    density: float = 0.5,
    movement: float = 0.5,
    traits: tuple[str, ...] = (),
    low: int = 55,
    high: int = 91,
    bpm: float = 110,
    song: Random | None = None,
    lift: int = 0,
) -> tuple[list[Note], str]:
    """Return a melody of one voice, `bars` bars long, between MIDI pitches `low` and `high`; and how it was made.

    density   how many notes; movement   how far it reaches, leaps, and changes from phrase to phrase
    traits    words that ask for a behaviour (TRAITS)
    bpm       of the style, which decides how quick the rhythms are
    song      what is drawn once a song comes from this; without, from `rng`
    lift      scale steps that a tune lies higher than the style has it
    The bars are those of the progression, which was made for the same meter map and length. How it was made is what was
    done with the motif in each bar, or the behaviour, in words.
    """
    melody = Melody(
        style, progression, register(key, low, high), density, movement, bpm, song, lift, ANSWERED in traits
    )
    behaviour = behaviour_of(style, traits, rng)
    notes = list(LEADS[behaviour](melody, rng))
    return finish_mono(notes, meter_map.bar_start(bars)), told(melody.bars_told) or behaviour


def behaviour_of(style: LeadStyle, traits: tuple[str, ...], rng: Random) -> LeadBehaviour:
    """Return the behaviour the traits ask for, the last asked winning, or one of the style's by weight."""
    return asked_or_drawn(traits, TRAITS, style.behaviours, rng)
