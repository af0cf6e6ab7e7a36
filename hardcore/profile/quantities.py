"""Quantities: what of a piece a profile learns, in which unit, and within which bounds it acts."""

from typing import NamedTuple

# the piece as a whole, among the parts
PIECE = "piece"
# a send that is not there counts as one of so many dB
NO_SEND_DB = -40.0


class Quantity(NamedTuple):
    """Something with a size that a person moves.

    unit    of its values; empty for what is done (1) or not (0), below 0 undone
    most    the furthest that the profile moves it
    least   the smallest move that it makes; less than about two just noticeable differences is none
    step    moves are rounded to it
    spread  how far the choices of one person usually lie apart: of the prior of the variance
    """

    unit: str
    most: float
    least: float
    step: float
    spread: float


# By the first word of what is learned: `send:reverb` is a send, `effect:chorus` an effect that is there or not.
# A level's noticeable difference is about 0.5 to 1 dB (Zwicker and Fastl, "Psychoacoustics", 7.2), a tempo's about 2 %
# (Drake and Botte, "Tempo sensitivity in auditory sequences", 1993).
QUANTITIES: dict[str, Quantity] = {
    "gain": Quantity("dB", 6.0, 1.0, 0.5, 1.5),
    "pan": Quantity("of the way", 0.5, 0.1, 0.05, 0.15),
    "send": Quantity("dB", 6.0, 1.5, 0.5, 2.0),
    "mix": Quantity("points", 30.0, 5.0, 1.0, 8.0),
    "tempo": Quantity("%", 10.0, 2.0, 0.5, 3.0),
    "mute": Quantity("", 1.0, 0.6, 0.2, 0.5),
    "effect": Quantity("", 1.0, 0.6, 0.2, 0.5),
}
# What is chosen among names, and how often another take was kept, which is only told.
CHOICES = ("instrument", "mode", "key")
TAKE = "take"
_TOLD = Quantity("", 1.0, float("inf"), 0.1, 0.5)


def quantity(what: str) -> Quantity | None:
    """Return how something is measured, None for a choice among names. Raises KeyError for what is not learned."""
    kind = what.partition(":")[0]
    if kind in CHOICES:
        return None
    return _TOLD if kind == TAKE else QUANTITIES[kind]


def is_learned(what: str) -> bool:
    """Return whether a profile has such a thing: `gain`, `send:reverb`, `effect:chorus`."""
    kind, _, of = what.partition(":")
    return kind in (*CHOICES, *QUANTITIES, TAKE) and bool(of) == (kind in ("send", "mix", "effect"))
