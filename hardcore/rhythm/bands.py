"""Targets as bands: which figure of the log belongs where, and which targets a session does not reach."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from hardcore.rhythm.config import Rhythm

# How far the mean of a figure may lie beside its band and still count as reached.
NEAR, E_NEAR = 0.03, 0.05
# The bars in which a session finds its targets.
SETTLING = 8


class Band(NamedTuple):
    """Where the mean of a figure belongs.

    figure     its column in the log
    low, high  None: that end is open
    hits       the column without which a bar does not count, such as one that a condition empties; empty: all count
    """

    figure: str
    low: float | None
    high: float | None
    near: float = NEAR
    hits: str = ""

    @property
    def text(self) -> str:
        """Return the band as `0.3–0.4`, `0.9`, or nothing where both ends are open."""
        if self.low is None and self.high is None:
            return ""
        if self.low == self.high:
            return f"{self.low:g}"
        return f"{'' if self.low is None else f'{self.low:g}'}–{'' if self.high is None else f'{self.high:g}'}"

    def verdict(self, mean: float) -> str:
        """Return `in its band`, `above`, `below`, or nothing where both ends are open."""
        if self.low is None and self.high is None:
            return ""
        if self.low is not None and mean < self.low - self.near:
            return "below"
        return "above" if self.high is not None and mean > self.high + self.near else "in its band"


def bands(rhythm: Rhythm) -> list[Band]:
    """Return the bands of E, S, H and of the density of every layer that is held to one; its ghosts come on top."""
    targets = rhythm.targets
    result = [
        Band("E", targets.E_target, targets.E_target, E_NEAR),
        Band("S", targets.S_low, targets.S_high),
        Band("H", targets.H_low, targets.H_high, hits="hat_c hits"),
    ]
    for name, layer in rhythm.layers.items():
        if aim := rhythm.density_of(name):
            ghosts = 1.0 if f"{name}.ghost_pre1_prob" in rhythm.moved else layer.ghost_pre1_prob
            low, high = max(0.0, aim[0] - aim[1]), min(1.0, (aim[0] + aim[1]) * (1 + ghosts))
            result.append(Band(f"{name} density", round(low, 6), round(high, 6), hits=f"{name} hits"))
    return result


def missed(rhythm: Rhythm, rows: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """Return a line for each target that the means of the log's rows do not reach.

    The first bars are left out, and of H and densities the bars that a condition empties.
    """
    rows = rows[SETTLING:] or rows
    lines = []
    for band in bands(rhythm):
        values = [row[band.figure] for row in rows if row.get(band.hits, 1.0)]
        mean = fmean(values or [0.0])
        if (verdict := band.verdict(mean)) in ("above", "below"):
            lines.append(f"{band.figure} is {mean:.2f}, {verdict} its target {band.text}: the layers do not reach it")
    return tuple(lines)
