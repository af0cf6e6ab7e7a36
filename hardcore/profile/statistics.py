"""Statistics: what a row of choices says of a taste, how sure that is, and how much of it is acted on.

The pieces of a person are few and their choices scatter, so every estimate is drawn towards neutral by a prior, and
counts only where it stands clear of chance.

- *Decay*: the piece that is `age` pieces old weighs `2 ** (-age / HALF_LIFE)` (exponential smoothing: Brown,
  "Exponential smoothing for predicting demand", 1956). Age is counted in pieces, so that a pause forgets nothing.
- *Mean*: `Σ w·x / Σ w`; *effective number* `(Σ w)² / Σ w²` (Kish, "Survey Sampling", 1965).
- *Variance*: `(ν·s² + Σ w·(x − mean)²) / (ν + Σ w)`, drawn to the usual spread s² by ν = 2 choices: the posterior of a
  scaled inverse χ² prior (Gelman et al., "Bayesian Data Analysis", 3rd ed., 2.6). Its *error* is the square root of
  that over the effective number.
- *Shrinkage*: `(Σ w·x + k·prior) / (Σ w + k)`, k = 1: one choice's worth of the prior, which is neutral, or, where one
  taste holds in several styles, that of all of them (normal mean with a normal prior, ibid. 2.5).
- *Certain* is a mean that lies clear of 0, with at least three choices on its side: further than chance takes the mean
  of an indifferent person in one of 200 cases, which is a quantile of Student's t with `ν + effective number` degrees
  of freedom, by its expansion `z + (z³ + z) / 4ν + (5z⁵ + 16z³ + 3z) / 96ν²` from the normal's (Abramowitz and Stegun,
  "Handbook of Mathematical Functions", 26.7.5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from hardcore.profile.model import Observation
from hardcore.profile.quantities import Quantity, quantity

HALF_LIFE = 16.0
PRIOR = 1.0
FREEDOM = 2.0
NORMAL = 2.807  # the normal quantile that chance passes in one of 200 cases, either way
LEAST_PIECES, LEAST_STYLES = 3, 2
# a name has to have been the choice in so large a share, one neutral choice added
CLEAR_SHARE = 0.6

Weighed = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of one thing.

    value   the offset in its own unit, or a name; None where no name stands out
    pieces  from how many pieces: those of the style, or of all styles where one taste holds in several
    last    when the newest of them was, seconds since 1970
    holds   whether it is certain enough to be acted on
    """

    value: float | str | None
    pieces: int
    last: float
    holds: bool


def learned(pieces: Sequence[Observation], style: str, part: str, what: str) -> Learned:
    """Return what the pieces, the newest first, say of something in a style; an empty style: in all of them."""
    known = [
        (2 ** (-age / HALF_LIFE), one, value)
        for age, one in enumerate(pieces)
        if (value := one.offsets.get(part, {}).get(what)) is not None
    ]
    measure = quantity(what)
    if measure is None:
        value, evidence, holds = _name(known, style)
    else:
        value, evidence, holds = _number(known, style, measure)
    return Learned(value, len(evidence), max((one.at for one in evidence), default=0.0), holds)


_Known = list[tuple[float, Observation, float | str]]


def _number(known: _Known, style: str, measure: Quantity) -> tuple[float, list[Observation], bool]:
    numbers = [(weight, one, value) for weight, one, value in known if not isinstance(value, str)]
    everywhere = [(weight, value) for weight, _, value in numbers]
    holds = certain(everywhere, measure.spread) and _reaches(one for _, one, value in numbers if value)
    shared = shrunk(everywhere) if holds else 0.0
    own = [(weight, one, value) for weight, one, value in numbers if style in ("", one.style)]
    mine = [(weight, value) for weight, _, value in own]
    if not style:
        return shrunk(everywhere), [one for _, one, _ in own], holds
    of_style = certain(mine, measure.spread)
    evidence = numbers if holds and not of_style else own
    return shrunk(mine, shared), [one for _, one, _ in evidence], holds or of_style


def _reaches(pieces: Iterable[Observation]) -> bool:
    """Return whether a taste is of so many styles that it holds in others."""
    return len({one.style for one in pieces}) >= LEAST_STYLES


def shrunk(values: Sequence[Weighed], prior: float = 0.0) -> float:
    """Return the mean of weighed values, drawn to a prior mean."""
    return (sum(w * x for w, x in values) + PRIOR * prior) / (sum(w for w, _ in values) + PRIOR)


def certain(values: Sequence[Weighed], spread: float) -> bool:
    """Return whether the mean of weighed values stands clear of 0."""
    weight = sum(w for w, _ in values)
    if not weight:
        return False
    mean = sum(w * x for w, x in values) / weight
    squares = sum(w * (x - mean) ** 2 for w, x in values)
    effective = weight**2 / sum(w * w for w, _ in values)
    error = sqrt((FREEDOM * spread**2 + squares) / (FREEDOM + weight) / effective)
    return sum(x * mean > 0 for _, x in values) >= LEAST_PIECES and abs(mean) >= error * _quantile(FREEDOM + effective)


def _quantile(freedom: float) -> float:
    """Return how many errors chance takes a mean away in one of 200 cases, with so many degrees of freedom."""
    z = NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _name(known: _Known, style: str) -> tuple[str | None, list[Observation], bool]:
    """Return the name that stands out in a style, or in all where it was chosen in several."""
    names = [(weight, one, str(value)) for weight, one, value in known]
    own = [row for row in names if style in ("", row[1].style)]
    for rows, reaches in ((own, bool(style)), (names, False)):
        best = _favourite(rows)
        if best is not None:
            chosen = [one for _, one, value in rows if value == best]
            holds = len(chosen) >= LEAST_PIECES and (reaches or _reaches(chosen))
            if holds or rows is names:
                return best, [one for _, one, _ in (rows if holds else own)], holds
    return None, [one for _, one, _ in own], False


def _favourite(rows: Sequence[tuple[float, Observation, str]]) -> str | None:
    """Return the name that a person chose in a clear share of pieces; that it was kept speaks for it, too."""
    shares: dict[str, float] = {}
    for weight, _, value in rows:
        name = value.removeprefix("=")
        shares[name] = shares.get(name, 0.0) + weight
    chosen = {value for _, _, value in rows if not value.startswith("=")}
    whole = sum(shares.values()) + PRIOR
    clear = [name for name in sorted(chosen) if shares[name] / whole >= CLEAR_SHARE]
    return clear[0] if clear else None
