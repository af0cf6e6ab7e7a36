"""Frames of time and key: swing, meter, key, transposition, length."""

from collections.abc import Sequence
from typing import Any

from hardcore.language.frames.audio import of_clips
from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.frames.tempo import set_tempo
from hardcore.language.plan import Call
from hardcore.project.scope import find_scope, length_bars


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
    value = 50 if amount.value == 0 else amount.value * 100 if amount.value < 1 else amount.value
    return [m.call("swing", percent=value)]


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
    "word:straight topic:swing",
)
def straight(m: Match) -> Sequence[Call]:
    """No swing."""
    return [m.call("swing", percent=50)]


@frame(
    "verb:set? whole/pronoun* topic:key? key",
    "verb:vary|transpose? topic:key? whole/pronoun* key",
    "verb:swap topic:key? key",
    "verb:nudge|bring topic:key? whole/pronoun+ key",
    "word:same topic:key? key",
    "key verb:swap key",
)
def set_key(m: Match) -> Sequence[Call]:
    """Another key; a mode alone keeps the tonic, a tonic alone the mode."""
    sense = m.get("key")
    assert sense is not None
    key = m.ground.project.key
    if len(m.all("key")) > 1 and not any(one.span.text.casefold() == "instead of" for one in m.filled):
        raise NotThere("which of the two keys? such as: in C minor")
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
    "verb:set|add? topic:length? whole/pronoun* move:notelength|way? amount:bars|seconds",
    "topic:length amount:bare",
    "verb:add amount:bars where:end",
    "verb:set? topic:length? whole/pronoun* amount:bars instead amount:bare|bars",
)
def set_length(m: Match) -> Sequence[Call]:
    """So many bars, seconds or minutes."""
    amount, project = m.amount, m.ground.project
    assert amount is not None
    if m.has("instead") and m.all("amount")[1].value.value != length_bars(project):
        raise NotThere(f"it has {length_bars(project)} bars")
    longer = m.way("move")
    if any(sense.key == "add" for sense in m.all("verb")):
        longer = longer or 1
    if longer and amount.mode != "to" and m.unit == "bars":
        return [m.call("length", by=int(longer * amount.value))]
    if (amount.sign or amount.mode == "by") and m.unit == "bars":
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
    "^topic:swing part+",
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
    "verb:set? param:tune WHO* move:way amount:semitones|octaves IN?",
    "scope:section move:way amount:semitones|octaves",
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
    if m.parts() and all(m.ground.is_drum(one) and m.ground.parameter(one, "tune") for one in m.ids()):
        return [_tuned(m, one, way * semitones) for one in m.ids()]
    if audio := of_clips(m, "clip transpose", semitones=int(way * semitones)):
        return audio
    tracks = m.who() if m.named else "melodic"
    return [m.call("transpose", tracks=tracks, semitones=int(way * semitones))]


def _tuned(m: Match, track_id: str, semitones: float) -> Call:
    """Return the call that tunes a drum, whose pitch is a parameter of its instrument."""
    tune = m.ground.parameter(track_id, "tune")
    assert tune is not None
    if tune.unit == "hz":
        return m.call("track set", tracks=track_id, parameter="tune", factor=round(2 ** (semitones / 12), 4))
    return m.call("track set", tracks=track_id, parameter="tune", by=int(semitones))
