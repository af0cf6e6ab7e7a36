"""Misspelt words: one that stands in no phrase is read as the one word of the phrases that is a slip away."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from hardcore.knowledge.loader import folder, read_yaml
from hardcore.language.lexicon import Phrases
from hardcore.language.spans import Span
from hardcore.language.words import Token

LEAST_LETTERS, LONG_LETTERS = 4, 8
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# of German adjectives: "dunkler", "sommerlicher"
_ENDING = re.compile(r"(?<=\w{5})(?:e|er|es|en|em)$")
QUICK = {"teh": "the", "hte": "the", "adn": "and", "nad": "and", "si": "is", "fo": "of", "ot": "to", "cant": "can't",
         "doesnt": "doesn't", "isnt": "isn't", "arent": "aren't", "wont": "won't", "shouldnt": "shouldn't"}  # fmt: skip
# a slip never makes one of these: they turn a sentence round
_NEVER = frozenset(("no", "not", "only", "just", "but", "except", "without", "never", "all", "both", "half", "double"))
_NEVER |= frozenset(("twice", "minus", "plus", "up", "down", "left", "right"))


def corrected(
    row: Sequence[Token], books: Iterable[Phrases], built: Iterable[Span], targets: frozenset[str] | None = None
) -> tuple[list[Token], list[str]]:
    """Return the tokens with misspelt words put right, and `typed → read` for each of them; `built` spans are right.

    The first letter must be right; one slip is forgiven, two in words of eight letters or more; where two words are as
    near, the word stays as it is. With `targets` only those words come of it, a word of four letters only where two
    neighbours are swapped, and a name with a capital stays a name.
    """
    known = (_PLACES, *(book.words for book in books))
    right = {at for span in built for at in range(span.start, span.end)}
    found, said = [], []
    for token in row:
        word = token.word
        plain = _WORD.fullmatch(word) and len(word) >= LEAST_LETTERS and token.start not in right
        if targets is not None:
            plain = plain and not (token.start and token.text.istitle())
        near = QUICK.get(word, "") if token.start not in right else ""
        if not near and plain and word not in _common() and not any(word in some for some in known):
            near = _read_as(word, known, targets)
        if near:
            said.append(f"{token.text} → {near}")
        found.append(token._replace(word=near) if near else token)
    return found, said


def _read_as(word: str, known: Sequence[frozenset[str]], targets: frozenset[str] | None) -> str:
    if targets is None:
        return _nearest(word, set().union(*known))
    stem = _ENDING.sub("", word)
    return stem if stem in targets else _nearest(word, targets | _PLACES, strict=True)


def _nearest(word: str, known: Iterable[str], strict: bool = False) -> str:
    most = 2 if len(word) >= LONG_LETTERS else 1
    close: dict[int, list[str]] = {}
    for other in known:
        if not other or other[0] != word[0] or abs(len(other) - len(word)) > most or other in _NEVER:
            continue
        if len(other) < LEAST_LETTERS or len(set(word) ^ set(other)) > 2 * most:
            continue
        short = min(len(word), len(other)) <= LEAST_LETTERS and not (other in _PLACES and len(other) > LEAST_LETTERS)
        if strict and short and sorted(word) != sorted(other):
            continue  # of two short words a letter apart each is a word
        far = slips(word, other)
        if 0 < far <= most:
            close.setdefault(far, []).append(other)
    best = close.get(min(close), []) if close else []
    if len(best) > 1:  # a comparative is a comparative
        best = [other for other in best if other[-2:] == word[-2:]] or best
    if len(best) > 1 and strict:  # two letters are swapped, or one is left out, more often than put in
        swapped = [other for other in best if sorted(other) == sorted(word)]
        best = swapped or [other for other in best if len(other) > len(word)] or best
    return best[0] if len(best) == 1 else _of_one_family(best)


def _of_one_family(words: list[str]) -> str:
    """Return the shortest where all are forms of one word (`louder`, `louders`), else nothing."""
    if not words:
        return ""
    shortest = min(words, key=len)
    return shortest if all(word.startswith(shortest) for word in words) else ""


# words that are read by patterns, not as phrases
_PLACES = frozenset(
    word
    for line in (
        "minor major dorian phrygian lydian mixolydian locrian harmonic semitone semitones octave octaves bars bar",
        "intro verse chorus bridge break breakdown drop build outro section first second third last half quarter",
    )
    for word in line.split()
)


@cache
def _common() -> frozenset[str]:
    """Return words of ordinary English that are a slip away from words of the studio."""
    lines = read_yaml(folder() / "spelling.yaml")["english"]
    return frozenset(word for line in lines for word in line.split())


def slips(first: str, second: str) -> int:
    """Return how many letters were added, left out, changed or swapped with their neighbour (Damerau 1964)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for a in range(1, len(first) + 1):
        older, before, row = before, row, [a]
        for b in range(1, len(second) + 1):
            cost = first[a - 1] != second[b - 1]
            least = min(before[b] + 1, row[b - 1] + 1, before[b - 1] + cost)
            if a > 1 and b > 1 and first[a - 1] == second[b - 2] and first[a - 2] == second[b - 1]:
                least = min(least, older[b - 2] + 1)
            row.append(least)
    return row[-1]
