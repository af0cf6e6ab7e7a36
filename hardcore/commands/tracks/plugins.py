"""VST3 plug-ins: looking for them, which there are, and those that failed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row, counted
from hardcore.commands.core.types import FileName
from hardcore.commands.core.types import Words as PlainWords
from hardcore.commands.tracks.pluginsound import plugins_changed
from hardcore.errors import NotFound, nearest
from hardcore.project import pluginlist
from hardcore.project.plugin import PREFIX, Plugin
from hardcore.project.pluginlist import Entry
from hardcore.project.state import ProjectState

_MOST_FAILED = 5


def _known(project: ProjectState, before: object) -> list[Choice]:
    return [
        Choice(one.plugin.id if one.plugin else one.name, one.reason or _about(one.plugin))
        for one in pluginlist.listing()
    ]


def _about(plugin: Plugin | None) -> str:
    return f"{plugin.kind} by {plugin.vendor}" if plugin is not None else ""


PluginRef = Annotated[str, Field(max_length=200), Kind("plug-in", "a plug-in, as in plugins list", _known)]


class PluginScan(Done):
    """How many plug-ins there are where was looked, how many were loaded, which failed and which are gone."""

    found: int
    scanned: int
    not_used: tuple[str, ...]
    gone: tuple[str, ...]


@command(
    "plugins scan",
    "plugins scan my-plugins",
    effects={"settings", "code"},
    about={"folder": "only there; without one the system's own folders and those of the setting plugins.folders"},
)
async def plugins_scan(call: Call, folder: FileName | None = None) -> PluginScan:
    """Look for VST3 plug-ins and learn what each is: only those that are new or have changed are loaded.

    Each is loaded in a process that is thrown away; one that crashes, or takes longer than plugins.patience_s, is put
    on the list of those that are not used, with the reason. The code of a plug-in can do all that you can.
    """
    folders = [str(call.caller.path(folder))] if folder is not None else []
    return await _scanned(call, folders=folders)


async def _scanned(call: Call, folders: Sequence[str] = (), again: Sequence[str] = ()) -> PluginScan:
    done = await work(call, "scan_plugins", {"folders": list(folders), "again": list(again)})
    plugins_changed(call.studio)
    failed, gone = done["failed"], done["gone"]
    said = f"{counted(done['found'], 'plug-in')}, {done['scanned']} loaded"
    said += f", {len(gone)} no longer there" if gone else ""
    said += "".join(f"\nnot used: {line}" for line in failed[:_MOST_FAILED])
    said += f"\nand {len(failed) - _MOST_FAILED} more: plugins list failed" if len(failed) > _MOST_FAILED else ""
    return PluginScan(
        message=said, found=done["found"], scanned=done["scanned"], not_used=tuple(failed), gone=tuple(gone)
    )


class PluginRow(Row):
    """A plug-in of this machine: what it is called as a device, or why it is not used."""

    id: str
    name: str
    vendor: str
    version: str
    kind: str
    format: str
    parameters: int
    path: str
    reason: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.id or self.name, self.kind, self.vendor, self.version, self.parameters or "", self.reason)


class PluginList(Listing[PluginRow]):
    """Plug-ins of this machine."""

    headings = ("plug-in", "kind", "vendor", "version", "parameters", "not used, because")


def _row(entry: Entry) -> PluginRow:
    one = entry.plugin
    return PluginRow(
        id=one.id if one else "", name=entry.name, vendor=one.vendor if one else "", version=one.version if one else "",
        kind=one.kind if one else "", format=PREFIX.rstrip(":"), parameters=len(one.parameters) if one else 0,
        path=entry.path, reason=entry.reason,
    )  # fmt: skip


_NOTE = "track instrument TRACK vst3:NAME, effect add TRACK vst3:NAME"
_NONE = "no plug-ins are known: plugins scan looks for them"


@command("plugins list", "plugins list", effects=(), aliases=("plugins",))
def plugins_list(
    call: Call,
    kind: Annotated[
        Literal["instruments", "effects", "failed"] | None, Kind("kind", "instruments, effects or failed")
    ] = None,
) -> PluginList:
    """List the plug-ins that scans found: instruments, effects, or those that failed and why."""
    rows = tuple(
        _row(one) for one in pluginlist.listing() if kind is None or kind == ("failed" if one.reason else _plural(one))
    )
    return PluginList(items=rows, note=_NOTE if rows else "", empty=_NONE if kind is None else f"no {kind}")


def _plural(entry: Entry) -> str:
    return f"{entry.plugin.kind}s" if entry.plugin is not None else ""


@command(
    "plugins find",
    "plugins find comp",
    effects=(),
    about={"words": "of its name, vendor, kind or parameters"},
)
def plugins_find(call: Call, words: PlainWords) -> PluginList:
    """Find plug-ins by their name, vendor, kind or parameters."""
    wanted = words.casefold().split()
    rows = tuple(_row(one) for one in pluginlist.listing() if all(word in _said(one) for word in wanted))
    return PluginList(items=rows, note=_NOTE if rows else "", empty=f"no plug-in has to do with '{words}'")


def _said(entry: Entry) -> str:
    one = entry.plugin
    words = (entry.name, one.vendor, one.kind, *(p.name for p in one.parameters)) if one else (entry.name, entry.reason)
    return " ".join(words).casefold()


class PluginParameterRow(Row):
    """A parameter of a plug-in: its range and default here, and what the plug-in itself shows at both ends."""

    id: str
    name: str
    low: float
    high: float
    default: float
    unit: str
    shown: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.id, f"{self.low:g} to {self.high:g}", f"{self.default:g}", self.unit, self.shown)


class PluginView(Listing[PluginParameterRow]):
    """A plug-in with its parameters."""

    headings = ("parameter", "range", "default", "unit", "as the plug-in shows it")

    plugin: PluginRow


@command("plugins show", "plugins show OldSynth", effects=())
def plugins_show(call: Call, plugin: PluginRef) -> PluginView:
    """Show what is known of a plug-in: vendor, version, file, and its parameters with ranges and defaults."""
    entry = _entry(plugin)
    known = entry.plugin.parameters if entry.plugin else ()
    rows = tuple(
        PluginParameterRow(
            id=one.id, name=one.name, low=one.low, high=one.high, default=one.default, unit=one.unit,
            shown=one.parameter.help,
        )
        for one in known
    )  # fmt: skip
    row = _row(entry)
    about = [row.id or row.name, row.kind, row.vendor and f"by {row.vendor}", row.version, row.path, row.reason]
    return PluginView(items=rows, plugin=row, note=", ".join(filter(None, about)), empty=", ".join(filter(None, about)))


@command("plugins allow", "plugins allow OldSynth", effects={"settings", "code"})
async def plugins_allow(call: Call, plugin: PluginRef) -> PluginScan:
    """Try a plug-in that failed once more, such as after its licence or its files were put in place."""
    entry = _entry(plugin)
    return await _scanned(call, again=[entry.path])


def _entry(words: str) -> Entry:
    """Return what is known of a plug-in by its id, name or file. Raises UserError naming the nearest."""
    known = pluginlist.listing()
    wanted = words.casefold().removeprefix(PREFIX)
    for one in known:
        own = (one.name, Path(one.path).stem, *((one.plugin.id.removeprefix(PREFIX),) if one.plugin else ()))
        if wanted in (name.casefold() for name in own):
            return one
    raise NotFound(f"no plug-in '{words}'", nearest(words, [one.name for one in known]) if known else "plugins scan")
