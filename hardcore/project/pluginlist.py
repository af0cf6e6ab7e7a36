"""The plug-ins of this machine: what scans learned, in one file of the state folder. The catalogue looks here.

    plugin = find("vst3:ZamComp")
    entries = listing()         # with those that failed, and why

A file that has changed since, by date and size, is scanned again (jobs/pluginscan.py).
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from hardcore.artifacts import PRIVATE, write_whole
from hardcore.errors import NotFound, UserError, nearest
from hardcore.model import Model
from hardcore.paths import state_folder
from hardcore.project.plugin import PREFIX, Plugin, is_plugin

_FILE = "plugins.json"
_read: dict[str, object] = {}


class Entry(Model):
    """A plug-in's file, and what a scan found in it: a plug-in, or why it is not used."""

    path: Annotated[str, Field(max_length=4096)]
    modified_ns: int
    size: int
    plugin: Plugin | None = None
    reason: Annotated[str, Field(max_length=400)] = ""

    @property
    def name(self) -> str:
        """Return what it is called: the plug-in's own name, else the file's."""
        return self.plugin.name if self.plugin is not None else Path(self.path).stem


@cache
def _entries() -> TypeAdapter[tuple[Entry, ...]]:
    return TypeAdapter(tuple[Entry, ...])


def listing() -> tuple[Entry, ...]:
    """Return every file that was scanned, by name; read again when it has changed."""
    path = state_folder() / _FILE
    try:
        known = path.stat()
    except OSError:
        return ()
    mark = (str(path), known.st_mtime_ns, known.st_ino)
    if _read.get("mark") != mark:
        try:
            _read.update(mark=mark, entries=_entries().validate_json(path.read_bytes()))
        except (OSError, ValidationError, UserError):  # a list that is damaged is made again by a scan
            return ()
    entries: tuple[Entry, ...] = _read["entries"]  # type: ignore[assignment]
    return entries


def keep(entries: Sequence[Entry]) -> None:
    """Keep what is known of all files. Raises UserError."""
    ordered = sorted(entries, key=lambda one: (one.name.casefold(), one.path))
    write_whole(state_folder() / _FILE, _entries().dump_json(tuple(ordered), indent=1), PRIVATE)


def plugins(kind: str | None = None) -> dict[str, Plugin]:
    """Return the plug-ins that can be used, by id; of two of one name the first."""
    found: dict[str, Plugin] = {}
    for entry in listing():
        if entry.plugin is not None and not entry.reason and kind in (None, entry.plugin.kind):
            found.setdefault(entry.plugin.id, entry.plugin)
    return found


def find(device_id: str, kind: str | None = None) -> Plugin:
    """Return the plug-in that is called so, `vst3:NAME`. Raises NotFound naming the nearest."""
    known = plugins(kind)
    plugin = known.get(device_id.casefold())
    if plugin is None:
        what = "plug-in" if kind is None else f"{kind} plug-in"
        name = device_id[len(PREFIX) :] if is_plugin(device_id) else device_id
        raise NotFound(f"no {what} '{name}'", nearest(device_id, known) if known else "plugins scan")
    return plugin


def described(device_id: str) -> Plugin | None:
    """Return what is kept of a plug-in with whatever uses it; None for a device of the program's own."""
    return find(device_id) if is_plugin(device_id) else None


def file_of(plugin: Plugin) -> Path | None:
    """Return the file of a plug-in on this machine, None where it is not there, or not used."""
    called = [one for one in listing() if one.plugin is not None and one.plugin.id == plugin.id and not one.reason]
    exact = next((one for one in called if one.plugin is not None and one.plugin.digest == plugin.digest), None)
    entry = exact or next(iter(called), None)
    return Path(entry.path) if entry is not None and Path(entry.path).exists() else None
