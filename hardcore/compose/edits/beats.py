"""Beats: when parts play: a pattern, half or double time. What they play goes on by the harmony.

A pitched part that gets other times plays at each the notes it had there, so that it stays on its chords.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise

from hardcore.compose.edits.density import grouped, hits
from hardcore.compose.edits.ghosts import GHOST_VELOCITY
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.pattern import ACCENT, GHOST, Hit, pattern_hits
from hardcore.music.meter import MeterMap
from hardcore.project.clip import Clip
from hardcore.project.clips import block, replace_clip
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.parts import device_of, plays
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

_SOFT, _LOUDER = 45, 20

_Change = Callable[[Track, Clip], NoteBlock]


def set_pattern(project: ProjectState, selected: Sequence[Selected], text: str) -> Outcome:
    """Return the project with parts that hit where a pattern says, see `pattern`. Raises UserError.

    A hit where there was one is as loud as that, others as the part's hits are on average, ghosts aside; none rings
    longer than it did, nor into the next.
    """

    def changed(track: Track, clip: Clip) -> NoteBlock:
        return rerhythmed(clip, pattern_hits(text, project.meter_map, clip.length_ticks))

    return _changed(project, selected, changed, f"plays {text.strip()} already", f", {text.strip()}")


def rerhythmed(clip: Clip, beats: Sequence[Hit]) -> NoteBlock:
    """Return the notes of a clip at other times: at each what the clip plays there, the last hit before it."""
    groups = grouped(clip.notes)
    if not groups:
        return clip.notes
    starts = list(groups)
    normal = _normal(clip.notes)
    ends = [*(hit.start_ticks for hit in beats[1:]), clip.length_ticks + beats[0].start_ticks]
    found = []
    for hit, end in zip(beats, ends, strict=True):
        here = hit.start_ticks in groups
        for note in groups[_last(starts, hit.start_ticks)]:
            found.append(
                note._replace(
                    start_ticks=hit.start_ticks,
                    length_ticks=max(min(note.length_ticks, end - hit.start_ticks), 1),
                    velocity=_velocity(hit.letter, note.velocity if here else normal, normal),
                    probability=note.probability if here else 100,
                    ratchet=int(hit.letter) if hit.letter.isdecimal() else 1,
                    offset_ticks=note.offset_ticks if here else 0,
                )
            )
    return block(found)


def _last(starts: Sequence[int], tick: int) -> int:
    """Return where the last hit at or before a tick is in a clip that loops; `starts` rise."""
    return starts[bisect_right(starts, tick) - 1]


def _normal(notes: Iterable[Note]) -> int:
    """Return how hard a clip's hits are on average, its ghosts aside."""
    velocities = [note.velocity for note in notes]
    struck = [velocity for velocity in velocities if velocity >= GHOST_VELOCITY] or velocities
    return round(sum(struck) / len(struck))


def _velocity(letter: str, here: int, normal: int) -> int:
    """Return how hard a hit is where one of velocity `here` was: a ghost becomes a hit, where that is asked for."""
    if letter == GHOST:
        return min(_SOFT, here)
    velocity = here if here >= GHOST_VELOCITY else normal
    return min(velocity + _LOUDER, 127) if letter == ACCENT else velocity


def double_time(project: ProjectState, selected: Sequence[Selected]) -> Outcome:
    """Return the project with parts twice as fast: two bars are played in the time of one, twice. See `half_time`."""
    return _changed(
        project, selected, partial(_stretched, project.meter_map, 0.5), "cannot play faster", ", double time"
    )


def half_time(project: ProjectState, selected: Sequence[Selected]) -> Outcome:
    """Return the project with parts half as fast: the first bar of two lasts both, which is the inverse of double."""
    change = partial(_stretched, project.meter_map, 2.0)
    return _changed(project, selected, change, "cannot play slower", ", half time")


def _stretched(meter: MeterMap, factor: float, track: Track, clip: Clip) -> NoteBlock:
    """Return a clip's notes with its time stretched by 2 or ½ within every two bars; pitched parts keep the harmony."""
    cell = _cell(clip, meter.bar_ticks())
    moved: list[Note] = []
    for start in range(0, clip.length_ticks, cell):
        own = [*clip.notes.between(start, start + (cell if factor < 1 else cell // 2))]
        for again in (0, cell // 2) if factor < 1 else (0,):
            for note in own:
                at = start + again + round((note.start_ticks - start) * factor)
                moved.append(note._replace(start_ticks=at, length_ticks=max(round(note.length_ticks * factor), 1)))
    if not plays(track) or not device_of(track).pitched:
        return block(moved)
    groups = grouped(clip.notes)
    return block(_harmonic(groups, grouped(moved)))


def _cell(clip: Clip, bar: int) -> int:
    """Return two bars, or one where the clip is of an odd number, or all of it where it is of no whole bars."""
    bars, rest = divmod(clip.length_ticks, bar)
    if rest:
        return clip.length_ticks
    return bar if bars % 2 else 2 * bar


def _harmonic(old: dict[int, list[Note]], new: dict[int, list[Note]]) -> Iterable[Note]:
    """Yield notes at new times with the pitches that were heard there; a chord goes on as chords change."""
    starts = list(old)
    for start, group in new.items():
        first = group[0]
        here = old[_last(starts, start)]
        end = start + first.length_ticks
        for at, stop in pairwise([start, *(_changes(old, starts, start, end) if len(here) > 1 else ()), end]):
            for note in old[_last(starts, at)]:
                yield first._replace(start_ticks=at, length_ticks=stop - at, pitch=note.pitch, slide=note.slide)


def _changes(groups: dict[int, list[Note]], starts: Sequence[int], start: int, end: int) -> Iterable[int]:
    """Yield where other notes than before are struck within (start, end)."""
    before = {note.pitch for note in groups[_last(starts, start)]}
    for at in starts[bisect_right(starts, start) : bisect_left(starts, end)]:
        pitches = {note.pitch for note in groups[at]}
        if pitches != before:
            yield at
        before = pitches


def _changed(project: ProjectState, selected: Sequence[Selected], change: _Change, why: str, how: str) -> Outcome:
    """Return the project with the notes of parts changed, and how many hits there were and are."""
    said, failed = [], []
    for track, clips in selected:
        new = [clip.evolve(notes=change(track, clip)) for clip in clips]
        if all(clip.notes == old.notes for clip, old in zip(new, clips, strict=True)):
            failed.append(f"{track.name} {why}")
            continue
        for clip in new:
            project = replace_clip(project, clip)
        before, after = (sum(hits(clip.notes) for clip in row) for row in (clips, new))
        said.append(f"{track.name}: {before} → {after} hits{how}")
    return Outcome(project, tuple(said), tuple(failed))
