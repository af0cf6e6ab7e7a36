"""Names of things as names of files: what they may be called on every system, and never a path."""

import re
import unicodedata
from collections.abc import Collection

MAX_CHARACTERS = 80
# ext4 allows 255 bytes; the rest is for a number and the ending
MAX_BYTES = 190

_RESERVED = re.compile(r'[<>:"/\\|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
# control, format (direction marks, joiners), surrogate, private, unassigned
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def safe_name(name: str, taken: Collection[str] = ()) -> str:
    """Return `name` as a file name without ending: valid on Linux, macOS and Windows and not like one of `taken`.

    NFC, at most 80 characters, no reserved characters, no device names (CON, LPT1), no dot or space at either end.
    A name that differs from a taken one by case alone gets a number.
    """
    plain = "".join(
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", name)
        if letter.isspace() or unicodedata.category(letter) not in _INVISIBLE
    )
    base = _trim(" ".join(_RESERVED.sub("-", plain).split()), MAX_CHARACTERS) or "track"
    if _DEVICE.fullmatch(base.split(".")[0].strip()):
        # Windows takes con.wav and con.old.wav for the console
        base = _trim("track " + base, MAX_CHARACTERS)
    known = {_folded(other) for other in taken}
    unique, number = base, 1
    while _folded(unique) in known:
        number += 1
        ending = f" {number}"
        unique = _trim(base, MAX_CHARACTERS - len(ending)) + ending
    return unique


def _trim(text: str, characters: int) -> str:
    text = text.strip(". ")
    end = min(len(text), characters)
    # never cut before a combining mark: that would take the accent off its letter
    while end and (len(text[:end].encode()) > MAX_BYTES or unicodedata.combining(text[end : end + 1] or " ")):
        end -= 1
    return text[:end].strip(". ")


def _folded(name: str) -> str:
    # file systems fold case and normal form; some fold ﬁ to fi as well
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
