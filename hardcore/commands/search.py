"""Finding commands by what they do, in plain words: BM25 over names, help, arguments and examples.

BM25 (Robertson and Walker, 1994) with k1 = 1.2 and b = 0.75; words of a name count four times.
"""

import math
import re
from collections import Counter
from functools import cache

from hardcore.commands import registry
from hardcore.commands.registry import Command

_K1, _B = 1.2, 0.75
_NAME = 4
_IDLE_WORDS = "a an and as at be by for from how i in is it its make me of on one or some that the this to with"
_IDLE = frozenset(_IDLE_WORDS.split(" "))


def words(text: str) -> list[str]:
    """Return the words of a text that say something, in lower case, without plural and verb endings."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    return [_stem(word) for word in found if word not in _IDLE]


def _stem(word: str) -> str:
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


@cache
def _index() -> tuple[dict[str, Counter[str]], dict[str, float], float]:
    """Return the words of every command, how rare each word is, and the mean length."""
    texts = {name: Counter(_text(known)) for name, known in registry.registry().items()}
    counts: Counter[str] = Counter(word for found in texts.values() for word in found)
    rare = {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in counts.items()}
    return texts, rare, sum(found.total() for found in texts.values()) / len(texts)


def _text(known: Command) -> list[str]:
    help_of = " ".join(f"{argument.name} {argument.kind.help}" for argument in known.arguments)
    names = " ".join((known.name, *known.aliases))
    return words(names) * _NAME + words(f"{known.doc} {known.example} {help_of}")


def find_commands(query: str, limit: int = 10) -> tuple[Command, ...]:
    """Return the commands that fit a query best, the best first; none where no word of it is known."""
    texts, rare, mean = _index()
    wanted = [word for word in words(query) if word in rare]

    def score(found: Counter[str]) -> float:
        size = 1 - _B + _B * found.total() / mean
        return sum(rare[word] * found[word] * (_K1 + 1) / (found[word] + _K1 * size) for word in wanted)

    scores = {name: score(found) for name, found in texts.items()}
    best = sorted((name for name, value in scores.items() if value > 0), key=lambda name: -scores[name])
    return tuple(registry.registry()[name] for name in best[:limit])
