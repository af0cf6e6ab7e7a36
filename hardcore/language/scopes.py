"""Scopes: where in time an order holds, "in the break", "bars 5-8", "for the last 4 bars", "from bar 9 on"."""

import re
from collections.abc import Iterator, Sequence

from hardcore.language.numbers import NUMBER, number
from hardcore.language.spans import Scope, Sense, Span
from hardcore.project.scope import find_scope, length_bars, section_bars
from hardcore.project.state import ProjectState

_AFTER = r"(?![\w#♯♭])"
_N = rf"(?:{NUMBER})"
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "last": -1,
    "final": -1,
}
_LEAD = (
    r"(?:\b(?:in|during|for|over|at|on|only in|within|through|throughout|across|of|into|im|in der|in dem|beim|während"
    r"|dans|pendant|en|no|na|durante)(?: all| the| le| la| les| el| los| las| o| a)? )?"
)
_BARS = re.compile(
    rf"{_LEAD}\bbars? (?P<a>{_N})(?: ?(?:-|–|to|through|thru|and|until|till|,) ?(?:bar )?(?P<b>{_N}))?{_AFTER}",
    re.IGNORECASE,
)
_EDGE = re.compile(
    rf"{_LEAD}(?:the )?\b(?P<which>first|last|final|opening|second(?= half)) (?:(?P<n>{_N}) )?"
    rf"(?P<unit>bars?|half|quarter|beats?){_AFTER}"
    rf"(?:(?P<of> (?:of|in) (?:the )?(?P<section>[\w ]+?))(?=$|[,.;!?]| and | then | please))?",
    re.IGNORECASE,
)
_AT_EDGE = re.compile(
    rf"{_LEAD}(?:the )?(?P<n>{_N}) bars? (?:at|from|of) the (?:very )?(?P<edge>start|beginning|top|end){_AFTER}",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"\b(?:from|after|starting (?:at|from)|as of|since) bar (?P<a>{_N})(?: on(?:wards?)?| onward)?{_AFTER}",
    re.IGNORECASE,
)
_AT = re.compile(rf"\b(?:at|on|in|from|before|until|till) bar (?P<a>{_N}){_AFTER}", re.IGNORECASE)
_UNTIL = re.compile(rf"\b(?:until|till|before|up to|not before) bar (?P<a>{_N}){_AFTER}", re.IGNORECASE)
_LAST_BEFORE = re.compile(
    rf"{_LEAD}(?:the )?(?:last (?:(?P<n>{_N}) )?|(?P<few>{_N}) |(?<=the ))bars? (?:right |just )?before "
    rf"(?:the |every |each )?(?P<name>\w+(?: \d)?){_AFTER}",
    re.IGNORECASE,
)
_AFTER_BARS = re.compile(rf"\b(?:only )?after (?:the first )?(?P<n>{_N}) bars?{_AFTER}(?! of| before)", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:everywhere|always|all over|in (?:all|every) sections?)(?: else)? ?(?:but|except|apart from|besides|,? ?not)"
    r"(?: in| for| during)? ",
    re.IGNORECASE,
)
_SECTION_ON = re.compile(
    r"\b(?:only )?(?:from|as of|starting (?:at|from|with)) (?P<name>(?:the )?[\w ]+?) on(?:wards?)?\b(?! the)",
    re.IGNORECASE,
)
_UNTIL_SECTION = re.compile(
    r"\b(?:until|till|up until) (?P<name>(?:the )?[\w ]+?)(?=$|[,.;!?]| and | then | please)", re.IGNORECASE
)
_EVERY = re.compile(rf"\b(?:on |in |at )?every (?:(?P<n>{_N}|second|other|third|fourth) )?bars?{_AFTER}", re.IGNORECASE)


def scopes(text: str, project: ProjectState) -> list[Span]:
    """Return every stretch of a cleaned sentence that says where in time."""
    length = length_bars(project)
    return [
        *_before(text, project),
        *_bars(text),
        *_edges(text, project, length),
        *_from(text, length),
        *_every(text),
        *_sections(text, project),
        *_elsewhere(text, project, length),
        *_section_on(text, project, length),
        *_until_section(text, project),
    ]


def _span(match: re.Match[str], scope: str, key: str = "") -> Span:
    if match[0].strip().casefold().startswith("only"):
        key = "only"  # "only there" says more than "there"
    return Span(match.start(), match.end(), match[0], (Sense("scope", key, Scope(scope, match[0].strip())),))


def _bars(text: str) -> Iterator[Span]:
    for match in _BARS.finditer(text):
        first = int(number(match["a"]))
        last = int(number(match["b"])) if match["b"] else first
        if 0 < first <= last:
            yield _span(match, f"{first}-{last}", "bar" if not match["b"] else "bars")


def _edges(text: str, project: ProjectState, length: int) -> Iterator[Span]:
    for match in _AT_EDGE.finditer(text):
        bars = int(number(match["n"]))
        if 0 < bars <= length:
            first = match["edge"].lower() != "end"
            yield _span(match, f"1-{bars}" if first else f"{length - bars + 1}-{length}", "bars")
    for match in _EDGE.finditer(text):
        last = match["which"].lower() in ("last", "final", "second")
        start, end = 1, length
        if match["section"]:
            named = [row for row in section_bars(project) if row[0].casefold() == match["section"].strip().casefold()]
            if not named:
                continue
            _, start, end = named[-1 if last else 0]
        count = number(match["n"]) if match["n"] else 1
        unit = match["unit"].lower()
        if unit.startswith("beat"):
            continue
        bars = (end - start + 1) // {"half": 2, "quarter": 4}[unit] if unit in ("half", "quarter") else int(count)
        if 0 < bars <= end - start + 1:
            yield _span(match, f"{end - bars + 1}-{end}" if last else f"{start}-{start + bars - 1}", "bars")


def _before(text: str, project: ProjectState) -> Iterator[Span]:
    """Yield "the last bar before the drop"."""
    rows = section_bars(project)
    for match in _LAST_BEFORE.finditer(text):
        row = next((row for row in rows if row[0].casefold() in _spellings(match["name"].casefold())), None)
        count = int(number(match["n"] or match["few"] or "1"))
        if row is not None and 0 < count < row[1]:
            yield _span(match, f"{row[1] - count}-{row[1] - 1}", "bars")


def _from(text: str, length: int) -> Iterator[Span]:
    for match in _FROM.finditer(text):
        yield _span(match, f"{int(number(match['a']))}-{length}", "from")
    for match in _AFTER_BARS.finditer(text):
        bars = int(number(match["n"]))
        if 0 < bars < length:
            yield _span(match, f"{bars + 1}-{length}", "from")
    for match in _UNTIL.finditer(text):
        first = int(number(match["a"]))
        if first > 1:
            yield _span(match, f"1-{first - 1}", "until")
    for match in _AT.finditer(text):
        yield _span(match, f"{int(number(match['a']))}", "at")


def _every(text: str) -> Iterator[Span]:
    words = {"second": 2, "other": 2, "third": 3, "fourth": 4}
    for match in _EVERY.finditer(text):
        said = (match["n"] or "1").lower()
        yield _span(match, f"every{words.get(said) or int(number(said))}", "every")


def _sections(text: str, project: ProjectState) -> Iterator[Span]:
    rows = section_bars(project)
    names = {name.casefold() for name, _, _ in rows}
    # "drops" are all of them, "drop 2" is one
    spoken = {spelling: re.sub(r" \d+$", "", name) for name in names for spelling in _spellings(name)}
    spoken |= {name: name for name in names}
    if not spoken:
        return
    which = "|".join(_ORDINALS)
    either = "|".join(sorted(map(re.escape, spoken), key=len, reverse=True))
    pattern = re.compile(
        rf"{_LEAD}(?:the |every |each |both |any |all |all the )?(?:(?P<which>{which}) )?"
        rf"\b(?P<name>{either})(?: (?P<n>\d)(?! ?(?:bars?|db|%|beats?|times)))?{_AFTER}"
        r"(?: section)?",
        re.IGNORECASE,
    )
    for match in pattern.finditer(text):
        name = spoken[match["name"].casefold()]
        found = _picked(rows, name, match["which"], match["n"])
        if found:
            yield _span(match, found, "section")
            bare = match.start("which") if match["which"] else match.start("name")
            if bare > match.start():  # "get rid of the intro": the "of" is the verb's
                yield Span(bare, match.end(), text[bare : match.end()], _span(match, found, "section").senses)


def _elsewhere(text: str, project: ProjectState, length: int) -> Iterator[Span]:
    """Yield "everywhere but the intro": all bars but those."""
    for match in _ELSEWHERE.finditer(text):
        named = next(iter(_sections(text[match.end() :], project)), None)
        if named is None or named.start:
            continue
        scope = named.senses[0].value
        inside = find_scope(project, scope.text).stretches
        bar_of = project.meter_map.bar_of
        left, at = list[str](), 1
        for one in inside:
            first, last = bar_of(one.start_ticks) + 1, bar_of(one.end_ticks - 1) + 1
            left += [f"{at}-{first - 1}"] if first > at else []
            at = last + 1
        left += [f"{at}-{length}"] if at <= length else []
        if left:
            words = text[match.start() : match.end() + named.end]
            sense = Sense("scope", "bars", Scope(",".join(left), words))
            yield Span(match.start(), match.end() + named.end, words, (sense,))


def _section_on(text: str, project: ProjectState, length: int) -> Iterator[Span]:
    """Yield "from the second drop on": from its first bar to the end."""
    rows = section_bars(project)
    for match in _SECTION_ON.finditer(text):
        named = next(iter(_sections(match["name"], project)), None)
        if named is None or named.end != len(match["name"]) or named.start:
            continue
        start = find_scope(project, named.senses[0].value.text).stretches[0].start_ticks
        if rows:
            yield _span(match, f"{project.meter_map.bar_of(start) + 1}-{length}", "from")


def _until_section(text: str, project: ProjectState) -> Iterator[Span]:
    """Yield "until the first chorus": from the beginning to the bar before it."""
    for match in _UNTIL_SECTION.finditer(text):
        named = next(iter(_sections(match["name"], project)), None)
        if named is None or named.end != len(match["name"]) or named.start:
            continue
        start = find_scope(project, named.senses[0].value.text).stretches[0].start_ticks
        if bar := project.meter_map.bar_of(start):
            yield _span(match, f"1-{bar}", "until")


def _picked(rows: Sequence[tuple[str, int, int]], name: str, which: str | None, digit: str | None) -> str:
    """Return what --in takes for a section that is named: the name, or bars where one of several is meant."""
    base = re.sub(r" \d+$", "", name)
    alike = [row for row in rows if re.sub(r" \d+$", "", row[0].casefold()) == base]
    if digit is not None:
        wanted = int(digit)
    elif which is not None:
        wanted = _ORDINALS[which.casefold()]
    else:
        return name if name != base or len({row[0] for row in alike}) == 1 else base
    index = wanted - 1 if wanted > 0 else len(alike) + wanted
    if not 0 <= index < len(alike):
        return ""
    return f"{base} {index + 1}" if len(alike) > 1 else base


def _spellings(name: str) -> set[str]:
    base = re.sub(r" \d+$", "", name)
    other = {
        "break": ("breakdown", "brake", "braek"),
        "breakdown": ("break",),
        "chorus": ("refrain", "choruses"),
        "build": ("buildup", "build up"),
        "intro": ("introduction", "beginning", "opening"),
        "outro": ("ending", "end section"),
        "verse": ("verses",),
    }
    return {name, base, f"{base}s", *other.get(base, ())}
