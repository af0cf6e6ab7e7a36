"""Amount: how a value is to change: to another one, by a step, or times a factor; and the range it stays in."""

from typing import NamedTuple

from hardcore.errors import UserError


class Amount(NamedTuple):
    """One of three: an absolute value, a signed step, a factor."""

    to: float | None = None
    by: float | None = None
    factor: float | None = None

    def of(self, before: float) -> float:
        """Return what `before` becomes."""
        if self.to is not None:
            return self.to
        return before + self.by if self.by is not None else before * (1 if self.factor is None else self.factor)


def asked(to: float | None, by: float | None, factor: float | None = None, example: str = "--by 1") -> Amount:
    """Return the one amount that was given. Raises UserError unless exactly one was."""
    given = [value for value in (to, by, factor) if value is not None]
    if len(given) != 1:
        what = "say how much" if not given else "say one of: a value, --by, --factor"
        raise UserError(what, f"such as {example}")
    return Amount(to, by, factor)


def clipped(value: float, low: float, high: float, unit: str = "") -> tuple[float, str]:
    """Return the value within its range, and words where it was not: "as far as it goes (20 to 400 bpm)"."""
    inside = min(max(value, low), high)
    return inside, "" if inside == value else f"as far as it goes ({low:g} to {high:g}{unit})"
