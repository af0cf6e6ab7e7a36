"""Compounds: what a word is beside a word of music: of a "blues turnaround" no style, of a "big break" a section.

Such an adjective says nothing of the piece; what it is of is told or, where it is a section or an instrument, kept.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hardcore.language.prompt.pieces import DEVICES, Piece

_LONG = frozenset(("big", "bigger", "huge", "long", "longer", "massive", "giant", "extended", "epic", "enormous"))
# music whose break is the drummer's
_OF_BREAKS = frozenset(("jungle", "breakbeat", "drum_and_bass", "liquid_dnb", "neurofunk", "footwork"))
_ENDS = ("stop", "link")


class Why(NamedTuple):
    """Why something is not done."""

    why: str


_OF_SECTION = Why("a break is as long as the style has it: /section resize")


def compounds(row: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with styles and adjectives beside a device of music as what they are there."""
    found = list(row)
    styles = [piece for piece in row if piece.kind == "style"]
    for at, piece in enumerate(row):
        after = row[at + 1] if at + 1 < len(row) else Piece("stop", "", 0)
        if piece.kind in ("style", "leaning") and after.word in DEVICES and len(styles) > 1:
            found[at] = piece._replace(kind="unavailable", entry=Why(f"of the {after.word} alone"), other=None)
        elif _is_section(piece) and not any(one.style in _OF_BREAKS for one in styles):
            long = at > 0 and row[at - 1].word in _LONG
            if long or (after.kind == "only" and (at + 2 == len(row) or row[at + 2].kind in _ENDS)):
                assert piece.other is not None
                found[at] = piece._replace(kind="form", entry=piece.other.value, other=None)
            if long:
                found[at - 1] = row[at - 1]._replace(kind="unavailable", entry=_OF_SECTION, other=None)
    return found


def is_long(piece: Piece) -> bool:
    """Return whether a piece is the "big" of a "big break"."""
    return piece.entry is _OF_SECTION


def _is_section(piece: Piece) -> bool:
    return piece.other is not None and piece.other.kind == "form"
