"""Lyrics: syllables at places of a clip. They go where its notes go, and out as lyrics of a MIDI file or a score.

A syllable is kept as files have it: what ends a word ends with a space, `/` begins a line and `\\` a verse.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import StringConstraints

from hardcore.model import Model
from hardcore.music.tempo import Ticks

MOST_LYRICS = 8192
LONGEST = 80
Syllable = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$")
]


class Lyric(Model):
    """A syllable that is sung from a tick of the clip on."""

    tick: Ticks
    text: Syllable


Lyrics = tuple[Lyric, ...]


def in_time(lyrics: Iterable[Lyric]) -> Lyrics:
    """Return lyrics ordered by time, as many as a clip may have."""
    return tuple(sorted(lyrics, key=lambda one: one.tick)[:MOST_LYRICS])


def shifted(lyrics: Iterable[Lyric], by: int) -> Lyrics:
    """Return lyrics so many ticks later."""
    return tuple(one.evolve(tick=one.tick + by) for one in lyrics)


def scaled(lyrics: Iterable[Lyric], factor: float) -> Lyrics:
    """Return lyrics over `factor` times as much time."""
    return tuple(one.evolve(tick=round(one.tick * factor)) for one in lyrics)


def looped(lyrics: Sequence[Lyric], length: int, offset: int, size: int) -> Lyrics:
    """Return what lyrics that loop every `length` ticks say over `size` ticks, `offset` ticks into it."""
    if not lyrics:
        return ()
    bases = (number * length - offset for number in range(offset // length, (offset + size - 1) // length + 1))
    return in_time(
        one.evolve(tick=base + one.tick)
        for base in bases
        for one in lyrics
        if one.tick < length and 0 <= base + one.tick < size
    )


def syllables(text: str) -> list[str]:
    """Return the syllables of a text: words end with a space, `-` parts a word; lines begin with `/`."""
    found = []
    for number, line in enumerate(text.replace("/", "\n").splitlines()):
        parts = [part for word in line.split() for part in re.findall(r"[^-]+-?|-+", word + " ")]
        found += [("/" if number and not place else "") + part[:LONGEST] for place, part in enumerate(parts)]
    return found


def words(lyrics: Iterable[Lyric]) -> str:
    """Return lyrics as a line to read."""
    text = "".join(one.text[:-1] if one.text.endswith("-") else one.text for one in lyrics)
    return " ".join(re.sub(r"[/\\]+", " / ", text).removeprefix(" / ").split())
