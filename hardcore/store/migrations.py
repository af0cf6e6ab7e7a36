"""Migrations: how an object stored by an older version becomes one of today's, when it is decoded; never in place.

A kind's list holds one function per version that is past, oldest first: the first turns version 1 into 2. It takes and
returns the fields as read from JSON, children left out; a note block's takes and returns bytes.
"""

from collections.abc import Callable
from typing import Any

from hardcore.errors import UserError

Migration = Callable[[Any], Any]


def _same(content: Any) -> Any:
    """Return what was stored: the new fields start with their defaults."""
    return content


MIGRATIONS: dict[str, list[Migration]] = {
    "project": [_same],  # groove_velocity
    "track": [_same, _same],  # groove, zones of its instrument
    "clip": [_same],  # groove, quantum
    "multisample": [],
    "scene": [],
    "groove": [_same],  # bar_ticks, about
    "automation": [],
    "arrangement": [],
    "notes": [],
}


def current(kind: str) -> int:
    """Return the version in which objects of a kind are written now."""
    return len(MIGRATIONS[kind]) + 1


def migrate(kind: str, version: int, content: Any) -> Any:
    """Return the content of an object in today's version. Raises UserError for one of a newer program."""
    if version > current(kind):
        raise UserError(f"made by a newer hardcore ({kind} version {version})", "install the newest hardcore")
    if version < 1:
        raise ValueError(f"{kind} version {version}")
    for step in MIGRATIONS[kind][version - 1 :]:
        content = step(content)
    return content
