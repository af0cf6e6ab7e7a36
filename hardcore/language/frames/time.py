"""Frames of time and key: tempo, swing, meter, key, transposition, length."""

from collections.abc import Sequence
from typing import Any

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.plan import Call
from hardcore.project.scope import find_scope, length_bars

STEP = 0.05  # of the tempo
LEAST_BPM, MOST_BPM = 40, 400


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
    if m.has("topic") and amount.value < LEAST_BPM / 2 and amount.mode != "by" and not amount.sign:
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
    over = {"over": int(length.value)} if length is not None else {}
    if length is not None and scope.value.words.casefold().startswith("from"):
        bar = int(first) + int(length.value)
    if last and last != first:
        over = {"over": bar - int(first)}
    return [Call("tempo", {"bpm": amount.value, "bar": bar} | (over or {"ramp": True}))]


@frame(
    "verb:set|nudge? whole/pronoun* degree? move:tempo degree?",
    "verb:set|nudge? whole/pronoun* topic:tempo move:way amount:bpm|bare|percent? degree?",
    "verb:set|nudge? whole/pronoun* move:tempo amount:bpm|percent|bare|times",
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
    if m.unit == "times":
        return [m.call("tempo", factor=amount.value if way >= 0 else 1 / amount.value)]
    return [m.call("tempo", by=way * amount.value)]


@frame(
    "verb:set? topic:swing amount:percent|bare",
    "verb:set? topic:swing verb:set? amount:percent|bare",
    "amount:percent topic:swing",
)
def set_swing(m: Match) -> Sequence[Call]:
    """A swing in per cent: 50 straight, 66.7 triplet; a share such as .6 counts as 60."""
    amount = m.amount
    assert amount is not None
    if amount.mode == "by" or amount.sign:
        return [m.call("swing", by=amount.signed)]
    value = amount.value * 100 if amount.value < 1 else amount.value
    return [m.call("swing", percent=value)]


@frame("verb:set|nudge? topic:tempo? whole/pronoun* amount:bpm|bare scope:from|at", cost=-0.1)
def tempo_from(m: Match) -> Sequence[Call]:
    """A tempo from a bar on: "150 from bar 33 on"."""
    amount, scope = m.amount, m.get("scope")
    assert amount is not None and scope is not None
    if not LEAST_BPM <= amount.value <= MOST_BPM or amount.mode == "by" or amount.sign:
        raise NotThere(f"{amount.signed:g} of what?")
    return [Call("tempo", {"bpm": amount.value, "bar": int(scope.value.text.split("-")[0])})]


@frame(
    "verb:set? whole/pronoun* degree? move:swing degree?",
    "verb:add|set? whole/pronoun* degree? move:way? topic:swing degree?",
    "too topic:swing",
)
def change_swing(m: Match) -> Sequence[Call]:
    """More or less swing."""
    way = -1 if m.has("too") else (m.way("move") or 1)
    return [m.call("swing", by=way * 4 * m.degree)]


@frame(
    "neg topic:swing",
    "verb:nudge topic:swing verb:mute",
    "verb:remove|mute topic:swing",
    "verb:set? whole/pronoun* word:straight",
)
def straight(m: Match) -> Sequence[Call]:
    """No swing."""
    return [m.call("swing", percent=50)]


@frame(
    "verb:set? whole/pronoun* topic:key? key",
    "verb:vary|transpose? topic:key? whole/pronoun* key",
    "verb:swap topic:key? key",
)
def set_key(m: Match) -> Sequence[Call]:
    """Another key; a mode alone keeps the tonic, a tonic alone the mode."""
    sense = m.get("key")
    assert sense is not None
    key = m.ground.project.key
    name = str(sense.value)
    if sense.key == "mode":
        name = f"{key.name.split()[0]} {name}"
    elif sense.key == "tonic":
        name = key.evolve(tonic=int(sense.value)).name
    return [m.call("key", key=name)]


@frame("verb:set|restyle|swap? topic:meter? whole/pronoun* again? word:as? meter")
def set_meter(m: Match) -> Sequence[Call]:
    """Another meter."""
    sense = m.get("meter")
    assert sense is not None
    return [m.call("meter", meter=f"{sense.value[0]}/{sense.value[1]}")]


@frame(
    "verb:set|add? topic:length? whole/pronoun* move:notelength|way? amount:bars|seconds", "topic:length amount:bare"
)
def set_length(m: Match) -> Sequence[Call]:
    """So many bars, seconds or minutes."""
    amount, project = m.amount, m.ground.project
    assert amount is not None
    longer = m.way("move")
    if any(sense.key == "add" for sense in m.all("verb")):
        longer = longer or 1
    if longer and amount.mode != "to" and m.unit == "bars":
        return [m.call("length", by=int(longer * amount.value))]
    if amount.sign and m.unit == "bars":
        return [m.call("length", by=int(amount.signed))]
    if m.unit == "seconds":
        bar_s = project.meter_map.bar_ticks() / 1920 * 60 / project.tempo_map.bpm
        return [m.call("length", bars=max(round(amount.value / bar_s / 4) * 4, 1))]
    return [m.call("length", bars=int(amount.value))]


@frame(
    "verb:extend whole/pronoun* amount:bars|seconds",
    "verb:extend whole/pronoun* amount:times",
    "verb:extend whole/pronoun*",
    "verb:cut whole/pronoun* amount:bars|seconds",
)
def extend(m: Match) -> Sequence[Call]:
    """Longer: to so many bars or seconds, by so many, or twice as long."""
    amount = m.amount
    verb = m.get("verb")
    if amount is None or m.unit == "times":
        return [m.call("length", factor=amount.value if amount else 2.0)]
    if m.unit == "bars" and amount.mode == "by":
        return [m.call("length", by=int(amount.value) * (-1 if verb and verb.key == "cut" else 1))]
    return set_length(m)


@frame("verb:fade part* scope? where:end|start? amount:bars? WHO*")
def fade(m: Match) -> Sequence[Call]:
    """A fade at the end or the beginning."""
    verb = m.get("verb")
    assert verb is not None
    way, scope = str(verb.value), m.get("scope")
    arguments: dict[str, Any] = {"way": way}
    if scope is not None and not _at_edge(m, scope.value.text, way):
        arguments["over"] = scope.value.text
    elif bars := int(m.amount.value) if m.amount is not None else _bars_of_scope(m):
        arguments["bars"] = bars
    if m.parts():
        arguments["tracks"] = m.who()
    return [Call("fade", arguments)]


def _at_edge(m: Match, scope: str, way: str) -> bool:
    """Return whether a scope is where a fade of the piece lies: its beginning for a fade in, else its end."""
    project = m.ground.project
    stretches = find_scope(project, scope).stretches
    end = project.meter_map.bar_start(length_bars(project))
    return len(stretches) == 1 and (stretches[0].start_ticks == 0 if way == "in" else stretches[0].end_ticks >= end)


def _bars_of_scope(m: Match) -> int:
    sense = m.get("scope")
    if sense is None:
        return 0
    scope = find_scope(m.ground.project, sense.value.text)
    bar = m.ground.project.meter_map.bar_ticks()
    return sum(one.end_ticks - one.start_ticks for one in scope.stretches) // bar


@frame(
    "verb:set? whole/pronoun* amount:bpm key",
    "verb:set? whole/pronoun* amount:bpm|bars meter",
    "verb:set? whole/pronoun* key amount:bars",
)
def settings(m: Match) -> Sequence[Call]:
    """Several settings at once: "130 bpm in D minor"."""
    calls: list[Call] = []
    if m.has("amount"):
        calls += set_tempo(m) if m.unit == "bpm" else set_length(m)
    if m.has("key"):
        calls += set_key(m)
    if m.has("meter"):
        calls += set_meter(m)
    return calls


@frame("whole/pronoun* bad:tempo")
def bad_tempo(m: Match) -> Sequence[Call]:
    """ "it drags": faster."""
    sense = m.get("bad")
    assert sense is not None
    return [m.call("tempo", factor=round(1 + int(sense.value) * STEP, 4))]


@frame("verb:set? whole/pronoun* amount:long|fast")
def twice_as(m: Match) -> Sequence[Call]:
    """Twice as long, half as fast."""
    assert m.amount is not None
    return [m.call("length" if m.unit == "long" else "tempo", factor=m.amount.value)]


@frame(
    "verb:set? degree? move:swing|way topic:swing? part+ degree?",
    "verb:set? part+ topic:swing move:way degree?",
    "verb:set? part+ degree? move:swing degree?",
    "verb:add degree? topic:swing part+",
    "part+ move:way topic:swing",
)
def swing_of_part(m: Match) -> Sequence[Call]:
    """More or less swing of a part."""
    if not m.has("topic") and not any(sense.key == "swing" for sense in m.all("move")):
        raise NotThere("more of what?")
    return [m.call("swing", by=(m.way("move") or 1) * 4 * m.degree, tracks=m.who())]


@frame("verb:swap|vary topic:key", "verb:set topic:key")
def which_key(m: Match) -> Sequence[Call]:
    """ "change the key" says no key."""
    raise NotThere("to which key? such as: in C minor")


@frame(
    "verb:set? whole/pronoun* amount:times move:notelength",
    "verb:set|nudge? whole/pronoun+ move:notelength degree?",
    "verb:double|halve topic:length whole?",
)
def scale_length(m: Match) -> Sequence[Call]:
    """Twice or half as long."""
    verb = m.get("verb")
    if m.amount is not None:
        return [m.call("length", factor=m.amount.value)]
    if verb is not None and verb.key in ("double", "halve"):
        return [m.call("length", factor=2.0 if verb.key == "double" else 0.5)]
    return [m.call("length", factor=2.0 if m.way("move") > 0 else 0.5)]


@frame(
    "verb:transpose|nudge|set? WHO* move:way amount:semitones|octaves|bare IN?",
    "verb:transpose WHO* amount:semitones|octaves|bare move:way? IN?",
    "WHO+ amount:semitones|octaves move:way|pitch? IN?",
    "verb:set|nudge? move:pitch WHO* IN?",
    "verb:play? WHO+ move:pitch IN?",
    "move:way topic:key amount:semitones|octaves",
    "WHO+ too adj:pitch",
    "verb:play? WHO+ amount:octaves move:way IN?",
)
def transpose(m: Match) -> Sequence[Call]:
    """Up or down by semitones or octaves."""
    way = m.way("move") or -m.way("adj")
    amount = m.amount
    semitones = 12.0 if amount is None else amount.value * (12 if m.unit == "octaves" else 1)
    if amount is not None and m.unit == "bare" and not any(s.key == "transpose" for s in m.all("verb")):
        raise NotThere(f"{amount.value:g} what: semitones, dB?")
    if amount is not None and amount.sign:
        way = amount.sign
    if not way:
        raise NotThere("up or down?")
    tracks = m.who() if m.named else "melodic"
    return [m.call("transpose", tracks=tracks, semitones=int(way * semitones))]
