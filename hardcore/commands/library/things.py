"""What stands in the user's library: items of the database, and the user's own files, under one set of names."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationError

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import text_as
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import Choice, Kind
from hardcore.commands.library import ownfiles
from hardcore.controller.controller import words
from hardcore.errors import NotFound, UserError, near, nearest
from hardcore.project.excerpts import of_preset
from hardcore.project.libraryitem import Item, facts_of
from hardcore.project.preset import Preset, preset_of
from hardcore.project.state import ProjectState

SavedKind = Literal["preset", "instrument", "effects", "track", "clip", "scene", "groove", "rhythm", "mapping"]
FileKind = Literal["style", "controller"]
AnyKind = Literal[SavedKind, FileKind]
KINDS: tuple[str, ...] = get_args(AnyKind)
SAVED: tuple[str, ...] = get_args(SavedKind)
# How the database calls kinds that it had before.
_ROWS = {"rhythm": "seed"}
_KIND_OF = {row: kind for kind, row in _ROWS.items()}

KindName = Annotated[
    AnyKind, Kind("kind", f"what it is: {', '.join(KINDS)}", lambda project, before: map(Choice, KINDS))
]
NewKind = Annotated[
    SavedKind, Kind("kind", f"what is kept: {', '.join(SAVED)}", lambda project, before: map(Choice, SAVED))
]
ItemRef = Annotated[
    str, Field(min_length=1, max_length=120), Kind("item", "its name in your library, or kind:name, as in clip:riff")
]
ItemNames = Annotated[
    tuple[str, ...],
    text_as(lambda text: tuple(filter(None, text.split(",")))),
    Kind("items", "names in your library, with commas"),
]
Tags = Annotated[
    tuple[str, ...],
    text_as(lambda text: tuple(filter(None, text.split(",")))),
    Kind("tags", "words with commas: dark,live"),
]
ItemVersion = Annotated[int, Field(ge=1, le=1000), Kind("version", "the number of an earlier version")]


class ItemRow(Row):
    """A thing in the library.

    what      what is in it, in a few words; `plays`, `effects` and `roles` as data
    version   the latest one, the first is 1; null for a file
    at        when that was kept, seconds since 1970; null where it is not known
    """

    kind: str
    name: str
    version: int | None
    what: str
    plays: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    at: float | None = None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.kind, self.name, self.version, self.what, " ".join(self.tags), self.note, date(self.at))

    @classmethod
    def of(cls, item: Item) -> "ItemRow":
        """Return the row of an item of the database."""
        facts = item.facts
        return cls(
            kind=kind_of(item), name=item.name, version=item.version, what=facts.words, plays=facts.plays,
            effects=facts.effects, roles=facts.roles, tags=item.tags, note=item.note, at=item.at,
        )  # fmt: skip

    @classmethod
    def of_file(cls, file: ownfiles.OwnFile) -> "ItemRow":
        """Return the row of one of the user's files."""
        return cls(kind=file.kind, name=file.name, version=None, what=file.about)

    @property
    def document(self) -> str:
        """Return all by which it is found; a role in the plural too."""
        roles = [f"{role} {role}es" for role in (role.replace("_", " ") for role in self.roles)]
        heavy = f"{self.name} " * 3 + f"{' '.join(self.tags)} " * 2
        return " ".join([heavy, self.kind, *roles, *self.plays, *self.effects, self.what, self.note])


class ItemList(Listing[ItemRow]):
    """Things in the library; `total` is how many there are of those that were asked for."""

    headings = ("kind", "name", "version", "what", "tags", "note", "kept")

    total: int


class ItemKept(Done):
    """Something of the library that was kept, changed, removed or brought back."""

    item: ItemRow


def date(at: float | None) -> str:
    """Return a date as a list shows it, nothing for none."""
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d") if at else ""


def kind_of(item: Item) -> str:
    """Return the kind that an item is of, as commands call it."""
    return _KIND_OF.get(item.kind, item.kind)


def row_of(kind: str) -> str:
    """Return what the database calls a kind."""
    return _ROWS.get(kind, kind)


def find(call: Call, reference: str, kinds: Sequence[str] = KINDS, *, removed: bool = False) -> Item:
    """Return what a reference names, of these kinds. Raises UserError naming the nearest, or those of that name."""
    wanted, name = split(reference, kinds)
    found = call.studio.library.named(name, [row_of(kind) for kind in wanted if kind in SAVED], removed=removed)
    if len(found) == 1:
        return found[0]
    if not found:
        listed, _ = call.studio.library.items([row_of(kind) for kind in wanted if kind in SAVED], removed=removed)
        found = [item for item in listed if _is_described(item, name)]
        if len(found) == 1:
            return found[0]
    if found:
        raise UserError(
            f"there are {len(found)} things called '{name}'",
            "say which: " + ", ".join(f"{kind_of(item)}:{item.name}" for item in found),
        )
    names = [item.name for item in listed]
    what = f"{wanted[0]} " if len(wanted) == 1 else ""
    where = "among what was removed from" if removed else "in"
    raise NotFound(f"no {what}'{name}' {where} your library", nearest(name, names), near(name, names))


def _is_described(item: Item, reference: str) -> bool:
    """Return whether a reference has an item's name in it and else only what it is: `rubber bass`, `my riff clip`."""
    from hardcore.language.bm25 import words

    said, name = (dict.fromkeys(text.casefold().split()) for text in (reference, item.name))
    rest = " ".join(word for word in said if word not in name)
    return name.keys() <= said.keys() and set(words(rest)) <= set(words(ItemRow.of(item).document))


def split(reference: str, kinds: Sequence[str] = KINDS) -> tuple[Sequence[str], str]:
    """Return the kinds and the name of a reference, such as `clip:riff`."""
    kind, colon, name = reference.partition(":")
    if colon and kind.casefold() in KINDS:
        return (kind.casefold(),), name
    return kinds, reference


def at_version(call: Call, item: Item, version: int | None) -> Item:
    """Return an item at another version. Raises UserError."""
    if version is None or version == item.version:
        return item
    for one in call.studio.library.versions(item):
        if one.version == version:
            return one
    raise NotFound(f"{item.name} has no version {version}", f"1 to {item.latest}")


def excerpt_of(call: Call, item: Item) -> ProjectState:
    """Return the small project that an item holds; a preset of an older version becomes one. Raises UserError."""
    found = call.studio.library.content(item)
    if isinstance(found, ProjectState):
        return found
    if item.kind == "preset":
        return of_preset(sound_of(call, item), item.name)
    raise UserError(f"{item.name} is a {kind_of(item)}, and no part of a project")


def sound_of(call: Call, item: Item) -> Preset:
    """Return the instrument and effects that an item holds. Raises UserError for one that does not fit this version."""
    try:
        found = call.studio.library.content(item)
        if isinstance(found, ProjectState):
            return preset_of(found, found.tracks[0].id)
        return Preset.model_validate(found)
    except ValidationError as error:
        raise UserError(f"preset {item.name} does not fit this version: {words(error)}") from error


def keep(call: Call, kind: str, name: str, project: ProjectState, tags: Iterable[str] = (), note: str = "") -> Item:
    """Return a part of a project, kept as the latest version of a name. Raises UserError."""
    facts = facts_of(project)
    return call.studio.library.save(
        kind, name, project, call.controller.now(), facts=facts, tags=tuple(tags), note=note
    )
