"""A project that was read from elsewhere, taken into the one that is open."""

from hardcore.exchange.losses import Losses
from hardcore.project import tracks
from hardcore.project.renumbering import shifted
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState


def adopted(project: ProjectState, other: ProjectState, losses: Losses) -> ProjectState:
    """Return the project with the tracks, scenes and markers of another one.

    One without clips takes title, tempo, meter, key and the master too; what another keeps of its own goes to `losses`.
    """
    is_empty = not any(track.clips for track in project.tracks)
    other = shifted(other, project.next_id)
    project = project.evolve(next_id=other.next_id)
    if is_empty:
        project = project.evolve(
            title=other.title, tempo_map=other.tempo_map, meter_map=other.meter_map, key=other.key,
            scenes=tuple(scene for scene in project.scenes if scene.slots),
        )  # fmt: skip
        project = project.evolve(tracks=(*project.tracks[:-1], other.master.evolve(name=project.master.name)))
    else:
        _told(project, other, losses)
    for track in other.tracks[:-1]:
        named = track.evolve(name=tracks.free_name(project, track.name))
        project = project.evolve(tracks=(*project.tracks[:-1], named, project.master))
    for scene in other.scenes:
        if is_empty or scene.slots:
            project = project.evolve(scenes=(*project.scenes, _free(project, scene)))
    return project.evolve(markers=(*project.markers, *other.markers))


def _told(project: ProjectState, other: ProjectState, losses: Losses) -> None:
    own = "the project has its own"
    for what, differs in (
        ("tempo", other.tempo_map != project.tempo_map),
        ("meter", other.meter_map != project.meter_map),
        ("key", other.key != project.key),
        ("the master's effects and level", bool(other.master.effects) or other.master.mixer != project.master.mixer),
    ):
        if differs:
            losses.add(what, own)


def _free(project: ProjectState, scene: Scene) -> Scene:
    taken = {one.name.casefold() for one in project.scenes}
    name, number = scene.name, 2
    while name.casefold() in taken:
        name, number = f"{scene.name} {number}", number + 1
    return scene.evolve(name=name)
