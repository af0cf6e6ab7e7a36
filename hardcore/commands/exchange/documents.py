"""Exports that are written at once: MIDI files and scores."""

from collections.abc import Callable, Sequence
from pathlib import Path

from hardcore.artifacts import write_whole
from hardcore.commands.core.call import Call
from hardcore.commands.exchange.exportresult import Exported, ExportPlan, FilePlan
from hardcore.errors import UserError
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, bars_of, end_ticks
from hardcore.project.track import Track
from hardcore.workers.thread import beside

Marks = tuple[tuple[int, str], ...]
# What is written, and what of the project it cannot say.
Document = tuple[bytes, tuple[str, ...]]


def midi(project: ProjectState, playing: Sequence[Playing], marked: Marks, ppq: int) -> Document:
    """Return what plays as a MIDI file."""
    from hardcore.project.midi import to_midi

    return to_midi(project, playing, marked, ppq), ()


def score(project: ProjectState, playing: Sequence[Playing], parts: Sequence[Track]) -> Document:
    """Return parts as MusicXML."""
    from hardcore.exchange.losses import Losses
    from hardcore.exchange.musicxml import to_musicxml

    losses = Losses()
    if left := [track.name for track in project.tracks if track.role in DRUMS and track not in parts]:
        losses.add("drums", "a part of drums is written when it is named: --parts", left)
    return to_musicxml(project, playing, parts, losses), losses.lines()


def parts_for(project: ProjectState, path: Path, named: Sequence[str] | None) -> tuple[Track, ...]:
    """Return the parts of a score: those that are named, else the one that the file is named after, else what is tuned.

    Raises UserError for a track without notes.
    """
    playing = [track for track in project.tracks if track.kind == "midi"]
    if named:
        found = [project.find_track(one) for one in named]
        if unfit := next((track for track in found if track.kind != "midi"), None):
            raise UserError(f"{unfit.name} is a {unfit.kind} track, without notes")
        return tuple(found)
    same = [track for track in playing if track.name.casefold() == path.stem.casefold()]
    tuned = same or [track for track in playing if track.role not in DRUMS]
    if not tuned:
        raise UserError("no part has a pitch", "--parts names one of drums")
    return tuple(tuned)


async def export_document(
    call: Call, path: Path, playing: Sequence[Playing], name: str, make: Callable[[], Document], *, dry_run: bool
) -> Exported | ExportPlan:
    """Write what `make` gives, or say what would be written. Raises UserError."""
    project = call.project
    data, losses = await beside(make)
    bars, length_s = bars_of(project, playing), project.tempo_map.seconds(end_ticks(playing))
    if dry_run:
        files = (FilePlan(file=str(path), bytes=len(data)),)
        return ExportPlan(files=files, bars=bars, length_s=length_s, longest_tail_s=0, work_s=0, losses=losses)
    await beside(write_whole, path, data)
    return Exported(file=str(path), bars=bars, length_s=length_s, said=f"{name}, {length_s:.2f} s", losses=losses)
