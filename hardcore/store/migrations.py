"""Migrations: how an object stored by an older version becomes one of today's, when it is decoded; never in place.

A kind's list holds one reader per version that is past, oldest first: the first turns version 1 into 2. It takes and
returns the fields of an object, its children already in them.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import ConfigDict, TypeAdapter

from hardcore.errors import UserError
from hardcore.project.placement import Placement
from hardcore.project.values import TrackId

Fields = dict[str, Any]


class Reader(NamedTuple):
    """How a version is read: what makes its fields those of the next, and children that no later version holds.

    children   the fields that hold them, by their kind
    """

    next: Callable[[Fields], Fields]
    children: Mapping[str, str] = {}


def _same(fields: Fields) -> Fields:
    """Return what was stored: the new fields start with their defaults."""
    return fields


class _OldPlacement(Placement):
    """A placement as the project held it: it had to say its track."""

    track: TrackId


OLD_LISTS: dict[str, TypeAdapter[tuple[Any, ...]]] = {
    "arrangement": TypeAdapter(tuple[_OldPlacement, ...], config=ConfigDict(defer_build=True))
}


def _placements_to_tracks(fields: Fields) -> Fields:
    """Return the fields with the arrangement parted among the tracks. Raises ValueError for one that is not there."""
    placed: dict[str, list[Placement]] = {}
    for old in fields.pop("arrangement", ()):
        values = {name: getattr(old, name) for name in Placement.model_fields}
        placed.setdefault(old.track, []).append(Placement(**values))
    tracks = fields.get("tracks", ())
    for missing in placed.keys() - {track.id for track in tracks}:
        raise ValueError(f"the arrangement places a clip on {missing}, which does not exist")
    moved = [track.evolve(placements=placed[track.id]) if track.id in placed else track for track in tracks]
    return fields | {"tracks": moved}


MIGRATIONS: dict[str, list[Reader]] = {
    "project": [
        Reader(_same),  # groove_velocity
        Reader(_placements_to_tracks, {"arrangement": "arrangement"}),  # and sections, markers
        Reader(_same, {"scene": "scenes"}),  # scenes in a row of their own
        Reader(_same),  # ramp of tempo points
        Reader(_same),  # rules, vibe
        Reader(_same),  # maps
    ],
    "track": [
        Reader(_same),
        Reader(_same),
        Reader(_same),
        Reader(_same),
        Reader(_same),
        Reader(_same),
        Reader(_same),
        Reader(_same),
        Reader(_same),
    ],  # groove, zones, placements, frozen and midi_in, bend and more of it, side and crossfader, midi_out and program,
    # file_channel and lanes of MIDI, plug-ins
    "clip": [Reader(_same), Reader(_same), Reader(_same), Reader(_same)],  # groove, quantum; mode …; follow; lyrics
    "multisample": [],
    "region": [],
    "scene": [Reader(_same)],  # follow, tempo, meter, notes, levels
    "scenes": [],
    "groove": [Reader(_same)],  # bar_ticks, about
    "automation": [Reader(_same)],  # shape and bend of points
    "placements": [],
    "sections": [Reader(_same)],  # play, rest, vary, seed
    "markers": [],
    "rules": [],
    "maps": [Reader(_same)],  # device
    "arrangement": [],
    "notes": [Reader(_same)],  # its content was all of them, now its children are chunks of them, or runs of chunks
    "chunks": [],
    "chunk": [],
}


def current(kind: str) -> int:
    """Return the version in which objects of a kind are written now."""
    return len(MIGRATIONS[kind]) + 1


def ensure_known(kind: str, version: int) -> None:
    """Raise UserError for an object of a newer program, ValueError for a version that never was."""
    if version > current(kind):
        raise UserError(f"made by a newer hardcore ({kind} version {version})", "install the newest hardcore")
    if version < 1:
        raise ValueError(f"{kind} version {version}")


def migrate(kind: str, version: int, fields: Fields) -> Fields:
    """Return the fields of an object in today's version."""
    for reader in MIGRATIONS[kind][version - 1 :]:
        fields = reader.next(fields)
    return fields


def old_children(kind: str, version: int) -> dict[str, str]:
    """Return the fields that hold children in that version and no longer do, by the kind of the child."""
    return {child: field for reader in MIGRATIONS[kind][version - 1 :] for child, field in reader.children.items()}
