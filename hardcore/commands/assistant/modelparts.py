"""Parts by a model: what it is told of the piece, the job that asks it, and its bars put into the project."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hardcore.assistant.mending import Frame, mend
from hardcore.assistant.notation import write_bars
from hardcore.assistant.planner import Limits
from hardcore.commands.assistant.consult import ensure_consults, server_of
from hardcore.commands.assistant.modelcontext import style_sheet
from hardcore.commands.core.call import Call
from hardcore.errors import UserError
from hardcore.jobs.modelwriting import FRAMES
from hardcore.project import clips
from hardcore.project.clip import CHORDS, Clip, Provenance
from hardcore.project.notes import NoteBlock
from hardcore.project.roles import TRANSITIONS, UNTUNED
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.workers.context import Words

PRODUCER = "model"
# What is longer is written as so many bars that go round.
_MOST_BARS = 16
_MOST_PARTS = 16


class Mended(NamedTuple):
    """A project with the parts of a model, how many notes each clip has now, and what was mended of each."""

    project: ProjectState
    notes: dict[str, int]
    mended: tuple[str, ...]


def request(call: Call, project: ProjectState, wish: str, parts: Mapping[str, tuple[Track, Clip]]) -> Words:
    """Return the arguments of the job `write` for some clips of a project. Raises UserError where none can be asked."""
    ensure_consults(call)
    settings = call.studio.settings.assistant
    frames = {name: frame(project, track, clip) for name, (track, clip) in parts.items()}
    return {
        "wish": wish,
        "piece": _told(project, parts, frames),
        "clips": {name: clip.id for name, (_, clip) in parts.items()},
        "frames": FRAMES.dump_python(frames, mode="json"),
        "server": server_of(settings)._asdict(),
        "limits": Limits(settings.requests, settings.tokens, settings.timeout_s)._asdict(),
    }


def frame(project: ProjectState, track: Track, clip: Clip) -> Frame:
    """Return what a clip has to keep to: its bars, the range of its instrument, the key, no crowd of notes."""
    bar_ticks = project.meter_map.bar_ticks()
    bars = max(-(-clip.length_ticks // bar_ticks), 1)
    if track.role in UNTUNED:
        pitch = next((note.pitch for note in clip.notes), 36)
        return Frame(bars, bar_ticks, pitch, pitch, None, 32)
    device = track.instrument.definition if track.instrument else None
    low, high = (device.low_note, device.high_note) if device else (0, 127)
    if clip.notes:  # where the part plays by now says more than its instrument: an octave around it
        pitches = [note.pitch for note in clip.notes]
        low, high = max(low, min(pitches) - 12), min(high, max(pitches) + 12)
    return Frame(bars, bar_ticks, low, high, project.key, 16 if device and device.mono else 48)


def parts_of(project: ProjectState) -> dict[str, tuple[Track, Clip]]:
    """Return the clips that a model can write: the first of each track, by its name."""
    chosen: dict[str, tuple[Track, Clip]] = {}
    for track, clip in project.clips():
        if track.role not in TRANSITIONS and track.instrument is not None and len(chosen) < _MOST_PARTS:
            chosen.setdefault(track.name, (track, clip))
    return chosen


def put_in(project: ProjectState, version: str, done: Words) -> Mended:
    """Return the project with the bars of a job `write` in its clips, mended. Raises UserError where none can be used.

    A clip that has gone meanwhile is passed over.
    """
    counts: dict[str, int] = {}
    told: list[str] = []
    here = {clip.id: (track, clip) for track, clip in project.clips()}
    for name, texts in done["bars"].items():
        if done["clips"][name] not in here:
            continue
        track, clip = here[done["clips"][name]]
        notes, mended = mend(texts, frame(project, track, clip))
        kept = {CHORDS: clip.provenance.intent[CHORDS]} if clip.provenance and CHORDS in clip.provenance.intent else {}
        producer = f"{PRODUCER} {done['model']}"[:80]
        source = Provenance(prompt=done["wish"], producer=producer, version=version, intent=kept)
        inside = (note for note in notes if note.start_ticks < clip.length_ticks)
        block = NoteBlock.of(inside)
        project = clips.replace_clip(project, clip.evolve(notes=block, provenance=source))
        counts[name] = len(block)
        told += [f"{name}: {line}" for line in mended]
    if not counts:
        raise UserError("the clips that were written are gone", "write them again")
    return Mended(project, counts, tuple(told))


def _told(project: ProjectState, parts: Mapping[str, tuple[Track, Clip]], frames: Mapping[str, Frame]) -> str:
    """Return what a model is told of the piece: key, tempo, style, chords, what it writes, what sounds beside it."""
    key = project.key
    scale = " ".join(key.note_name(60 + pitch % 12)[:-1] for pitch in key.pitch_classes)
    lines = [
        f"{project.tempo_map.bpm:g} bpm, {project.meter_map.text}, {key.name} ({scale})",
        style_sheet(project),
        *(f"write {name}: {_wanted(parts[name][0], one, key.note_name)}" for name, one in frames.items()),
        *_beside(project, parts),
    ]
    return "\n".join(filter(None, lines))


def _wanted(track: Track, one: Frame, named: Any) -> str:
    steps = one.bar_ticks * 16 // 7680
    plays = f"{min(one.bars, _MOST_BARS)} bars of {steps} sixteenths, {track.role or 'a part'}"
    return f"{plays}, drum letters" if one.key is None else f"{plays}, from {named(one.low)} to {named(one.high)}"


def _beside(project: ProjectState, parts: Mapping[str, tuple[Track, Clip]]) -> Sequence[str]:
    """Return what plays, and over which chords: in the notation, four bars of each part."""
    told: list[str] = []
    for track, clip in project.clips():
        chords = clip.provenance.intent.get(CHORDS, "") if clip.provenance else ""
        if chords and track.role not in UNTUNED and not any(line.startswith("chords") for line in told):
            told.append(f"chords, a bar each: {chords[:400]}")
        bar_ticks = project.meter_map.bar_ticks()
        bars = min(max(clip.length_ticks // bar_ticks, 1), 4)
        rows = write_bars(clip.notes, bars, bar_ticks, drums=track.role in UNTUNED)
        told.append(f"{track.name} plays: {' | '.join(rows)}"[:600])
    return told[:_MOST_PARTS]
