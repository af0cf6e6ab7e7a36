"""Chords: a root and intervals, their symbols, and roman numerals read in a key."""

import re
from typing import Annotated

from pydantic import Field

from hardcore.errors import NotFound, UserError, nearest
from hardcore.model import Model
from hardcore.music.mode import SCALES
from hardcore.music.pitch import LETTERS, class_name, pitch_class
from hardcore.music.scale import Key

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "5": (0, 7),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "mmaj7": (0, 3, 7, 11),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "aug7": (0, 4, 8, 10),
    "7sus2": (0, 2, 7, 10),
    "7sus4": (0, 5, 7, 10),
    "7b9": (0, 4, 7, 10, 13),
    "7#9": (0, 4, 7, 10, 15),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "69": (0, 4, 7, 9, 14),
    "9": (0, 4, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "m9": (0, 3, 7, 10, 14),
    "9sus4": (0, 5, 7, 10, 14),
    "11": (0, 4, 7, 10, 14, 17),
    "m11": (0, 3, 7, 10, 14, 17),
    "13": (0, 4, 7, 10, 14, 21),
    "maj13": (0, 4, 7, 11, 14, 21),
    "m13": (0, 3, 7, 10, 14, 21),
    "m69": (0, 3, 7, 9, 14),
    "add11": (0, 4, 7, 17),
    "7b5": (0, 4, 6, 10),
    "7#11": (0, 4, 7, 10, 18),
    "9#11": (0, 4, 7, 10, 14, 18),
    "13#11": (0, 4, 10, 14, 18, 21),
    "maj7#11": (0, 4, 7, 11, 18),
    "maj7#5": (0, 4, 8, 11),
    "maj9#11": (0, 4, 7, 11, 14, 18),
    "7b13": (0, 4, 7, 10, 20),
    "13b9": (0, 4, 7, 10, 13, 21),
    "7alt": (0, 4, 10, 13, 15, 20),
    "7b9sus4": (0, 5, 7, 10, 13),
    "13sus4": (0, 5, 7, 10, 14, 21),
    "m7b9": (0, 3, 7, 10, 13),
    "mmaj9": (0, 3, 7, 11, 14),
    "m9b5": (0, 3, 6, 10, 14),
}

SPELLINGS = {
    "maj": "",
    "M": "",
    "M7": "maj7",
    "Δ": "maj7",
    "M9": "maj9",
    "min": "m",
    "-": "m",
    "min7": "m7",
    "-7": "m7",
    "mM7": "mmaj7",
    "°": "dim",
    "o": "dim",
    "°7": "dim7",
    "o7": "dim7",
    "ø": "m7b5",
    "ø7": "m7b5",
    "+": "aug",
    "+7": "aug7",
    "sus": "sus4",
    "7sus": "7sus4",
    "6/9": "69",
    "m6/9": "m69",
    "7#5": "aug7",
    "7+": "aug7",
    "alt": "7alt",
    "9sus": "9sus4",
    "13sus": "13sus4",
    "7sus4b9": "7b9sus4",
    "sus4b9": "7b9sus4",
}

# what a lower-case numeral makes of a suffix that says nothing of the third
_MINOR = {
    "": "m", "6": "m6", "69": "m69", "7": "m7", "9": "m9", "11": "m11", "13": "m13", "maj7": "mmaj7", "maj9": "mmaj9",
    "7b5": "m7b5", "7b9": "m7b9", "add9": "madd9",
}  # fmt: skip
_DEGREES = {"I": 0, "II": 1, "III": 2, "IV": 3, "V": 4, "VI": 5, "VII": 6}
_ROMAN = re.compile(r"([b♭#♯]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(m?6/9|[^/@]*)(?:/([^@]+))?(?:@(.*))?")
_PEDAL = re.compile(r"([b♭#♯]?)([1-7])")
# the semitones above a root that a member of a chord may lie at
_MEMBERS = {
    "1": (0,), "3": (3, 4), "5": (7, 6, 8), "7": (10, 11, 9), "9": (14, 13, 15), "11": (17, 18), "13": (21, 20),
}  # fmt: skip
_SYMBOL = re.compile(r"([A-G][#♯b♭]?)(6/9|[^/]*)(?:/([A-G][#♯b♭]?))?")

# letters from the root up to a third, fifth or seventh
_LETTER_STEPS = {3: 2, 4: 2, 6: 4, 7: 4, 8: 4, 10: 6, 11: 6}

Interval = Annotated[int, Field(ge=0, le=36)]


class Chord(Model):
    """A root (pitch class), rising intervals above it in semitones, and a bass note if it is not the root."""

    root: Annotated[int, Field(ge=0, le=11)]
    intervals: Annotated[tuple[Interval, ...], Field(min_length=1, max_length=12)]
    bass: Annotated[int, Field(ge=0, le=11)] | None = None
    flats: bool = False

    @property
    def quality(self) -> str:
        """Return the suffix of the symbol, as `m7`, or the intervals when no symbol names them."""
        for name, intervals in QUALITIES.items():
            if intervals == self.intervals:
                return name
        return "(" + " ".join(map(str, self.intervals)) + ")"

    @property
    def name(self) -> str:
        """Return the symbol, as `Fm7` or `C/E`."""
        root = class_name(self.root, self.flats)
        return f"{root}{self.quality}{self._under(root)}"

    def _under(self, root: str) -> str:
        """Return the bass after its slash; a member of the chord is spelled by thirds from the root, C# over A."""
        if self.bass is None:
            return ""
        interval = (self.bass - self.root) % 12
        plain = class_name(self.bass, self.flats)
        if interval not in _LETTER_STEPS or not any(interval == own % 12 for own in self.intervals):
            return f"/{plain}"
        letter = "CDEFGAB"[("CDEFGAB".index(root[0]) + _LETTER_STEPS[interval]) % 7]
        sign = {0: "", 1: "#", 11: "b"}.get((self.bass - LETTERS[letter.lower()]) % 12)
        return f"/{plain if sign is None else letter + sign}"

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Return the pitch classes of the chord, from the root up."""
        return tuple(dict.fromkeys((self.root + interval) % 12 for interval in self.intervals))

    def contains(self, pitch: int) -> bool:
        """Return whether `pitch` (any octave) is in the chord."""
        return pitch % 12 in self.pitch_classes

    def nearest(self, pitch: int) -> int:
        """Return the chord's note nearest to `pitch`; of two as near, the lower."""
        return min((p for p in range(pitch - 11, pitch + 12) if self.contains(p)), key=lambda p: (abs(p - pitch), p))


def parse_chord(text: str) -> Chord:
    """Return the chord of a symbol such as `Fm7`, `Bbsus4` or `C/E`. Raises UserError."""
    match = _SYMBOL.fullmatch(text.strip())
    if not match:
        raise UserError(f"'{text.strip()[:40]}' is not a chord", "like Fm7, Bbsus4 or C/E")
    root, bass = pitch_class(match[1]), match[3]
    under = pitch_class(bass) if bass else None
    return Chord(root=root, intervals=QUALITIES[_quality(match[2])], bass=under, flats=match[1][1:] in ("b", "♭"))


def parse_roman(text: str, key: Key) -> Chord:
    """Return the chord of a roman numeral in `key`: `i`, `VI`, `iv7`, `bII`, `V7/ii`, `I/3`, `IV@5`. Raises UserError.

    Upper case is major, lower case minor. A bare numeral stands on the key's own degree (VI in F minor is Db); a flat
    lowers the major scale's degree, as players write it (bVI is Db there too); a sharp raises the key's own. After a
    slash a numeral is the key that the chord is borrowed from (V/V), a number the member of the chord in the bass (I/3
    is C/E); after an @ stands the degree of the key in the bass, whatever the chord (IV@5 is F over G).
    """
    match = _ROMAN.fullmatch(text.strip())
    # the length also bounds how deep V/V/V… can go
    if not match or len(text) > 40:
        raise UserError(f"'{text.strip()[:40]}' is not a chord numeral", "like i, VI, iv7, bII, V7/ii, I/3 or IV@5")
    target, member = _after_slash(match[4])
    home = key
    if target:
        of = parse_roman(target, key)
        key = Key(tonic=of.root, mode="minor" if 3 in of.intervals else "major")
    sign, numeral, suffix = match[1], match[2], _quality(match[3])
    if numeral.islower():
        suffix = _MINOR.get(suffix, suffix)
    step = _step(sign, numeral.upper(), key)
    if numeral == "vii" and not sign and suffix in ("dim", "dim7", "m7b5"):
        step = 11  # a diminished seventh degree is the leading note, in minor too
    root = (key.tonic + step) % 12
    flats = key.flats or sign in ("b", "♭")
    bass = _pedal(match[5], home) if match[5] is not None else _member(member, root, QUALITIES[suffix], text)
    return Chord(root=root, intervals=QUALITIES[suffix], bass=None if bass == root else bass, flats=flats)


def _after_slash(text: str | None) -> tuple[str, str]:
    """Return the numeral a chord is of, and the number of its member in the bass; each may be empty: `V/ii/3`."""
    words = (text or "").split("/")
    member = words.pop() if words[-1].isdecimal() else ""
    if text is not None and not all(words):
        raise UserError("a numeral or a number belongs after the slash", "like V7/ii or I/3")
    return "/".join(words), member


def _step(sign: str, numeral: str, key: Key) -> int:
    """Return the semitones of a numeral's root above the key's tonic."""
    scale = SCALES["major"] if sign in ("b", "♭") else _seven(key)
    return scale[_DEGREES[numeral]] + {"b": -1, "♭": -1, "#": 1, "♯": 1}.get(sign, 0)


def _member(number: str, root: int, intervals: tuple[int, ...], text: str) -> int | None:
    """Return the pitch class of a chord's third, fifth … in the bass; None where none is asked. Raises UserError."""
    if not number:
        return None
    found = next((interval for interval in _MEMBERS.get(number, ()) if interval in intervals), None)
    if found is None:
        have = ", ".join(name for name, places in _MEMBERS.items() if set(places) & set(intervals))
        raise UserError(f"'{text.strip()[:40]}': the chord has no {number[:8]} to put in the bass", f"it has {have}")
    return (root + found) % 12


def _pedal(text: str, key: Key) -> int:
    """Return the pitch class of a degree of the key under a chord. Raises UserError."""
    match = _PEDAL.fullmatch(text)
    if not match:
        raise UserError(f"'@{text[:20]}' is no degree for the bass", "@1 to @7, as IV@5")
    numeral = next(name for name, degree in _DEGREES.items() if degree == int(match[2]) - 1)
    return (key.tonic + _step(match[1], numeral, key)) % 12


def parse_progression(text: str, key: Key) -> tuple[Chord, ...]:
    """Return the chords of numerals parted by spaces, commas, bars or dashes: `i VI III VII`. Raises UserError."""
    words = [word for word in re.split(r"[\s,|–—]+|(?<=\w)-(?=[b#♭♯]?[IViv])", text) if word]
    if not words:
        raise UserError("a progression needs at least one chord", "like i VI III VII")
    return tuple(parse_roman(word, key) for word in words)


def diatonic(key: Key, degree: int, size: int = 3) -> Chord:
    """Return the chord of `size` thirds stacked on a degree (0 is the tonic) of the key's own scale."""
    pitches = [key.degree(degree + 2 * third) for third in range(size)]
    return Chord(root=pitches[0] % 12, intervals=tuple(pitch - pitches[0] for pitch in pitches), flats=key.flats)


def _seven(key: Key) -> tuple[int, ...]:
    """Return a scale of seven degrees to build chords on: the key's own, or the plain one of its gender."""
    return key.intervals if len(key.intervals) == 7 else SCALES["minor" if key.is_minor else "major"]


def _quality(suffix: str) -> str:
    """Return the name in QUALITIES that a written suffix means. Raises UserError."""
    word = suffix.strip()
    for spelling in (word, word.lower()):
        name = SPELLINGS.get(spelling, spelling)
        if name in QUALITIES:
            return name
    raise NotFound(f"no chord is called '{word[:20]}'", nearest(word[:20], [name for name in QUALITIES if name]))
