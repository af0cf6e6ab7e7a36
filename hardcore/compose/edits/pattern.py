"""Pattern: a rhythm as one types it, laid over the bars of a clip.

every      `1/8`, `1/16t`, `1/4.`: one after the other from the start
euclid     `5/16`: five hits spread as evenly as sixteen steps of a bar allow
steps      `x..x..x.`: a sixteenth each, again and again; X accent, x hit, o ghost, 2 3 4 a roll, . and - rest
beats      `beats 2,4` or `beats 1 2.5`: of each bar, .5 is halfway to the next
words      `four` (every beat), `offbeats`, `backbeat`, `downbeats`, `quarters`, `eighths`, `sixteenths`
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.music.meter import MeterMap
from hardcore.music.ticks import SIXTEENTH, WHOLE
from hardcore.rhythm.euclid import MAX_STEPS, euclid

ACCENT, HIT, GHOST = "X", "x", "o"
_RESTS, _ROLLS = ".-", "234"
_FINEST_TICKS = 60
_NAMES = {
    "four": "four", "four on the floor": "four", "four to the floor": "four", "on the beat": "four",
    "offbeats": "offbeats", "offbeat": "offbeats", "backbeat": "backbeat", "downbeats": "downbeats",
    "downbeat": "downbeats",
    "quarters": "1/4", "eighths": "1/8", "sixteenths": "1/16", "triplets": "1/8t",
}  # fmt: skip
EXAMPLE = "1/8, 1/16t, 5/16, x..x..x., beats 2,4, four, offbeats, backbeat"


class Hit(NamedTuple):
    """A hit: where it stands in the clip, and its letter."""

    start_ticks: int
    letter: str = HIT


def pattern_hits(text: str, meter: MeterMap, length_ticks: int) -> list[Hit]:
    """Return the hits of a pattern over a clip, whose bars count from its start. Raises UserError naming examples."""
    plain = " ".join(text.strip().split())
    laid = _laid(_NAMES.get(plain.casefold(), plain))
    if laid is None:
        raise UserError(f"'{text.strip()[:40]}' is no rhythm", f"such as {EXAMPLE}")
    found = {hit.start_ticks: hit for hit in laid(meter, length_ticks) if hit.start_ticks < length_ticks}
    if not found:
        raise UserError(f"'{text.strip()[:40]}' has no hit", f"such as {EXAMPLE}")
    return [found[start] for start in sorted(found)]


_Laid = Callable[[MeterMap, int], Iterator[Hit]]


def _laid(text: str) -> _Laid | None:
    if match := re.fullmatch(r"1/(\d{1,3})([t.]?)", text):
        return _every(int(match[1]), match[2])
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})", text):
        return _euclid(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"(?:on )?beats? (\d[\d., &and]*)", text, re.IGNORECASE):
        return _beats([float(number) for number in re.findall(r"\d+(?:\.\d+)?", match[1])])
    steps = re.sub(r"[\s|]", "", text)
    if re.fullmatch(rf"[{ACCENT}{HIT}{GHOST}{_ROLLS}{_RESTS}]{{2,256}}", steps) and not steps.isdecimal():
        return _steps(steps)
    return {"four": _beat(0), "offbeats": _beat(0.5), "backbeat": _beat(1, 2), "downbeats": _beats([1])}.get(text)


def _every(part: int, sign: str) -> _Laid:
    ticks = round(WHOLE / max(part, 1) * {"t": 2 / 3, ".": 1.5, "": 1.0}[sign])
    if not part or ticks < _FINEST_TICKS:
        raise UserError(f"1/{part}{sign} is too fast", "1/128 at most")
    return lambda meter, length: (Hit(start) for start in range(0, length, ticks))


def _euclid(hits: int, steps: int) -> _Laid:
    if not 0 < hits <= steps <= MAX_STEPS:
        raise UserError(
            f"{hits}/{steps} is no euclidean rhythm", f"hits/steps, such as 5/16; {MAX_STEPS} steps at most"
        )
    mask = euclid(steps, hits)

    def laid(meter: MeterMap, length: int) -> Iterator[Hit]:
        for start, bar in _bars(meter, length):
            yield from (Hit(start + round(bar * step / steps)) for step, hit in enumerate(mask) if hit)

    return laid


def _steps(letters: str) -> _Laid:
    return lambda meter, length: (
        Hit(step * SIXTEENTH, letters[step % len(letters)])
        for step in range(-(-length // SIXTEENTH))
        if letters[step % len(letters)] not in _RESTS
    )


def _beats(numbers: list[float]) -> _Laid:
    def laid(meter: MeterMap, length: int) -> Iterator[Hit]:
        for start, bar in _bars(meter, length):
            unit = meter.at(start).unit_ticks
            most = bar // unit
            wrong = next((number for number in numbers if not 1 <= number < most + 1), None)
            if wrong is not None:
                raise UserError(f"no beat {wrong:g} in a bar of {most}", f"1 to {most}")
            yield from (Hit(start + round((number - 1) * unit)) for number in numbers)

    return laid


def _beat(after: float, every: int = 1) -> _Laid:
    """Return each beat, or every second one, and so far (in beats) behind it."""

    def laid(meter: MeterMap, length: int) -> Iterator[Hit]:
        for start, bar in _bars(meter, length):
            unit = meter.at(start).unit_ticks
            beats = (round((at + after) * unit) for at in range(0, bar // unit, every))
            yield from (Hit(start + beat) for beat in beats if beat < bar)

    return laid


def _bars(meter: MeterMap, length: int) -> Iterator[tuple[int, int]]:
    """Yield where each bar of a clip starts, and its ticks."""
    for bar in range(meter.bar_of(length - 1) + 1):
        start = meter.bar_start(bar)
        yield start, meter.bar_start(bar + 1) - start
