"""Keeping parts of a project in your library."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.types import Choice, Kind, NewName
from hardcore.commands.edits.groove import template_in
from hardcore.commands.library.items import cleaned, plain_name
from hardcore.commands.library.things import ItemKept, ItemRow, NewKind, Tags, find, keep
from hardcore.commands.rhythm.seed import keep_seed
from hardcore.commands.rhythm.show import source
from hardcore.errors import UserError
from hardcore.project import excerpts
from hardcore.project.controlmaps import find_map
from hardcore.project.excerpts import Excerpt
from hardcore.project.state import ProjectState


def _sources(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    kind = before[0] if before else ""
    if kind == "scene":
        return (Choice(scene.name, f"{len(scene.slots)} clips") for scene in project.scenes)
    if kind == "mapping":
        return (Choice(str(place), f"{one.name}: {one.target}") for place, one in enumerate(project.maps, 1))
    clips = (
        Choice(f"{track.name}:{scene.name}", "clip")
        for scene in project.scenes
        for track in project.tracks
        if track.id in scene.slots
    )
    tracks = (Choice(track.name, track.kind) for track in project.tracks)
    return clips if kind == "clip" else (*tracks, *clips)


Source = Annotated[
    str, Field(min_length=1, max_length=400), Kind("source", "a track, clip, scene, groove, rhythm, mappings", _sources)
]


@command(
    "library save",
    "library save preset rubber --from bass --tags warm,deep",
    effects={"settings"},
    about={
        "name": "what it is called in your library",
        "from": "a track, a clip (bass:A), scene, groove, rhythm or mappings (1,3); else the only one",
        "tags": "words to find it by, with commas",
        "note": "a line about it",
    },
)
def library_save(
    call: Call,
    kind: NewKind,
    name: NewName,
    *,
    from_: Source | None = None,
    tags: Tags = (),
    note: NewName | None = None,
) -> ItemKept:
    """Keep a part of the project in your library, for every project; under a name that is there, as its next version.

    preset is a track's instrument and effects; instrument and effects are either alone; track is the whole strip with
    levels, sends and live MIDI effects; a clip comes with its sound; a scene with the tracks that play it; mapping is
    what knobs and buttons do. Effects that listen to another track are left out.
    """
    title, words = plain_name(name), cleaned(tags)
    if kind == "rhythm":
        keep_seed(call, title, source(call, from_ or "default"), (), words, note or "", again=True)
        found = find(call, title, (kind,))
        return ItemKept(message=f"{kind} {found.name}, version {found.version}", item=ItemRow.of(found))
    if kind == "groove":
        template = template_in(call, from_, title)
        call.studio.library.add("groove", template.id, template.model_dump(mode="json"), call.controller.now())
        found = find(call, template.id, (kind,))
        found = call.studio.library.tag(found, words) if words else found
        return ItemKept(message=f"{kind} {found.name}, version {found.version}", item=ItemRow.of(found))
    made = _excerpt(call.project, kind, from_)
    found = keep(call, kind, title, made.project, words, note or "")
    said = f"{kind} {found.name}, version {found.version}: {found.facts.words or 'empty'}"
    left = tuple(f"left out: {one}" for one in made.left)
    return ItemKept(message=said, details=left, item=ItemRow.of(found))


def _excerpt(project: ProjectState, kind: str, source: str | None) -> Excerpt:
    """Return the part of a project that is meant. Raises UserError."""
    if kind == "clip":
        clip = project.find_clip(source)[1].id if source else _only(kind, [clip.id for _, clip in project.clips()])
        return excerpts.of_clip(project, clip)
    if kind == "scene":
        full = [scene.id for scene in project.scenes if scene.slots]
        return excerpts.of_scene(project, project.find_scene(source).id if source else _only(kind, full))
    if kind == "mapping":
        named = source.split(",") if source and source != "all" else None
        return excerpts.of_maps(project, [find_map(project, one) for one in named] if named else project.maps)
    played = [track.id for track in project.tracks if track.kind == "midi"]
    track = project.find_track(source).id if source else _only("track", played)
    if kind == "track":
        return excerpts.of_strip(project, track)
    return excerpts.of_sound(project, track, instrument=kind != "effects", effects=kind != "instrument")


def _only(what: str, ids: list[str]) -> str:
    if len(ids) != 1:
        raise UserError(f"say which {what}: the project has {len(ids)}", "--from bass, --from bass:A, --from drop")
    return ids[0]
