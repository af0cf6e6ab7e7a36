"""Scopes: where in time an order holds, "in the break", "bars 5-8", "for the last 4 bars", "from bar 9 on"."""

import re
from collections.abc import Iterator, Sequence

from hardcore.language.nestedscopes import as_text, but_one, edge_of, ending, inside, outside
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
_COUNT = r"(?:\d\b|one\b|two\b|three\b|four\b|five\b)"
# what a number after a section is of, if it is not its own: "in the verse 2 dB down"
_UNITS = r"(?:bars?|db|%|beats?|times|semitones?|octaves?|steps?|hz|bpm|ms|cents?|more|less|per ?cent|st\b)"
_LEAD = (
    r"(?:\b(?:in|during|for|over|at|on|only in|within|through|throughout|across|of|into|im|in der|in dem|beim|während"
    r"|dans|pendant|en|no|na|durante)(?: l['’]| all| the| le| la| les| el| los| las| o| a)? )?"
)
# what a number after bars is not of: "in bar 4 and 6 dB down"
_NO_UNIT = r"(?! ?(?:db|%|bpm|k?hz|ms|beats?|times|semitones?|octaves?|cents?|steps?|per ?cent|of|bars?)\b)"
_RANGE = rf"{_N}(?: ?(?:-|–|to|through|thru|until|till) ?(?:bar )?{_N})?{_AFTER}"
_BARS = re.compile(
    rf"(?:{_LEAD}\bbars? (?P<list>{_RANGE}"
    rf"(?:(?:, ?(?:and )?| and | & | plus )(?:(?:in |on )?bars? )?{_RANGE}{_NO_UNIT})*)"
    rf"|\bbetween bars? (?P<a>{_N}) and (?:bar )?(?P<b>{_N}){_AFTER})",
    re.IGNORECASE,
)
_ONE_RANGE = re.compile(rf"(?P<a>{_N})(?: ?(?:-|–|to|through|thru|until|till) ?(?:bar )?(?P<b>{_N}))?", re.IGNORECASE)
_EDGE = re.compile(
    rf"{_LEAD}(?:the )?\b(?P<which>first|last|final|opening|closing|(?:second|2nd)(?= half)) (?:(?P<n>{_N}) )?"
    rf"(?P<unit>bars?|half|quarter|beats?){_AFTER}"
    r"(?: of the (?:whole )?(?:song|track|piece|loop|tune|beat|thing)\b)?(?! (?:of|in|before|after|into) )",
    re.IGNORECASE,
)
# all of a loop: "over the eight bars"
_ALL_BARS = re.compile(
    rf"\b(?:over|across|during|throughout) (?:all )?(?:the|these) (?:whole )?(?P<n>{_N}) bars{_AFTER}"
    r"(?! (?:of|in|before|after|into|at|from) )",
    re.IGNORECASE,
)
_AT_EDGE = re.compile(
    rf"{_LEAD}(?:the )?(?P<n>{_N}) bars? (?:at|from|of) the (?:very )?(?P<edge>start|beginning|top|end){_AFTER}(?! of)",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"\b(?P<lead>from|after|starting (?:at|from)|as of|since) bar (?P<a>{_N})(?: on(?:wards?)?| onward"
    rf"|,? (?:to|till|until|up to) the (?:very )?end)?{_AFTER}",
    re.IGNORECASE,
)
_AT = re.compile(rf"\b(?:at|on|in|from|before|until|till) bar (?P<a>{_N}){_AFTER}", re.IGNORECASE)
_UNTIL = re.compile(rf"\b(?:until|till|before|up to|not before) bar (?P<a>{_N}){_AFTER}", re.IGNORECASE)
_AFTER_BARS = re.compile(rf"\b(?:only )?after (?:the first )?(?P<n>{_N}) bars?{_AFTER}(?! of| before)", re.IGNORECASE)
_SECTION_ON = re.compile(
    r"\b(?:only )?(?:from|as of|starting (?:at|from|with)) (?P<name>(?:the )?[\w ]+?)"
    r" (?:on(?:wards?)?\b(?! the)|(?:to|till|until) the (?:very )?end\b)",
    re.IGNORECASE,
)
_UNTIL_SECTION = re.compile(
    r"\b(?:until|till|up until) (?P<name>(?:the )?[\w ]+?)(?=$|[,.;!?]| and | then | please)", re.IGNORECASE
)
_SAME_NAME = re.compile(
    rf"\b(?:than|as|like|from|to|in|for|during)(?: in)? (?P<named>the (?P<which>{'|'.join(_ORDINALS)})(?: one)?)"
    r"(?=$|[ ,.;!?]+(?!\w)|,? (?:and|please|thanks|too|instead|then)\b)",
    re.IGNORECASE,
)
_EVERY = re.compile(rf"\b(?:on |in |at )?every (?:(?P<n>{_N}|second|other|third|fourth) )?bars?{_AFTER}", re.IGNORECASE)


def scopes(text: str, project: ProjectState) -> list[Span]:
    """Return every stretch of a cleaned sentence that says where in time."""
    length = length_bars(project)
    named = list(_sections(text, project))
    named += _ellipses(text, named, project)
    nested = [*inside(text, named, project), *but_one(text, named, project)]
    endings = ending(text, named, project)
    plain = [*_bars(text), *_edges(text, length), *named, *nested]
    return [
        *plain,
        *_from(text, length),
        *_every(text),
        *outside(text, plain, project, length),
        *_section_on(text, project, length),
        *_until_section(text, project),
        *endings,
    ]


def _span(match: re.Match[str], scope: str, key: str = "") -> Span:
    if match[0].strip().casefold().startswith("only"):
        key = "only"  # "only there" says more than "there"
    return Span(match.start(), match.end(), match[0], (Sense("scope", key, Scope(scope, match[0].strip())),))


def _bars(text: str) -> Iterator[Span]:
    for match in _BARS.finditer(text):
        said = [match] if match["a"] else list(_ONE_RANGE.finditer(match["list"]))
        ranges = [(int(number(one["a"])), int(number(one["b"] or one["a"]))) for one in said]
        if all(0 < first <= last for first, last in ranges):
            alone = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
            words = as_text(ranges) if len(ranges) > 1 else f"{ranges[0][0]}-{ranges[0][1]}"
            yield _span(match, words, "bar" if alone else "bars")


def _edges(text: str, length: int) -> Iterator[Span]:
    for match in _ALL_BARS.finditer(text):
        if int(number(match["n"])) == length:
            yield _span(match, f"1-{length}", "bars")
    for match in _AT_EDGE.finditer(text):
        bars = int(number(match["n"]))
        if 0 < bars <= length:
            first = match["edge"].lower() != "end"
            yield _span(match, f"1-{bars}" if first else f"{length - bars + 1}-{length}", "bars")
    for match in _EDGE.finditer(text):
        part = edge_of(match["which"], match["n"], match["unit"], (1, length))
        if part is not None:
            yield _span(match, f"{part[0]}-{part[1]}", "bars")


def _from(text: str, length: int) -> Iterator[Span]:
    for match in _FROM.finditer(text):
        first = int(number(match["a"])) + (match["lead"].casefold() == "after")
        if first <= length:
            yield _span(match, f"{first}-{length}", "from")
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
    longest = sorted(spoken, key=len, reverse=True)
    # "the verse 2 bars longer" is no second verse
    either = "|".join(re.escape(one) + (rf"(?! ?{_UNITS})" if one[-1].isdigit() else "") for one in longest)
    pattern = re.compile(
        rf"{_LEAD}(?:the |every |each |both |any |all |all the |all (?:two|three|four) )?"
        rf"(?:(?P<which>(?:{which})(?:(?:,| and|, and) (?:the )?(?:{which}))*) "
        rf"(?:(?P<few>two|three|four|[2-9]) (?=\w+s\b))?)?"
        rf"\b(?P<name>{either})(?: (?P<n>{_COUNT}(?:(?:,| and|, and) {_COUNT})*)(?! ?{_UNITS}))?{_AFTER}"
        r"(?: section)?",
        re.IGNORECASE,
    )
    for match in pattern.finditer(text):
        name = spoken[match["name"].casefold()]
        found = _picked(rows, name, match["which"], match["n"], match["few"])
        if found:
            yield _span(match, found, "section")
            bare = match.start("which") if match["which"] else match.start("name")
            if bare > match.start():  # "get rid of the intro": the "of" is the verb's
                yield Span(bare, match.end(), text[bare : match.end()], _span(match, found, "section").senses)


def missing_section(text: str, project: ProjectState) -> str | None:
    """Return a section by name and number that a sentence names and the song has not, such as "chorus 4"."""
    bases = [re.sub(r" \d+$", "", name.casefold()) for name, _, _ in section_bars(project)]
    for name in dict.fromkeys(bases):
        for match in re.finditer(rf"\b{re.escape(name)} (?P<n>\d{{1,2}})(?! ?{_UNITS}){_AFTER}", text, re.IGNORECASE):
            if int(match["n"]) > bases.count(name):
                return match[0]
    return None


def _ellipses(text: str, named: Sequence[Span], project: ProjectState) -> Iterator[Span]:
    """Yield "the first" of "make the second chorus louder than the first": one more section of that name."""
    rows = section_bars(project)
    for match in _SAME_NAME.finditer(text):
        before = next((span for span in named if span.end <= match.start()), None)
        if before is not None:
            base = re.sub(r" \d+$", "", before.senses[0].value.text.split(",")[0].casefold())
            found = _picked(rows, base, match["which"], None, None)
            if found:
                start, end = match.span("named")
                yield Span(start, end, match["named"], (Sense("scope", "section", Scope(found, match["named"])),))


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


def _picked(
    rows: Sequence[tuple[str, int, int]], name: str, which: str | None, digits: str | None, few: str | None
) -> str:
    """Return what --in takes for a section that is named: its name; where some of several are meant their numbers."""
    base = re.sub(r" \d+$", "", name)
    alike = [row for row in rows if re.sub(r" \d+$", "", row[0].casefold()) == base]
    if digits is not None:
        places = [int(number(one)) for one in re.findall(r"\w+", digits) if one.casefold() != "and"]
    elif which is not None:
        places = [_ORDINALS[one.casefold()] for one in re.findall(r"\w+", which) if one.casefold() in _ORDINALS]
        if few is not None:
            count = int(number(few))
            places = list(range(1, count + 1)) if places[0] > 0 else list(range(-count, 0))
    else:
        return name if name != base or len({row[0] for row in alike}) == 1 else base
    found = [place - 1 if place > 0 else len(alike) + place for place in places]
    if not all(0 <= place < len(alike) for place in found):
        return ""
    return ",".join(f"{base} {place + 1}" if len(alike) > 1 else base for place in dict.fromkeys(found))


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
