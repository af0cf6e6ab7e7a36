"""The words a prompt may hold, for completion: genres, moods, instruments, feels and keys."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from hardcore.music.scale import Key


class Phrase(NamedTuple):
    """A phrase and what kind of word it is."""

    words: str
    kind: str


def phrases() -> tuple[Phrase, ...]:
    """Return the phrases, genres first. The knowledge base is read on the first call; UserError when it is broken."""
    from hardcore.knowledge import index

    return _phrases(index.state())


@lru_cache(maxsize=4)
def _phrases(state: str) -> tuple[Phrase, ...]:
    from hardcore.knowledge import index

    entries = index.entries()
    found = {entry.name: Phrase(entry.name, "genre") for entry in entries}
    for entry in entries:
        for phrase in entry.phrases:
            found.setdefault(phrase, Phrase(phrase, f"genre: {entry.name}"))
    for words, kind in _vocabulary():
        found.setdefault(words, Phrase(words, kind))
    for tonic in "CDEFGAB":
        for mode in ("minor", "major"):
            name = Key.parse(f"{tonic} {mode}").name
            found[name] = Phrase(name, "key")
    return tuple(found.values())


def _vocabulary() -> Iterator[tuple[str, str]]:
    from hardcore.knowledge.vocabulary import vocabulary

    known = vocabulary()
    for entries, kind in (
        (known.moods, "mood"),
        (known.instruments, "instrument"),
        (known.traits, "way of playing"),
        (known.swing, "swing"),
        (known.pace, "pace"),
    ):
        for entry in entries:
            for words in entry.say:
                yield words, kind
