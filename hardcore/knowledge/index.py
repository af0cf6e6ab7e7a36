"""The index of the genres: what reading a prompt needs of each, kept in the cache folder.

Reading every genre's file takes half a second; the index takes a few milliseconds. It is made anew when a genre's file
is added, removed or changed (name, size, time) or the program is another version; a broken one is ignored, and where
none can be kept it is made each time.
"""

import contextlib
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from hardcore.artifacts import write_whole
from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.knowledge import loader
from hardcore.model import Model
from hardcore.paths import cache_folder
from hardcore.project.roles import Role
from hardcore.version import __version__

FILE = "genres.json"
_FORMAT = 2


class Entry(Model):
    """What a prompt's words can mean in a genre.

    usual_key   the name of the key drawn most often; major   whether one of its keys is major
    roles       the parts it usually has; `devices` every instrument of its palette
    character   its levels, 0–1
    """

    id: str
    name: str
    about: str
    based_on: str | None
    phrases: tuple[str, ...]
    low_bpm: float
    default_bpm: float
    high_bpm: float
    usual_key: str
    major: bool
    meter: str
    character: dict[str, float]
    roles: tuple[Role, ...]
    devices: tuple[str, ...]


class _Index(Model):
    """The file: what it was made from, and the entries in alphabetical order of their ids."""

    made_from: str
    entries: tuple[Entry, ...]


def state() -> str:
    """Return a text that changes with any genre's file and with the program: what is derived is kept by it."""
    return _made_from(loader.stamp())


def entries() -> tuple[Entry, ...]:
    """Return an entry for every genre that can be read, in alphabetical order. Raises UserError as the loader does."""
    own = loader.stamp()
    return _entries(_made_from(own), own)


@lru_cache(maxsize=4)
def _entries(made_from: str, own: loader.Stamp) -> tuple[Entry, ...]:
    path = _path()
    kept = _kept(path) if path else None
    if kept is not None and kept.made_from == made_from:
        return kept.entries
    made = _Index(made_from=made_from, entries=tuple(_entry(genre_id, own) for genre_id in loader.genre_ids()))
    if path:
        with contextlib.suppress(UserError):  # a cache that cannot be kept costs time, nothing else
            write_whole(path, made.model_dump_json().encode())
    return made.entries


def _made_from(own: loader.Stamp) -> str:
    shipped = loader.shipped_stamp()
    text = repr((_FORMAT, __version__, [(str(path), time_ns, size) for path, time_ns, size in (*shipped, *own)]))
    return hashlib.sha256(text.encode()).hexdigest()


def _path() -> Path | None:
    try:
        return cache_folder() / FILE
    except UserError:
        return None


def _kept(path: Path) -> _Index | None:
    """Return the index in a file; None when there is none or it is not one."""
    try:
        return _Index.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def _entry(genre_id: str, own: loader.Stamp) -> Entry:
    """Return a genre's entry. A shipped file is checked by tests, so its plain data will do; a user's is checked."""
    checkpoint()
    if any(path.stem == genre_id for path, _, _ in own):
        loader.genre(genre_id)
    data = loader.plain(genre_id)
    keys: list[dict[str, Any]] = data["keys"]
    usual = max(keys, key=lambda choice: float(choice.get("weight", 1)))
    parts = {role: (part or {}).get("chance", 1.0) for role, part in data["parts"].items()}
    return Entry(
        id=genre_id,
        name=data["name"],
        about=data["about"],
        based_on=data.get("based_on"),
        phrases=(data["name"], *data.get("synonyms", ())),
        low_bpm=data["tempo"]["low"],
        default_bpm=data["tempo"]["default"],
        high_bpm=data["tempo"]["high"],
        usual_key=usual["key"],
        major=any(_is_major(choice["key"]) for choice in keys),
        meter=data.get("meter", "4/4"),
        character=data["character"],
        roles=tuple(role for role, chance in parts.items() if chance >= 0.5),
        devices=tuple(sorted({sound["device"] for sounds in data["palette"].values() for sound in sounds})),
    )


def _is_major(key: str) -> bool:
    return key.split()[-1] in ("major", "lydian")
