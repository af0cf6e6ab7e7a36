"""What a merge leaves loose: names that are there twice, and references to what the other side took away."""

from hardcore.project.clip import Automation
from hardcore.project.grooves import with_own
from hardcore.project.integrity import is_sound_envelope, overlaps
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track


def renamed(project: ProjectState) -> ProjectState:
    """Return the project with names of its own for tracks, scenes and rules: the younger of two gets a number."""
    for field in ("tracks", "scenes", "rules"):
        things = getattr(project, field)
        taken: set[str] = set()
        names: dict[str, str] = {}
        for thing in sorted(things, key=lambda thing: int(thing.id[1:])):
            name, number = thing.name, 2
            while name.casefold() in taken:
                name = f"{thing.name[:70]} {number}"
                number += 1
            taken.add(name.casefold())
            names[thing.id] = name
        if any(names[thing.id] != thing.name for thing in things):
            changed = tuple(
                thing if thing.name == names[thing.id] else thing.evolve(name=names[thing.id]) for thing in things
            )
            project = project.evolve(**{field: changed})
    return project


def mended(project: ProjectState, side: ProjectState) -> ProjectState:
    """Return the project without references to what is not there; clips that overlap are placed as on `side`."""
    kinds = {track.id: track.kind for track in project.tracks}
    placed = {track.id: track.placements for track in side.tracks}
    known = {None, *(groove.id for groove in project.grooves)}

    def track_mended(track: Track) -> Track:
        placements = track.placements
        if overlaps(track):
            placements = placed.get(track.id, ())
        changes: dict[str, object] = {
            "sends": tuple(send for send in track.sends if kinds.get(send.target) == "return"),
            "effects": tuple(
                effect if effect.side is None or effect.side in kinds else effect.evolve(side=None)
                for effect in track.effects
            ),
            "placements": tuple(placement for placement in placements if placement.clip in track.places),
        }
        if track.frozen is not None and kinds.get(track.frozen) != "audio":
            changes["frozen"] = None
        if track.output is not None and kinds.get(track.output) not in ("group", "master"):
            changes["output"] = MASTER_ID
        track = track.evolve(**changes)
        clips = tuple(
            clip.evolve(automation=_fitting(track, clip.automation)) if clip.automation else clip
            for clip in track.clips
        )
        return track.evolve(clips=clips, automation=_fitting(track, track.automation))

    project = project.evolve(tracks=tuple(map(track_mended, project.tracks)))
    places = {track.id: track.places for track in project.tracks}
    scenes = tuple(
        scene.evolve(slots={track: clip for track, clip in scene.slots.items() if clip in places.get(track, {})})
        for scene in project.scenes or side.scenes[:1]
    )
    project = project.evolve(scenes=scenes)
    if project.active_groove not in known:
        project = project.evolve(active_groove=None)
    for thing in list(with_own(project)):
        if thing.groove is not None and thing.groove.groove not in known:
            change = project.with_track if isinstance(thing, Track) else project.with_clip
            project = change(thing.id, lambda owner: owner.evolve(groove=None))
    return project


def _fitting(track: Track, envelopes: tuple[Automation, ...]) -> tuple[Automation, ...]:
    return tuple(envelope for envelope in envelopes if is_sound_envelope(track, envelope))
