"""Regenerating: parts that exist are made anew, with other traits where some are said."""

import json
from collections.abc import Sequence

from hardcore.compose.edits.chords import progression_of
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.vary import from_prompt, vary
from hardcore.errors import UserError
from hardcore.knowledge.loader import genre
from hardcore.project.clips import replace_clip
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def renew(
    project: ProjectState, tracks: Sequence[Track], seed: int, traits: Sequence[str] = (), style: str = ""
) -> Outcome:
    """Return the project with the clips of tracks made anew from what they were made from, by another chance.

    traits   how they are to play ("offbeat", "rolling"); the newest count most
    style    id of a style whose way of playing such parts they take; their sound stays
    The chords stay as long as one part that plays pitches stays. What was made by hand cannot be made anew.
    """
    failed = [f"{track.name} was not made from a prompt" for track in tracks if not _made(track)]
    chosen = {track.id for track in tracks if _made(track)}
    if not chosen:
        return Outcome(project, (), tuple(failed))
    untouched = project
    if style:
        project = _with_style(project, chosen, style)
    if traits:
        project = _with_traits(project, chosen, traits)
    old = {clip.id: clip.notes for _, clip in project.clips()}
    try:
        project = vary(project, seed, keep=[track.id for track in project.tracks if track.id not in chosen])
    except UserError as error:
        return Outcome(untouched, (), (*failed, error.line()))
    said = []
    for track in project.tracks:
        changed = [clip for clip in track.clips if old.get(clip.id) != clip.notes]
        if changed:
            how = (*traits, *([f"as in {genre(style).name}"] if style else []))
            words = f" ({', '.join(how)})" if how else ""
            before, after = sum(len(old[clip.id]) for clip in changed), sum(len(clip.notes) for clip in changed)
            said.append(f"{track.name}: made anew{words}, {before} → {after} notes")
    if not said:
        return Outcome(untouched, (), (*failed, "it came out the same; say it again for another chance"))
    return Outcome(project, tuple(said), tuple(failed))


def _made(track: Track) -> bool:
    return any(from_prompt(track, clip) for clip in track.clips)


def knows(track: Track, traits: Sequence[str]) -> bool:
    """Return whether the clips of a track were made with these traits."""
    for clip in track.clips:
        made = json.loads(clip.provenance.intent.get("traits", "{}")) if clip.provenance else {}
        if not set(traits) <= set(made.get(track.role, ())):
            return False
    return bool(track.clips)


def _with_style(project: ProjectState, wanted: set[str], style: str) -> ProjectState:
    """Return the project whose tracks' clips are made from another style, over the chords that are there.

    Raises UserError where the style has no such part.
    """
    known, chords = genre(style), progression_of(project)
    for track, clip in list(project.clips()):
        if track.id in wanted and clip.provenance is not None:
            if track.role not in known.parts:
                raise UserError(f"{known.name} has no {track.role}", ", ".join(known.parts))
            told = {"genre": json.dumps(style)} | ({"progression": json.dumps(chords)} if chords else {})
            intent = {name: text for name, text in clip.provenance.intent.items() if name != "traits"}
            project = replace_clip(project, clip.evolve(provenance=clip.provenance.evolve(intent={**intent, **told})))
    return project


def _with_traits(project: ProjectState, wanted: set[str], words: Sequence[str]) -> ProjectState:
    """Return the project with traits added to what some tracks' clips are made from; the newest counts most."""
    for track, clip in list(project.clips()):
        if track.id not in wanted or clip.provenance is None or track.role is None:
            continue
        known = json.loads(clip.provenance.intent.get("traits", "{}"))
        known[track.role] = list(dict.fromkeys((*words, *known.get(track.role, ()))))[::-1][-8:]
        source = clip.provenance.evolve(intent={**clip.provenance.intent, "traits": json.dumps(known, sort_keys=True)})
        project = replace_clip(project, clip.evolve(provenance=source))
    return project
