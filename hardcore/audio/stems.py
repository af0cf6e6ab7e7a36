"""Stems: whether they add up to the mix, and what their files may be called on every system."""

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from hardcore.checkpoint import checkpoint

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

EXACT_DB = -200.0
MAX_CHARACTERS = 80
# ext4 allows 255 bytes; the rest is for a number and the ending
MAX_BYTES = 190

_RESERVED = re.compile(r'[<>:"/\\|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
# control, format (direction marks, joiners), surrogate, private, unassigned
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def sum_error_db(stems: Sequence["Audio"], mix: "Audio") -> float:
    """Return the largest sample of (sum of `stems` − `mix`) in dBFS; −200 stands for exact.

    Each is [channels, frames] or one channel; a shorter one is followed by silence; one channel counts for all.
    """
    import numpy as np

    from hardcore.audio.samples import BLOCK

    parts = [np.atleast_2d(part) for part in stems]
    whole = np.atleast_2d(mix)
    channels = max(part.shape[0] for part in (*parts, whole))
    frames = max(part.shape[1] for part in (*parts, whole))
    peaks = [0.0]
    for start in range(0, frames, BLOCK):
        rest = np.zeros((channels, min(BLOCK, frames - start)), np.float64)
        for part, sign in ((whole, -1), *((part, 1) for part in parts)):
            checkpoint()
            piece = part[:, start : start + BLOCK]
            rest[:, : piece.shape[1]] += sign * piece
        peaks.append(float(np.max(np.abs(rest))))
    largest = float(np.max(peaks))
    if math.isnan(largest):
        return math.inf
    return max(EXACT_DB, 20.0 * float(np.log10(largest))) if largest > 0.0 else EXACT_DB


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
