"""Frames of the tempo: set, faster and slower, from a bar on, moving over a stretch."""

from collections.abc import Callable, Sequence

from hardcore.language.frames.frame import Match, NotThere, frame, over
from hardcore.language.plan import Call
from hardcore.project.scope import find_scope, length_bars

STEP = 0.05  # of the tempo
LEAST_BPM, MOST_BPM = 40, 400
_FULL_TEMPO = 60  # beside "faster" a number from here on is the tempo, below it how much faster
_FROM_TO = "amount:bpm|bare amount:bpm|bare"
_PACES = {"accelerate": 1, "decelerate": -1}
_RITARD = 0.8  # of the tempo, where a ritardando says none


@frame(
    "verb:set? topic:tempo? whole/pronoun* amount:bpm",
    "verb:set|nudge? topic:tempo whole? move:tempo? amount:bpm|bare",
    "verb:set? whole/pronoun* amount:bare",
    "verb:nudge|bring whole/pronoun+ move:way? amount:bpm|bare",
    "again? amount:bare",
    "word:same amount:bare|bpm",
    "word:same topic:tempo? amount:bare|bpm",
)
def set_tempo(m: Match) -> Sequence[Call]:
    """A tempo in BPM; a bare number is one from 40 on where nothing else is named."""
    amount = m.amount
    assert amount is not None
    if m.has("pronoun") and m.named and m.unit == "bare":
        raise NotThere(f"{amount.value:g} of what?")
    if m.has("move") and amount.mode != "to" and m.unit == "bpm":
        return [m.call("tempo", by=(m.way("move") or 1) * abs(amount.value))]
    if amount.mode == "by" or amount.sign:
        by = amount.signed * (m.way("move") or 1)
        if m.unit == "bare" and not m.has("topic"):
            raise NotThere(f"{amount.signed:+g} of what?")
        return [m.call("tempo", by=by)]
    if (m.has("topic") or m.unit == "bpm") and amount.value < LEAST_BPM / 2 and amount.mode != "by" and not amount.sign:
        raise NotThere(f"{amount.value:g} bpm is too slow; by how much? such as: 5 bpm faster")
    if m.unit == "bare" and not m.has("topic") and not LEAST_BPM <= amount.value <= MOST_BPM:
        raise NotThere(f"{amount.value:g} of what?")
    return [m.call("tempo", bpm=amount.value)]


@frame(
    "verb:set? verb:ramp topic:tempo? whole/pronoun* move:tempo|way? amount:bpm|bare amount:bars? scope:bar|at|bars?"
)
def ramp_tempo(m: Match) -> Sequence[Call]:
    """A tempo that is reached evenly by a bar: since the change before, in so many bars, or from bar to bar."""
    amounts = {sense.key: sense.value for sense in m.all("amount")}
    amount, length = amounts.get("bpm") or amounts.get("bare"), amounts.get("bars")
    scope = m.get("scope")
    if amount is None or scope is None:
        raise NotThere("by which bar? such as: ramp to 150 by bar 33")
    if amount.mode == "by" or amount.sign or not LEAST_BPM <= amount.value <= MOST_BPM:
        raise NotThere("to which tempo? such as: ramp to 150 by bar 33")
    first, _, last = scope.value.text.partition("-")
    bar = int(last or first)
    stretch = {"over": int(length.value)} if length is not None else {}
    if length is not None and scope.value.words.casefold().startswith("from"):
        bar = int(first) + int(length.value)
    if last and last != first:
        stretch = {"over": bar - int(first)}
    return [Call("tempo", {"bpm": amount.value, "bar": bar} | (stretch or {"ramp": True}))]


@frame(
    "verb:ramp verb:set? topic:tempo? whole/pronoun* move:tempo|way? amount:bpm|bare? scope:section",
    "verb:set? topic:tempo? whole/pronoun* move:tempo amount:bpm|bare? scope:section|bars",
    "verb:set|nudge? topic:tempo whole/pronoun* move:way? amount:bpm|bare? scope:section|bars",
    "verb:ritard scope:section|bars? where:end? move:way? amount:bpm|bare?",
    "verb:set? degree? move:tempo degree? scope:section|bars|bar",
    "verb:set? scope:section|bars|bar degree? move:tempo degree?",
    cost=0.05,
)
def ramp_tempo_over(m: Match) -> Sequence[Call]:
    """A tempo that moves over a section or bars; a ritardando without figures slows to four fifths."""
    if any(one.sense.kind == "scope" and {"by", "to"} & set(one.span.lead.split()) for one in m.filled):
        raise NotThere("evenly until there? such as: ramp to 150 by bar 33")
    moves, amount, way = any(sense.key in ("ramp", "ritard") for sense in m.all("verb")), m.amount, m.way("move")
    if not moves and over(m) is None:
        if amount is not None and amount.mode != "by" and amount.value >= _FULL_TEMPO:
            return _tempo_there(m, lambda _: amount.value)
        if amount is None and way:
            factor = 1 + way * STEP * m.degree
            return _tempo_there(m, lambda bpm: bpm * factor)
        raise NotThere("over a stretch, or from a bar on? such as: faster over the build, 150 from bar 33 on")
    project = m.ground.project
    if amount is None and not way and not any(sense.key == "ritard" for sense in m.all("verb")):
        raise NotThere("to which tempo? such as: ramp to 150 over the build")
    first, last = _bars_of(m)
    bpm = project.tempo_map.bpm
    if amount is None:
        bpm = round(bpm * (2 - _RITARD if way > 0 else _RITARD), 1)
    else:
        bpm = bpm + way * amount.value if amount.value < _FULL_TEMPO and way else amount.value
    return [Call("tempo", {"bpm": bpm, "bar": last + 1, "over": last + 1 - first})]


@frame(
    f"verb:set|nudge|ramp* topic:tempo? whole/pronoun* move:tempo? {_FROM_TO} scope:section|bars",
    f"verb:set|nudge|ramp* topic:tempo? whole/pronoun* move:tempo? {_FROM_TO}",
    cost=-0.1,
)
def ramp_tempo_between(m: Match) -> Sequence[Call]:
    """A tempo that moves from one to another over a stretch, or over the whole: "from 124 to 140 over bars 1 to 8"."""
    start, end = (sense.value for sense in m.all("amount"))
    way = m.way("move") or next((_PACES[word] for one in m.filled if (word := one.span.text.casefold()) in _PACES), 0)
    said = way or m.has("topic") or any(sense.key == "bpm" for sense in m.all("amount"))
    moves = way or m.has("scope") or any(sense.key == "ramp" for sense in m.all("verb"))
    if not (said and moves) or end.mode != "to" or start.sign or end.sign:
        raise NotThere("from which tempo to which? such as: tempo from 124 to 140 over bars 1 to 8")
    plain = all(LEAST_BPM <= amount.value <= MOST_BPM for amount in (start, end))
    if not plain or way * (end.value - start.value) < 0:
        raise NotThere(f"{start.value:g} to {end.value:g} bpm: faster, or slower?")
    first, last = _bars_of(m) if m.has("scope") else (1, length_bars(m.ground.project))
    before = m.ground.project.tempo_map.at(m.ground.project.meter_map.bar_start(first - 1))
    begins = [Call("tempo", {"bpm": start.value, "bar": first})] if round(before, 3) != start.value else []
    return [*begins, Call("tempo", {"bpm": end.value, "bar": last + 1, "over": last + 1 - first})]


def _tempo_there(m: Match, changed: Callable[[float], float]) -> list[Call]:
    """Return the calls that change the tempo in a stretch, and after it the one that was there: "116 in the drop"."""
    project, sense = m.ground.project, m.get("scope")
    assert sense is not None
    length, bar_start = length_bars(project), project.meter_map.bar_start
    calls = []
    for one in find_scope(project, sense.value.text).stretches:
        first, last = (project.meter_map.bar_of(tick) + 1 for tick in (one.start_ticks, one.end_ticks - 1))
        bpm = round(changed(project.tempo_map.at(one.start_ticks)), 3)
        calls.append(Call("tempo", {"bpm": bpm, "bar": first}))
        if last < length:
            calls.append(Call("tempo", {"bpm": round(project.tempo_map.at(bar_start(last)), 3), "bar": last + 1}))
    return calls


def _bars_of(m: Match) -> tuple[int, int]:
    """Return the first and the last bar of the scope of a clause; without one, of the last four bars."""
    project, sense = m.ground.project, m.get("scope")
    length = length_bars(project)
    if sense is None:
        return max(length - 3, 1), length
    stretch = find_scope(project, sense.value.text).stretches[0]
    bar_of = project.meter_map.bar_of
    return bar_of(stretch.start_ticks) + 1, bar_of(stretch.end_ticks - 1) + 1


@frame(
    "verb:set|nudge? whole/pronoun* degree? move:tempo degree?",
    "verb:set|nudge? whole/pronoun* topic:tempo move:way amount:bpm|bare|percent? degree?",
    "verb:set|nudge? whole/pronoun* move:tempo degree? amount:bpm|percent|bare|times",
    "verb:nudge? whole/pronoun* amount:bpm move:way|tempo",
    "whole/pronoun* too adj:tempo",
    "whole/pronoun* neg adj:tempo enough",
    "neg too adj:tempo",
    "word:same move:tempo degree?",
    "verb:set whole/pronoun+ degree? adj:tempo",
    "verb:halve|double topic:tempo",
    "amount:times topic:tempo",
    "amount:times adj:tempo",
)
def change_tempo(m: Match) -> Sequence[Call]:
    """Faster and slower; by BPM, per cent, a degree."""
    way = m.way("move") or m.way("adj")
    verb = m.get("verb")
    if verb is not None and verb.key in ("halve", "double"):
        return [m.call("tempo", factor=2.0 if verb.key == "double" else 0.5)]
    if m.has("too"):
        way = -way
    amount = m.amount
    if amount is None:
        return [m.call("tempo", factor=round(1 + way * STEP * m.degree, 4))]
    if amount.mode == "to" or (amount.mode == "near" and amount.value >= LEAST_BPM):
        return [m.call("tempo", bpm=amount.value)]
    if m.unit == "percent":
        return [m.call("tempo", factor=1 + way * amount.value / 100)]
    if m.unit in ("bare", "bpm") and amount.mode != "by" and amount.value >= _FULL_TEMPO:  # "faster, 142"
        if (amount.value > m.ground.project.tempo_map.bpm) != (way > 0):
            raise NotThere(f"{amount.value:g} bpm is {'slower' if way > 0 else 'faster'}")
        return [m.call("tempo", bpm=amount.value)]
    if m.unit == "times":
        return [m.call("tempo", factor=amount.value if way >= 0 else 1 / amount.value)]
    return [m.call("tempo", by=way * amount.value)]


@frame("verb:set|nudge? topic:tempo? whole/pronoun* amount:bpm|bare scope:from|at", cost=-0.1)
def tempo_from(m: Match) -> Sequence[Call]:
    """A tempo from a bar on: "150 from bar 33 on"."""
    amount, scope = m.amount, m.get("scope")
    assert amount is not None and scope is not None
    if not LEAST_BPM <= amount.value <= MOST_BPM or amount.mode == "by" or amount.sign:
        raise NotThere(f"{amount.signed:g} of what?")
    return [Call("tempo", {"bpm": amount.value, "bar": int(scope.value.text.split("-")[0])})]


@frame("whole/pronoun* bad:tempo degree?")
def bad_tempo(m: Match) -> Sequence[Call]:
    """ "it drags": faster."""
    sense = m.get("bad")
    assert sense is not None
    return [m.call("tempo", factor=round(1 + int(sense.value) * STEP, 4))]
