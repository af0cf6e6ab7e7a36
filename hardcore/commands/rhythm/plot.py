"""A session as curves on the terminal: what each bar was like, and how it was steered."""

from itertools import pairwise
from typing import TYPE_CHECKING

from hardcore.commands.core.results import Result, align

if TYPE_CHECKING:
    from hardcore.rhythm.session import Performance

BLOCKS = "▁▂▃▄▅▆▇█"
WIDTH = 48


class Curve(Result):
    """One figure over the bars: its least, mean and greatest value, and the curve between."""

    name: str
    low: float
    mean: float
    high: float
    target: str
    drawn: str

    def text(self) -> str:
        """Return the curve with its numbers."""
        return "  ".join(self.row())

    def row(self) -> tuple[str, ...]:
        """Return what stands in the plot's line."""
        numbers = (f"{value:.3g}" for value in (self.low, self.mean, self.high))
        return self.name, self.drawn, *numbers, self.target


class Plot(Result):
    """The curves of a session."""

    title: str
    curves: tuple[Curve, ...]

    def text(self) -> str:
        """Return the title and a line for each curve."""
        return "\n".join(
            [self.title, *align([("", "", "min", "mean", "max", "target"), *(c.row() for c in self.curves)])]
        )


def plotted(play: "Performance", title: str) -> Plot:
    """Return the curves of a performance, of everything that its log holds."""
    from hardcore.rhythm.bands import bands
    from hardcore.rhythm.log import log

    rows, cap = log(play), play.rhythm.targets.T_ms_cap
    wanted = {band.figure: band.text for band in bands(play.rhythm)}
    wanted["T_ms"] = "" if cap is None else f"≤ {cap:g}"
    curves = [_curve(name, [row[name] for row in rows], wanted.get(name, "")) for name in rows[0] if name != "bar"]
    return Plot(title=f"{title}: {play.bars} bars, seed {play.seed}", curves=tuple(curves))


def _curve(name: str, values: list[float], target: str) -> Curve:
    low, high = min(values), max(values)
    columns = min(WIDTH, len(values))
    edges = [place * len(values) // columns for place in range(columns + 1)]
    means = [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
    span = high - low
    drawn = "".join(BLOCKS[min(7, int((mean - low) / span * 8))] if span else BLOCKS[0] for mean in means)
    return Curve(name=name, low=low, mean=sum(values) / len(values), high=high, target=target, drawn=drawn)
