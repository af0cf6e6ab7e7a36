"""A groove drawn in characters: one line a step, how far it is moved and how loud it is. Readable without colour."""

from collections.abc import Iterator

from hardcore.music.groove import GrooveTemplate
from hardcore.music.ticks import PPQ

ARM, BAR = 14, 12
MOST_LINES = 128


def draw(groove: GrooveTemplate, bpm: float) -> str:
    """Return the drawing: `o` is where a step sounds, left of `|` early and right of it late; `#` is its velocity."""
    widest = max(map(abs, groove.timing)) or 1
    loudest = max(1.0, *groove.velocity)
    head = f"{'step':<7}{'early':<{ARM}} {'late':>{ARM}}  {'ticks':>5}{'ms':>8}   velocity"
    lines = [head, *_lines(groove, bpm, widest, loudest)]
    if len(lines) > MOST_LINES:
        rest = len(lines) - MOST_LINES
        lines = [*lines[:MOST_LINES], f"and {rest} steps more"]
    return "\n".join(line.rstrip() for line in lines)


def _lines(groove: GrooveTemplate, bpm: float, widest: int, loudest: float) -> Iterator[str]:
    for step, (offset, factor) in enumerate(zip(groove.timing, groove.velocity, strict=True)):
        row = [" "] * ARM + ["|"] + [" "] * ARM
        place = round(offset / widest * ARM)
        for between in range(min(place, 0) + 1, max(place, 0)):
            row[ARM + between] = "-"
        row[ARM + place] = "o"
        ms = offset * 60_000 / bpm / PPQ
        level = "#" * round(factor / loudest * BAR)
        yield f"{_place(groove, step):<7}{''.join(row)}  {offset:>+5d}{ms:>+8.1f}   {factor * 100:>3.0f} % {level}"


def _place(groove: GrooveTemplate, step: int) -> str:
    """Return a step as musicians count it from 1: bar.beat.part of a beat; the bar only when there are several."""
    tick = step * groove.step_ticks
    bar, inside = divmod(tick, groove.bar_ticks) if groove.bar_ticks else (0, tick)
    beat, rest = divmod(inside, PPQ)
    shown = f"{beat + 1}.{rest // groove.step_ticks + 1}"
    return f"{bar + 1}.{shown}" if groove.bar_ticks and groove.length_ticks > groove.bar_ticks else shown
