"""The ways a bass may play to drums: its register, how much it plays, and what it does about the kick."""

from dataclasses import dataclass
from typing import Literal, get_args

from hardcore.errors import NotFound, nearest
from hardcore.music.ticks import PPQ, SIXTEENTH, WHOLE
from hardcore.rhythm.drums import Drums

ModeName = Literal["sub_anchor", "root_fifth", "rolling_ostinato", "pocket_groove", "offbeat_stabs", "leadish"]


@dataclass(frozen=True, slots=True)
class BassMode:
    """What makes a mode.

    low, high             the register, MIDI notes
    fewest, most, usual   notes in a bar of sixteen sixteenths; other bars in proportion
    kick                  avoid: never starts with a kick nor sounds into one; lock: likes to start with it; free
    gate                  the length of a note in steps; 0 holds it until the next one (or the kick)
    metre                 how much it likes beats, the halves between them, and the other steps
    spacing, reach        what a note adds to the liking of the steps within `reach` of it
    tones                 semitones above the tonic, with weights, for the notes after the bar's first
    only_halves           plays on the halves between the beats as long as one is free
    """

    about: str
    low: int
    high: int
    fewest: int
    most: int
    usual: int
    kick: Literal["avoid", "lock", "free"]
    gate: float
    metre: tuple[float, float, float]
    spacing: float
    reach: int
    tones: tuple[tuple[int, float], ...]
    only_halves: bool = False


MODES: dict[str, BassMode] = {
    "sub_anchor": BassMode(
        "long low notes that fill the room between the kicks", 28, 43, 1, 3, 2, "avoid", 0, (0.3, 0.6, 0.1),
        -1.2, 4, ((0, 8), (7, 1.5)),
    ),
    "root_fifth": BassMode(
        "roots with the kick, fifths and octaves between", 31, 50, 2, 6, 4, "lock", 1.5, (0.6, 0.35, 0.0),
        -0.5, 1, ((7, 5), (0, 3), (12, 2)),
    ),
    "rolling_ostinato": BassMode(
        "short notes rolling on between the kicks, the same figure bar after bar", 31, 50, 4, 12, 9, "avoid", 0.8,
        (0.0, 0.25, 0.3), 0.1, 1, ((0, 12), (12, 2.5), (7, 1), (10, 1.5)),
    ),
    "pocket_groove": BassMode(
        "a syncopated figure that answers the backbeat", 31, 52, 4, 10, 6, "avoid", 1.2, (0.1, 0.25, 0.35),
        -0.3, 1, ((0, 5), (7, 2), (10, 2), (12, 2), (3, 1.5)),
    ),
    "offbeat_stabs": BassMode(
        "short stabs halfway between the beats", 33, 55, 2, 6, 4, "avoid", 1.0, (0.0, 1.2, 0.0),
        -0.3, 1, ((0, 10), (12, 1.5), (3, 1)), only_halves=True,
    ),
    "leadish": BassMode(
        "a tune in the bass, by steps of the scale", 40, 64, 4, 9, 6, "free", 0, (0.5, 0.35, 0.25),
        -0.35, 1, ((0, 1),),
    ),
}  # fmt: skip

# Words of a prompt and the mode they ask for.
WORDS: dict[str, ModeName] = {
    "sub": "sub_anchor", "minimal": "sub_anchor", "dubby": "sub_anchor", "deep": "sub_anchor", "anchor": "sub_anchor",
    "root": "root_fifth", "fifth": "root_fifth", "fifths": "root_fifth", "simple": "root_fifth",
    "rolling": "rolling_ostinato", "hypnotic": "rolling_ostinato", "ostinato": "rolling_ostinato",
    "driving": "rolling_ostinato", "pocket": "pocket_groove", "groove": "pocket_groove", "warehouse": "pocket_groove",
    "urgent": "pocket_groove", "industrial": "pocket_groove", "syncopated": "pocket_groove",
    "offbeat": "offbeat_stabs", "stabs": "offbeat_stabs", "stab": "offbeat_stabs", "lead": "leadish",
    "melodic": "leadish", "tune": "leadish",
}  # fmt: skip


def mode_name(text: str) -> ModeName:
    """Return the mode a word means: its name, or a word of WORDS. Raises UserError naming the nearest."""
    known = text.strip().lower().replace("-", "_").replace(" ", "_")
    for name in get_args(ModeName):
        if known == name:
            return name  # type: ignore[no-any-return]
    if known in WORDS:
        return WORDS[known]
    raise NotFound(f"no bass mode '{text[:40]}'", nearest(known, MODES))


def mode_for(drums: Drums) -> ModeName:
    """Return the mode that suits the drums: by their energy a bar, and by whether the beat is left open.

    Energy is (kicks + ½ hats) a bar of sixteen sixteenths, as in the earlier engine; below 4 a sub holds the ground.
    Kicks off the beat (a broken beat) get a groove in their pocket; a busy four on the floor a rolling figure.
    """
    scale = WHOLE / drums.length_ticks
    kicks, hats = len(drums.kick) * scale, len(drums.hat) * scale
    if kicks + hats / 2 < 4:
        return "sub_anchor"
    away = [tick % drums.bar_ticks % PPQ for tick in drums.kick]
    off = sum(SIXTEENTH // 2 <= place <= PPQ - SIXTEENTH // 2 for place in away)
    if off * 4 > len(drums.kick):
        return "pocket_groove"
    return "rolling_ostinato" if hats >= 6 else "offbeat_stabs"
