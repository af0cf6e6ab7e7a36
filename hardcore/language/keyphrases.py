"""Keys in a prompt: "F minor", "in Am", "E phrygian", "F#m", "c sharp minor", "a-Moll", "en la mineur".

The article "a" and the verb "am" are letters of keys, too; they count only where a mode, an accidental or the word
"key" makes it plain, or "in" stands before and the letter is written as a key is.
"""

import re

from hardcore.language.numbers import Quantity
from hardcore.music.mode import ALIASES, SCALES, mode_name
from hardcore.music.scale import Key

_MODES = sorted({*SCALES, *(name for name in ALIASES if len(name) > 2)}, key=len, reverse=True)
_MODE = "|".join(re.escape(mode).replace(r"\ ", "[ -]") for mode in _MODES)
_SHARP = r"[#♯]|[ -]?sharp\b"
_FLAT = r"♭|[ -]flat\b|b(?![a-z])"
_TONIC = rf"(?P<letter>[a-g])(?P<sign>{_SHARP}|{_FLAT}|(?-i:b)(?=m(?:in|aj)?\b))?"
_NOUN = "key|scale|mode|tonality|feel|mood|vibe|chords?|track|tune|song|piece|anthem|banger|loop|detail|drop|hit|lift"
_NOT_INSIDE = r"(?<![\w#♯♭'’&])"
_END = r"(?![\w#♯♭'’])"
_KEY_WORD = (
    r"(?:in the key of|the key of|key of|in key of|in key|key(?: change)? to|key is|key[:=]?"
    r"|in the scale of|scale[:=]?)"
)
_LEAD = rf"(?:(?P<said>{_KEY_WORD})[ ]|(?P<into>in|to) )?"

_FULL = re.compile(
    rf"{_NOT_INSIDE}{_LEAD}(?:the )?{_TONIC}[ -]?(?P<mode>{_MODE}|min|maj)\b(?P<after>[ ](?:{_NOUN})\b)?", re.IGNORECASE
)
_SHORT = re.compile(rf"{_NOT_INSIDE}{_LEAD}{_TONIC}(?P<mode>m|M)?{_END}", re.IGNORECASE)
_MODE_ALONE = re.compile(
    rf"\b(?:(?P<into>(?:in|to|into|go|it) )?(?:an? )?(?P<mode>{_MODE})(?P<after>[ ](?:key|scale|mode|tonality)\b)?)"
    + r"(?![\w'’])",
    re.IGNORECASE,
)
_PLAIN_MODES = {
    "minor",
    "major",
    "blues",
    "spanish",
    "chromatic",
    "pentatonic",
    "whole tone",
    "wholetone",
    "maj",
    "min",
}

_GERMAN = {"c": 0, "cis": 1, "des": 1, "d": 2, "dis": 3, "es": 3, "e": 4, "f": 5, "fis": 6, "ges": 6, "g": 7, "gis": 8,
           "as": 8, "a": 9, "ais": 10, "b": 10, "h": 11}  # fmt: skip
_FRENCH = {"do": 0, "ut": 0, "ré": 2, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
_FOREIGN_SIGN = {"dièse": 1, "diese": 1, "bémol": -1, "bemol": -1, "sostenido": 1, "bemolle": -1, "diesis": 1}
_GERMAN_KEY = re.compile(
    rf"{_NOT_INSIDE}(?:in )?(?P<note>{'|'.join(sorted(_GERMAN, key=len, reverse=True))})[ -](?P<mode>moll|dur)\b",
    re.IGNORECASE,
)
_FRENCH_KEY = re.compile(
    rf"{_NOT_INSIDE}(?:en |in )?(?P<note>{'|'.join(_FRENCH)})"
    rf"(?:[ ](?P<sign>{'|'.join(_FOREIGN_SIGN)})|(?P<mark>[#♯b♭]))?"
    r"[ ](?P<mode>mineur|majeur|menor|mayor|minore|maggiore)\b",
    re.IGNORECASE,
)  # fmt: skip
_FOREIGN_MODE = {
    "moll": "minor", "dur": "major", "mineur": "minor", "majeur": "major", "menor": "minor", "mayor": "major",
    "minore": "minor", "maggiore": "major",
}  # fmt: skip


def keys(text: str) -> list[Quantity]:
    """Return the keys in a cleaned text, in order.

    Kind "key" with a Key, or with a tonic (0–11) whose mode is not said; kind "mode" with a mode whose tonic is not.
    """
    lower = text.lower()
    foreign = _foreign(text) if any(mode in lower for mode in _FOREIGN_MODE) else []
    worded = any(mode in lower for mode in _MODES)
    found = [*foreign, *(_full(text) if worded or "min" in lower or "maj" in lower else []), *_short(text)]
    found += _modes(text) if worded else []
    kept: list[Quantity] = []
    covered = bytearray(len(text))
    for span in found:
        if not any(covered[span.start : span.end]):
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _foreign(text: str) -> list[Quantity]:
    found = []
    for match in _GERMAN_KEY.finditer(text):
        key = Key(tonic=_GERMAN[match["note"].lower()], mode=_FOREIGN_MODE[match["mode"].lower()])
        found.append(Quantity(match.start(), match.end(), "key", key))
    for match in _FRENCH_KEY.finditer(text):
        tonic = _FRENCH[match["note"].lower()] + _FOREIGN_SIGN.get((match["sign"] or "").lower(), 0)
        tonic += {"#": 1, "♯": 1, "b": -1, "♭": -1}.get((match["mark"] or "").lower(), 0)
        found.append(
            Quantity(
                match.start(), match.end(), "key", Key(tonic=tonic % 12, mode=_FOREIGN_MODE[match["mode"].lower()])
            )
        )
    return found


def _full(text: str) -> list[Quantity]:
    """Return keys with a mode in words. "a minor key" is a minor key, not A minor; "in a minor" and "A minor" are."""
    found = []
    for match in _FULL.finditer(text):
        mode = mode_name(match["mode"]) or "minor"
        article = match["letter"] == "a" and not match["sign"] and not match["said"]
        if article and match["after"]:  # also after "in": "in a minor mood"
            found.append(Quantity(match.start(), match.end(), "mode", mode))
        else:
            found.append(Quantity(match.start(), match.end(), "key", Key(tonic=_tonic(match), mode=mode)))
    return found


def _short(text: str) -> list[Quantity]:
    """Return keys of a letter: Am, F#m, in Bb, key of G. What a plain word could be is left alone."""
    found = []
    for match in _SHORT.finditer(text):
        if not _is_short_key(text, match):
            continue
        mark = match["mode"]
        value: object = _tonic(match)
        if mark:
            value = Key(tonic=_tonic(match), mode="major" if mark == "M" and match["letter"].isupper() else "minor")
        found.append(Quantity(match.start(), match.end(), "key", value))
    return found


def _is_short_key(text: str, match: re.Match[str]) -> bool:
    letter, sign, mark = match["letter"], (match["sign"] or "").strip(" -").lower(), match["mode"]
    if match["said"]:
        return True
    if sign in ("#", "♯", "♭", "sharp", "flat"):
        return True
    if sign == "b":  # Bb, Ebm: written as a key, or after "in"
        return letter.isupper() or bool(match["into"])
    if mark:  # Am, but not "I am", "FM bass"
        if mark == "m" and _alone_in_a_list(text, match):
            return True  # "techno; 140; am"
        written = letter.isupper() and mark == "m" and not re.search(r"\bI $", text[: match.start()])
        return written or (bool(match["into"]) and not re.match(r" (?:synth|bass|radio)", text[match.end() :]))
    if not match["into"] or match["into"].lower() != "in":
        return False
    alone = re.match(r"$|[ ]?[,;.:!?\n)]| (?:instead|please|at|with|and|for|now|key|mode)\b", text[match.end() :])
    if letter.isupper() and letter != "A":
        return True  # "in E dark": no word of a sentence is an E
    return bool(alone) and (letter != "a")


def _alone_in_a_list(text: str, match: re.Match[str]) -> bool:
    """Return whether a key is all there is between two commas, semicolons or ends of the text."""
    before, after = text[: match.start()].rstrip(" "), text[match.end() :].lstrip(" ")
    listed = (before[-1:] in (",", ";", "\n")) or (after[:1] in (",", ";") and not before)
    return listed and after[:1] in ("", ",", ";", ".", "\n")


def _modes(text: str) -> list[Quantity]:
    """Return modes without a tonic; words such as "minor" and "blues" only after "in" or before "key"."""
    found = []
    for match in _MODE_ALONE.finditer(text):
        plain = re.sub("-", " ", match["mode"].lower())
        alone = match.start() == 0 and text[match.end() :].strip(" .!").lower() in ("", "please", "instead")
        if plain in _PLAIN_MODES and not (match["into"] or match["after"] or alone):
            continue
        mode = mode_name(plain)
        if mode:
            found.append(Quantity(match.start(), match.end(), "mode", mode))
    return found


def _tonic(match: re.Match[str]) -> int:
    base = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}[match["letter"].lower()]
    sign = (match["sign"] or "").strip(" -").lower()
    return (base + (1 if sign in ("#", "♯", "sharp") else -1 if sign else 0)) % 12
