"""Integrity: what must be true between the parts of a project, beyond the range of each value.

Edits keep it; a file that someone sent is checked for it; tests use it as their oracle.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from hardcore.errors import UserError
from hardcore.project.automation import parameter_of
from hardcore.project.clip import Automation
from hardcore.project.grooves import with_own
from hardcore.project.routing import ensure_no_loop
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import HOLDS_CLIPS, Track


def check(project: ProjectState) -> None:
    """Raise ValueError, in words, when the parts of the project do not fit together."""
    for problem in problems(project):
        raise ValueError(problem)


def problems(project: ProjectState) -> Iterator[str]:
    """Yield what is wrong, the root causes first; nothing for a sound project."""
    yield from _master(project)
    yield from _ids(project)
    yield from _names(project)
    tracks = {track.id: track for track in project.tracks}
    routed = list(_routes(tracks))
    yield from routed
    if not routed:
        yield from _loop(project)
    for track in project.tracks:
        yield from _content(track)
        yield from _placements(track)
    yield from _slots(project, tracks)
    yield from _grooves(project)


def _master(project: ProjectState) -> Iterator[str]:
    masters = [track.id for track in project.tracks if track.kind == "master"]
    if len(masters) != 1:
        yield f"a project has one master, not {len(masters)}"
    elif project.tracks[-1].id != masters[0]:
        yield "the master is not the last track"
    elif masters[0] != MASTER_ID:
        yield f"the master's id is {masters[0]}, not {MASTER_ID}"
    if not project.scenes:
        yield "a project has at least one scene"


def _ids(project: ProjectState) -> Iterator[str]:
    used = [track.id for track in project.tracks]
    used += [scene.id for scene in project.scenes]
    used += [clip.id for _, clip in project.clips()]
    used += [effect.id for track in project.tracks for effect in track.effects]
    used += [section.id for section in project.sections]
    used += [marker.id for marker in project.markers]
    used += [rule.id for rule in project.rules]
    used += [one.id for one in project.maps]
    yield from _twice("the id", used)
    highest = max(used, key=lambda name: int(name[1:]), default="t0")
    if int(highest[1:]) >= project.next_id:
        yield f"next_id {project.next_id} is not above {highest}"


def _names(project: ProjectState) -> Iterator[str]:
    yield from _twice("the track name", (track.name.casefold() for track in project.tracks))
    yield from _twice("the scene name", (scene.name.casefold() for scene in project.scenes))
    yield from _twice("the rule name", (rule.name.casefold() for rule in project.rules))


def _routes(tracks: dict[str, Track]) -> Iterator[str]:
    kinds = {track_id: track.kind for track_id, track in tracks.items()}
    for track in tracks.values():
        if (track.output is None) != (track.kind == "master"):
            yield f"{track.name} feeds nothing" if track.output is None else "the master feeds another track"
        elif track.output is not None and kinds.get(track.output) not in ("group", "master"):
            yield f"{track.name} feeds {track.output}, which is neither a group nor the master"
        for send in track.sends:
            if kinds.get(send.target) != "return":
                yield f"{track.name} sends to {send.target}, which is not a return"
        yield from _twice(f"in {track.name} a send to", (send.target for send in track.sends))
        if track.frozen is not None and kinds.get(track.frozen) != "audio":
            yield f"{track.name} is frozen as {track.frozen}, which is no audio track"
        for effect in track.effects:
            if effect.side is not None and effect.side not in kinds:
                yield f"{effect.device} of {track.name} listens to {effect.side}, which does not exist"
            if effect.side is not None and not effect.definition.side:
                yield f"{effect.device} of {track.name} listens to no other track, yet has a side-chain"


def _loop(project: ProjectState) -> Iterator[str]:
    try:
        ensure_no_loop(project)
    except UserError as error:
        yield str(error)


def _content(track: Track) -> Iterator[str]:
    if (track.instrument is not None) != (track.kind == "midi"):
        yield f"{track.name} is a {track.kind} track {'with' if track.instrument else 'without'} an instrument"
    if track.clips and track.kind not in HOLDS_CLIPS:
        yield f"{track.name} is a {track.kind} track and holds clips"
    for clip in track.clips:
        if (clip.region is not None) != (track.kind == "audio"):
            yield f"{clip.name} holds {'notes' if clip.region is None else 'audio'}, on a {track.kind} track"
    yield from _envelopes(track, track.name, track.automation)
    for clip in track.clips:
        if clip.automation:
            yield from _envelopes(track, clip.name, clip.automation)


def _envelopes(track: Track, name: str, envelopes: tuple[Automation, ...]) -> Iterator[str]:
    effects = {effect.id for effect in track.effects}
    yield from _twice(f"in {name} automation of", (f"{a.owner} {a.parameter}" for a in envelopes))
    for automation in envelopes:
        if automation.owner != track.id and automation.owner not in effects:
            yield f"automation in {name} belongs to {automation.owner}, which is neither {track.name} nor its effect"
            continue
        known = parameter_of(track, automation.owner, automation.parameter)
        if known is None:
            yield f"automation in {name} moves {automation.parameter}, which {automation.owner} does not have"
        elif any(not known.low <= point.value <= known.high for point in automation.points):
            yield f"automation of {automation.parameter} in {name} leaves {known.low:g} to {known.high:g}"


def is_sound_envelope(track: Track, automation: Automation) -> bool:
    """Return whether an envelope moves something that the track or its effects have, within its range."""
    return not any(_envelopes(track, "", (automation,)))


def _slots(project: ProjectState, tracks: dict[str, Track]) -> Iterator[str]:
    owner = {clip.id: track.id for track, clip in project.clips()}
    for scene in project.scenes:
        for track_id, clip_id in scene.slots.items():
            if track_id not in tracks:
                yield f"scene {scene.name} has a slot for {track_id}, which does not exist"
            elif owner.get(clip_id) != track_id:
                yield f"scene {scene.name} has {clip_id} on {tracks[track_id].name}, which has no such clip"


def _placements(track: Track) -> Iterator[str]:
    for placement in track.placements:
        if placement.clip not in track.places:
            yield f"the arrangement places {placement.clip} on {track.name}, which has no such clip"
    if overlaps(track):
        yield f"placements on {track.name} overlap"


def overlaps(track: Track) -> bool:
    """Return whether a placement of a track begins before the one before it ends."""
    return any(a.end_ticks > b.start_ticks for a, b in pairwise(track.placements))


def _grooves(project: ProjectState) -> Iterator[str]:
    yield from _twice("the groove", (groove.id for groove in project.grooves))
    if project.active_groove is not None and project.groove is None:
        yield f"the groove in force, {project.active_groove}, does not exist"
    known = {None, *(groove.id for groove in project.grooves)}
    for thing in with_own(project):
        if thing.groove is not None and thing.groove.groove not in known:
            yield f"the groove of {thing.name}, {thing.groove.groove}, does not exist"


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{what} {value} is used {count} times"
