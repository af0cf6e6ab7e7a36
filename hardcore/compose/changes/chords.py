"""Chords: the harmony of what exists made anew as words for it say; lines, rhythms and seeds stay the same."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from hardcore.compose.changes.form import key as to_key
from hardcore.compose.changes.scope import Outcome
from hardcore.compose.chordwords import meaning, merged
from hardcore.compose.intent import ChordWord
from hardcore.compose.orders import Order
from hardcore.compose.typedchords import key_for
from hardcore.compose.vary import harmonized
from hardcore.errors import UserError
from hardcore.project.clip import CHORDS, Provenance
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


def typed(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the chords that were typed, in the key that holds them; every part follows."""
    names: tuple[str, ...] = order.value
    before, key = project, key_for(names, project.key)
    said = []
    if key != project.key:
        outcome = to_key(project, order._replace(value=("key", key)), seed)
        project, said = outcome.project, [f"key → {key.name}, which holds them"]
    project = _kept(project, "progression", lambda known: list(names))
    try:
        project = harmonized(project)
    except UserError as error:
        return Outcome(before, (), (error.line(),))
    return Outcome(project, (f"chords: {_played(project) or ' '.join(names)}", *said))


def _played(project: ProjectState) -> str:
    """Return the chords of the first clip that knows its own."""
    sources = (clip.provenance for track, clip in project.clips() if track.role not in UNTUNED)
    return next((source.intent[CHORDS] for source in sources if source and CHORDS in source.intent), "")


def _wished(project: ProjectState, wish: ChordWord) -> ProjectState:
    """Return the project with a wish for its chords added to what it and its clips are made from."""
    return _kept(project, "chords", lambda known: merged([*known, wish]))


def _kept(project: ProjectState, field: str, change: Callable[[list[Any]], Sequence[Any]]) -> ProjectState:
    """Return the project with one list of the intents that it and its clips are made from changed."""

    def changed(source: Provenance) -> Provenance:
        known = json.loads(source.intent.get(field, "[]"))
        return source.evolve(intent={**source.intent, field: json.dumps(change(known))})

    for _, clip in list(project.clips()):
        source = clip.provenance
        if source is not None and "genre" in source.intent:
            new = changed(source)
            project = project.with_clip(clip.id, lambda clip, new=new: clip.evolve(provenance=new))  # type: ignore[misc]
    source = project.provenance
    return project.evolve(provenance=changed(source)) if source is not None and "genre" in source.intent else project
