"""Morphs: faders, pans, sends and parameters of two scenes, and all that lies between them. Pure.

What a scene keeps is a mapping of `owner parameter` to a value, such as `t4 gain_db`, `t4 send:t9` or `e7 cutoff`.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from hardcore.errors import UserError
from hardcore.project.automation import FADER, SEND, parameter_of, static
from hardcore.project.device import Parameter
from hardcore.project.knobs import reached, travel
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Levels = Mapping[str, float]


def levels(project: ProjectState) -> dict[str, float]:
    """Return every fader, pan, send and parameter of instruments and effects as it is now."""
    return {
        f"{owner} {parameter}": value
        for track in project.tracks
        for owner, parameter in _movable(track)
        if (value := static(track, owner, parameter)) is not None
    }


def _movable(track: Track) -> Iterator[tuple[str, str]]:
    yield from ((track.id, name) for name in FADER)
    yield from ((track.id, SEND + send.target) for send in track.sends)
    if track.instrument is not None:
        yield from ((track.id, one.id) for one in track.instrument.definition.parameters)
    for effect in track.effects:
        yield from ((effect.id, one.id) for one in effect.definition.parameters)


def recalled(project: ProjectState, scene: Scene) -> ProjectState:
    """Return the project with what a scene keeps; what is not there any more is passed over. Raises UserError."""
    return put(project, _kept(scene))


def morphed(project: ProjectState, first: Scene, second: Scene, share: float) -> ProjectState:
    """Return the project between two scenes' levels: 0 is the first, 1 the second. Raises UserError.

    Each goes the way its knob does, equal ratios where that is exponential; switches change in the middle. What both
    have alike stays untouched.
    """
    one, other = _kept(first), _kept(second)
    values = {}
    for key, known in _apart(project, one, other):
        a, b = travel(known, one[key]), travel(known, other[key])
        ends = {0.0: one[key], 1.0: other[key]}
        values[key] = ends[share] if share in ends else reached(known, a + (b - a) * share)
    return put(project, values)


def place(project: ProjectState, first: Scene, second: Scene) -> float:
    """Return how far the project is on the way from one scene's levels to another's, 0–1: by what moves farthest.

    Raises UserError.
    """
    one, other, now = _kept(first), _kept(second), levels(project)
    farthest, share = 0.0, 0.0
    for key, known in _apart(project, one, other):
        a, b = travel(known, one[key]), travel(known, other[key])
        if abs(b - a) > farthest:
            farthest, share = abs(b - a), (travel(known, now[key]) - a) / (b - a)
    return min(max(share, 0.0), 1.0)


def _kept(scene: Scene) -> Levels:
    if not scene.levels:
        raise UserError(f"scene {scene.name} keeps no levels", f"/scene keep {scene.name} takes those of now")
    return scene.levels


def _apart(project: ProjectState, one: Levels, other: Levels) -> Iterator[tuple[str, Parameter]]:
    """Yield what two scenes keep unlike, as far as it is there."""
    for track in project.tracks:
        for owner, parameter in _movable(track):
            key = f"{owner} {parameter}"
            if key in one and key in other and one[key] != other[key]:
                known = parameter_of(track, owner, parameter)
                assert known is not None
                yield key, known


def put(project: ProjectState, values: Levels) -> ProjectState:
    """Return the project with values in their places, within their ranges; tracks without a change stay the same."""
    for track in project.tracks:
        changes = {}
        for owner, parameter in _movable(track):
            wanted = values.get(f"{owner} {parameter}")
            known = parameter_of(track, owner, parameter)
            if wanted is not None and known is not None and wanted != static(track, owner, parameter):
                changes[owner, parameter] = min(max(wanted, known.low), known.high)
        if changes:
            project = project.with_track(track.id, lambda track, changes=changes: _changed(track, changes))  # type: ignore[misc]
    return project


def _changed(track: Track, changes: Mapping[tuple[str, str], float]) -> Track:
    for owner, group in groupby(changes.items(), key=lambda change: change[0][0]):
        own = {parameter: value for (_, parameter), value in group}
        if owner != track.id:
            effects = (
                one.evolve(settings={**one.settings, **own}) if one.id == owner else one for one in track.effects
            )
            track = track.evolve(effects=tuple(effects))
            continue
        fader = {name: value for name, value in own.items() if name in FADER}
        sent = {name.removeprefix(SEND): value for name, value in own.items() if name.startswith(SEND)}
        played = {name: value for name, value in own.items() if name not in FADER and not name.startswith(SEND)}
        track = track.evolve(
            mixer=track.mixer.evolve(**fader),
            sends=tuple(one.evolve(gain_db=sent.get(one.target, one.gain_db)) for one in track.sends),
        )
        if played and track.instrument is not None:
            settings = {**track.instrument.settings, **played}
            track = track.evolve(instrument=track.instrument.evolve(settings=settings))
    return track
