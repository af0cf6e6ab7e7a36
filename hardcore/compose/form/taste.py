"""Taste: what a kind of section is like beside the scene that a song is made of."""

from dataclasses import dataclass
from typing import Literal

Chords = Literal["home", "own"]


@dataclass(frozen=True, slots=True)
class Taste:
    """How a section differs.

    composed   whether it has a tune and chords to itself; else it plays what the scene plays
    chords     own: another progression than the scene's
    lift       scale steps that its tune lies higher
    density    added to how much the parts play, of 0–1; movement likewise
    energy     added to how hard they play
    gain_db    how loud it is beside the loudest sections, at its start and at its end
    """

    composed: bool = False
    chords: Chords = "home"
    lift: int = 0
    density: float = 0.0
    movement: float = 0.0
    energy: float = 0.0
    gain_db: tuple[float, float] = (0.0, 0.0)


PLAIN = Taste()
_QUIET = Taste(gain_db=(-4.5, -4.5))
_VERSE = Taste(composed=True, chords="own", lift=-4, energy=-0.1, gain_db=(-3.5, -3.5))
_BREAK = Taste(composed=True, chords="own", density=-0.2, energy=-0.1, gain_db=(-4.0, -3.0))
_BRIDGE = Taste(composed=True, chords="own", lift=-1, density=-0.1, movement=0.1, gain_db=(-4.0, -3.0))
_BUILD = Taste(gain_db=(-6.5, -3.5))
_TASTES: dict[str, Taste] = {
    "intro": _QUIET, "opening": _QUIET, "outro": _QUIET, "closing": _QUIET, "verse": _VERSE,
    "break": _BREAK, "breakdown": _BREAK, "falling": _BREAK, "bridge": _BRIDGE, "build": _BUILD, "rising": _BUILD,
    "solo": Taste(composed=True, lift=1, density=0.15, movement=0.15, gain_db=(-1.0, 0.0)),
    "bass solo": Taste(gain_db=(-2.0, -2.0)),
}  # fmt: skip
BUILDS = ("build", "rising")
OPENINGS = ("intro", "opening")
CLOSINGS = ("outro", "closing")
BREAKS = ("break", "breakdown", "falling", "bridge")


def taste_of(kind: str) -> Taste:
    """Return what a kind of section is like; one that is not known is as the scene."""
    return _TASTES.get(kind, PLAIN)
