"""Chords: the harmony of what exists made anew as words for it say; lines, rhythms and seeds stay the same."""

import json

from hardcore.compose.changes.scope import Outcome
from hardcore.compose.chordwords import meaning, merged
from hardcore.compose.intent import ChordWord
from hardcore.compose.orders import Order
from hardcore.compose.vary import harmonized
from hardcore.errors import UserError
from hardcore.project.clip import CHORDS
from hardcore.project.roles import UNTUNED
from hardcore.project.state import ProjectState


def chords(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the chords that a word for them asks for; every part with pitches follows."""
    wish: ChordWord = order.value
    tracks = [track for track in project.tracks if track.role not in UNTUNED and track.clips]
    if not tracks:
        return Outcome(project, (), (f"{order.words}: there is nothing that plays chords",))
    before = _played(project)
    project = _wished(project, wish)
    try:
        project = harmonized(project)
    except UserError as error:
        return Outcome(project, (), (error.line(),))
    after = _played(project)
    if before == after:
        return Outcome(project, (), (f"{order.words}: the chords came out the same",))
    return Outcome(project, (f"chords: {meaning(wish)}: {after}",))


def _played(project: ProjectState) -> str:
    """Return the chords of the first clip that knows its own."""
    sources = (clip.provenance for track, clip in project.clips() if track.role not in UNTUNED)
    return next((source.intent[CHORDS] for source in sources if source and CHORDS in source.intent), "")


def _wished(project: ProjectState, wish: ChordWord) -> ProjectState:
    """Return the project with a wish for its chords added to what it and its clips are made from."""
    for _, clip in list(project.clips()):
        source = clip.provenance
        if source is not None and "genre" in source.intent:
            known = json.loads(source.intent.get("chords", "[]"))
            words = {**source.intent, "chords": json.dumps(merged([*known, wish]))}
            changed = source.evolve(intent=words)
            project = project.with_clip(clip.id, lambda clip, source=changed: clip.evolve(provenance=source))  # type: ignore[misc]
    source = project.provenance
    if source is not None and "genre" in source.intent:
        known = json.loads(source.intent.get("chords", "[]"))
        words = {**source.intent, "chords": json.dumps(merged([*known, wish]))}
        project = project.evolve(provenance=source.evolve(intent=words))
    return project
