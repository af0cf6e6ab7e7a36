"""Quantities: argument types for how far something moves: by a difference, by a factor, by steps, in its own unit."""

import re
from typing import Annotated

from pydantic import Field

from hardcore.commands.kinds import Kind, number, text_as
from hardcore.commands.types import pan


def _more_pan(text: str) -> float:
    """Return how far to the right in −2…2, from `0.2`, `-20%`, `R20` or `L20`."""
    if text.endswith("%"):
        return number(text, "%") / 100
    return pan(text)


def _factor(text: str) -> float:
    """Return a factor from `2`, `x2`, `2x`, `0.5` or `50%`."""
    bare = text.lower().removeprefix("x").removeprefix("*").removesuffix("x").removesuffix("times").strip()
    return number(bare, "%") / 100 if bare.endswith("%") else number(bare, "")


def hertz(text: str) -> float:
    """Return a frequency in Hz from `200`, `200 Hz`, `2k` or `2.5 kHz`. Raises UserError."""
    kilo = re.fullmatch(r"(.*?\d)\s*k(?:hz)?", text.lower())
    return number(kilo.group(1), "") * 1000 if kilo else number(text, "(?:hz)?")


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
    Field(gt=0, le=1000),
    text_as(_factor),
    Kind("factor", "times this: 2 is twice, 0.5 or 50% half"),
]
WidthPercent = Annotated[
    float,
    Field(ge=0, le=200),
    text_as(lambda text: number(text, "%?")),
    Kind("percent", "0 is mono, 100 as the sound is, 200 twice as wide"),
]
MonoBelow = Annotated[
    float, Field(ge=0, le=500), text_as(hertz), Kind("hz", "mono below this frequency, up to 500; 0 nowhere")
]
