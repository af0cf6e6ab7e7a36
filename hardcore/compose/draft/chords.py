"""Chords of a song: its key, the chord of each bar, and the numerals of both."""

from collections import Counter
from collections.abc import Sequence
from itertools import product

from hardcore.compose.draft.material import Material
from hardcore.errors import UserError
from hardcore.music.chord import Chord, parse_roman
from hardcore.music.scale import Key
from hardcore.project.notes import Note

# how much each degree is heard in music of a key, from the tonic up (Krumhansl and Kessler 1982)
_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
_QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10), "m7": (0, 3, 7, 10), "maj7": (0, 4, 7, 11), "°": (0, 3, 6),
}  # fmt: skip
_ROOT, _FOREIGN, _SIZE = (
    0.35,
    0.8,
    0.06,
)  # of what sounds: for the bass on the root, against foreign notes and many tones
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_ROUND = 4  # bars of a progression


def key_of(weights: Sequence[float]) -> Key:
    """Return the major or minor key whose profile the weights of twelve pitch classes are most like."""

    def likeness(tonic: int, mode: str) -> float:
        row, profile = [weights[(tonic + at) % 12] for at in range(12)], _PROFILES[mode]
        means = sum(row) / 12, sum(profile) / 12
        shared = sum((a - means[0]) * (b - means[1]) for a, b in zip(row, profile, strict=True))
        size: float = sum((b - means[1]) ** 2 for b in profile) ** 0.5
        return shared / size

    tonic, mode = max(product(range(12), _PROFILES), key=lambda pair: likeness(*pair))
    return Key(tonic=tonic, mode=mode)


def weights_of(notes: Sequence[Note]) -> list[float]:
    """Return how long each pitch class sounds."""
    found = [0.0] * 12
    for note in notes:
        found[note.pitch % 12] += note.length_ticks
    return found


def bar_chords(song: Material) -> list[tuple[int, str] | None]:
    """Return root and quality of the chord of each bar; None where nothing sounds."""
    found: list[tuple[int, str] | None] = []
    for number in range(song.bars):
        notes = song.bar(song.tonal, number)
        weights = weights_of(notes)
        total = sum(weights)
        if not total:
            found.append(found[-1] if found else None)
            continue
        lowest = min(notes, key=lambda note: (note.pitch, note.start_ticks)).pitch % 12
        found.append(max(product(range(12), _QUALITIES), key=lambda pair: _fit(weights, total, lowest, *pair)))
    return found


def _fit(weights: Sequence[float], total: float, lowest: int, root: int, quality: str) -> float:
    tones = {(root + interval) % 12 for interval in _QUALITIES[quality]}
    inside = sum(weights[tone] for tone in tones) / total
    return inside - _FOREIGN * (1 - inside) + _ROOT * (lowest == root) - _SIZE * len(tones)


def progressions(song: Material, key: Key, most: int) -> list[tuple[str, int]]:
    """Return the commonest rows of four chords as numerals, each with how often it is played."""
    row = bar_chords(song)
    rounds = [tuple(row[at : at + _ROUND]) for at in range(0, len(row) - _ROUND + 1, _ROUND)]
    whole = Counter(one for one in rounds if all(one))
    return [(" ".join(numeral(*chord, key) for chord in one if chord), count) for one, count in whole.most_common(most)]


def numeral(root: int, quality: str, key: Key) -> str:
    """Return the numeral that means a chord in a key."""
    minor, suffix = quality in ("m", "m7", "°"), {"m7": "7", "m": ""}.get(quality, quality)
    wanted = {(root + interval) % 12 for interval in _QUALITIES[quality]}
    for sign, name in product(("", "b", "#"), _NUMERALS):
        text = f"{sign}{name.lower() if minor else name}{suffix}"
        if _means(text, key, root, wanted):
            return text
    return "I"


def _means(text: str, key: Key, root: int, wanted: set[int]) -> bool:
    try:
        chord: Chord = parse_roman(text, key)
    except UserError:
        return False
    return chord.root == root and set(chord.pitch_classes) == wanted
