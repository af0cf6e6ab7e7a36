"""How often the ears are right about sounds whose answer is known: the table of docs/guide/ears.md."""

from collections.abc import Iterator

import numpy as np

from hardcore.audio import features
from hardcore.audio.analysis import harmony_of, rhythm_of
from hardcore.music.pitch import class_name
from hardcore.music.scale import Key
from tests.audio.sounds import PATTERNS, RATE, SCALES, Sound, clicks, groove, progression

CHORD_S = 1.6
PROGRESSIONS = (
    ("minor", (0, 5, 3, 4)),
    ("minor", (0, 0, 5, 5)),
    ("minor", (0, 5, 0, 4)),
    ("major", (0, 3, 4, 0)),
    ("major", (0, 4, 5, 3)),
    ("major", (0, 5, 3, 4)),
)
# what each pattern is played at
TEMPOS = {
    "techno": (126.0, 138.0, 145.0),
    "gabber": (150.0, 170.0, 190.0),
    "drum and bass": (165.0, 174.0, 178.0),
    "broken drum and bass": (168.0, 174.0, 180.0),
    "lo-fi": (72.0, 82.0, 88.0),
}

Row = tuple[str, int, float]


def rows() -> Iterator[Row]:
    """Yield what was asked of the ears, of how many sounds, and the share that was right."""
    beats = range(60, 201, 5)
    yield (
        "tempo of click tracks, 60 to 200 BPM, within 1 %",
        len(beats),
        share(tempo_right(clicks(b), b) for b in beats),
    )
    played = [(name, bpm, swing) for name in PATTERNS for bpm in TEMPOS[name] for swing in (0.0, 0.2)]
    right = share(tempo_right(groove(name, bpm, swing=swing), bpm) for name, bpm, swing in played)
    yield "tempo of drum loops, straight and swung, within 1 %, never half or double", len(played), right
    songs = [(tonic, mode, degrees) for tonic in range(12) for mode, degrees in PROGRESSIONS]
    keys = share(
        features.key(progression(tonic, mode, degrees, drums=tonic % 2 == 0), RATE)[:2] == (tonic, mode)
        for tonic, mode, degrees in songs
    )
    yield "key of progressions, 12 tonics, half of them under drums", len(songs), keys
    some = songs[::3]
    yield "chords of progressions, share of the time", len(some), share(chords_right(*song) for song in some)


def share(right: Iterator[float] | Iterator[bool]) -> float:
    """Return the mean."""
    return float(np.mean([float(one) for one in right]))


def tempo_right(sound: Sound, bpm: float) -> bool:
    """Return whether the tempo that is heard is within 1 % of `bpm`."""
    return abs(features.tempo(sound, RATE)[0] / bpm - 1) < 0.01


def played(tonic: int, mode: str, degree: int) -> str:
    """Return the symbol of the triad on a degree of a key."""
    root, third, fifth = ((SCALES[mode] * 2)[degree + step] + 12 * (degree + step > 6) for step in (0, 2, 4))
    kind = {(4, 7): "", (3, 7): "m", (3, 6): "dim"}[third - root, fifth - root]
    return class_name(tonic + root, Key(tonic=tonic, mode=mode).flats) + kind


def chords_right(tonic: int, mode: str, degrees: tuple[int, ...]) -> float:
    """Return the share of the time for which the chord that is heard is the one that is played."""
    sound = progression(tonic, mode, degrees, drums=tonic % 2 == 0)
    found = harmony_of(sound, RATE, rhythm_of(sound, RATE)).chords
    right = 0
    times = np.arange(0.05, 8 * CHORD_S, 0.1)
    for at in times:
        name = next(chord.name for chord in found if chord.start_s <= at < chord.end_s)
        right += name == played(tonic, mode, degrees[int(at / CHORD_S) % len(degrees)])
    return right / len(times)


def line(row: Row) -> str:
    """Return a row as it stands in the guide."""
    what, count, right = row
    return f"| {what} | {count} | {round(100 * right)} % |"


if __name__ == "__main__":
    print(*map(line, rows()), sep="\n")
