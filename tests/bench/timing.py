"""What a measurement is, and how it is taken: the median of several runs."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

UNITS = {"µs": 1e6, "ms": 1e3, "s": 1.0, "×": 1.0, "B": 1.0, "%": 100.0}


# What is slower by more than that share, and by more than the parent's own runs differ, is worse.
WORSE = 0.05


@dataclass(frozen=True, slots=True)
class Against:
    """A value over that of the parent, and how far the parent's own runs lay apart, as a share of their median.

    One run lies apart from nothing: its spread is None, and nothing is called worse for it.
    """

    ratio: float
    spread: float | None

    def __str__(self) -> str:
        return f"{self.ratio:.2f}× ({'one run' if self.spread is None else f'runs differ by {self.spread:.0%}'})"


@dataclass(frozen=True, slots=True)
class Measure:
    """A value (seconds, bytes or a share; `unit` is that of the goal), what it was compared with beside it, its goal.

    ratio  the value over that of `against`
    goal   the most it may be, or the least where `unit` is × (times as fast as it plays)
    met    says it where the goal is no plain limit on the value
    parent   how it compares with the parent commit, where both were measured by turns
    """

    name: str
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None
    goal: float | None = None
    goal_said: str = ""
    met: bool | None = None
    parent: Against | None = None

    @property
    def is_met(self) -> bool | None:
        """Return whether the goal is met, None when there is none."""
        if self.met is not None or self.goal is None:
            return self.met
        return self.value >= self.goal if self.unit == "×" else self.value <= self.goal

    @property
    def is_worse(self) -> bool:
        """Return whether the parent was better by more than chance explains."""
        if self.parent is None or self.parent.spread is None:
            return False
        times = 1 / self.parent.ratio if self.unit == "×" else self.parent.ratio
        return times > 1 + max(WORSE, self.parent.spread)

    def row(self) -> tuple[str, str, str, str, str, str]:
        """Return it as a row: name, value, ratio, against the parent, goal, met or not."""
        ratio = f"{figure(self.ratio)}× {self.against}" if self.ratio is not None else self.against
        if self.goal_said or self.goal is None:
            goal = self.goal_said
        else:
            goal = f"{'≥' if self.unit == '×' else '≤'} {shown(self.goal, self.unit)}"
        mark = {None: "", True: "met", False: "not met"}[self.is_met]
        unit = self.unit if self.unit in ("×", "B", "%") else fitting(self.value)
        parent = f"{self.parent}{', worse' if self.is_worse else ''}" if self.parent else ""
        return self.name, shown(self.value, unit), ratio, parent, goal, mark


def fitting(seconds: float) -> str:
    """Return the unit in which a time is easiest to read."""
    return "µs" if seconds < 1e-3 else "ms" if seconds < 0.1 else "s"


def shown(value: float, unit: str) -> str:
    """Return a value as people write it: seconds in `unit`, factors with a ×."""
    text = figure(value * UNITS[unit])
    return f"{text}×" if unit == "×" else f"{text} {unit}"


def figure(value: float) -> str:
    """Return a number with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def median_s(act: Callable[[], object], times: int, prepare: Callable[[], object] = lambda: None) -> float:
    """Return the median time of `act` in seconds; `prepare` runs before each and is not counted."""
    found = []
    gc.collect()
    for _ in range(times):
        prepare()
        start = perf_counter()
        act()
        found.append(perf_counter() - start)
    return median(found)
