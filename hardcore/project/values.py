"""Ranges, units and references shared by everything in a project."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from hardcore.errors import UserError


def _tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


LONGEST_NAME = 80
Name = Annotated[
    str, AfterValidator(_tidy), StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")
]
# No control characters but tab and newline: a file someone sent must not steer the terminal it is shown on.
Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
GainDb = Annotated[float, Field(ge=-96, le=24)]
Pan = Annotated[float, Field(ge=-1, le=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
# Where a launched clip may begin: at once, on a part of a bar, or on every so many bars.
# How the music stands: paused goes on from where it is, stopped from where play began.
TransportState = Literal["playing", "paused", "stopped"]
Quantum = Literal["none", "1/16", "1/8", "1/4", "1/2", "1", "2", "4", "8"]
LaunchMode = Literal["trigger", "gate", "toggle", "repeat"]
SEEDS = 2**53
Seed = Annotated[int, Field(ge=0, le=SEEDS - 1)]

# What something may change: each is explained in commands/core/effects.py.
Effect = Literal["project", "player", "files", "settings", "screen", "jobs", "code"]

TrackId = Annotated[str, StringConstraints(pattern=r"^t[1-9]\d{0,15}$")]
ClipId = Annotated[str, StringConstraints(pattern=r"^c[1-9]\d{0,15}$")]
SceneId = Annotated[str, StringConstraints(pattern=r"^s[1-9]\d{0,15}$")]
EffectId = Annotated[str, StringConstraints(pattern=r"^e[1-9]\d{0,15}$")]
SectionId = Annotated[str, StringConstraints(pattern=r"^f[1-9]\d{0,15}$")]
MarkerId = Annotated[str, StringConstraints(pattern=r"^m[1-9]\d{0,15}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^r[1-9]\d{0,15}$")]
MapId = Annotated[str, StringConstraints(pattern=r"^k[1-9]\d{0,15}$")]
OwnerId = Annotated[str, StringConstraints(pattern=r"^[te][1-9]\d{0,15}$")]


def clean_name(name: str) -> str:
    """Return `name` in NFC with single spaces. Raises UserError when nothing is left or it is too long."""
    tidy = _tidy(name)
    if not 1 <= len(tidy) <= 80 or any(ord(letter) < 32 or ord(letter) == 127 for letter in tidy):
        raise UserError("a name needs 1 to 80 printable characters")
    return tidy
