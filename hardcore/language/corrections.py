"""Corrections: a sentence that takes itself back, "bass 3 dB down, no wait, 2 dB", as the sentence that was meant.

What is said last counts. Each of its words takes the place of what is of the same kind in what was said before, or is
added to it; an order that is complete by itself replaces the whole. Which of two it replaces is never guessed.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from hardcore.language.chart import SILENT, paths
from hardcore.language.referents import Ground
from hardcore.language.spans import Span

# "no wait", "sorry", "scratch that"; a "no" by itself only between stops: "mute the hats. no, the clap"
_TAKES_BACK = re.compile(
    r"(?:[,.;!…-]+ ?|\s)(?:"
    r"(?:(?:oh |uh |ah )?(?:no|wait|sorry|oops),? ){1,3}(?<=[ ,]no )(?=not )not (?P<not>[^\s,.]+)[,.]? "
    r"|(?:actually,? )?no,? (?:wait|sorry|hang on|hold on|actually|make (?:that|it)|i mean|i meant)\b,? ?"
    r"|(?:wait|sorry|oops|hang on),? (?:no|i mean|i meant|make that)\b,? ?"
    r"|(?:no,? )?(?:scratch|strike|forget) that\b,? ?"
    r"|or rather\b,? ?"
    r")|[,.;!] ?(?:(?:actually,? )?no|wait|sorry|i mean|i meant|make that),? (?=the |a |an |bars? |\d)"
    r"|[,.;!] ?(?:actually,? )?no, ",
    re.IGNORECASE,
)
_ONLY = re.compile(r"^(?:only|just|rather|instead) ", re.IGNORECASE)
# what can take the place of what is of the same kind
_KINDS = ("amount", "scope", "fx", "part", "side", "key", "rate", "rhythm", "chords", "style", "degree", "move",
          "param", "verb", "trait", "meter")  # fmt: skip
_SAYS_NOTHING = frozenset({*SILENT, "link", "only", "pronoun", "chat"})
_ORDERS = ("verb", "move", "amount", "fx")


def taken_back(text: str) -> tuple[str, str] | None:
    """Return what a sentence takes back and what it says instead (may be nothing), or None."""
    match = next((one for one in _TAKES_BACK.finditer(text) if text[: one.start()].strip(" ,.")), None)
    if match is None:
        return None
    return text[: match.start()].strip(" ,."), _ONLY.sub("", text[match.end() :].strip(" ,.!"))


def meant(before: str, instead: str, ground: Ground) -> str | None:
    """Return what was said with what is said instead in its place; None where it is not clear what it replaces."""
    row = _cover(before, ground)
    words = {span: span.text.strip() for span in row}
    said = [span for span in row if _counts(span)]
    last = _last_order(row)
    changed, added = set[Span](), list[str]()
    for span in filter(_counts, _cover(instead, ground)):
        kind = next((kind for kind in _KINDS if span.of(kind)), None)
        alike = [one for one in said if kind and one.of(kind)]
        if len(alike) > 1:
            alike = [one for one in alike if one.start >= last]
        if kind is None or len(alike) > 1 or changed & set(alike):
            return None
        changed |= set(alike)
        words |= {one: span.text.strip() for one in alike}
        added += [span.text.strip()] if not alike else []
    return " ".join((*(words[span] for span in row), *added)) if changed else None


class Said(NamedTuple):
    """What a text says: more than one order, an order by a verb or a move, a part, a place, a denial."""

    several: bool
    order: bool
    part: bool
    place: bool
    denial: bool


def said_in(text: str, ground: Ground) -> Said:
    """Return what a text says."""
    row = [span for span in _cover(text, ground) if _counts(span)]
    kinds = {sense.kind for span in row for sense in span.senses}
    several = _last_order(_cover(text, ground)) > 0
    order = bool(kinds & {"verb", "move"})
    return Said(several, order, part="part" in kinds, place="scope" in kinds, denial="neg" in kinds)


def _cover(text: str, ground: Ground) -> Sequence[Span]:
    """Return the likeliest cover of a text."""
    covers, _ = paths(text, ground)
    return covers[0].spans if covers else ()


def _counts(span: Span) -> bool:
    return any(sense.kind not in _SAYS_NOTHING for sense in span.senses)


def _last_order(row: Sequence[Span]) -> int:
    """Return where the last order begins: behind the last link that an order follows, with one before it."""
    links = [at for at, span in enumerate(row) if span.of("link")]
    for at in reversed(links):
        if all(any(one.of(kind) for one in side for kind in _ORDERS) for side in (row[:at], row[at:])):
            return row[at].end
    return 0
