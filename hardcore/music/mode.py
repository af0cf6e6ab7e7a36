"""The modes: their scales, their names, and the names of keys in them, as plain functions.

Processes that only listen name keys by these: the checked value `scale.Key` takes longer to load than numpy does.
"""

import re

from hardcore.errors import NotFound, UserError, nearest
from hardcore.music.pitch import class_name, pitch_class

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "chromatic": tuple(range(12)),
    "hungarian minor": (0, 2, 3, 6, 7, 8, 11),
}

ALIASES = {
    "": "major",
    "maj": "major",
    "ionian": "major",
    "m": "minor",
    "min": "minor",
    "aeolian": "minor",
    "natural minor": "minor",
    "harm minor": "harmonic minor",
    "pentatonic": "major pentatonic",
    "pentatonic major": "major pentatonic",
    "pentatonic minor": "minor pentatonic",
    "m pentatonic": "minor pentatonic",
    "min pentatonic": "minor pentatonic",
    "maj pentatonic": "major pentatonic",
    "wholetone": "whole tone",
    "spanish": "phrygian dominant",
    "freygish": "phrygian dominant",
    "gypsy minor": "hungarian minor",
}

# semitones from the tonic down to the tonic of the major scale whose signature the mode is written with
PARENT = {"dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "locrian": 11, "phrygian dominant": 4}
_KEY = re.compile(r"([A-Ga-g])([#♯b♭]| ?sharp\b| ?flat\b)?(.*)", re.DOTALL)


def mode_name(text: str) -> str | None:
    """Return the name in SCALES that `text` means (aliases, any case), or None."""
    word = " ".join(re.sub(r"[-_]", " ", text).lower().split())
    name = ALIASES.get(word, word)
    return name if name in SCALES else None


def parse_key(text: str) -> tuple[int, str]:
    """Return tonic and mode meant by `F minor`, `Am`, `E phrygian`, `f# min`, `Bb`, `C#m`. Raises UserError."""
    words = " ".join(re.sub(r"[-_]", " ", text).split())
    match = _KEY.fullmatch(words)
    if not match or len(words) > 60:
        raise UserError(f"'{text.strip()[:40]}' is not a key", "like F minor, Am, Bb or E phrygian")
    sign = {"sharp": "#", "flat": "b"}.get((match[2] or "").strip(), match[2] or "")
    # a capital M alone is major, as in chord names
    rest = "major" if match[3].strip() == "M" else match[3]
    mode = mode_name(rest)
    if mode is None:
        if mode_name(words) is not None:
            raise UserError(f"'{words}' needs a tonic", f"like D {words.lower()}")
        raise NotFound(f"no scale '{rest.strip()}'", nearest(rest.strip(), SCALES))
    return pitch_class(match[1] + sign), mode


def is_minor(mode: str) -> bool:
    """Return whether a scale of SCALES has a minor third and no major one."""
    return 3 in SCALES[mode] and 4 not in SCALES[mode]


def accidentals(tonic: int, mode: str) -> int:
    """Return the key signature of a tonic (0–11, C is 0) and a mode: sharps above 0, flats below, −6 to 6."""
    parent = (tonic - PARENT.get(mode, 9 if is_minor(mode) else 0)) % 12
    fifths = parent * 7 % 12
    # six sharps or six flats: F# major but Eb minor, as players name them
    return fifths if fifths < 6 or (fifths == 6 and not is_minor(mode)) else fifths - 12


def key_name(tonic: int, mode: str) -> str:
    """Return the name of a key, as `F minor`, its tonic spelled as its signature has it."""
    return f"{class_name(tonic, accidentals(tonic, mode) < 0)} {mode}"
