"""Words for a rhythm: `more swing, a bit less ghost` becomes what to change, which way and how far."""

import re
from typing import Literal, NamedTuple

from hardcore.errors import UserError, nearest

IntentKind = Literal[
    "ghost", "swing", "hats", "energy", "tight", "tempo", "hypnotic", "minimal", "density", "polymeter"
]


class Intent(NamedTuple):
    """What to change, how far (above 0 more of it, below 0 less; 1 is a plain `more`), and the words that said it."""

    kind: IntentKind
    amount: float
    words: str = ""


# What is changed, by the words for it; −1 where the word means less of it.
VOCABULARY: dict[str, tuple[IntentKind, int]] = {
    "ghost": ("ghost", 1), "ghosts": ("ghost", 1), "ghost notes": ("ghost", 1), "ghost kick": ("ghost", 1),
    "ghost kicks": ("ghost", 1), "ghost hits": ("ghost", 1), "ghosting": ("ghost", 1), "ghosty": ("ghost", 1),
    "ghostier": ("ghost", 1),
    "swing": ("swing", 1), "shuffle": ("swing", 1), "swingy": ("swing", 1), "swingier": ("swing", 1),
    "swung": ("swing", 1), "straight": ("swing", -1), "straighter": ("swing", -1),
    "hats": ("hats", 1), "hat": ("hats", 1), "hi-hats": ("hats", 1), "hihats": ("hats", 1), "hi hats": ("hats", 1),
    "denser hats": ("hats", 1), "busier hats": ("hats", 1), "sparser hats": ("hats", -1), "thinner hats": ("hats", -1),
    "energy": ("energy", 1), "energetic": ("energy", 1), "harder": ("energy", 1), "hard": ("energy", 1),
    "intense": ("energy", 1), "louder": ("energy", 1), "softer": ("energy", -1), "calmer": ("energy", -1),
    "calm": ("energy", -1), "gentler": ("energy", -1),
    "tight": ("tight", 1), "tighter": ("tight", 1), "precise": ("tight", 1), "loose": ("tight", -1),
    "looser": ("tight", -1), "human": ("tight", -1), "sloppier": ("tight", -1), "lazier": ("tight", -1),
    "fast": ("tempo", 1), "faster": ("tempo", 1), "quicker": ("tempo", 1), "tempo": ("tempo", 1), "speed": ("tempo", 1),
    "speed up": ("tempo", 1), "slow": ("tempo", -1), "slower": ("tempo", -1), "slow down": ("tempo", -1),
    "hypnotic": ("hypnotic", 1), "repetitive": ("hypnotic", 1), "steadier": ("hypnotic", 1),
    "variation": ("hypnotic", -1), "variations": ("hypnotic", -1), "variety": ("hypnotic", -1),
    "varied": ("hypnotic", -1), "change": ("hypnotic", -1),
    "minimal": ("minimal", 1), "stripped": ("minimal", 1), "stripped down": ("minimal", 1),
    "dense": ("density", 1), "denser": ("density", 1), "density": ("density", 1), "busy": ("density", 1),
    "busier": ("density", 1), "fuller": ("density", 1), "hits": ("density", 1), "notes": ("density", 1),
    "sparse": ("density", -1), "sparser": ("density", -1), "emptier": ("density", -1), "thinner": ("density", -1),
    "polymetric": ("polymeter", 1), "polymeter": ("polymeter", 1), "polymetre": ("polymeter", 1),
    "polyrhythmic": ("polymeter", 1),
}  # fmt: skip
_MORE = {"more", "add", "increase", "raise", "extra", "higher", "boost", "bring", "turn", "up"}
_LESS = {"less", "fewer", "reduce", "decrease", "lower", "cut", "drop", "not", "down"}
_NONE = {"no", "without", "remove", "kill", "zero"}
_SLIGHT = {"bit", "little", "slightly", "touch", "somewhat", "tad", "hint"}
_STRONG = {"much", "lot", "lots", "way", "far", "tons", "very", "really", "extremely", "super", "heaps", "twice"}
_FILLER = {
    "a", "an", "the", "it", "make", "please", "some", "of", "in", "on", "give", "me", "us", "i", "want", "be", "so",
    "as", "should", "to", "is", "that", "this", "get", "go", "rhythm", "beat", "groove", "drums", "for", "let", "too",
}  # fmt: skip
SLIGHT, STRONG, NONE = 0.5, 2.0, 8.0
_MOST_CLAUSES = 32


def parse(text: str) -> tuple[Intent, ...]:
    """Return what the words ask for, in their order. Raises UserError naming the nearest known words."""
    clauses = [clause.strip() for clause in re.split(r"[,;.&+]|\b(?:and|but|then|with|plus)\b", text.lower())]
    found = [_clause(clause) for clause in clauses if clause]
    if not found:
        raise UserError("that says nothing to change", "such as: more swing, less ghost, denser hats, tighter")
    if len(found) > _MOST_CLAUSES:
        raise UserError(f"{len(found)} wishes at once", f"at most {_MOST_CLAUSES}")
    return tuple(found)


def _clause(text: str) -> Intent:
    for phrase in sorted(VOCABULARY, key=len, reverse=True):
        if " " in phrase and re.search(rf"\b{phrase}\b", text):
            words = text.replace(phrase, "").split()
            return _meant(text, words, [phrase])
    words = text.split()
    known = [word for word in words if word in VOCABULARY]
    return _meant(text, [word for word in words if word not in VOCABULARY], known)


def _meant(text: str, words: list[str], known: list[str]) -> Intent:
    unknown = [w for w in words if not any(w in known for known in (_MORE, _LESS, _NONE, _SLIGHT, _STRONG, _FILLER))]
    if unknown:
        raise UserError(f"'{unknown[0][:40]}' says nothing about a rhythm", nearest(unknown[0], VOCABULARY))
    if len(known) != 1:
        said = f"'{text[:60]}' says {'two things' if known else 'nothing to change'}"
        raise UserError(said, "one wish between commas, such as: more swing, less ghost")
    kind, sign = VOCABULARY[known[0]]
    strength = 1.0
    for word in words:
        strength = SLIGHT if word in _SLIGHT else STRONG if word in _STRONG else strength
    if any(word in _NONE for word in words):
        return Intent(kind, -sign * NONE, text)
    return Intent(kind, -sign * strength if any(word in _LESS for word in words) else sign * strength, text)
