"""The names in a project file, read without what else a project needs: a shell that completes a word waits for them."""

import json
import sqlite3
import zlib
from functools import partial
from pathlib import Path
from typing import Any

from hardcore.errors import UserError
from hardcore.store.schema import reading, split

# What is named in a line is small; notes and sounds are not read.
_MOST_BYTES = 2**20
_STATE = "SELECT root FROM steps WHERE number = (SELECT value FROM meta WHERE key = 'at')"
_OBJECT = "SELECT kind, payload, refs FROM objects WHERE hash = ?"


def project_names(path: Path) -> dict[str, list[str]]:
    """Return the names in a project file as it was saved: `track`, `scene`, `clip` (as kick:A), `section`, `marker`,
    `rule`. Empty where it is no such file, or cannot be read."""
    try:
        if not path.is_file():
            return {}
        with reading(path, alone=True) as source:
            return _names(source)
    except (UserError, sqlite3.Error, OSError, ValueError, LookupError, TypeError, zlib.error):
        return {}


def _names(source: sqlite3.Connection) -> dict[str, list[str]]:
    (root,) = source.execute(_STATE).fetchone()
    found: dict[str, list[str]] = {"track": [], "scene": [], "clip": []}
    tracks: dict[str, str] = {}
    scenes: list[dict[str, Any]] = []
    for kind, content, refs in map(partial(_object, source), split(_object(source, root)[2])):
        if kind == "track":
            tracks[content["id"]] = content["name"]
        elif kind == "scenes":
            scenes += [_object(source, scene)[1] for scene in split(refs)]
        elif kind in ("sections", "markers", "rules"):
            found[kind.removesuffix("s")] = [one["name"] for one in content if one.get("name")]
    found["track"] += tracks.values()
    for scene in scenes:
        found["scene"].append(scene["name"])
        found["clip"] += [f"{tracks[track]}:{scene['name']}" for track in scene["slots"] if track in tracks]
    return found


def _object(source: sqlite3.Connection, digest: bytes) -> tuple[str, Any, bytes]:
    """Return the kind, content and references of an object; no content where it is no JSON of a decent size."""
    kind, payload, refs = source.execute(_OBJECT, (digest,)).fetchone()
    content = zlib.decompressobj().decompress(payload, _MOST_BYTES)
    return kind, json.loads(content) if content[:1] in (b"{", b"[") else None, refs
