"""An effect with its settings in one order: "delay on the lead, dotted eighth, 30 % wet, low-cut at 400"."""

from collections.abc import Iterator, Sequence
from typing import Any

from hardcore.language.frames.frame import Match, NotThere, frame
from hardcore.language.plan import CREATED, Call
from hardcore.language.spans import Amount, Sense
from hardcore.project.devices import effect as device_of

# the setting that a figure of a unit is where none is named, by effect
_OWN = {("delay", "ms"): "time", ("delay", "seconds"): "time", ("reverb", "seconds"): "decay",
        ("compressor", "ratio"): "ratio"}  # fmt: skip
_CUTS = {"high": ("low_cut",), "low": ("tone", "damp")}
_UNITS = {"ms": "ms", "seconds": "s", "hz": "hz", "db": "db", "percent": "%"}


_SETTINGS = (
    "param+ amount* rate? verb:filter*",
    "amount+ param* rate? verb:filter*",
    "rate param* amount* verb:filter*",
)


@frame(
    *(f"verb:add|set? fx prep? WHO+ {settings}" for settings in _SETTINGS),
    *(f"verbfx WHO+ {settings}" for settings in _SETTINGS),
    cost=1.5,
)
def effect_with_settings(m: Match) -> Sequence[Call]:
    """An effect with what it is to be set to: set where it is, else put on; in place of a send to a shared one."""
    sense = m.get("fx", "verbfx")
    assert sense is not None
    if not m.named:
        raise NotThere("on which part?")
    settings = dict(_settings(m, sense.key))
    there, shared, without = list[str](), list[str](), list[str]()
    for one in m.ids(bus=True):
        track = None if one.startswith(CREATED) else m.ground.track(one)
        if track is not None and any(effect.device == sense.key for effect in track.effects):
            there.append(one)
            continue
        without.append(one)
        buses = [m.ground.track(send.target) for send in track.sends] if track is not None else []
        shared += [one] if any(effect.device == sense.key for bus in buses for effect in bus.effects) else []
    given: dict[str, Any] = {"settings": settings}
    rows = [("effect set", there, given), ("effect remove", shared, dict[str, Any]()), ("effect add", without, given)]
    return [m.call(name, tracks=",".join(ids), effect=sense.key, **arguments) for name, ids, arguments in rows if ids]


def _settings(m: Match, effect: str) -> Iterator[tuple[str, Any]]:
    """Yield the settings that are said with their values. Raises NotThere for a figure or a setting alone."""
    named, figure = "", None
    for one in m.filled:
        sense = one.sense
        if sense.kind == "rate":
            yield _known(effect, ("time", "rate")), str(sense.value)
        elif sense.kind == "amount" and (named or (effect, sense.key) in _OWN):
            yield named or _OWN[effect, sense.key], _value(sense)
            named = ""
        elif sense.kind == "amount" and figure is None:
            figure = sense
        elif sense.kind == "param" or (sense.kind, sense.key) == ("verb", "filter"):
            name = _known(effect, _CUTS[str(sense.value)] if sense.kind == "verb" else (sense.key,))
            if named:
                raise NotThere(f"{named.replace('_', ' ')} to what?")
            if figure is not None:
                yield name, _value(figure)
                figure = None
            else:
                named = name
        elif sense.kind == "amount":
            raise NotThere("of what? such as: delay on the lead, feedback 40, 30 % wet")
    if named or figure is not None:
        raise NotThere(f"{named.replace('_', ' ')} to what?" if named else "of what? such as: 30 % wet")


def _known(effect: str, names: Sequence[str]) -> str:
    known = [one.id for one in device_of(effect).parameters]
    found = next((name for name in names if name in known), None)
    if found is None:
        raise NotThere(f"{effect} has no {names[0].replace('_', ' ')}; it has {', '.join(known).replace('_', ' ')}")
    return found


def _value(sense: Sense) -> str:
    amount = sense.value
    assert isinstance(amount, Amount)
    if sense.key not in ("bare", "ratio", *_UNITS) or amount.mode == "by":
        raise NotThere("to what? such as: delay on the lead, feedback 40, 30 % wet")
    return f"{amount.signed:g}{_UNITS.get(sense.key, '')}"
