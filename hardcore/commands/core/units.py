"""Units as people type them: `128 bpm`, `-3 dB`, `4 bars`, `left 30`, a word after the number or at its end.

A unit that is the argument's own says nothing more and is left out; another one goes on to the argument's type, which
knows it (`300 ms` for a parameter) or says that it is none.
"""

import re
from collections.abc import Sequence

_NUMBER = r"[+\-−]?(?:\d+(?:\.\d*)?|\.\d+)"
_UNITS = (
    "bpm|db|%|percent|k?hz|ms|sec|secs|seconds?|s|bars?|beats?|steps?|times|semitones?|octaves?|degrees?|notes?|cents?|"
    "hits?|ticks?|left|right"
)
_VALUE = re.compile(rf"({_NUMBER})\s*({_UNITS})", re.IGNORECASE)
_SIDES = ("left", "right", "l", "r")
_SAME = {"%": "percent"}


def value_and_unit(name: str, kind: str, word: str, following: Sequence[str]) -> tuple[str, int]:
    """Return the value of an argument, and how many of the words that follow belong to it.

    name, kind   of the argument, such as `bars` and `number`
    """
    after = following[0] if following else ""
    if kind == "pan" and word.casefold() in _SIDES and re.fullmatch(rf"{_NUMBER}%?", after):
        return f"{word[0]}{after.rstrip('%')}", 1
    if word.casefold() in (name, kind) and word.casefold() in ("bar", "step", "job") and after.isdecimal():
        return after, 1
    if re.fullmatch(_NUMBER, word) and re.fullmatch(_UNITS, after, re.IGNORECASE):
        return _bare(name, kind, f"{word} {after}"), 1
    return _bare(name, kind, word), 0


def _bare(name: str, kind: str, text: str) -> str:
    """Return a value without the unit that is the argument's own."""
    match = _VALUE.fullmatch(text)
    if match is None:
        return text
    number, unit = match.group(1), match.group(2).casefold()
    if kind == "pan" and unit in _SIDES:
        return f"{unit[0]}{number}"
    own = {word.removesuffix("s") for word in (name, kind, *name.split("_"))}
    stem = unit.removesuffix("s") or unit
    return number if _SAME.get(stem, stem) in own else text
