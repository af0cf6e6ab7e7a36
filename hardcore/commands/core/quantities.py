"""Quantities: argument types for how far something moves: by a difference, by a factor, by steps, in its own unit."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from hardcore.commands.core.kinds import Kind, number, text_as
from hardcore.commands.core.types import effect_settings, length_ticks, pan
from hardcore.errors import UserError
from hardcore.music.ticks import PPQ
from hardcore.project.units import Quantity


def _more_pan(text: str) -> float:
    """Return how far to the right in −2…2, from `0.2`, `-20%`, `R20` or `L20`."""
    if text.endswith("%"):
        return number(text, "%") / 100
    return pan(text)


def _factor(text: str) -> float:
    """Return a factor from `2`, `x2`, `2x`, `0.5` or `50%`."""
    bare = re.sub(r"^[x*×]|(?:x|times)$", "", text.lower()).strip()
    return number(bare, "%") / 100 if bare.endswith("%") else number(bare, "")


def hertz(text: str) -> float:
    """Return a frequency in Hz from `200`, `200 Hz`, `2k` or `2.5 kHz`. Raises UserError."""
    kilo = re.fullmatch(r"(.*?\d)\s*k(?:hz)?", text.lower())
    return number(kilo.group(1), "") * 1000 if kilo else number(text, "(?:hz)?")


_UNITS = {
    "hz": "hz", "khz": "khz", "k": "khz", "ms": "ms", "msec": "ms", "s": "s", "sec": "s", "secs": "s", "seconds": "s",
    "second": "s", "db": "db", "%": "percent", "percent": "percent", "st": "semitones", "semitone": "semitones",
    "semitones": "semitones", "ct": "cents", "cent": "cents", "cents": "cents", "oct": "octaves", "octave": "octaves",
    "octaves": "octaves", "beat": "beats", "beats": "beats", ":1": "ratio", "x": "ratio", "bit": "bits", "bits": "bits",
}  # fmt: skip


def quantity(text: str) -> Quantity:
    """Return a number with its unit from `500`, `2 kHz`, `300ms`, `-3 dB`, `20%`, `4:1`, `1/8`, `1/8t`, `2 beats`.

    Raises UserError.
    """
    if re.fullmatch(r"\d+/\d+\s*[t.]?", text):
        return Quantity(length_ticks(text) / PPQ, "beats")
    match = re.fullmatch(r"([+\-−]?[\d.]+)\s*(:\s*1|\D*)", text.lower())
    unit = match.group(2).replace(" ", "") if match else ""
    if match is None or (unit and unit not in _UNITS):
        raise UserError(f"'{text}' is not a value", "a number, with a unit or without: 500, 2khz, 300ms, 1/8")
    return Quantity(number(match.group(1), ""), _UNITS.get(unit, ""))


def _quantity(value: Any) -> Any:
    """Return a value as a Quantity: a text with its unit, a number in the parameter's own."""
    try:
        value = quantity(value.strip()) if isinstance(value, str) else value
    except UserError as error:
        raise ValueError(error.line()) from error
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = Quantity(float(value))
    if isinstance(value, Quantity) and not isfinite(value.value):
        raise ValueError("a finite number")
    return value


_SCHEMA = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})
Value = Annotated[
    Quantity, BeforeValidator(_quantity), _SCHEMA,
    Kind("value", "a number in the parameter's unit, or with one: 500, 2khz, 300ms, 1/8"),
]  # fmt: skip
MoreValue = Annotated[
    Quantity, BeforeValidator(_quantity), _SCHEMA,
    Kind("value", "how much more, or less below 0, in the parameter's unit or with one: 5, -200ms, 20%, 1oct"),
]  # fmt: skip


def _pairs(value: Any) -> Any:
    """Return settings as quantities by name, from `cutoff=500 attack=5ms` or from data."""
    if isinstance(value, str):
        words = [word.partition("=") for word in value.split()]
        if wrong := next((name for name, equals, _ in words if not equals), None):
            raise ValueError(f"'{wrong}' is not name=value")
        value = {name: said for name, _, said in words}
    return {name: _quantity(said) for name, said in value.items()} if isinstance(value, Mapping) else value


EffectSettings = Annotated[
    dict[str, Quantity],
    BeforeValidator(_pairs),
    WithJsonSchema({"type": "object", "additionalProperties": {"anyOf": [{"type": "number"}, {"type": "string"}]}}),
    Kind("name=value", "settings, such as time=1/8 mix=40", effect_settings, rest=True, each=True),
]
Duck = Annotated[
    float,
    Field(ge=0, le=60),
    text_as(lambda text: number(text, "(?:db)?")),
    Kind("db", "turned down by at most this much, 0 to 60"),
]
MoreDecibels = Annotated[
    float,
    Field(ge=-120, le=120),
    text_as(lambda text: number(text, "(?:db)?")),
    Kind("db", "decibels more, such as 2, or less, such as -3"),
]
MorePan = Annotated[
    float, Field(ge=-2, le=2), text_as(_more_pan), Kind("by", "how far right, such as 0.2 or R20, or left, -0.2 or L20")
]
Step = Annotated[
    float,
    Field(ge=-16, le=16),
    text_as(lambda text: number(text, "(?:steps?)?")),
    Kind("steps", "1 is one audible step, 0.5 a bit, 2 a lot; below 0 the other way"),
]
Factor = Annotated[
    float,
    Field(gt=0, le=100),
    text_as(_factor),
    Kind("factor", "times the present value: 2 is twice, 0.5 or 50% half"),
]
WidthPercent = Annotated[
    float,
    Field(ge=0, le=200),
    text_as(lambda text: number(text, "%?")),
    Kind("percent", "0 is mono, 100 as the sound is, 200 twice as wide"),
]
Hertz = Annotated[float, Field(gt=0, le=24000), text_as(hertz), Kind("hz", "a frequency: 200, 2k, 2.5 kHz")]
MonoBelow = Annotated[
    float, Field(ge=0, le=500), text_as(hertz), Kind("hz", "mono below this frequency, up to 500; 0 nowhere")
]
