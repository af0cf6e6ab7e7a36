"""Your library: what is in it, found, tagged, renamed, removed and brought back."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result, Row
from hardcore.commands.core.types import Flag, Kind, NewName
from hardcore.commands.library import ownfiles
from hardcore.commands.library.things import (
    KINDS,
    SAVED,
    ItemKept,
    ItemList,
    ItemRef,
    ItemRow,
    ItemVersion,
    KindName,
    Tags,
    at_version,
    date,
    find,
    kind_of,
    row_of,
    split,
)
from hardcore.errors import Misused, UserError
from hardcore.project.artifact import MOST_TAGS
from hardcore.project.libraryitem import Item
from hardcore.project.values import clean_name

Shown = Annotated[int, Field(ge=1, le=100_000), Kind("number", "how many are shown")]
EMPTY = "nothing in your library yet: library save preset NAME --from TRACK keeps a sound"


class VersionRow(Row):
    """A version of a thing: its number, when it was kept (seconds since 1970), and what is in it."""

    number: int
    at: float
    what: str


class UseRow(Row):
    """A project that was saved with something of it: which version, the project's file, the step it came in with."""

    version: int
    project: str
    step: int


class ItemView(Result):
    """All that is known of a thing in the library.

    sounds   the hashes of the artifacts that it plays; `samples` the names of sounds of yours that it plays from files
    used_in  the saved projects that it is in
    file     where one of your files lies, null for what is in the library itself
    """

    item: ItemRow
    tracks: tuple[str, ...]
    bpm: float | None
    key: str | None
    sounds: tuple[str, ...]
    samples: tuple[str, ...]
    versions: tuple[VersionRow, ...]
    used_in: tuple[UseRow, ...]
    file: str | None

    def text(self) -> str:
        """Return it a line a fact."""
        row = self.item
        facts = {
            "kind": row.kind, "name": row.name, "what": row.what, "tracks": ", ".join(self.tracks), "key": self.key,
            "tags": " ".join(row.tags), "note": row.note, "sounds": " ".join(one[:12] for one in self.sounds),
            "samples": ", ".join(self.samples), "file": self.file,
        }  # fmt: skip
        lines = [f"{what:10}  {value}" for what, value in facts.items() if value]
        lines += [f"version {one.number:<3} {date(one.at)}  {one.what}" for one in self.versions]
        lines += [f"used in     {one.project} (version {one.version}, step {one.step})" for one in self.used_in]
        return "\n".join(lines)


@command(
    "library list",
    "library list --kind preset",
    effects=(),
    aliases=("library",),
    about={
        "kind": f"only one kind: {', '.join(KINDS)}",
        "tag": "only those with a tag",
        "removed": "those that were removed, which library restore brings back",
        "count": "how many are shown, 200",
    },
)
def library_list(
    call: Call,
    *,
    kind: KindName | None = None,
    tag: NewName | None = None,
    removed: Flag = False,
    count: Shown = 200,
) -> ItemList:
    """List what is in your library: sounds, track strips, clips, scenes, grooves, rhythms, mappings, and your files.

    Set lists are yours alone and not among them; `setlist` shows those.
    """
    items, total = call.studio.library.items(
        [row_of(kind)] if kind is not None else list(map(row_of, SAVED)), tag=tag, removed=removed, most=count
    )
    files = [] if tag is not None or removed else ownfiles.own_files(kind)
    rows = [*map(ItemRow.of, items), *map(ItemRow.of_file, files)][:count]
    total += len(files)
    more = f"{len(rows)} of {total}: --count {total} shows all; library find WORDS" if total > len(rows) else ""
    note = more or "library show NAME tells more; library put NAME TARGET uses one"
    return ItemList(items=tuple(rows), total=total, note=note, empty="nothing like that" if kind or tag else EMPTY)


@command(
    "library show",
    "library show rubber",
    effects=(),
    about={"version": "an earlier version, by its number"},
)
def library_show(call: Call, item: ItemRef, *, version: ItemVersion | None = None) -> ItemView:
    """Say all that is known of a thing: what is in it, tags, note, versions, and the saved projects that it is in."""
    kinds, name = split(item)
    if (file := ownfiles.file_named(name, list(kinds))) is not None and kinds != KINDS:
        return _of_file(file)
    try:
        found = at_version(call, find(call, item), version)
    except UserError:
        if file is None:
            raise
        return _of_file(file)
    library, facts = call.studio.library, found.facts
    return ItemView(
        item=ItemRow.of(found), tracks=facts.tracks, bpm=facts.bpm, key=facts.key, sounds=facts.artifacts,
        samples=facts.samples, file=None,
        versions=tuple(VersionRow(number=v.version, at=v.at, what=v.facts.words) for v in library.versions(found)),
        used_in=tuple(UseRow(version=number, project=path, step=step) for number, path, step in library.uses(found)),
    )  # fmt: skip


def _of_file(file: ownfiles.OwnFile) -> ItemView:
    return ItemView(
        item=ItemRow.of_file(file), tracks=(), bpm=None, key=None, sounds=(), samples=(), versions=(), used_in=(),
        file=str(file.path),
    )  # fmt: skip


@command("library tag", "library tag rubber warm,deep", effects={"settings"})
def library_tag(call: Call, item: ItemRef, tags: Tags) -> ItemKept:
    """Tag a thing in your library; tags are found by library find and library list --tag."""
    return _tagged(call, item, lambda known: [*known, *dict.fromkeys(cleaned(tags))])


@command("library untag", "library untag rubber warm", effects={"settings"})
def library_untag(call: Call, item: ItemRef, tags: Tags) -> ItemKept:
    """Take tags off a thing in your library."""
    gone = cleaned(tags)
    return _tagged(call, item, lambda known: [tag for tag in known if tag not in gone])


def cleaned(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return tags as they are kept. Raises UserError for one that is none."""
    return tuple(clean_name(tag)[:40] for tag in tags if tag.strip())


def _tagged(call: Call, reference: str, change: Callable[[tuple[str, ...]], list[str]]) -> ItemKept:
    item = find(call, reference)
    if item.kind == "seed":
        raise UserError("a rhythm has its tags in its seed", f"rhythm seed tag {item.name} TAGS")
    tags = list(dict.fromkeys(change(item.tags)))
    if len(tags) > MOST_TAGS:
        raise UserError(f"{item.name} would have {len(tags)} tags", f"{MOST_TAGS} at most")
    return _kept(call.studio.library.tag(item, tags), f"is tagged {', '.join(tags)}" if tags else "has no tags")


@command(
    "library rename",
    "library rename rubber elastic",
    effects={"settings"},
    about={"name": "what it is called from now on"},
)
def library_rename(call: Call, item: ItemRef, name: NewName) -> ItemKept:
    """Give a thing in your library another name; its versions go with it."""
    found = find(call, item)
    if found.kind in ("groove", "seed"):
        raise UserError(f"a {kind_of(found)} keeps its name", "save it under another one")
    return _kept(call.studio.library.rename(found, plain_name(name)), f"was {found.name}")


def plain_name(name: str) -> str:
    """Return the name of a thing, which may become a file's. Raises Misused for one that reads as something else."""
    if name.startswith(".") or any(sign in name for sign in "/\\:"):
        raise Misused(f"'{name}' is no name for it", "a name has no / \\ or :, and begins with no dot")
    return clean_name(name)


@command("library remove", "library remove rubber", effects={"settings"})
def library_remove(call: Call, item: ItemRef) -> ItemKept:
    """Remove a thing from your library; library restore brings it back, projects that use it keep what they have."""
    found = find(call, item)
    gone = call.studio.library.remove(found, call.controller.now())
    return _kept(gone, f"is removed; library restore {kind_of(found)}:{found.name} brings it back")


@command("library restore", "library restore rubber", effects={"settings"})
def library_restore(call: Call, item: ItemRef) -> ItemKept:
    """Bring a thing back that was removed from your library, with all its versions."""
    return _kept(call.studio.library.remove(find(call, item, removed=True), None), "is back")


def _kept(item: Item, words: str) -> ItemKept:
    return ItemKept(message=f"{kind_of(item)} {item.name} {words}", item=ItemRow.of(item))
