"""A project that was read from elsewhere, taken into the one that is open."""

from hardcore.exchange.losses import Losses
from hardcore.project import tracks
from hardcore.project.automation import SEND
from hardcore.project.clip import Automation
from hardcore.project.scene import Scene
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track


def adopted(project: ProjectState, other: ProjectState, losses: Losses) -> ProjectState:
    """Return the project with the tracks, scenes and markers of another one.

    One without clips takes title, tempo, meter, key and the master too; what another keeps of its own goes to `losses`.
    """
    is_empty = not any(track.clips for track in project.tracks)
    other = _renumbered(other, project.next_id)
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


def _renumbered(project: ProjectState, by: int) -> ProjectState:
    """Return a project with every id so much higher but the master's, so that it meets none of another project."""

    def moved(id: str) -> str:
        return id if id == MASTER_ID else f"{id[0]}{int(id[1:]) + by}"

    def envelope(one: Automation) -> Automation:
        target = one.parameter.removeprefix(SEND)
        parameter = one.parameter if target == one.parameter else SEND + moved(target)
        return one.evolve(owner=moved(one.owner), parameter=parameter)

    def track(one: Track) -> Track:
        return one.evolve(
            id=moved(one.id),
            output=moved(one.output) if one.output else None,
            effects=tuple(fx.evolve(id=moved(fx.id), side=moved(fx.side) if fx.side else None) for fx in one.effects),
            sends=tuple(send.evolve(target=moved(send.target)) for send in one.sends),
            clips=tuple(
                clip.evolve(id=moved(clip.id), automation=tuple(map(envelope, clip.automation))) for clip in one.clips
            ),
            placements=tuple(placed.evolve(clip=moved(placed.clip)) for placed in one.placements),
            automation=tuple(map(envelope, one.automation)),
        )

    return project.evolve(
        tracks=tuple(map(track, project.tracks)),
        scenes=tuple(
            scene.evolve(id=moved(scene.id), slots={moved(t): moved(c) for t, c in scene.slots.items()})
            for scene in project.scenes
        ),
        markers=tuple(marker.evolve(id=moved(marker.id)) for marker in project.markers),
        next_id=project.next_id + by,
    )
