"""Answers from the documentation, without a model: the passages that fit a question best, by BM25."""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from hardcore.assistant.passages import Passage, for_players, passages
from hardcore.knowledge.says import says
from hardcore.language.bm25 import Index, words

# How often the words of a heading count beside those of the text below it.
_HEADING = 3
# In this page a heading is a command, for which people say more words.
_COMMANDS = "reference/commands.md"
LONGEST = 400
# A second passage is named where it fits nearly as well.
_NEAR = 0.6
# What is explained comes before what is listed.
_GUIDE = 1.15


class Hit(NamedTuple):
    """A passage, how well it fits, and the stretch of it that is shown."""

    passage: Passage
    score: float
    snippet: str


@cache
def _index(keep: Callable[[Passage], bool]) -> Index[Passage]:
    def text(one: Passage) -> list[str]:
        said = says().get(one.headings[-1], ()) if one.headings and one.page == _COMMANDS else ()
        return words(" ".join((*one.headings, one.term, *said))) * _HEADING + words(one.text)

    return Index((one, text(one)) for one in passages() if keep(one))


def _any(passage: Passage) -> bool:
    return True


def search(query: str, limit: int = 10) -> tuple[Hit, ...]:
    """Return the passages of the whole documentation that fit best, the best first; none without a known word."""
    return tuple(Hit(one, score, _snippet(one)) for one, score in _index(_any).best(query, limit))


def answer(question: str, limit: int = 2) -> tuple[Hit, ...]:
    """Return the passages of guide and reference that answer a question, the best first, and none far behind it."""
    found = _index(for_players).best(question, 4 * limit)
    ranked = sorted(((score * _weight(one), one) for one, score in found), key=lambda pair: -pair[0])
    return tuple(Hit(one, score, _snippet(one)) for score, one in ranked[:limit] if score >= _NEAR * ranked[0][0])


def _weight(passage: Passage) -> float:
    return _GUIDE if passage.page.startswith("guide/") else 1.0


def _snippet(passage: Passage) -> str:
    """Return a passage as plain lines, 400 letters at most."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", passage.text)
    if not text.startswith("|"):  # of a section with a table, what is said and not the table
        text = re.sub(r"^\|.*\n?", "", text, flags=re.MULTILINE)
    lines = [re.sub(r"\s*\|\s*", "  ", line).strip().removeprefix("- ") for line in text.splitlines()]
    plain = "\n".join(line for line in lines if not line.startswith("```"))
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 2].rpartition(" ")[0] + " …"
