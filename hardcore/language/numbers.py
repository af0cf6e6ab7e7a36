"""Numbers in a prompt: tempo, bars, seconds, meter, swing, found as spans of the text with their unit.

What has a unit is found first; a bare number is a tempo only when nothing else has claimed it (`bare_tempo`).
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from hardcore.errors import UserError
from hardcore.music.meter import parse_meter
from hardcore.music.tempo import HIGHEST_BPM, LOWEST_BPM

LOW_BPM, HIGH_BPM = LOWEST_BPM, HIGHEST_BPM
BARE_LOW_BPM = 40.0
MAX_BARS = 512

Kind = Literal["tempo", "bars", "beats", "seconds", "meter", "swing", "seed", "key", "mode", "tracks", "wrong"]


class Quantity(NamedTuple):
    """A piece of the text that is a quantity. `value` is its number, or (numerator, denominator); `why` it is wrong."""

    start: int
    end: int
    kind: Kind
    value: object = None
    why: str = ""


_UNITS = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_VALUES = {word: number for number, word in enumerate(_UNITS, 1)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
_NUMBER_WORD = "|".join(sorted([*_VALUES, "hundred"], key=len, reverse=True))
WORDED = rf"(?:(?:a[ ]hundred|{_NUMBER_WORD})(?:[ -](?:and[ ])?(?:{_NUMBER_WORD})){{0,5}})"
_NOT_INSIDE = r"(?<!\d)(?<!\d/)(?<!\d[.,])"
DIGITS = rf"{_NOT_INSIDE}\d{{1,9}}(?:[.,]\d{{1,3}})?"
NUMBER = rf"(?:{DIGITS}|\b{WORDED})"
_WHOLE = rf"(?:{_NOT_INSIDE}\d{{1,9}}|\b{WORDED})"
_UNIT_GAP = r" ?-? ?"  # a cleaned text has no two spaces in a row

_SHORT_METERS = {
    "waltz": (3, 4), "three four": (3, 4), "six eight": (6, 8), "seven eight": (7, 8), "five four": (5, 4),
    "twelve eight": (12, 8), "nine eight": (9, 8), "four four": (4, 4),
    "odd time": (7, 8), "odd meter": (7, 8), "odd meters": (7, 8), "common": (4, 4), "cut": (2, 2),
}  # fmt: skip


def number(text: str) -> float:
    """Return the value of digits ("138", "92,5") or of words ("one hundred and forty", "one forty", "sixteen")."""
    plain = text.strip().replace(",", ".")
    if plain[:1].isdigit():
        return float(plain)
    total, last = 0, 0
    for word in re.split(r"[\s-]+", plain.lower()):
        if word == "hundred":
            total, last = (total or 1) * 100, 100
        elif word in ("a", "and"):
            continue
        else:
            value = _VALUES[word]
            # "one forty" is 140, "forty two" is 42
            total = total * 100 + value if 0 < last < 10 <= value else total + value
            last = value
    return float(total)


Found = Callable[[re.Match[str]], Quantity | None]


class _Rule(NamedTuple):
    """How a quantity is found: with numbers in digits only, in digits or words; `needs` one of these in the text."""

    digits: re.Pattern[str]
    worded: re.Pattern[str]
    found: Found
    needs: tuple[str, ...]


_RULES: list[_Rule] = []


def _rule(pattern: str, needs: str) -> Callable[[Found], Found]:
    """Return the decorator that adds a rule; NUMBER and WHOLE in it stand for numbers, `needs` are parted by |."""

    def compiled(number: str, whole: str) -> re.Pattern[str]:
        return re.compile(pattern.replace("NUMBER", number).replace("WHOLE", whole), re.IGNORECASE)

    def added(found: Found) -> Found:
        digits = compiled(DIGITS, rf"{_NOT_INSIDE}\d{{1,9}}")
        _RULES.append(_Rule(digits, compiled(NUMBER, _WHOLE), found, tuple(needs.split("|"))))
        return found

    return added


def _kept(match: re.Match[str], kind: Kind, value: float, low: float, high: float, what: str) -> Quantity:
    if low <= value <= high:
        return Quantity(match.start(), match.end(), kind, value)
    return Quantity(match.start(), match.end(), "wrong", None, f"{what} {low:g} to {high:g}")


@_rule(
    r"(?<![\d/.])(?:in )?(\d{1,3}) ?/ ?(\d{1,3})(?![\d/]|\.\d)"
    r"(?:[ -](?:time signature|time|meter|metre|beat|groove)\b)?",
    "/",
)
def _meter(match: re.Match[str]) -> Quantity | None:
    if match[1] == "1":  # 1/16 is a note, not a meter
        return Quantity(match.start(), match.end(), "wrong", None, "a note length, not a meter")
    try:
        return Quantity(match.start(), match.end(), "meter", parse_meter(f"{match[1]}/{match[2]}"))
    except UserError as error:
        return Quantity(match.start(), match.end(), "wrong", None, error.line())


@_rule(rf"\b(?:in )?({'|'.join(_SHORT_METERS)})(?:[ -](time|meter|metre))?\b", "waltz|eight|four|common|cut|odd")
def _named_meter(match: re.Match[str]) -> Quantity | None:
    word = match[1].lower()
    if match[2] is None and word in ("common", "cut", "four four", "waltz"):
        return None  # a waltz alone is the style
    return Quantity(match.start(), match.end(), "meter", _SHORT_METERS[word])


@_rule(
    rf"\b(?:bars|measures) ?[:=] ?(\d{{1,9}})\b"
    rf"|(WHOLE|\b(?:a|one)(?= bar of)){_UNIT_GAP}(?:bars?|measures?|takte?|mesures?)(?:[ -](?:long|loop))?\b",
    "bar|measure|takt|mesure",
)
def _bars(match: re.Match[str]) -> Quantity | None:
    said = match[1] or match[2]
    return _kept(match, "bars", 1 if said == "a" else number(said), 1, MAX_BARS, "a scene has")


@_rule(
    rf"(?:\b(?:between|from) )?({DIGITS})(?: ?bpm)? ?(?:-|–|—|\bto\b|\band\b) ?"
    rf"(\d{{2,3}}(?:\.\d{{1,3}})?)(?![\d/%])({_UNIT_GAP}bpm\b)?",
    "-|–|—|to|and",
)
def _range(match: re.Match[str]) -> Quantity | None:
    low, high = number(match[1]), number(match[2])
    said = match[3] or "bpm" in match[0].lower() or match[0].lower().startswith(("between", "from"))
    if not (said or (low < high and re.search(r"-|–|—|to", match[0], re.IGNORECASE))):
        return None
    least = LOW_BPM if said else BARE_LOW_BPM
    if not (least <= low <= HIGH_BPM and least <= high <= HIGH_BPM):
        return (
            Quantity(match.start(), match.end(), "wrong", None, f"tempo goes from {LOW_BPM:g} to {HIGH_BPM:g}")
            if said
            else None
        )
    return Quantity(match.start(), match.end(), "tempo", float(round((low + high) / 2)))


@_rule(
    rf"(NUMBER){_UNIT_GAP}(bpm|bmp|pbm|bpn|bpms|beats? per minute|beats?/min)\b"
    rf"|\b(?:bpm|tempo) ?(?:of|=|:|at|is|to)? ?({DIGITS})(?![\d%])(?: ?bpm\b)?",
    "bpm|bmp|pbm|bpn|beat|tempo",
)
def _tempo(match: re.Match[str]) -> Quantity | None:
    return _kept(match, "tempo", number(match[1] or match[3]), LOW_BPM, HIGH_BPM, "tempo goes from")


@_rule(
    rf"(NUMBER){_UNIT_GAP}(seconds?|secs?|s|minutes?|mins?)(?:[ -]long)?(?![\w'’])"
    rf"|\b(half a|a) (minute)\b|\b(\d{{1,2}}):([0-5]\d)\b",
    "s|min|:",
)
def _seconds(match: re.Match[str]) -> Quantity | None:
    if match[5]:
        value = 60.0 * int(match[5]) + int(match[6])
    elif match[4]:
        value = 30.0 if match[3].lower() == "half a" else 60.0
    elif match[0].lower().endswith(("70s", "80s", "90s", "303s", "606s", "707s", "808s", "909s")):
        return None  # a decade, a drum machine
    else:
        value = number(match[1]) * (60 if match[2].lower().startswith("min") else 1)
    return _kept(match, "seconds", value, 0.1, 3600, "seconds go from")


@_rule(rf"(WHOLE){_UNIT_GAP}beats?(?: long)?\b", "beat")
def _beats(match: re.Match[str]) -> Quantity | None:
    if match[1] in ("303", "606", "707", "808", "909"):
        return None  # a drum machine
    return _kept(match, "beats", number(match[1]), 1, 4096, "beats go from")


@_rule(
    rf"\b(?:swing|swung|shuffle)(?: (?:of|at|to|by))? ?[:=]? ?(?:(?:8|16)-)?({DIGITS})(?![\d/])(?: ?(?:%|percent\b))?"
    rf"|({DIGITS}) ?(?:%|percent)? ?(?:of )?(?:swing|swung|shuffle)\b",
    "swing|swung|shuffle",
)
def _swing(match: re.Match[str]) -> Quantity | None:
    value = number(match[1] or match[2])
    if match[1] and value > 75 and "%" not in match[0]:
        return None  # "shuffle at 90", "electro swing 128": a tempo
    if match[2] and value > 75 and "%" not in match[0] and "percent" not in match[0].lower():
        return None  # "140 swing" is a tempo and a swing
    return _kept(match, "swing", value, 50, 75, "swing, 50 being straight, goes from")


@_rule(r"\bseed ?[:=]? ?(\d+)\b", "seed")
def _seed(match: re.Match[str]) -> Quantity | None:
    return Quantity(match.start(), match.end(), "seed", int(match[1][:16]), "a seed is given with --seed")


@_rule(
    rf"(?:\bat |@ ?)(?:(?:about|around|roughly|like|a cool) )?({DIGITS})"
    r"(?![\w%/]| ?(?:%|db\b|hz\b|khz\b|ms\b|percent\b))",
    "at|@",
)
def _at(match: re.Match[str]) -> Quantity | None:
    value = number(match[1])
    if value in (303, 808, 909):
        return None
    return _kept(match, "tempo", value, LOW_BPM, HIGH_BPM, "tempo goes from")


@_rule(r"(WHOLE) (?:tracks|parts|instruments|voices|layers|channels)\b", "track|part|instrument|voice|layer|channel")
def _tracks(match: re.Match[str]) -> Quantity | None:
    return Quantity(match.start(), match.end(), "tracks", int(number(match[1])))


_NUMBER_WORDS = frozenset({*_VALUES, "hundred"})
_NAMED = re.compile(r"waltz|common|cut|minute")


def quantities(text: str) -> list[Quantity]:
    """Return the quantities with a unit in a cleaned text, in order; where two overlap the earlier rule wins."""
    taken: list[Quantity] = []
    covered = bytearray(len(text))
    lower = text.lower()
    worded = not _NUMBER_WORDS.isdisjoint(re.findall(r"[a-z]+", lower))
    if not worded and not any(letter.isdecimal() for letter in text) and not _NAMED.search(lower):
        return []
    for rule in _RULES:
        if not any(need in lower for need in rule.needs):
            continue
        for match in (rule.worded if worded else rule.digits).finditer(text):
            span = _positive(text, rule.found(match))
            if span and not any(covered[span.start : span.end]):
                covered[span.start : span.end] = b"\1" * (span.end - span.start)
                taken.append(span)
    return sorted(taken)


def _positive(text: str, span: Quantity | None) -> Quantity | None:
    """Return a quantity, or that it cannot be below zero where a minus is glued to it: "-50 bpm"."""
    if (
        span is None
        or span.kind not in ("tempo", "bars", "beats", "seconds")
        or not re.match(r"\d", text[span.start :])
    ):
        return span
    if text[span.start - 1 : span.start] == "-" and text[max(span.start - 2, 0) : span.start - 1] in ("", " ", ","):
        what = {"tempo": "a tempo goes from 20 to 400"}.get(span.kind, f"{span.kind} are not less than one")
        return Quantity(span.start - 1, span.end, "wrong", None, what)
    return span


_BARE = re.compile(r"\d{2,3}(?:\.\d{1,3})?")
_OTHER_UNIT = re.compile(
    r"[ ]?(?:%|(?:percent|db|hz|khz|ms|cents?|semitones?|st|bits?|steps?|notes?|voices?|tracks?|cents|th|st|nd|rd)\b)",
    re.IGNORECASE,
)


def bare_tempo(text: str, start: int, end: int) -> float | None:
    """Return the tempo that a number standing alone means, or None: 40 to 400, no other unit after it."""
    if not _BARE.fullmatch(text[start:end]) or _OTHER_UNIT.match(text, end):
        return None
    value = float(text[start:end])
    return value if BARE_LOW_BPM <= value <= HIGH_BPM else None
