"""Renewal: parts that exist are made anew, with other traits where some are said."""

import json
from collections.abc import Sequence

from hardcore.compose.changes.scope import Outcome, found, no
from hardcore.compose.orders import Order
from hardcore.compose.vary import vary
from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def anew(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts (or all) made anew, with traits where some are said."""
    names: list[str] = []
    failed: list[str] = []
    tracks: list[Track] = []
    for target in order.targets:
        here = [track for track in found(project, target) if track.clips]
        failed += [] if here else [f"{no(target)} to make anew"]
        tracks += here
    if order.targets and not tracks:
        return Outcome(project, (), tuple(failed))
    wanted = {track.id for track in tracks} or {track.id for track in project.tracks}
    if order.value:
        project = _with_traits(project, wanted, order.value)
    old = {clip.id: clip.notes for _, clip in project.clips()}
    try:
        project = vary(project, seed, keep=[track.id for track in project.tracks if track.id not in wanted])
    except UserError as error:
        return Outcome(project, (), (*failed, error.line()))
    for track, clip in project.clips():
        if old.get(clip.id) != clip.notes:
            words = f" ({', '.join(order.value)})" if order.value else ""
            names.append(f"{track.name}: made anew{words}, {len(old[clip.id])} → {len(clip.notes)} notes")
    if not names:
        failed.append("it came out the same; say it again for another chance")
    return Outcome(project, tuple(dict.fromkeys(names)), tuple(failed))


def again(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts made anew; "redo" without a part is a step of the history, no edit."""
    if not order.targets:
        return Outcome(project, (), ("redo is a command: /redo; `vary` makes every part anew",))
    return anew(project, order._replace(value=()), seed)


def made(track: Track) -> bool:
    """Return whether a track has clips and all of them were made from a prompt."""
    return bool(track.clips) and all(clip.provenance is not None for clip in track.clips)


def knows(track: Track, traits: Sequence[str]) -> bool:
    """Return whether the clips of a track were made with these traits."""
    for clip in track.clips:
        made = json.loads(clip.provenance.intent.get("traits", "{}")) if clip.provenance else {}
        if not set(traits) <= set(made.get(track.role, ())):
            return False
    return bool(track.clips)


def _with_traits(project: ProjectState, wanted: set[str], words: Sequence[str]) -> ProjectState:
    """Return the project with traits added to what some tracks' clips are made from; the newest counts most."""
    for track, clip in list(project.clips()):
        if track.id not in wanted or clip.provenance is None or track.role is None:
            continue
        known = json.loads(clip.provenance.intent.get("traits", "{}"))
        known[track.role] = list(dict.fromkeys((*words, *known.get(track.role, ()))))[::-1][-8:]
        source = clip.provenance.evolve(intent={**clip.provenance.intent, "traits": json.dumps(known, sort_keys=True)})
        project = project.with_clip(clip.id, lambda clip, source=source: clip.evolve(provenance=source))  # type: ignore[misc]
    return project
