"""Frames of a song's form: sections are added, removed, moved, repeated, renamed and resized."""

import re
from collections.abc import Callable, Sequence

from hardcore.errors import UserError
from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.nestedscopes import EACH
from hardcore.language.plan import Call
from hardcore.project.scope import find_scope
from hardcore.project.section import starts
from hardcore.project.sections import find_section


def _section(m: Match, place: int = 0) -> str:
    """Return the name of the section that is named. Raises NotThere where there is none."""
    named = m.all("scope")
    if len(named) <= place:
        raise NotThere("which section? /section list lists them")
    return str(named[place].value.text)


def _bars(m: Match, section: str) -> int:
    """Return how many bars a section has now."""
    bar = m.ground.project.meter_map.bar_ticks()
    return sum(b - a for a, b in find_scope(m.ground.project, section).stretches[:1]) // bar


def _each(m: Match, build: Callable[[str], dict[str, object]]) -> list[Call]:
    """Return a resizing of the section that is named, or of each where "all the verses" means several."""
    name = _section(m)
    words = set(next(one.span for one in m.filled if one.sense.kind == "scope").text.casefold().split())
    many = EACH & words or words & {f"{name}s", f"{name}es"}
    alike = [
        one.name for one in m.ground.project.sections if re.sub(r" \d+$", "", one.name.casefold()) == name.casefold()
    ]
    if many and len(alike) > 1:
        return [Call("section resize", build(f"{name} {number}")) for number in range(1, len(alike) + 1)]
    return [Call("section resize", build(name))]


@frame(
    "verb:set|extend|cut? scope:section amount:bars move:notelength? verb:set?",
    "verb:set|extend? amount:bars scope:section",
    "verb:mute scope:section amount:bars",
    "verb:set|extend|cut scope:section amount:bare",
    "scope:section amount:bars enough",
    "verb:nudge|remove amount:bars verb:mute? scope:section",
)
def resize_section(m: Match) -> Sequence[Call]:
    """ "make the break 16 bars", "extend the break by 4 bars"."""
    amount = m.amount
    assert amount is not None
    verb = m.get("verb")
    if m.unit == "bare" and amount.mode != "to":
        raise NotThere("how many bars? such as: the intro to 8 bars")
    cuts = verb is not None and verb.key in ("mute", "nudge", "remove")
    if cuts and verb is not None and verb.key != "mute":  # "take 4 bars off the bridge"
        if amount.mode or not {"take", "remove", "cut"} & {one.span.text.casefold() for one in m.filled}:
            raise NotThere("how long is it to be? such as: 4 bars off the intro")
        return _each(m, lambda name: {"section": name, "by": -int(amount.value)})
    if cuts and not (amount.mode and any(one.span.text.casefold() == "cut" for one in m.filled)):
        raise NotThere("how long is it to be? such as: cut the intro to 4 bars")
    sign = -1 if cuts or (verb is not None and verb.key == "cut") else 1
    if amount.mode == "by" or amount.sign or (m.has("move") and amount.mode != "to"):
        by = int(amount.signed) * sign * (m.way("move") or 1)
        return _each(m, lambda name: {"section": name, "by": by})
    if verb is not None and verb.key == "extend" and amount.mode != "to":
        return _each(m, lambda name: {"section": name, "by": int(amount.value)})
    return _each(m, lambda name: {"section": name, "bars": int(amount.value)})


@frame(
    "verb:set? scope:section move:notelength degree?",
    "verb:extend|cut scope:section",
    "verb:double|halve scope:section topic:length?",
    "verb:set? move:notelength scope:section",
    "verb:set scope:section amount:times move:notelength?",
    "verb:set? scope:section amount:long",
    "verb:mute|cut scope:section amount:times",
    "scope:section too adj:notelength",
)
def scale_section(m: Match) -> Sequence[Call]:
    """A longer or shorter section: twice or half as long."""
    verb = m.get("verb")
    if m.has("too"):
        return _each(m, lambda name: {"section": name, "bars": max(round(_bars(m, name) * 2.0 ** -m.way("adj")), 1)})
    longer = m.way("move") > 0 if m.has("move") else verb is not None and verb.key in ("extend", "double")
    factor = m.amount.value if m.amount is not None else 2.0 if longer else 0.5
    return _each(m, lambda name: {"section": name, "bars": max(round(_bars(m, name) * factor), 1)})


@frame(
    "verb:set? scope:section degree? move:size degree?",
    "verb:set|want? degree? move:size scope:section",
    "verb:set|nudge? move:way topic:energy scope:section degree?",
    "verb:set|nudge? topic:energy scope:section degree? move:way degree?",
    cost=-0.2,
)
def lift_section(m: Match) -> Sequence[Call]:
    """ "a bigger chorus", "make the last drop much smaller": more goes on in it, harder."""
    return [Call("mood", {"dimension": "energy", "by": m.way("move") * m.degree, "in": _section(m)})]


@frame("verb:set? scope:section degree? move:size|energy|velocity word:than scope:section", cost=-0.3, aside=("scope",))
def bigger_section(m: Match) -> Sequence[Call]:
    """ "make the second chorus bigger than the first": a step more goes on in it."""
    if _section(m) == _section(m, 1):
        raise NotThere("name one section and another")
    return lift_section(m)


@frame("amount:bars move:way scope:section", "verb:add amount:bars move:way? scope:section")
def lengthen_section(m: Match) -> Sequence[Call]:
    """ "eight bars more for the bridge"."""
    assert m.amount is not None
    by = (m.way("move") or 1) * int(m.amount.value)
    return _each(m, lambda name: {"section": name, "by": by})


@frame("verb:remove|mute|strip scope:section", "verb:nudge scope:section verb:mute|remove", "neg scope:section")
def remove_section(m: Match) -> Sequence[Call]:
    """A section goes, with its time."""
    return [Call("section remove", {"section": _section(m)})]


@frame("verb:swap scope:section scope:section", cost=-0.1)
def swap_sections(m: Match) -> Sequence[Call]:
    """Two sections change places."""
    first, second = sorted(_numbered(m, _section(m, place)) for place in (0, 1))
    order = [one.name for one in m.ground.project.sections]
    if first == second:
        raise NotThere("which two sections? /section list lists them")
    after = order[second + 1] if second + 1 < len(order) else "end"
    calls = [Call("section move", {"section": order[second], "before": order[first]})]
    if second - first > 1:
        calls.append(Call("section move", {"section": order[first], "before": after}))
    return calls


@frame("verb:add amount:bars scope:at|bar", "verb:add scope:at|bar amount:bars", cost=-0.1)
def insert_time(m: Match) -> Sequence[Call]:
    """ "insert 4 bars at bar 33": empty ones, for all tracks."""
    sense = m.get("scope")
    assert sense is not None and m.amount is not None
    _ensure_song(m)
    return [Call("time insert", {"bar": int(sense.value.text.split("-")[0]), "bars": int(m.amount.value)})]


@frame(
    "verb:add|set amount:bars word:gap where scope:section",
    "verb:add|set amount:bare word:gap where scope:section",
    cost=-0.1,
)
def insert_gap(m: Match) -> Sequence[Call]:
    """ "a one bar pause before the last chorus": empty bars, for all tracks."""
    assert m.amount is not None
    where = m.get("where")
    gap = next((one.span.text.casefold() for one in m.filled if one.sense.kind == "word"), "")
    counted = m.unit == "bars" or gap.startswith(("empty bars", "bars of"))
    if where is None or where.key not in ("before", "after") or not gap or not counted:
        raise NotThere("where? such as: a one bar pause before the last chorus")
    found = find_scope(m.ground.project, _section(m)).stretches
    tick = found[0].start_ticks if where.key == "before" else found[0].end_ticks
    return [Call("time insert", {"bar": m.ground.project.meter_map.bar_of(tick) + 1, "bars": int(m.amount.value)})]


@frame("verb:add|set|want? word:gap where:before scope:section", "verb:add|set|want? word:gap ending", cost=0.2)
def pause_before(m: Match) -> Sequence[Call]:
    """ "a pause before the drop": the bar before it is silent."""
    first = find_scope(m.ground.project, _section(m)).stretches[0].start_ticks
    bar = m.ground.project.meter_map.bar_of(first)
    if not m.has("where") or not bar:
        raise NotThere("where? such as: a pause before the last chorus")
    gap = next((one.span.text.casefold() for one in m.filled if one.sense.key == "gap"), "")
    if "bar" in gap.split():  # "add a bar of silence before the drop"
        return [Call("time insert", {"bar": bar + 1, "bars": 1})]
    return [Call("track mute", {"tracks": "all", "state": "on", "in": str(bar)})]


@frame("verb:remove|cut|repeat|mute scope:bars|bar", cost=0.05)
def change_time(m: Match) -> Sequence[Call]:
    """ "delete bars 9 to 16", "repeat bars 1-4": for all tracks."""
    sense, verb = m.get("scope"), m.get("verb")
    assert sense is not None and verb is not None
    word = next(one.span.text.casefold() for one in m.filled if one.sense.kind == "verb")
    first, _, last = sense.value.text.partition("-")
    if not first.isdigit() or (verb.key in ("mute", "cut") and word not in ("cut", "cut out")):
        raise NotThere("which part, or the time itself? such as: delete bars 9 to 16")
    if verb.key == "repeat" and word in ("another", "one more"):
        raise NotThere("which bars again? such as: repeat bars 1 to 4")
    _ensure_song(m)
    command = "time duplicate" if verb.key == "repeat" else "time delete"
    return [Call(command, {"bar": int(first), "bars": int(last or first) - int(first) + 1})]


def _ensure_song(m: Match) -> None:
    if not m.ground.project.arrangement:
        raise NotThere("it is a loop; a song has bars to put in and take out: /song makes one")


@frame("verb:nudge|set scope:section where scope:section?", cost=0.05)
def move_section(m: Match) -> Sequence[Call]:
    """A section goes before or after another one; "put a break there" is one more."""
    before = _before(m, 1)
    lead = next(one.span.lead for one in m.filled if one.sense.kind == "scope").split()
    if {"a", "an"} & set(lead):
        return [Call("section copy", {"section": _section(m), "before": before})]
    return [Call("section move", {"section": _section(m), "before": before})]


@frame(
    "verb:add? verb:repeat|double|add|vary scope:section where? scope:section?",
    "scope:section amount:times",
    "verb:play scope:section amount:times",
    "verb:vary scope:section",
    cost=0.1,
)
def repeat_section(m: Match) -> Sequence[Call]:
    """A section again, right after it or where it is said."""
    arguments = {"section": _section(m)}
    if m.has("where") and any(one.span.text.casefold().startswith("double") for one in m.filled):
        raise NotThere("play it twice, or longer? such as: repeat the last chorus")
    if m.has("where"):
        arguments["before"] = _before(m, 1)
    times = int(m.amount.value) - 1 if m.amount is not None else 1
    return [Call("section copy", arguments)] * max(min(times, 8), 1)


@frame(
    "verb:add|want? form where? scope:section?",
    "verb:add amount:bars form where? scope:section?",
    "verb:repeat form where? scope:section?",
    "verb:add|want? amount:bars? form where:between scope:section scope:section",
    cost=0.15,
)
def add_section(m: Match) -> Sequence[Call]:
    """A section that is not there yet."""
    sense = m.get("form")
    assert sense is not None
    if not m.ground.project.arrangement:
        raise NotThere("it is a loop without sections")
    where = m.get("where")
    between = where is not None and where.key == "between"
    inside = where is not None and where.key in ("between", "middle")  # "a breakdown in the middle" is one more
    if any(section.kind == sense.key for section in m.ground.project.sections) and m.amount is None and not inside:
        raise NotThere(f"there is a {sense.key} already")
    arguments: dict[str, object] = {"name": sense.key}
    if m.amount is not None:
        arguments["bars"] = int(m.amount.value)
    arguments["before"] = _between(m) if between else _before(m, 0) if m.has("where") else _usual(m, sense.key)
    return [Call("section add", arguments)]


def _between(m: Match) -> str:
    """Return the second of two sections that follow each other: what is between them comes before it."""
    first, second = (_numbered(m, _section(m, place)) for place in (0, 1))
    if second != first + 1:
        raise NotThere("these two do not follow each other; before which one?")
    return m.ground.project.sections[second].name


@frame("verb:rename|set scope:section form", cost=0.1)
def rename_section(m: Match) -> Sequence[Call]:
    """Another name."""
    sense = m.get("form")
    assert sense is not None
    return [Call("section rename", {"section": _section(m), "name": sense.key})]


def _before(m: Match, place: int) -> str:
    """Return the section that "where" means as --before takes it."""
    where = m.get("where")
    sections = m.ground.project.sections
    if where is None or where.key == "end":
        return "end"
    if where.key == "start":
        return sections[0].name if sections else "1"
    if where.key == "middle":
        half = starts(sections)[-1] / 2
        nearest = min(range(1, len(sections)), key=lambda at: abs(starts(sections)[at] - half), default=0)
        return sections[nearest].name if sections else "end"
    named = _section(m, place)
    if where.key == "before":
        return named
    order = [one.name for one in sections]
    at = next((at for at, name in enumerate(order) if name.casefold() == named.casefold()), None)
    if at is None:
        at = _numbered(m, named)
    return order[at + 1] if at + 1 < len(order) else "end"


def _numbered(m: Match, named: str) -> int:
    try:
        return find_section(m.ground.project, named)
    except UserError as error:
        raise NotThere(str(error)) from None


def _usual(m: Match, kind: str) -> str:
    """Return before which section one of a kind usually comes: an intro first, an outro last, else before the outro."""
    sections = m.ground.project.sections
    if not sections:
        return "end"
    if kind == "intro":
        return sections[0].name
    last = sections[-1]
    return last.name if last.kind == "outro" and kind != "outro" else "end"
