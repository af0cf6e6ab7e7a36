"""Findings: one thing that a producer would say, the figure behind it, and the command that mends it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Remedy:
    """A command by name with its arguments; `safe`: it changes no notes and little, and nobody will miss what was."""

    command: str
    arguments: Mapping[str, Any]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of a stretch of the piece.

    kind        what it is about, one word or two
    said        the sentence, with its figure and goal
    weight      how much it matters, 0–1: what matters more is said first
    first_bar, last_bar   where, from 1, the last one included
    tracks      ids of the tracks that it is about
    figure      the measured value, None where there is none to measure
    low, high   what it should lie between, None: open
    unit        of the three
    """

    kind: str
    said: str
    weight: float
    first_bar: int
    last_bar: int
    tracks: tuple[str, ...]
    figure: float | None
    low: float | None
    high: float | None
    unit: str
    remedy: Remedy

    def data(self) -> dict[str, Any]:
        """Return it as JSON has it; `of` reads it."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return the finding that `data` gave."""
        return cls(**{**data, "tracks": tuple(data["tracks"]), "remedy": Remedy(**data["remedy"])})

    @property
    def bars(self) -> str:
        """Return the bars in words: `bar 5`, `bars 5-8`."""
        return where(self.first_bar, self.last_bar)


def where(first_bar: int, last_bar: int) -> str:
    """Return bars in words."""
    return f"bar {first_bar}" if first_bar == last_bar else f"bars {first_bar}-{last_bar}"


def within(first_bar: int, last_bar: int) -> str:
    """Return bars as a scope."""
    return str(first_bar) if first_bar == last_bar else f"{first_bar}-{last_bar}"


def percent(share: float) -> str:
    """Return a share, 0–1, in words."""
    return f"{100 * share:.0f} %"


def decibels(value: float) -> str:
    """Return decibels in words, without a sign."""
    return f"{abs(value):.1f} dB"


def excess(value: float, goal: float, full: float) -> float:
    """Return how far a value is beyond its goal, 0–1; 1 where it is `full` away, or further."""
    return min(max((value - goal) / (full - goal), 0.0), 1.0)


def runs(bars: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stretches of bars that follow each other, the longest first."""
    found: list[tuple[int, int]] = []
    for bar in sorted(bars):
        if found and found[-1][1] == bar - 1:
            found[-1] = (found[-1][0], bar)
        else:
            found.append((bar, bar))
    return sorted(found, key=lambda run: (run[0] - run[1], run[0]))
