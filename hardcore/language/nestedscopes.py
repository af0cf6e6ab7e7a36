"""Places in places: "the last two bars of the second chorus", "bar 3 of the bridge", and all but a place."""

import re
from collections.abc import Iterator, Sequence

from hardcore.errors import UserError
from hardcore.language.numbers import NUMBER, number
from hardcore.language.spans import Scope, Sense, Span
from hardcore.project.scope import find_scope, length_bars
from hardcore.project.state import ProjectState

Bars = tuple[int, int]
_N = rf"(?:{NUMBER})"
_PLACES = {name: place for place, names in enumerate(
    (("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("fourth", "4th"), ("fifth", "5th"), ("sixth", "6th"),
     ("seventh", "7th"), ("eighth", "8th")), 1) for name in names}  # fmt: skip
_LAST = ("last", "final", "closing", "very last")
_HALVES = {"half": 2, "quarter": 4}
_LEAD = r"(?:\b(?:in|during|for|over|at|on|only in|within|through|throughout|across|from) )?"
# what stands before the name of a section: which of its bars
_EDGE = re.compile(
    rf"{_LEAD}(?:the |its )?\b(?:"
    rf"(?P<which>first|opening|last|final|very last|closing|(?:second|2nd)(?= half)) (?:(?P<n>{_N}) )?"
    r"(?P<unit>bars?|half|quarter)"
    rf"|(?P<at>{'|'.join(_PLACES)}) bar|bars? (?P<a>{_N})(?: ?(?:-|–|to|through|and) ?(?P<b>{_N}))?"
    rf"|(?P<few>{_N}) bars?|(?P<mid>half ?-?way)|bars?)(?P<near> (?:right |just |directly )?(?:before|after))?$",
    re.IGNORECASE,
)
_AT_END = re.compile(r"\b(?:at|towards?|by|to) the (?:very )?(?:end|close)(?P<of> of)?$", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"(?:\b(?:everywhere|anywhere|always|all over|in (?:all|every) sections?)(?: else)?,? ?"
    r"(?:but|except|apart from|besides|not)"
    r"|,? ?\b(?:except|but not|just not|only not|apart from|other than|save for|outside)(?: for| of)?)$",
    re.IGNORECASE,
)
# words before a section that mean all of its name
EACH = frozenset({"every", "each", "all", "both"})
# "in every chorus but not in the first"
_BUT_ONE = re.compile(
    rf",? ?\b(?:but not|except|apart from|other than|save for|not|but)(?: for)?(?: in)? (?:the )?"
    rf"(?P<which>{'|'.join(_PLACES)}|last|final)(?: one| time)?(?! (?:bars?|half|quarter|beats?|\d))(?![\w])",
    re.IGNORECASE,
)
_PLACED = ("in ", "during ", "for ", "over ", "through ", "throughout ")
_EVERYWHERE = ("everywhere", "anywhere", "always", "all over", "in all", "in every", "outside")


def as_text(ranges: Sequence[Bars]) -> str:
    """Return ranges of bars as --in takes them, those that follow each other as one: `3-4,8`."""
    found: list[Bars] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in found)


def edge_of(which: str, count: str | None, unit: str, bars: Bars) -> Bars | None:
    """Return the first or last bars, half or quarter of a stretch; None where it has not so many, or of beats."""
    start, end = bars
    if unit.casefold().startswith("beat"):
        return None
    among = _HALVES.get(unit.casefold())
    few = (end - start + 1) // among if among else int(number(count)) if count else 1
    if not 0 < few <= end - start + 1:
        return None
    last = which.casefold() in (*_LAST, "second", "2nd")
    return (end - few + 1, end) if last else (start, start + few - 1)


def inside(text: str, named: Sequence[Span], project: ProjectState) -> Iterator[Span]:
    """Yield the bars in, before or after sections that are named: "the last bar before every drop"."""
    for span in named:
        match = _EDGE.search(text[: span.start].rstrip())
        leads = span.text.casefold().split()[0] in ("of", "in", "at", "through", "into")
        if match is None or not (leads or match["near"]) or (match["near"] and span.text.casefold().startswith("of ")):
            continue
        there = stretches(project, span.senses[0])
        if match["near"] and not EACH & set(span.text.casefold().split()):
            there = there[:1]  # "before the drop" is before the first of them, as a fill is
        found = [_within(match, bars) for bars in there]
        total = length_bars(project)
        if found and all(bars is not None and 0 < bars[0] <= bars[1] <= total for bars in found):
            words = text[match.start() : span.end]
            sense = Sense("scope", "bars", Scope(_ranges([bars for bars in found if bars]), words.strip()))
            yield Span(match.start(), span.end, words, (sense,))


def ending(text: str, named: Sequence[Span], project: ProjectState) -> Iterator[Span]:
    """Yield the last bar of sections for what leads out of them: a fill "at the end of every verse"."""
    for span in named:
        match = _AT_END.search(text[: span.start].rstrip())
        if match is not None and (match["of"] or span.text.casefold().startswith("of ")):
            bars = [(last, last) for _, last in stretches(project, span.senses[0])]
            words = text[match.start() : span.end]
            yield Span(match.start(), span.end, words, (Sense("ending", "", Scope(_ranges(bars), words.strip())),))


def _ranges(found: Sequence[Bars]) -> str:
    text = as_text(found)
    return text if "," in text or "-" in text else f"{text}-{text}"


def _within(match: re.Match[str], bars: Bars) -> Bars | None:
    """Return which of the bars of a section are meant, or of those beside it."""
    start, end = bars
    if match["near"]:
        count = int(number(match["n"] or match["few"] or "1"))
        before = match["near"].casefold().endswith("before")
        return (start - count, start - 1) if before else (end + 1, end + count)
    if match["mid"]:
        return ((start + end + 1) // 2, end)
    if match["which"]:
        return edge_of(match["which"], match["n"], match["unit"], bars)
    first = _PLACES[match["at"].casefold()] if match["at"] else int(number(match["a"])) if match["a"] else 0
    last = int(number(match["b"])) if match["b"] else first
    return (start + first - 1, start + last - 1) if 0 < first <= last <= end - start + 1 else None


def stretches(project: ProjectState, scope: Sense) -> list[Bars]:
    """Return the first and last bars, from 1, of each stretch of a place; none where the piece has no such place."""
    bar_of = project.meter_map.bar_of
    try:
        found = find_scope(project, scope.value.text).stretches
    except UserError:
        return []
    return [(bar_of(one.start_ticks) + 1, bar_of(one.end_ticks - 1) + 1) for one in found]


def but_one(text: str, named: Sequence[Span], project: ProjectState) -> Iterator[Span]:
    """Yield all of several sections but one of them: "in every chorus but not in the first"."""
    for span in named:
        match = _BUT_ONE.match(text, span.end)
        found = stretches(project, span.senses[0])
        if match is None or len(found) < 2:
            continue
        which = match["which"].casefold()
        place = len(found) - 1 if which in _LAST else _PLACES[which] - 1
        if place < len(found):
            words = text[span.start : match.end()]
            left = _ranges([bars for at, bars in enumerate(found) if at != place])
            yield Span(span.start, match.end(), words, (Sense("scope", "bars", Scope(left, words.strip())),))


def outside(text: str, plain: Sequence[Span], project: ProjectState, length: int) -> Iterator[Span]:
    """Yield all bars but those of a place: "everywhere but the intro", "except in the last 4 bars"."""
    for span in plain:
        match = _OUTSIDE.search(text[: span.start].rstrip())
        said = match[0].strip(" ,").casefold() if match is not None else ""
        if match is None or not (said.startswith(_EVERYWHERE) or span.text.casefold().startswith(_PLACED)):
            continue
        left, at = list[Bars](), 1
        for first, last in sorted(stretches(project, span.senses[0])):
            left += [(at, first - 1)] if first > at else []
            at = max(at, last + 1)
        left += [(at, length)] if at <= length else []
        if left and at > 1:
            words = text[match.start() : span.end]
            sense = Sense("scope", "bars", Scope(_ranges(left), words.strip(" ,")))
            yield Span(match.start(), span.end, words, (sense,))
