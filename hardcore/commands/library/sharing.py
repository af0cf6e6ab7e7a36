"""Giving things of your library to others, and taking theirs in."""

from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import Annotated

from pydantic import ValidationError

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, counted
from hardcore.commands.core.types import FileName, Kind, NewName
from hardcore.commands.edits.groove import is_program_groove, read_groove
from hardcore.commands.library import ownfiles
from hardcore.commands.library.items import plain_name
from hardcore.commands.library.things import (
    KINDS,
    SAVED,
    AnyKind,
    ItemNames,
    ItemRow,
    KindName,
    excerpt_of,
    find,
    kind_of,
    row_of,
    split,
)
from hardcore.commands.projects.project import with_suffix
from hardcore.commands.rhythm.seed import read_seed
from hardcore.errors import NotFound, UserError
from hardcore.project import artifacts
from hardcore.project.artifact import MOST_TAGS
from hardcore.project.grooves import key
from hardcore.project.libraryitem import Content, Item, Parcel, facts_of
from hardcore.project.recordings import recordings, relinked
from hardcore.project.state import ProjectState
from hardcore.project.values import clean_name
from hardcore.workers.thread import beside

ENDING = ".hcl"
LibraryFile = Annotated[FileName, Kind("file", "a file of things from a library, such as pack.hcl", endings=(ENDING,))]


class ItemsShared(Done):
    """What was written to a file or taken in from one; `known` is what was there already."""

    file: str
    items: tuple[ItemRow, ...]
    known: tuple[str, ...] = ()


@command(
    "library export",
    "library export pack.hcl --items rubber",
    effects={"files"},
    about={
        "file": "the file, such as pack.hcl",
        "items": "what is written, with commas; without it all, or all of a kind or with a tag",
        "kind": "only one kind",
        "tag": "only those with a tag",
    },
)
async def library_export(
    call: Call,
    file: LibraryFile,
    *,
    items: ItemNames = (),
    kind: KindName | None = None,
    tag: NewName | None = None,
) -> ItemsShared:
    """Write things of your library, each in its latest version, to one file that others can import.

    Artifacts that they play are in it. Sounds that a sampler plays from files of yours are not: the answer names them.
    """
    path = _named(call, file)
    chosen = [_parcel(call, one) for one in _chosen(call, items, kind, tag)]
    if not chosen:
        raise UserError("nothing of your library is that", "library list shows what there is")
    played = {sha256 for parcel, _ in chosen for sha256 in _facts(parcel, "artifacts")}
    own = sorted({name for parcel, _ in chosen for name in _facts(parcel, "samples")})
    await beside(call.studio.library.write_file, path, [parcel for parcel, _ in chosen], played)
    details = tuple(f"not in it: the sound {name}, from a file of yours" for name in own)
    rows = tuple(row for _, row in chosen)
    return ItemsShared(message=f"{path}: {counted(len(rows), 'thing')}", details=details, file=str(path), items=rows)


def _named(call: Call, file: str) -> Path:
    path = with_suffix(call.caller.file(file), ENDING)
    if path.suffix.lower() != ENDING:
        raise UserError(f"{path.name} is no name for things from a library", f"they end in {ENDING}")
    return path


def _chosen(
    call: Call, names: tuple[str, ...], kind: AnyKind | None, tag: str | None
) -> Iterable[Item | ownfiles.OwnFile]:
    """Yield what is to be written. Raises UserError."""
    if names:
        for name in names:
            kinds, plain = split(name, (kind,) if kind else KINDS)
            yield ownfiles.file_named(plain, list(kinds)) or find(call, name, kinds)
        return
    kinds = [row_of(one) for one in ((kind,) if kind else SAVED)]
    yield from call.studio.library.items(kinds, tag=tag)[0]
    yield from ownfiles.own_files(kind) if tag is None else ()


def _parcel(call: Call, thing: Item | ownfiles.OwnFile) -> tuple[Parcel, ItemRow]:
    if isinstance(thing, ownfiles.OwnFile):
        text = {"text": ownfiles.text_of(thing)}
        return Parcel(thing.kind, thing.name, (), "", call.controller.now(), text), ItemRow.of_file(thing)
    kind = kind_of(thing)
    json = kind in ("groove", "rhythm")
    content = call.studio.library.content(thing) if json else _without_paths(excerpt_of(call, thing))
    return Parcel(kind, thing.name, thing.tags, thing.note, thing.at, content), ItemRow.of(thing)


def _without_paths(project: ProjectState) -> ProjectState:
    """Return an excerpt in which sounds from files are named, and not where they lay on this machine."""
    return relinked(project, {sha256: known.name for sha256, known in recordings(project).items()})


def _facts(parcel: Parcel, what: str) -> tuple[str, ...]:
    return getattr(facts_of(parcel.content), what) if isinstance(parcel.content, ProjectState) else ()


@command(
    "library import",
    "library import pack.hcl",
    effects={"files", "settings"},
    about={"file": "a file that library export wrote", "tag": "a tag that all of it gets"},
)
async def library_import(call: Call, file: LibraryFile, *, tag: NewName | None = None) -> ItemsShared:
    """Take things from somebody's file into your library; a name that is taken gets a number, what is equal is left.

    The file may be anybody's: it is checked before anything of it is kept, and nothing in it is run.
    """
    path = with_suffix(call.caller.file(file), ENDING)
    parcels = [_checked(parcel, tag) for parcel in await beside(call.studio.library.read_file, path)]
    kept = [(_keep(call, parcel), f"{parcel.kind}:{parcel.name}") for parcel in parcels]
    rows, known = [row for row, _ in kept if row is not None], [name for row, name in kept if row is None]
    said = f"{path.name}: {counted(len(rows), 'thing')}" + (f", {len(known)} known already" if known else "")
    lost = sorted({name for parcel in parcels for name in _facts(parcel, "samples")})
    details = tuple(f"plays {name}, which is in no file here: samples relink finds it" for name in lost)
    return ItemsShared(message=said, details=details, file=str(path), items=tuple(rows), known=tuple(known))


def _checked(parcel: Parcel, tag: str | None) -> Parcel:
    """Return a thing from a file as it may be kept. Raises UserError that says which one is wrong."""
    try:
        if parcel.kind not in KINDS:
            raise UserError(f"'{parcel.kind}' is no kind of thing")
        name = plain_name(parcel.name)
        name = key(name) if parcel.kind == "groove" else name
        tags = tuple(dict.fromkeys(clean_name(one)[:40] for one in (*parcel.tags, *filter(None, [tag]))))[:MOST_TAGS]
        note = clean_name(parcel.note[:80]) if parcel.note.strip() else ""
        return parcel._replace(name=name, tags=tags, note=note, content=_content(parcel))
    except (UserError, ValidationError) as error:
        title = parcel.name[:60]
        raise UserError(f"'{title}' cannot be taken in: {error}", "nothing of the file was kept") from error


def _content(parcel: Parcel) -> Content:
    """Return what is in a thing, checked to be of its kind. Raises UserError."""
    kind, found = parcel.kind, parcel.content
    if kind in ("style", "controller"):
        if not isinstance(found, dict) or not isinstance(found.get("text"), str):
            raise UserError(f"it is no {kind}")
        ownfiles.check(kind, parcel.name, found["text"])
        return {"text": found["text"]}
    if kind == "groove":
        return read_groove(parcel.name, found).model_dump(mode="json")
    if kind == "rhythm":
        seed = read_seed(parcel.name, found)
        seed.loaded(parcel.name)
        return seed.model_dump(mode="json")
    if not isinstance(found, ProjectState) or not _SHAPES[kind](found):
        raise UserError(f"it is no {kind}")
    lost = [sha256[:12] for sha256 in facts_of(found).artifacts if artifacts.lookup(sha256) is None]
    if lost:
        raise NotFound(f"the sounds {', '.join(lost[:4])} are not in the file")
    return _without_paths(found.evolve(rules=(), sections=(), markers=(), provenance=None))


def _is_track(project: ProjectState) -> bool:
    return len(project.tracks) > 1


_SHAPES: dict[str, Callable[[ProjectState], bool]] = {
    "preset": _is_track,
    "track": _is_track,
    "instrument": lambda project: _is_track(project) and project.tracks[0].instrument is not None,
    "effects": lambda project: _is_track(project) and bool(project.tracks[0].effects),
    "clip": lambda project: any(track.clips for track in project.tracks),
    "scene": lambda project: bool(project.scenes[0].slots),
    "mapping": lambda project: bool(project.maps),
}


def _keep(call: Call, parcel: Parcel) -> ItemRow | None:
    """Return what was kept of a thing that was checked, None where the same is there under that name."""
    library, kind = call.studio.library, parcel.kind
    if isinstance(parcel.content, dict) and "text" in parcel.content and kind in ("style", "controller"):
        taken = ownfiles.take_in(kind, parcel.name, parcel.content["text"])
        return ItemRow.of_file(taken) if taken is not None else None
    title = parcel.name
    for number in count(2):
        there = [*library.named(title, [row_of(kind)]), *library.named(title, [row_of(kind)], removed=True)]
        if not there and not (kind == "groove" and is_program_groove(title)):
            break
        if there and library.content(there[0]) == parcel.content:
            return None if there[0].removed is None else ItemRow.of(library.remove(there[0], None))
        title = f"{parcel.name[:70]} {number}" if kind != "groove" else f"{parcel.name[:70]}_{number}"
    if isinstance(parcel.content, ProjectState):
        facts = facts_of(parcel.content)
        item = library.save(
            row_of(kind), title, parcel.content, call.controller.now(), facts=facts, tags=parcel.tags, note=parcel.note
        )
        return ItemRow.of(item)
    content = {**parcel.content, "id": title} if kind == "groove" else parcel.content
    library.add(row_of(kind), title, content, call.controller.now())
    (item,) = library.named(title, [row_of(kind)])
    return ItemRow.of(item if kind == "rhythm" else library.tag(item, parcel.tags))
