"""BM25 (Robertson and Walker, 1994): which of many short texts fit a query best, by the words that they share.

The one index of the program: commands, passages of the guide. k1 = 1.2 and b = 0.75.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Generic, TypeVar

T = TypeVar("T")
_K1, _B = 1.2, 0.75
_IDLE_WORDS = (
    "a an and as at be by can do does for from how i in is it its make me my of on one or own should some that "
    "the then there this to want what when where which why with you your"
)
_IDLE = frozenset(_IDLE_WORDS.split(" "))
# Endings, and what stands in their place.
_INSTEAD = {"iest": "y", "iers": "y", "ier": "y", "ies": "y"}
# A device that is another word without its ending.
_DEVICES = {"limiter": "limiter", "limiters": "limiter"}
_ENDINGS = (*_INSTEAD, "ing", "ers", "er", "ed", "es", "s")


@cache
def stem(word: str) -> str:
    """Return a word in lower case without plural and verb endings, so that `muted` and `mutes` are one word."""
    if word in _DEVICES:
        return _DEVICES[word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending) + _INSTEAD.get(ending, "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lse":
        word = word[:-1]  # dropping → dropp → drop
    return word[:-1] if len(word) > 3 and word.endswith("e") else word  # quantize, quantiz(ing)


def words(text: str) -> list[str]:
    """Return the words of a text that say something, as `stem` leaves them."""
    return [stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _IDLE]


class Index(Generic[T]):
    """Texts by key, each with its words; a word that stands there several times counts more.

    Raises ValueError without texts.
    """

    def __init__(self, texts: Iterable[tuple[T, Sequence[str] | Mapping[str, int]]]) -> None:
        rows = [(key, Counter(text)) for key, text in texts]
        if not rows:
            raise ValueError("an index needs texts")
        self._keys = [key for key, _ in rows]
        sizes = [text.total() for _, text in rows]
        mean = sum(sizes) / len(sizes) or 1.0
        self._places: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (_, text) in enumerate(rows):
            size = _K1 * (1 - _B + _B * sizes[place] / mean)
            for word, count in text.items():
                self._places[word].append((place, count * (_K1 + 1) / (count + size)))

    def best(self, query: str, limit: int = 10) -> list[tuple[T, float]]:
        """Return the keys of the texts that fit a query best with their scores, best first; no text without a score."""
        scores: dict[int, float] = defaultdict(float)
        for word in words(query):
            held = self._places.get(word, [])
            rare = math.log(1 + (len(self._keys) - len(held) + 0.5) / (len(held) + 0.5))
            for place, weight in held:
                scores[place] += rare * weight
        ranked = sorted(scores, key=lambda place: (-scores[place], place))
        return [(self._keys[place], scores[place]) for place in ranked[:limit]]
