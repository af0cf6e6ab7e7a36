"""Fill: drums lead out of a bar: a roll, toms, the kick, or what the style of the piece plays there.

A fill is steps of sixteenths up to the end of its bar. The drums that play it leave what they played from its beginning
on; the others go on. A loop that is shorter than the distance of fills is written out first.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import lcm
from typing import Literal

from hardcore.compose.beatgrid import laid_to_end
from hardcore.compose.chance import pick, stream
from hardcore.compose.edits.density import hits
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.producer import asked_of
from hardcore.errors import UserError
from hardcore.knowledge.loader import genre
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.clip import Clip
from hardcore.project.clips import block, replace_clip
from hardcore.project.notes import MAX_NOTES, Note
from hardcore.project.parts import is_drum
from hardcore.project.roles import GM_DRUM_NOTE, Role
from hardcore.project.scope import Stretch
from hardcore.project.scopededits import cut_out
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Kind = Literal["style", "snare-roll", "toms", "kick"]
Figure = Mapping[str, str]  # steps by the id of a track
ROLL, BURST = "xxxxxxXX", "x.xxxxXX"
_ROLLING: tuple[Role, ...] = ("snare", "clap", "rim", "perc", "tom", "hat_closed", "kick")
_VELOCITY = {"X": 118, "x": 100, "o": 50}
_SOFTEST = 0.55  # of its letters, where a fill of one letter begins to swell


def add_fills(
    project: ProjectState, selected: Sequence[Selected], every: int | None, at: int | None, kind: Kind, seed: int
) -> Outcome:
    """Return the project with fills in clips of drums: in each `every`-th bar, in bar `at` (from 1), or the last.

    See `figure` for who plays what. Raises UserError where there are no drums, or none for a kind.
    """
    drums = [one for one in selected if is_drum(one.track)]
    if not drums:
        raise UserError("a fill is for drums", "such as rhythm fill drums --every 4")
    said = []
    for number, rows in enumerate(_together(project, drums)):
        bars = _bars(project, [clip for _, clip in rows], every, at)
        steps = figure(project, [track for track, _ in rows], kind, seed + number)
        for track, old in rows:
            if track.id in steps:
                new = _filled(_written_out(project, old, bars[-1]), project, bars, steps[track.id], track)
                project = replace_clip(project, new)
                said.append(f"{track.name}: {hits(old.notes)} → {hits(new.notes)} hits, a fill in bar {_listed(bars)}")
    return Outcome(project, tuple(said))


def _together(project: ProjectState, drums: Sequence[Selected]) -> list[list[tuple[Track, Clip]]]:
    """Return the clips that sound together: scene by scene, each clip once, then those that are in no scene."""
    rows: list[list[tuple[Track, Clip]]] = []
    left = {clip.id: (track, clip) for track, clips in drums for clip in clips}
    for scene in project.scenes:
        rows.append([left.pop(clip_id) for clip_id in scene.slots.values() if clip_id in left])
    order = [track.id for track, _ in drums]
    return [sorted(row, key=lambda one: order.index(one[0].id)) for row in (*rows, [*left.values()]) if row]


def _bars(project: ProjectState, clips: Sequence[Clip], every: int | None, at: int | None) -> list[int]:
    """Return the bars that end in a fill, from 1, in order."""
    if at is not None:
        return [at]
    count = project.meter_map.bar_of(max(clip.length_ticks for clip in clips) - 1) + 1
    return list(range(every, max(count, every) + 1, every)) if every else [count]


def figure(project: ProjectState, tracks: Sequence[Track], kind: Kind, seed: int) -> Figure:
    """Return the steps of each drum that plays the fill, by track id.

    style        what the style of the piece has for these drums, drawn; else as one of the others, whichever can be
    snare-roll   the snare, else the nearest to it, in sixteenths that swell
    toms, kick   these
    Raises UserError.
    """
    by_role = {track.role: track for track in reversed(tracks) if track.role}
    if kind == "style":
        asked = asked_of(project)
        fills = [fill for fill in genre(asked.genre).drums.fills if set(fill.parts) <= set(by_role)] if asked else []
        if fills:
            chosen = pick(fills, [fill.weight for fill in fills], stream(seed, "fill").random())
            return {by_role[role].id: steps for role, steps in chosen.parts.items()}
        kind = "toms" if "tom" in by_role and "snare" not in by_role else "snare-roll"
    if kind == "snare-roll":
        role = next((role for role in _ROLLING if role in by_role), None)
        return {by_role[role].id: ROLL} if role else {tracks[0].id: ROLL}
    wanted: Role = "tom" if kind == "toms" else "kick"
    if wanted not in by_role:
        raise UserError(f"there is no {wanted} among these drums", f"part add {wanted}")
    return {by_role[wanted].id: BURST}


def _written_out(project: ProjectState, clip: Clip, bar: int) -> Clip:
    """Return a clip that reaches to the end of `bar` (from 1), in whole rounds of it, as it is."""
    end = project.meter_map.bar_start(bar)
    if end <= clip.length_ticks:
        return clip
    length = lcm(end, clip.length_ticks) if lcm(end, clip.length_ticks) <= 4 * end else end
    if clip.region is not None:
        return cut_out(clip, clip.id, 0, Stretch(0, length))
    rounds = -(-length // clip.length_ticks)
    if rounds * len(clip.notes) > MAX_NOTES:
        raise UserError(f"{clip.name} would have too many notes", f"{MAX_NOTES} at most")
    notes = [
        note._replace(start_ticks=note.start_ticks + number * clip.length_ticks)
        for number in range(rounds)
        for note in clip.notes
    ]
    return clip.evolve(length_ticks=length, notes=block(note for note in notes if note.start_ticks < length))


def _filled(clip: Clip, project: ProjectState, bars: Sequence[int], steps: str, track: Track) -> Clip:
    notes = list(clip.notes)
    pitches = Counter(note.pitch for note in notes).most_common(1)
    pitch = pitches[0][0] if pitches else GM_DRUM_NOTE.get(track.role or "perc", 60)
    for bar in bars:
        start, end = (project.meter_map.bar_start(number) for number in (bar - 1, bar))
        marks = [mark for mark in laid_to_end(steps, end - start) if mark.letter in _VELOCITY]
        if not marks or end > clip.length_ticks:
            continue
        first = start + laid_to_end(steps, end - start)[0].tick
        notes = [note for note in notes if not first <= note.start_ticks < end]
        swells = len({mark.letter.casefold() for mark in marks}) == 1
        for place, mark in enumerate(marks):
            share = _SOFTEST + (1 - _SOFTEST) * place / max(len(marks) - 1, 1) if swells else 1.0
            velocity = round(_VELOCITY[mark.letter] * share)
            notes.append(Note(start + mark.tick, SIXTEENTH // 2, pitch, velocity))
    return clip.evolve(notes=block(notes))


def _listed(bars: Sequence[int]) -> str:
    return ", ".join(map(str, bars[:8])) + (", …" if len(bars) > 8 else "")
