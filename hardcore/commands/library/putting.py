"""Using what your library holds: put into the project, as data of its own."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited
from hardcore.commands.core.types import CallName, Choice, Kind, SceneRef
from hardcore.commands.edits.groove import put_on, read_groove
from hardcore.commands.library import ownfiles
from hardcore.commands.library.things import (
    KINDS,
    ItemRef,
    ItemVersion,
    at_version,
    excerpt_of,
    find,
    kind_of,
    row_of,
    sound_of,
    split,
)
from hardcore.commands.rhythm.seed import read_seed
from hardcore.errors import UserError
from hardcore.project import artifacts, insertion
from hardcore.project.insertion import Inserted
from hardcore.project.libraryitem import Item
from hardcore.project.preset import with_effects, with_instrument, with_preset
from hardcore.project.roles import ROLES, Role
from hardcore.project.state import ProjectState
from hardcore.project.tracks import add_track

_BY_COMMAND = {"style": "restyle {name}, or name it in a prompt", "controller": "map use {name}"}


def _targets(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield from (Choice(track.name, track.kind) for track in project.tracks)
    for scene in project.scenes:
        yield from (Choice(f"{track.name}:{scene.name}", "slot") for track in project.tracks if track.id in scene.slots)


Target = Annotated[
    str,
    Field(min_length=1, max_length=200),
    Kind("target", "a track, or a slot such as bass:A", _targets),
]


class ItemPut(Edited):
    """What was put into the project: which thing of the library, in which version."""

    kind: str
    name: str
    version: int

    @property
    def uses(self) -> tuple[str, ...]:
        """Return what the step came from."""
        return (f"{row_of(self.kind)}:{self.name}:{self.version}",)


@command(
    "library put",
    "library put rubber bass",
    about={
        "target": "the track, or the slot (bass:A); without it a new track",
        "version": "an earlier version, by its number",
        "scene": "the scene that a clip or a rhythm comes into",
        "as": "what the new track or scene is called",
    },
)
def library_put(
    call: Call,
    item: ItemRef,
    target: Target | None = None,
    *,
    version: ItemVersion | None = None,
    scene: SceneRef | None = None,
    as_: CallName | None = None,
) -> ItemPut:
    """Put a thing of your library into the project, in one step; from then on it is the project's own.

    A preset, an instrument or a track strip changes the sound of the target, or becomes a new track; effects take the
    place of the target's; a clip comes into a slot of the target, or of a new track with its own sound; a scene comes
    behind the others, on tracks of the same names or new ones; a groove is put on the target or on all; a rhythm
    becomes clips; mappings take the place of what their controllers did.
    """
    kinds, name = split(item)
    if kinds != KINDS and (file := ownfiles.file_named(name, list(kinds))) is not None:
        raise UserError(
            f"a {file.kind} is put to use by its own command", _BY_COMMAND[file.kind].format(name=file.name)
        )
    found = at_version(call, find(call, item), version)
    ensure_sounds(found)
    done: list[Inserted] = []

    def change(project: ProjectState) -> ProjectState:
        done.append(_put(call, found, project, target, scene, as_ or found.name))
        return done[-1].project

    call.edit(change)
    kind, (_, where, left) = kind_of(found), done[-1]
    missing = tuple(f"left out: {one}" for one in left)
    return ItemPut(
        message=f"{where}: {kind} {found.name}" + (f", version {found.version}" if found.latest > 1 else ""),
        details=missing, kind=kind, name=found.name, version=found.version,
    )  # fmt: skip


def ensure_sounds(item: Item) -> None:
    """Raise UserError where a sound that an item plays is no longer among the artifacts."""
    lost = [sha256[:12] for sha256 in item.facts.artifacts if artifacts.lookup(sha256) is None]
    if lost:
        raise UserError(f"{item.name} plays sounds that are gone: {', '.join(lost[:4])}", "import its file again")


def _put(call: Call, item: Item, project: ProjectState, target: str | None, scene: str | None, title: str) -> Inserted:
    """Return the project with an item in it; a new track or scene is called `title`. Raises UserError."""
    kind = kind_of(item)
    row = project.find_scene(scene).id if scene is not None else None
    if kind == "groove":
        template = read_groove(item.name, call.studio.library.content(item))
        return Inserted(*put_on(project, target, template))
    if kind == "rhythm":
        return _with_rhythm(call, item, project, row)
    if kind in ("scene", "mapping") and target is not None:
        raise UserError(f"a {kind} is put into the whole project", f"library put {item.name}")
    if kind == "scene":
        return insertion.put_scene(project, excerpt_of(call, item), title)
    if kind == "mapping":
        return insertion.put_maps(project, excerpt_of(call, item))
    if kind == "clip" and target is not None and ":" in target:
        there, slot = project.find_slot(target)
        return insertion.put_clip(project, excerpt_of(call, item), there.id, slot.id, item.name)
    track = project.find_track(target).id if target is not None else None
    if kind == "clip":
        return insertion.put_clip(project, excerpt_of(call, item), track, row, title)
    if kind == "track":
        return insertion.put_strip(project, excerpt_of(call, item), track, title)
    return _with_sound(call, item, project, track, title)


def _with_sound(call: Call, item: Item, project: ProjectState, track: str | None, title: str) -> Inserted:
    """Return the project with a preset, an instrument or effects on a track, or on a new one. Raises UserError."""
    sound, kind = sound_of(call, item), kind_of(item)
    said = ""
    if track is None:
        if sound.instrument is None:
            raise UserError("effects are put on a track", f"such as library put {item.name} {project.tracks[0].name}")
        project, track = add_track(project, title, role=_role(item))
        said = "the new track "
    said += project.find_track(track).name
    if kind == "preset":
        return Inserted(with_preset(project, track, sound), said)
    if kind == "effects":
        return Inserted(with_effects(project, track, sound.effects), said)
    assert sound.instrument is not None
    return Inserted(with_instrument(project, track, sound.instrument), said)


def _role(item: Item) -> Role | None:
    return next((role for role in ROLES if role in item.facts.roles), None)


def _with_rhythm(call: Call, item: Item, project: ProjectState, scene: str | None) -> Inserted:
    from hardcore.commands.rhythm.clips import performed

    rhythm = read_seed(item.name, call.studio.library.content(item)).loaded(item.name)
    _, made = performed(project, rhythm, item.name, scene, call.studio.version)
    return Inserted(made.project, f"scene {made.scene}")
