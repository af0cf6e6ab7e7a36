"""Scenes: add, rename, copy, delete, and filling their slots."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import ClipRef, Count, SceneRef, SpacedCallName, TrackRef
from hardcore.errors import UserError
from hardcore.project import clips, scenes
from hardcore.project.scene import Scene
from hardcore.project.timeline import scene_length
from hardcore.project.track import Track


class Slot(Row):
    """What a track plays in a scene: ids and names of track and clip; null where the slot is empty."""

    track: str
    track_name: str
    clip: str | None
    clip_name: str | None


class SceneRow(Row):
    """A scene: its place from 1, how long it is, and a slot for each track that has clips."""

    number: int
    id: str
    name: str
    bars: int
    slots: tuple[Slot, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, self.bars, *(slot.clip_name or "-" for slot in self.slots))


class SceneList(Listing[SceneRow]):
    """The session grid."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the headings: a column for each track that has clips."""
        slots = self.items[0].slots if self.items else ()
        return ("scene", "bars", *(slot.track_name for slot in slots))


@command("scene list", "scene list", effects=(), aliases=("scenes",))
def scene_list(call: Call) -> SceneList:
    """Show the session grid: scenes down, tracks across."""
    project = call.project
    names = {clip.id: clip.name for _, clip in project.clips()}
    shown = [track for track in project.tracks if track.clips]

    def slot(scene: Scene, track: Track) -> Slot:
        clip = scene.slots.get(track.id)
        return Slot(track=track.id, track_name=track.name, clip=clip, clip_name=names.get(clip or ""))

    return SceneList(
        items=tuple(
            SceneRow(
                number=place,
                id=scene.id,
                name=scene.name,
                bars=project.meter_map.bar_of(scene_length(project, scene)),
                slots=tuple(slot(scene, track) for track in shown),
            )
            for place, scene in enumerate(project.scenes, 1)
        )
    )


@command("scene add", "scene add drop", about={"name": "what the scene is called; without it, the next letter"})
def scene_add(call: Call, name: SpacedCallName | None = None) -> Done:
    """Add an empty scene."""
    new = call.edit(lambda project: scenes.add_scene(project, name)[0])
    return Done(message=f"added scene {new.scenes[-1].name}")


@command("scene rename", "scene rename A intro", about={"name": "what the scene is called from now on"})
def scene_rename(call: Call, scene: SceneRef, name: SpacedCallName) -> Done:
    """Give a scene another name."""
    found = call.project.find_scene(scene)
    new = call.edit(lambda project: scenes.rename_scene(project, found.id, name))
    return Done(message=f"scene {found.name} is now {new.find_scene(found.id).name}")


@command("scene copy", "scene copy A drop", about={"name": "what the copy is called"})
def scene_copy(call: Call, scene: SceneRef, name: SpacedCallName | None = None) -> Done:
    """Copy a scene with its clips; the copies are independent."""
    found = call.project.find_scene(scene)
    new = call.edit(lambda project: scenes.copy_scene(project, found.id, name)[0])
    return Done(message=f"copied scene {found.name} to {new.scenes[-1].name}, {len(found.slots)} clips")


@command("scene move", "scene move B 1", about={"place": "its place in the list, from 1"})
def scene_move(call: Call, scene: SceneRef, place: Count) -> Done:
    """Move a scene to a place in the list, counted from 1."""
    found = call.project.find_scene(scene)
    call.edit(lambda project: scenes.move_scene(project, found.id, place))
    return Done(message=f"{found.name} is scene {place}")


@command("scene delete", "scene delete B", aliases=("scene remove",))
def scene_delete(call: Call, scene: SceneRef) -> Done:
    """Delete a scene and the clips that are nowhere else."""
    found = call.project.find_scene(scene)
    call.edit(lambda project: scenes.delete_scene(project, found.id))
    return Done(message=f"deleted scene {found.name}; undo brings it back")


@command("scene put", "scene put B bass bass:A")
def scene_put(call: Call, scene: SceneRef, track: TrackRef, clip: ClipRef) -> Done:
    """Put a clip into another slot of its track: one clip in two places, linked until copied."""
    row, found = call.project.find_scene(scene), call.project.find_track(track)
    owner, chosen = call.project.find_clip(clip)
    if owner.id != found.id:
        raise UserError(f"{chosen.name} is a clip of {owner.name}", f"clip copy {clip} {found.name} {row.name}")
    call.edit(lambda project: clips.put(project, row.id, found.id, chosen.id))
    return Done(message=f"{found.name}:{row.name} is {chosen.name}")


@command("scene clear", "scene clear B bass")
def scene_clear(call: Call, scene: SceneRef, track: TrackRef) -> Done:
    """Empty a slot; the clip stays on its track."""
    row, found = call.project.find_scene(scene), call.project.find_track(track)
    call.edit(lambda project: clips.put(project, row.id, found.id, None))
    return Done(message=f"{found.name}:{row.name} is empty")
