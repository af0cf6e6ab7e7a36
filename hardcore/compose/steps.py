"""Steps: how far a follow-up goes, in a unit: "5 bpm faster", "-3 db", "to -6 db", "2 semitones", "30 %"."""

import re

from hardcore.compose.numbers import Kind, Span

_SIGNED = r"(?<![\w.,/])([+−-] ?)?"
_STEPS: tuple[tuple[str, Kind], ...] = (
    (rf"{_SIGNED}(?:by )?(\d{{1,3}}(?:\.\d+)?) ?bpm (?:faster|quicker|up|more|higher)\b", "bpm_step"),
    (r"(?:faster|up|quicker|raise|more) (?:by )?(\+ ?)?(\d{1,2}(?:\.\d+)?) ?bpm\b", "bpm_step"),
    (r"(?<![\w.,/])([+] ?)(\d{1,3}(?:\.\d+)?) ?bpm\b", "bpm_step"),
    (rf"{_SIGNED}(?:by )?(\d{{1,3}}(?:\.\d+)?) ?bpm (?:slower|down|less|lower)\b", "bpm_step"),
    (r"(?:slower|down|lower|less) (?:by )?(- ?)?(\d{1,2}(?:\.\d+)?) ?bpm\b", "bpm_step"),
    (r"(?<![\w.,/])([−-] ?)(\d{1,3}(?:\.\d+)?) ?bpm\b", "bpm_step"),
    (r"\b(?:faster|quicker|slower) by ([+−-] ?)?(\d{1,2})\b(?! ?(?:%|percent|bpm|[.,]\d))", "bpm_step"),
    (r"\b(?:add |another |by )?(\+ ?)?(\d{1,3}) (?:more )?bars? (?:longer|more)\b", "bars_step"),
    (r"\b(?:add|another|extend(?: it)? by|longer by) (\+ ?)?(\d{1,3}) (?:more |extra )?bars?\b", "bars_step"),
    (r"(?<![\w.,/])(\+ ?)?(\d{1,3}) more bars?\b", "bars_step"),
    (r"(?<![\w.,/])(- ?)?(\d{1,3}) bars? (?:shorter|less|fewer)\b", "bars_step"),
    (r"\b(?:to|at) ([+−-] ?)?(\d{1,4}(?:\.\d+)?) ?db\b", "db_level"),
    (rf"{_SIGNED}(?:by )?(\d{{1,4}}(?:\.\d+)?) ?(?:db|decibels?)\b", "db"),
    (r"(?<=[a-z] )([+−-] ?)(\d{1,2}(?:\.\d+)?)(?![\w/%]|[.,]\d| ?(?:%|bpm|semi|half|st\b|oct|bars?|percent))", "db"),
    (rf"{_SIGNED}(?:by )?(\d{{1,2}}) ?(?:semitones?|half steps?|st)\b", "semitones"),
    (rf"{_SIGNED}(?:by )?(\d{{1,2}}) octaves?\b", "octaves"),
    (rf"{_SIGNED}(?:by )?(\d{{1,3}}(?:\.\d+)?) ?(?:%|percent\b)(?! ?(?:swing|swung|shuffle))", "percent"),
)
_STEP_RULES = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _STEPS)
# "transpose the lead up 2" counts semitones; the direction stays outside the span and is read as anywhere
_MOVED = re.compile(
    r"\b(?:transpose|pitch)\b[^,;.\d]{0,40}?([+−-] ?)?(\d{1,2})"
    r"(?![\w/]| ?(?:%|bpm|bars?|db|oct|semi|st\b|half)|[.,]\d)",
    re.IGNORECASE,
)
_TUNED = re.compile(
    r"\b(?:re)?tuned?\b[^,;]{0,60}?\bto (?:an? )?([A-Ga-g])([#♯b♭]| ?sharp| ?flat)?[0-8]?(?![\w#♯♭]| (?:minor|major))",
    re.IGNORECASE,
)
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_DOWN = re.compile(r"slower|down|less|lower|shorter|fewer", re.IGNORECASE)
_SWING_BEFORE = re.compile(r"(?:swing|swung|shuffle)(?: (?:of|at|to|by))? ?$", re.IGNORECASE)


def steps(text: str) -> list[Span]:
    """Return the steps in a cleaned follow-up.

    `value` is (sign, amount); the sign is 0 where none is said. A note's is its pitch class.
    """
    found: list[Span] = [*_notes(text)]
    covered = bytearray(len(text))
    for span in found:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    for pattern, kind in _STEP_RULES:
        for match in pattern.finditer(text):
            if any(covered[match.start() : match.end()]) or (
                kind == "percent" and _SWING_BEFORE.search(text[max(match.start() - 20, 0) : match.start()])
            ):
                continue
            covered[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            sign = 0 if not (match[1] or "").strip() else 1 if "+" in match[1] else -1
            if kind in ("bpm_step", "bars_step") and not sign:
                sign = -1 if _DOWN.search(match[0]) else 1
            found.append(Span(match.start(), match.end(), kind, (sign, float(match[2]))))
    return found


def _notes(text: str) -> list[Span]:
    """Return the semitones after "transpose" and the notes after "tune", which say no unit."""
    found = []
    for match in _MOVED.finditer(text):
        sign = 0 if not (match[1] or "").strip() else 1 if "+" in match[1] else -1
        start = match.start(2) if match[1] is None else match.start(1)
        found.append(Span(start, match.end(2), "semitones", (sign, float(match[2]))))
    for match in _TUNED.finditer(text):
        mark = (match[2] or "").strip().lower()
        bend = 1 if mark in ("#", "♯", "sharp") else -1 if mark else 0
        # the words before the note stay: they say what is tuned
        start = text.rindex("to", 0, match.start(1))
        found.append(Span(start, match.end(), "note", (_LETTERS[match[1].lower()] + bend) % 12))
    return found
