"""Amounts: numbers with a unit and the little word before them, "to -4", "by 3 dB", "at 200", "twice", "to the left".

Each is a span whose senses are the units it can have: "5k" is hertz, a bare number anything its frame asks for.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.language.keyphrases import keys
from hardcore.language.numbers import NUMBER, number
from hardcore.language.spans import Amount, Sense, Span
from hardcore.language.typedchords import single_chords, typed_chords
from hardcore.music.meter import parse_meter
from hardcore.music.scale import Key

_MODE = (
    r"(?:(?P<mode>up to|down to|back to|to|at|by|of|around|about|roughly|approximately|like|~|=|@|with|another|for"
    r"|from)"
    r"(?: (?:around|about|roughly|like))? ?)?"
)
_SIGN = r"(?P<sign>[+−–-] ?|plus |minus |negative )?"
_BEFORE = r"(?<![\w.,/#♯♭])"
_AFTER = r"(?![\w#♯♭])"
_TO = {"to", "up to", "down to", "back to", "at", "=", "@"}
_NEAR = {"around", "about", "roughly", "approximately", "like", "~"}
_VALUE = rf"(?P<value>{NUMBER}|\.\d+)"
# unit → how it is written after the number; the first that fits is taken
_UNITS: tuple[tuple[str, str], ...] = (
    ("db", r" ?-?(?:db|dbs|decibels?|dbfs|dezibel)"),
    ("bpm", r" ?-?(?:bpm|beats per minute|bpms)"),
    ("bits", r" ?-?bits?"),
    ("khz", r" ?-?(?:khz|kilohertz|kilo hertz|k)"),
    ("hz", r" ?-?(?:hz|hertz)"),
    ("ms", r" ?-?(?:ms|msec|millis|milliseconds?|millisecs?)"),
    ("percent", r" ?-?(?:%|percent|per cent|pct|prozent)(?:age)?"),
    ("semitones", r" ?-?(?:semitones?|half ?-?steps?|semis?|st|halftones?|half tones?)"),
    ("tones", r" ?-?(?:whole steps?|whole tones?|tones?)"),
    ("cents", r" ?-?(?:cents?)"),
    ("octaves", r" ?-?(?:octaves?|oct)"),
    ("bars_each", r" ?-?(?:bars?|measures?),? (?:(?:(?:for|on) )?each(?: chord)?|apiece|per chord|a chord)"),
    ("bars", r" ?-?(?:bars?|measures?|takte?|mesures?)(?: long)?"),
    ("beats", r" ?-?(?:beats?)"),
    ("steps", r" ?-?(?:steps?)"),
    ("minutes", r" ?-?(?:minutes?|mins?|min)(?: long)?"),
    ("seconds", r" ?-?(?:seconds?|secs?|sec|s)(?: long)?"),
    ("times", r" ?(?:x|×|times)(?: as (?:many|much|long|fast|loud))?"),
)
_WHOLE = re.compile(
    rf"{_BEFORE}{_MODE}{_SIGN}{_VALUE}(?P<more> more| extra| further)?"
    rf"(?:{'|'.join(f'(?P<{unit}>{how}{_AFTER})' for unit, how in _UNITS)})",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_BEFORE}{_MODE}{_SIGN}{_VALUE}{_AFTER}(?! ?[%/])", re.IGNORECASE)
_FACTOR = re.compile(rf"{_BEFORE}(?:by )?[x×*] ?(?P<value>\d+(?:\.\d+)?|\.\d+){_AFTER}", re.IGNORECASE)
_SIDE = re.compile(rf"{_BEFORE}(?P<side>[lr]) ?(?P<value>\d{{1,3}}){_AFTER}", re.IGNORECASE)
_METER = re.compile(rf"{_BEFORE}(?:(?:in|to|into|back to) )?(?P<n>\d{{1,2}}) ?/ ?(?P<d>\d{{1,2}})(?: time)?{_AFTER}")
_RATIO = re.compile(
    rf"{_BEFORE}(?:(?:to|at|of) )?(?P<value>\d{{1,3}}(?:\.\d+)?) ?(?:: ?1|to one){_AFTER}", re.IGNORECASE
)
_NOTES = (
    (r"(?:1/4|quarter)(?: ?-?notes?)?|quarters|crotchets?", "1/4"),
    (r"(?:1/8|eighth|8th)(?: ?-?notes?)?|eighths|8ths|quavers?", "1/8"),
    (r"(?:1/16|sixteenth|16th)(?: ?-?notes?)?|sixteenths|16ths|semiquavers?", "1/16"),
    (r"(?:1/32|32nd)(?: ?-?notes?)?|32nds", "1/32"),
    (r"(?:1/2|half)(?: ?-?notes?)|1/2|halves|minims?", "1/2"),
    (r"(?:1/8|eighth|8th)(?: ?-?note)? ?-?triplets?|1/8t", "1/8t"),
    (r"(?:1/16|sixteenth|16th)(?: ?-?note)? ?-?triplets?|1/16t", "1/16t"),
    (r"(?:1/4|quarter)(?: ?-?note)? ?-?triplets?|1/4t", "1/4t"),
    (r"triplets?", "1/8t"),
    (r"3/16", "1/8."),
    (r"3/8", "1/4."),
    (r"dotted (?:1/8|eighth|8th|8(?! ?(?:bars?|beats?)))(?: ?-?notes?)?s?|1/8\.|1/8d", "1/8."),
    (r"dotted (?:1/4|quarter|4th)(?: ?-?notes?)?s?|1/4\.|1/4d", "1/4."),
)
_NOTE = tuple(
    (re.compile(rf"{_BEFORE}(?:(?:to|in|at|on|every) )?(?:{how}){_AFTER}", re.IGNORECASE), value)
    for how, value in _NOTES
)
_EUCLID = re.compile(
    rf"{_BEFORE}(?:euclid(?:ean)?\s*)?\(?(?P<k>\d{{1,2}})(?: ?, ?|(?<=euclid \d)/| in | of | over | out of )"
    rf"(?P<n>\d{{1,2}})\)?{_AFTER}",
    re.IGNORECASE,
)
_BEATS = re.compile(
    rf"{_BEFORE}(?:on )?(?:the )?(?:beats? )?(?P<beats>[1-9](?:(?:,? and |, ?| & | \+ )[1-9])+){_AFTER}", re.IGNORECASE
)
_BEAT = re.compile(rf"{_BEFORE}on (?:the )?(?:beat )?(?P<beat>[1-4])(?= ?$| ?[,;.!?]| and | please)", re.IGNORECASE)
_AND_OF = re.compile(
    rf"{_BEFORE}(?:on )?the (?:['\"]?and['\"]?|&) of (?:the )?(?:beat )?(?P<beat>[1-4]|one|two|three|four){_AFTER}",
    re.IGNORECASE,
)
_COUNTED = {"one": "1", "two": "2", "three": "3", "four": "4"}
_PATTERN = re.compile(r"(?<!\S)[x.]{4,64}(?!\S)", re.IGNORECASE)
_FIXED: tuple[tuple[str, str, float, int, str], ...] = (
    # pattern, unit, value, sign, mode
    (r"twice as long|double length", "long", 2.0, 0, ""),
    (r"half as long|half length", "long", 0.5, 0, ""),
    (r"twice as fast", "fast", 2.0, 0, ""),
    (r"half as fast|twice as slow", "fast", 0.5, 0, ""),
    (r"half as loud", "loud", 0.5, 0, ""),
    (r"twice as loud", "loud", 2.0, 0, ""),
    (r"half(?: of)?(?: as (?:much|many))?(?: the)?", "times", 0.5, 0, ""),
    (r"by half|to half|at half|in half", "times", 0.5, 0, ""),
    (r"twice(?: as (?:much|many))?(?: the)?|double", "times", 2.0, 0, ""),
    (r"(?:by )?a third|a third(?: of)?", "times", 1 / 3, 0, ""),
    (r"(?:by )?a quarter", "times", 0.25, 0, ""),
    (r"(?:by )?(?:a|one) semitone|(?:a|one) half ?-?step|(?:a|one) half ?-?tone", "semitones", 1, 0, "by"),
    (r"(?:by )?(?:a|one) (?:whole )?(?:tone|step)", "semitones", 2, 0, "by"),
    (r"(?:by )?(?:a|one) whole ?-?step", "semitones", 2, 0, "by"),
    (r"(?:by )?(?:a|an|one|une?|una|eine|uma) (?:octave|octava|oktave|oitava|ottava)", "octaves", 1, 0, "by"),
    (r"(?:by )?(?:a|one) (?:perfect )?fifth", "semitones", 7, 0, "by"),
    (r"(?:by )?(?:a|one) (?:perfect )?fourth", "semitones", 5, 0, "by"),
    (r"(?:by )?(?:a|one) (?:minor) third", "semitones", 3, 0, "by"),
    (r"(?:by )?(?:a|one) (?:major) third", "semitones", 4, 0, "by"),
    (r"(?:by )?(?:a|one) db", "db", 1, 0, "by"),
    (r"(?:by )?half (?:a )?db", "db", 0.5, 0, "by"),
    (r"(?:by )?a couple(?: of)? db", "db", 2, 0, "by"),
    (r"(?:by )?a few db", "db", 3, 0, "by"),
    (r"(?:by )?(?:a few|some) (?:ms|millis|milliseconds)", "ms", 8, 0, "by"),
    (r"(?:by )?a couple(?: of)? (?:ms|millis|milliseconds)", "ms", 4, 0, "by"),
    (r"(?:by )?a couple(?: of)? bpm", "bpm", 2, 0, "by"),
    (r"(?:by )?a few bpm", "bpm", 4, 0, "by"),
    (r"half a (?:step|tone)", "semitones", 1, 0, "by"),
    (r"(?:a|one) bar", "bars", 1, 0, "by"),
    (r"(?:a|one) beat", "beats", 1, 0, "by"),
    (r"(?:in|into) (?:two|2)(?: halves| parts| pieces)?", "times", 0.5, 0, ""),
    (r"a minute(?: long)?", "minutes", 1, 0, ""),
    (r"half a minute(?: long)?", "seconds", 30, 0, ""),
    (r"a (?:second|sec)", "seconds", 1, 0, ""),
    (r"half a second", "seconds", 0.5, 0, ""),
)
_FIXED_PATTERNS = tuple(
    (re.compile(rf"{_BEFORE}(?:{how}){_AFTER}", re.IGNORECASE), unit, value, sign, mode)
    for how, unit, value, sign, mode in _FIXED
)


class _Sized(NamedTuple):
    unit: str
    factor: float


# what a unit counts in
_IN: dict[str, _Sized] = {
    "khz": _Sized("hz", 1000), "tones": _Sized("semitones", 2), "minutes": _Sized("seconds", 60),
}  # fmt: skip


def amounts(text: str) -> list[Span]:
    """Return every stretch of a cleaned sentence that can be an amount, a key, a meter, a rhythm or chords."""
    found: list[Span] = []
    for reader in _READERS:
        found += reader(text)
    return found


def _span(match: re.Match[str], *senses: Sense) -> Span:
    start, end = match.span()
    while text_end(match[0][: end - start]) < end - start:
        end -= 1
    return Span(start, end, match[0][: end - start], senses)


def text_end(words: str) -> int:
    """Return the length of `words` without spaces at its end."""
    return len(words.rstrip())


def _sign(match: re.Match[str]) -> int:
    said = (match["sign"] or "").strip().lower()
    return 0 if not said else 1 if said in ("+", "plus") else -1


def _read(match: re.Match[str]) -> Amount | None:
    raw = match["value"]
    try:
        value = float(raw) if raw.startswith(".") else number(raw)
    except (KeyError, ValueError):
        return None
    said = (match["mode"] or "").lower()
    if match.groupdict().get("more"):
        return Amount(value, _sign(match), "by")
    mode = "to" if said in _TO else "by" if said in ("by", "another") else "near" if said in _NEAR else ""
    return Amount(value, _sign(match), mode)


def _with_unit(text: str) -> Iterator[Span]:
    for match in _WHOLE.finditer(text):
        amount = _read(match)
        unit = next(name for name, _ in _UNITS if match[name])
        if amount is None:
            continue
        sized = _IN.get(unit, _Sized(unit, 1))
        value = Amount(amount.value * sized.factor, amount.sign, amount.mode)
        yield from _with_and_without_way(match, Sense("amount", sized.unit, value))


def _bare(text: str) -> Iterator[Span]:
    for match in _BARE.finditer(text):
        amount = _read(match)
        if amount is not None:
            yield from _with_and_without_way(match, Sense("amount", "bare", amount))


def _with_and_without_way(match: re.Match[str], sense: Sense) -> Iterator[Span]:
    """Yield an amount; of "up to 130" also "to 130", for the "up" may be another word's: "speed it up to 130"."""
    span = _span(match, sense)
    yield span
    way = re.match(r"(?:up|down|back) (?=to\b)|(?:about|like|with|for) (?!about\b|like\b)", span.text, re.IGNORECASE)
    if way:
        yield span._replace(start=span.start + way.end(), text=span.text[way.end() :])


def _factors(text: str) -> Iterator[Span]:
    for match in _FACTOR.finditer(text):
        yield _span(match, Sense("amount", "times", Amount(float(match["value"]))))


def _fixed(text: str) -> Iterator[Span]:
    for pattern, unit, value, sign, mode in _FIXED_PATTERNS:
        for match in pattern.finditer(text):
            yield _span(match, Sense("amount", unit, Amount(value, sign, mode)))


def _sides(text: str) -> Iterator[Span]:
    for match in _SIDE.finditer(text):
        way = -1 if match["side"].lower() == "l" else 1
        yield _span(match, Sense("side", "left" if way < 0 else "right", way * min(int(match["value"]), 100) / 100))


def _meters(text: str) -> Iterator[Span]:
    for match in _METER.finditer(text):
        try:
            meter = parse_meter(f"{match['n']}/{match['d']}")
        except UserError:
            continue
        if match["n"] != "1":
            yield _span(match, Sense("meter", "", meter))
    for match in _SPOKEN_METER.finditer(text):
        yield _span(match, Sense("meter", "", _SPOKEN[match["name"].lower().replace("-", " ")]))


_SPOKEN = {
    "three four": (3, 4), "three quarter": (3, 4), "three quarters": (3, 4), "six eight": (6, 8),
    "seven eight": (7, 8), "five four": (5, 4), "twelve eight": (12, 8),
    "nine eight": (9, 8), "four four": (4, 4), "common time": (4, 4), "waltz time": (3, 4), "a waltz": (3, 4),
    "five eight": (5, 8), "two four": (2, 4), "seven four": (7, 4), "waltz": (3, 4),
}  # fmt: skip
_SPOKEN_NAMES = "|".join(sorted((name.replace(" ", "[ -]") for name in _SPOKEN), key=len, reverse=True))
_SPOKEN_METER = re.compile(
    rf"{_BEFORE}(?:in |to |into )?(?P<name>{_SPOKEN_NAMES})"
    rf"(?: time)?{_AFTER}",
    re.IGNORECASE,
)


def _ratios(text: str) -> Iterator[Span]:
    for match in _RATIO.finditer(text):
        yield _span(match, Sense("amount", "ratio", Amount(float(match["value"]), 0, "to")))


def _notes(text: str) -> Iterator[Span]:
    for pattern, value in _NOTE:
        for match in pattern.finditer(text):
            yield _span(match, Sense("rate", value, value))


def _rhythms(text: str) -> Iterator[Span]:
    for match in _EUCLID.finditer(text):
        hits, steps = int(match["k"]), int(match["n"])
        if 0 < hits <= steps <= 64 and steps > 4:
            yield _span(match, Sense("rhythm", "euclid", f"{hits}/{steps}"))
    for match in _BEATS.finditer(text):
        beats = ",".join(re.findall(r"\d", match["beats"]))
        yield _span(match, Sense("rhythm", "beats", f"beats {beats}"))
    for match in _BEAT.finditer(text):
        yield _span(match, Sense("rhythm", "beats", f"beats {match['beat']}"))
    for match in _AND_OF.finditer(text):
        beat = match["beat"].casefold()
        yield _span(match, Sense("rhythm", "beats", f"beats {_COUNTED.get(beat, beat)}.5"))
    for match in _PATTERN.finditer(text):
        yield _span(match, Sense("rhythm", "steps", match[0].lower()))


def _keys(text: str) -> Iterator[Span]:
    for span in keys(text):
        kind = "mode" if isinstance(span.value, str) else "tonic" if isinstance(span.value, int) else "key"
        name = span.value.name if isinstance(span.value, Key) else span.value
        yield Span(span.start, span.end, text[span.start : span.end], (Sense("key", kind, name),))


def _note_names(text: str) -> Iterator[Span]:
    for match in _NOTE_NAME.finditer(text):
        yield _span(match, Sense("note", "", match["note"]))


def _chords(text: str) -> Iterator[Span]:
    for found in typed_chords(text):
        end = found.start + len(found.words)
        yield Span(found.start, end, found.words, (Sense("chords", "", " ".join(found.names)),))
    for found in single_chords(text):
        yield Span(found.start, found.start + len(found.words), found.words, (Sense("chord", "", found.names[0]),))


_NOTE_NAME = re.compile(rf"{_BEFORE}to (?:an? )?(?P<note>[A-G](?:#|b|♯|♭)?\d?){_AFTER}")
_READERS: tuple[Callable[[str], Iterator[Span]], ...] = (
    _with_unit, _bare, _factors, _fixed, _sides, _meters, _ratios, _notes, _rhythms, _keys, _note_names, _chords,
)  # fmt: skip
