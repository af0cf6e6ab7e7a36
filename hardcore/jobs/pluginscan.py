"""Scanning for plug-ins: each is loaded in a process that is thrown away, so one that crashes or hangs harms nobody.

What was found is kept by path, date and size (project/pluginlist.py): a file that has not changed is not loaded again.
One that failed is kept too, with the reason, and is never loaded again by itself: `plugins allow` tries it once more.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hardcore.errors import HardcoreError, UserError
from hardcore.jobs.pluginhost import HOSTING
from hardcore.jobs.request import Progress
from hardcore.jobs.vst3factory import binary_of
from hardcore.project import pluginlist
from hardcore.project.plugin import Plugin
from hardcore.project.pluginlist import Entry
from hardcore.settings import load_settings
from hardcore.workers.context import Context, Words
from hardcore.workers.worker import Ended, TookTooLong, Worker

_SUFFIX = ".vst3"
_DEEPEST = 6
# What was found is put on the disk after so many plug-ins.
_LOT = 16


def standard_folders() -> list[Path]:
    """Return where this system keeps VST3 plug-ins, and the user's own."""
    if sys.platform == "darwin":
        return [Path("~/Library/Audio/Plug-Ins/VST3").expanduser(), Path("/Library/Audio/Plug-Ins/VST3")]
    if sys.platform == "win32":
        common = os.environ.get("COMMONPROGRAMFILES", r"C:\Program Files\Common Files")
        return [Path(common) / "VST3", Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "Programs/Common/VST3"]
    return [Path("~/.vst3").expanduser(), Path("/usr/local/lib/vst3"), Path("/usr/lib/vst3"), Path("/usr/lib64/vst3")]


def search_folders() -> list[Path]:
    """Return every folder that is scanned: the system's, and those of the settings."""
    return list(dict.fromkeys((*standard_folders(), *load_settings().plugins.places)))


def scan_plugins(context: Context, folders: list[str], again: list[str]) -> Words:
    """Look for plug-ins in folders (none: all of `search_folders`) and learn of those that are new or have changed.

    again   files that are tried once more, whatever is known of them; then nothing else is looked at
    """
    if again:
        found, gone = [Path(path) for path in again], []
    else:
        places = [Path(folder) for folder in folders] or search_folders()
        found = list(dict.fromkeys(path for place in places for path in _files(place)))
        gone = [one for one in pluginlist.listing() if not Path(one.path).exists()]
    known = {one.path: one for one in pluginlist.listing() if one not in gone}
    fresh = [path for path in found if again or not _is_known(known.get(str(path)), path)]
    scanned = asyncio.run(_scanned(fresh, known, context.progress))
    failed = [f"{one.name}: {one.reason}" for one in scanned if one.reason]
    return {"found": len(found), "scanned": len(scanned), "failed": failed, "gone": [one.name for one in gone]}


async def _scanned(fresh: Sequence[Path], known: dict[str, Entry], progress: Progress) -> list[Entry]:
    made = []
    try:
        for place, path in enumerate(fresh):
            progress(place / len(fresh), f"plug-in {place + 1} of {len(fresh)}: {path.stem}")
            made.append(await _entry(path))
            known[str(path)] = made[-1]
            if not len(made) % _LOT:
                pluginlist.keep(tuple(known.values()))
    finally:
        pluginlist.keep(tuple(known.values()))
    return made


async def _entry(path: Path) -> Entry:
    """Return what a process of its own learned of a plug-in, or why it did not."""
    patience_s = load_settings().plugins.patience_s
    plugin, reason = None, ""
    try:
        async with Worker(replace(HOSTING, patience_s=patience_s)) as worker:
            plugin = Plugin.model_validate(await worker.ask("describe", path=str(path)))
    except Ended:
        reason = "it ended its process while it was loaded"
    except TookTooLong:
        reason = f"it did not load within {patience_s:g} s"
    except HardcoreError as error:
        reason = error.line()
    modified_ns, size = _stamp(path)
    return Entry(path=str(path), modified_ns=modified_ns, size=size, plugin=plugin, reason=reason[:400])


def _is_known(entry: Entry | None, path: Path) -> bool:
    return entry is not None and (entry.modified_ns, entry.size) == _stamp(path)


def _stamp(path: Path) -> tuple[int, int]:
    """Return date and size of what runs of a plug-in."""
    try:
        stat = (binary_of(path) or path).stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def _files(place: Path) -> Iterator[Path]:
    """Yield the plug-ins in a folder and below, bundles or plain files. Raises UserError for a folder that is none."""
    if place.suffix.casefold() == _SUFFIX:
        yield place
        return
    if not place.is_dir():
        if place in standard_folders():
            return
        raise UserError(f"no folder {place}", "plugins scan FOLDER")
    for folder, folders, files in os.walk(place):
        here = Path(folder)
        yield from (here / name for name in sorted((*folders, *files)) if name.casefold().endswith(_SUFFIX))
        deep = len(here.parts) - len(place.parts) >= _DEEPEST
        folders[:] = [] if deep else sorted(name for name in folders if not name.casefold().endswith(_SUFFIX))
