"""How many bars the sections of a plan have at which tempo: the earlier planner's v3, kept exactly.

The formulas are those of Timbre's planner (October 2025), in seconds, bars and beats per minute; `round` is Python's,
to even.
"""

from typing import NamedTuple

from hardcore.knowledge.planning import FormTemplate, SectionTemplate, planning

SLOWEST, FASTEST = 68, 128
LONG_S, LONG_SECTION_S, SHORTEST_S = 90, 16.0, 2.0
MOTIF_S = (2.0, 24.0)
BEATS = 4
# Where a bar is added first, and where one is taken away first.
ADDED = ("chorus", "motif", "bridge", "development", "intro", "outro", "resolution")
REMOVED = ("outro", "intro", "bridge", "resolution", "development", "motif", "chorus")


class Sized(NamedTuple):
    """A section with its length in bars and seconds."""

    template: SectionTemplate
    bars: int
    seconds: float


def form(templates: tuple[FormTemplate, ...], seconds: float) -> tuple[SectionTemplate, ...]:
    """Return the sections of the first form, longest first, that a piece of so many seconds reaches."""
    ordered = sorted(templates, key=lambda template: -template.least_s)
    return next(template for template in ordered if template.least_s <= seconds).sections


def tempo(sections: tuple[SectionTemplate, ...], seconds: float) -> int:
    """Return the tempo in beats per minute at which the form lasts `seconds`, from 68 to 128."""
    bars = sum(section.bars[0] for section in sections)
    return min(max(round(60 * BEATS * bars / seconds), SLOWEST), FASTEST)


def sized(seconds: float, motif: bool = False) -> tuple[int, tuple[Sized, ...]]:
    """Return the tempo and the sections of a piece of about `seconds` (at least 2), or of a motif alone (2–24 s)."""
    known = planning()
    seconds = max(seconds, SHORTEST_S)
    if motif:
        seconds = min(max(seconds, MOTIF_S[0]), MOTIF_S[1])
    is_long = seconds >= LONG_S and not motif
    sections = form(known.motif if motif else known.long if is_long else known.short, seconds)
    bpm = tempo(sections, seconds)
    bar_s = 60 * BEATS / bpm
    bars = _long_bars(sections, seconds, bar_s) if is_long else _short_bars(sections, seconds, bar_s)
    floor = LONG_SECTION_S if is_long else SHORTEST_S
    return bpm, tuple(Sized(one, count, max(floor, count * bar_s)) for one, count in zip(sections, bars, strict=True))


def _short_bars(sections: tuple[SectionTemplate, ...], seconds: float, bar_s: float) -> list[int]:
    total = sum(section.bars[0] for section in sections)
    shares = [max(SHORTEST_S, seconds * section.bars[0] / total) for section in sections]
    return [_within(section, round(share / bar_s)) for section, share in zip(sections, shares, strict=True)]


def _long_bars(sections: tuple[SectionTemplate, ...], seconds: float, bar_s: float) -> list[int]:
    least = sum(section.bars[1] for section in sections)
    target = max(least, round(seconds / max(1.0, bar_s)))
    total = sum(section.bars[0] for section in sections)
    bars = [_within(section, round(section.bars[0] * target / total)) for section in sections]
    while sum(bars) != target:
        step, order = (1, ADDED) if sum(bars) < target else (-1, REMOVED)
        before = list(bars)
        for role in order:
            for at, section in enumerate(sections):
                if section.role == role and sum(bars) != target:
                    bars[at] = _within(section, bars[at] + step)
        if bars == before:
            break
    return bars


def _within(section: SectionTemplate, bars: int) -> int:
    return min(max(bars, section.bars[1]), section.bars[2])
