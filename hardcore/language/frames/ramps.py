"""Frames of what moves along the song: from one value to another over a section or bars."""

from collections.abc import Sequence
from typing import Any

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.plan import Call
from hardcore.language.spans import Amount

_FROM_TO = "amount:bare|db|percent|hz amount:bare|db|percent|hz"


def _ramp(m: Match, where: str, parameter: str) -> Call:
    """Return the ramp from the first amount to the second. Raises NotThere where the stretch is not said."""
    scope = m.get("scope")
    assert scope is not None
    first, last = m.all("amount")
    # "from 0 to 50 %": the unit is said once
    unit = last.key if first.key == "bare" else first.key
    start, end = _text(first.value, unit), _text(last.value, last.key if last.key != "bare" else unit)
    values: dict[str, Any] = {"value": end, "start": start, "over": scope.value.text}
    return Call("automation ramp", {"where": where, "parameter": parameter, **values})


def _text(amount: Amount, unit: str) -> str:
    return f"{amount.signed:g}" + {"percent": "%", "db": "db", "hz": "hz"}.get(unit, "")


@frame(
    f"verb:set|nudge? move:way? param WHO+ {_FROM_TO} scope", f"verb:set|nudge? WHO+ param {_FROM_TO} scope", cost=-0.2
)
def ramp_parameter(m: Match) -> Sequence[Call]:
    """ "raise the cutoff of the bass from 200 to 4000 in the build"."""
    parameter = m.get("param")
    assert parameter is not None
    return [_ramp(m, m.who(), parameter.key)]


@frame(
    f"verb:set|nudge? move:way|level? topic:level? WHO+ {_FROM_TO} scope",
    f"verb:set|nudge? move:way|level WHO+ {_FROM_TO} scope",
    cost=-0.1,
)
def ramp_level(m: Match) -> Sequence[Call]:
    """ "raise the pad from -20 to -6 db over the build"."""
    units = {sense.key for sense in m.all("amount")}
    if not (units & {"db", "percent"} or m.has("topic")) or "hz" in units:
        raise NotThere("from what to what? such as: from -20 to -6 db")
    return [_ramp(m, m.who(bus=True), "gain_db")]


@frame(f"verb:set|nudge|add? move:way? fx WHO* {_FROM_TO} scope", cost=-0.2)
def ramp_effect(m: Match) -> Sequence[Call]:
    """ "raise the reverb in the break from 0 to 50 %": of parts their own, else what comes back from it."""
    effect = m.get("fx")
    assert effect is not None
    if m.named:
        return [_ramp(m, m.who(), effect.key)]
    returns = (track for track in m.ground.project.tracks if track.kind == "return")
    there = next((track.id for track in returns if any(one.device == effect.key for one in track.effects)), None)
    if there is None:
        raise NotThere(f"which part's {effect.key}? there is no return with one")
    return [_ramp(m, there, "gain_db")]


@frame("verb:pan|set|nudge? part+ side side scope", cost=-0.2)
def ramp_pan(m: Match) -> Sequence[Call]:
    """ "pan the hats from left to right over the drop"."""
    first, last = (float(sense.value) for sense in m.all("side"))
    scope = m.get("scope")
    assert scope is not None
    values = {"value": f"{last:g}", "start": f"{first:g}", "over": scope.value.text}
    return [Call("automation ramp", {"where": m.who(), "parameter": "pan", **values})]
