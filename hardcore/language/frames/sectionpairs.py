"""Frames of two sections: one as loud as another, louder or quieter than it, and what plays in one as in another."""

from collections.abc import Sequence

from hardcore.language.frames.frame import Filled, Match, NotThere, frame
from hardcore.language.frames.levels import STEP_DB
from hardcore.language.nestedscopes import Bars, stretches
from hardcore.language.plan import Call


def _places(m: Match) -> list[Filled]:
    return [one for one in m.filled if one.sense.kind == "scope"]


def _bars(m: Match, place: Filled) -> list[Bars]:
    """Return the first and last bars of a section that is named. Raises NotThere where the song has none such."""
    found = stretches(m.ground.project, place.sense)
    if not found:
        raise NotThere(f"there is no {place.span.text} here")
    return found


@frame(
    "verb:set? scope:section degree? move:level word:than scope:section degree?",
    "verb:set? scope:section amount:db move:level word:than|above scope:section",
    "verb:set? scope:section amount:db word:above|than scope:section",
    "verb:set? scope:section word:as adj:level word:as scope:section",
    "verb:set? scope:section word:as? adj:level word:as scope:section",
    "verb:set? scope:section word:equal scope:section",
    "verb:match topic:level? scope:section scope:section topic:level?",
    cost=-0.3,
)
def section_balance(m: Match) -> Sequence[Call]:
    """ "the chorus as loud as the drop", "the verse 2 dB quieter than the chorus"."""
    first, second = (str(one.sense.value.text) for one in _places(m))
    if first == second:
        raise NotThere("name one section and another")
    if any("not" in one.span.lead.split() for one in m.filled):
        raise NotThere("louder or quieter? such as: the verse quieter than the chorus")
    it = {"section": first, "other": second}
    if m.amount is not None:
        way = m.way("move") or (-1 if any(sense.value == -1 for sense in m.all("word")) else 1)
        return [Call("section balance", it | {"above_db": way * abs(m.amount.value)})]
    if not m.has("move"):
        return [Call("section balance", it | {"above_db": 0.0})]
    return [Call("section balance", it | {"above_db": m.way("move") * STEP_DB * m.degree, "least": True})]


@frame(
    "verb:set|play|use|want? word:same part+ word:as scope:section scope:section?",
    "verb:set|play|use|want? scope:section word:same part+ word:as scope:section",
    "verb:set|play|use|want? part+ scope:section word:same word:as scope:section",
    "verb:set|play|use? part+ scope:section word:as|same scope:section",
    "verb:repeat part+ scope:section scope:section",
    "verb:use|play|set|repeat scope:section part+ scope:section",
    cost=-0.3,
)
def as_there(m: Match) -> Sequence[Call]:
    """ "the same drums in the bridge as in the first verse", "copy the bass of the verse to the bridge"."""
    places = _places(m)
    if len(places) < 2:
        raise NotThere("in which section? such as: the same drums in the bridge as in verse 1")
    source, target = _ordered(m, places)
    first, last = _bars(m, source)[0]
    length = last - first + 1
    calls = []
    for start, end in _bars(m, target):
        for at in range(start, end + 1, length):
            bars = min(length, end - at + 1)
            calls.append(Call("arrangement copy", {"tracks": m.who(), "at": str(first), "to": str(at), "bars": bars}))
    return calls


def _ordered(m: Match, places: Sequence[Filled]) -> tuple[Filled, Filled]:
    """Return the section that is taken from and the one that is changed: the first stands after "as" or "from"."""
    for place, other in (places[:2], places[1::-1]):
        lead = place.span.lead.split()
        if "from" in lead or place.span.text.casefold().startswith(("of ", "from ")):
            return place, other
        if {"to", "into"} & {*other.span.lead.split(), other.span.text.casefold().split()[0]}:
            return place, other
    if m.filled[1].sense.kind == "scope" and places[1].span.text.casefold().startswith(("in ", "for ", "during ")):
        return places[0], places[1]  # "use the chorus bass in the outro"
    order = [one.sense.key for one in m.filled if one.sense.kind in ("scope", "word")]
    if "as" in order:
        after = [one for one in m.filled[_index(m, "as") :] if one.sense.kind == "scope"]
        source = after[0] if after else places[-1]
        return source, next(one for one in places if one is not source)
    raise NotThere("from where to where? such as: copy the drums from the verse to the bridge")


def _index(m: Match, key: str) -> int:
    return next(at for at, one in enumerate(m.filled) if one.sense.kind == "word" and one.sense.key == key)
