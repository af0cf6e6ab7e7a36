"""Other ids for everything in a project, so that it meets none of another one, or so that equal things are equal."""

import re
from collections.abc import Callable, Iterator

from hardcore.project.automation import SEND
from hardcore.project.clip import Automation
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track

# ids of tracks and scenes in the line of a mapping, and in what a scene keeps
_IDS = re.compile(r"(?<![^\s:])[tse][1-9]\d{0,15}(?![^\s:])")


def shifted(project: ProjectState, by: int) -> ProjectState:
    """Return a project with every id so much higher but the master's."""
    return _renumbered(project, lambda id: f"{id[0]}{int(id[1:]) + by}").evolve(next_id=project.next_id + by)


def canonical(project: ProjectState) -> ProjectState:
    """Return a project whose ids are numbered from 2 in the order of what has them: equal things, equal ids."""
    known = {id: f"{id[0]}{number}" for number, id in enumerate(_ids(project), 2)}
    return _renumbered(project, lambda id: known.get(id, id)).evolve(next_id=len(known) + 2)


def named_in(words: str) -> list[str]:
    """Return the ids that stand in the line of a mapping."""
    return _IDS.findall(words)


def _ids(project: ProjectState) -> Iterator[str]:
    for track in project.tracks:
        if track.id != MASTER_ID:
            yield track.id
        yield from (effect.id for effect in track.effects)
        yield from (clip.id for clip in track.clips)
    for things in (project.scenes, project.markers, project.maps):
        yield from (thing.id for thing in things)


def _renumbered(project: ProjectState, number: Callable[[str], str]) -> ProjectState:
    """Return a project with the ids that `number` gives for those it has; the master keeps its own."""

    def moved(id: str) -> str:
        return id if id == MASTER_ID else number(id)

    def within(words: str) -> str:
        return _IDS.sub(lambda found: moved(found[0]), words)

    return project.evolve(
        tracks=tuple(_track(track, moved) for track in project.tracks),
        scenes=tuple(
            scene.evolve(
                id=moved(scene.id),
                slots={moved(t): moved(c) for t, c in scene.slots.items()},
                levels={within(key): value for key, value in scene.levels.items()},
            )
            for scene in project.scenes
        ),
        markers=tuple(marker.evolve(id=moved(marker.id)) for marker in project.markers),
        maps=tuple(one.evolve(id=moved(one.id), target=within(one.target)) for one in project.maps),
    )


def _track(one: Track, moved: Callable[[str], str]) -> Track:
    def envelope(one: Automation) -> Automation:
        target = one.parameter.removeprefix(SEND)
        parameter = one.parameter if target == one.parameter else SEND + moved(target)
        return one.evolve(owner=moved(one.owner), parameter=parameter)

    return one.evolve(
        id=moved(one.id),
        output=moved(one.output) if one.output else None,
        frozen=moved(one.frozen) if one.frozen else None,
        effects=tuple(fx.evolve(id=moved(fx.id), side=moved(fx.side) if fx.side else None) for fx in one.effects),
        sends=tuple(send.evolve(target=moved(send.target)) for send in one.sends),
        clips=tuple(
            clip.evolve(id=moved(clip.id), automation=tuple(map(envelope, clip.automation))) for clip in one.clips
        ),
        placements=tuple(placed.evolve(clip=moved(placed.clip)) for placed in one.placements),
        automation=tuple(map(envelope, one.automation)),
    )
