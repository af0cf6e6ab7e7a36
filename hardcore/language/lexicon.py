"""The lexicon: phrases of knowledge_base/language and the senses they have, all of them found at every word."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple

from hardcore.errors import UserError
from hardcore.knowledge.loader import folder, read_yaml
from hardcore.language.spans import Sense, unique
from hardcore.language.words import Token, clean, tokens


class Found(NamedTuple):
    """A phrase at a word of the sentence: the word after it, and its senses."""

    end: int
    senses: tuple[Sense, ...]


class Phrases:
    """Phrases and their senses, found by their first word. A hyphen inside a phrase or a sentence is a space."""

    def __init__(self, known: Mapping[str, Sequence[Sense]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[Sense, ...]]]] = {}
        merged: dict[tuple[str, ...], list[Sense]] = {}
        for phrase, senses in known.items():
            words = tuple(token.word for token in tokens(clean(phrase)) if token.word != "-" or phrase.strip() == "-")
            if words:
                merged.setdefault(words, []).extend(sense for sense in senses)
        for words, found in merged.items():
            self._by_first.setdefault(words[0], []).append((words, unique(found)))

    def at(self, row: Sequence[Token], place: int) -> Iterator[Found]:
        """Yield every phrase that begins at token `place`."""
        for words, senses in self._by_first.get(row[place].word, ()):
            end = _end(row, place, words)
            if end:
                yield Found(end, senses)

    def means(self, phrase: str) -> tuple[Sense, ...]:
        """Return the senses of exactly that phrase, none where it is unknown."""
        row = tokens(clean(phrase))
        return next((found.senses for found in self.at(row, 0) if found.end == len(row)), ()) if row else ()

    def phrases(self) -> Iterator[tuple[str, tuple[Sense, ...]]]:
        """Yield every phrase with its senses."""
        for known in self._by_first.values():
            for words, senses in known:
                yield " ".join(words), senses

    @cached_property
    def words(self) -> frozenset[str]:
        """Every single word that stands in some phrase: what a misspelt word may have been."""
        return frozenset(word for phrases in self._by_first.values() for words, _ in phrases for word in words)


def _end(row: Sequence[Token], at: int, words: tuple[str, ...]) -> int:
    for number, word in enumerate(words):
        if number and at < len(row) and row[at].word == "-" and word != "-":
            at += 1
        if at >= len(row) or row[at].word != word:
            return 0
        at += 1
    return at


def senses_of(entry: Mapping[str, Any]) -> Sense:
    """Return the sense of an entry: `is` is its kind and key, `value` what it carries."""
    kind, _, key = str(entry["is"]).partition(" ")
    value = entry.get("value")
    return Sense(kind, key or (value if isinstance(value, str) else ""), value)


# files of that folder with a meaning of their own: other words for parts, and talk
_OTHER = ("parts.yaml", "remarks.yaml")


@cache
def lexicon() -> Phrases:
    """Return the phrases of knowledge_base/language. Raises UserError naming the file that is wrong."""
    known: dict[str, list[Sense]] = {}
    for path in sorted((folder() / "language").glob("*.yaml")):
        if path.name in _OTHER:
            continue
        for entry in read_yaml(path):
            if not isinstance(entry, dict) or "is" not in entry or not entry.get("say"):
                raise UserError(f"{path.name}: an entry needs `is` and `say`, not {str(entry)[:60]}")
            for phrase in entry["say"]:
                if not isinstance(phrase, str):
                    raise UserError(f"{path.name}: {entry['is']}: '{phrase}' is no text; put it in quotes")
                known.setdefault(phrase.casefold(), []).append(senses_of(entry))
    return Phrases(known)
