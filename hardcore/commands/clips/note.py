"""Notes: add, remove, move, set, one at a time."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import (
    ClipRef,
    Count,
    Length,
    Pitch,
    Place,
    Share,
    Toggle,
    Velocity,
    Where,
    length_text,
)
from hardcore.errors import UserError, nearest
from hardcore.music.pitch import note_name
from hardcore.music.tempo import PPQ
from hardcore.project import clips
from hardcore.project.clip import Clip
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState


def tick_of(project: ProjectState, clip: Clip, place: Place) -> int:
    """Return the tick of a place in a clip. Raises UserError when the clip ends before it."""
    tick = project.meter_map.tick(place.bar, place.beat, place.sixteenth) + place.ticks
    if tick >= clip.length_ticks:
        last = project.meter_map.position(clip.length_ticks - 1)
        raise UserError(f"{clip.name} ends before that", f"its last place is {last.short}")
    return tick


@command(
    "note add",
    "note add bass:A 1.1.1 F2 1/8 --velocity 110",
    about={
        "probability": "on how many of a hundred passes it sounds, 1 to 100",
        "ratchet": "into how many hits it is split, 1 to 8",
        "offset": "how many ticks late, below 0 early",
    },
)
def note_add(
    call: Call,
    clip: ClipRef,
    at: Where,
    pitch: Pitch,
    length: Length = PPQ // 4,
    *,
    velocity: Velocity = 100,
    probability: Count = 100,
    ratchet: Count = 1,
    offset: Count = 0,
    slide: Toggle = False,
) -> Done:
    """Add a note to a clip; one at the same place and pitch is replaced."""
    _, found = call.project.find_clip(clip)
    tick = tick_of(call.project, found, at)
    _ensure_short(call.project, found, length)
    note = Note(tick, length, pitch, velocity, probability, ratchet, offset, bool(slide))
    call.edit(lambda project: clips.edit_notes(project, found.id, lambda notes: notes.add(note)))
    return Done(message=f"{found.name}: {note_name(pitch)} at {call.project.meter_map.place(tick)}")


@command("note remove", "note remove bass:A 1.1.1 F2", aliases=("note delete",))
def note_remove(call: Call, clip: ClipRef, at: Where, pitch: Pitch) -> Done:
    """Remove a note from a clip."""
    found, note = _existing(call, clip, at, pitch)
    call.edit(
        lambda project: clips.edit_notes(project, found.id, lambda notes: notes.remove(note.start_ticks, note.pitch))
    )
    return Done(message=f"{found.name}: removed {note_name(pitch)} at {call.project.meter_map.place(note.start_ticks)}")


@command("note move", "note move bass:A 1.1.1 F2 1.1.2 Ab2")
def note_move(call: Call, clip: ClipRef, at: Where, pitch: Pitch, to: Where, to_pitch: Pitch | None = None) -> Done:
    """Move a note to another place, another pitch or both; a place that is taken is refused."""
    found, note = _existing(call, clip, at, pitch)
    tick = tick_of(call.project, found, to)
    new = note._replace(start_ticks=tick, pitch=note.pitch if to_pitch is None else to_pitch)
    place = f"{note_name(new.pitch)} at {call.project.meter_map.place(tick)}"
    if new == note:
        raise UserError(f"{found.name}: that is where {place} is")
    if found.notes.find(new.start_ticks, new.pitch) is not None:
        raise UserError(f"{found.name} has {place} already", "remove it first")
    call.edit(
        lambda project: clips.edit_notes(
            project, found.id, lambda notes: notes.remove(note.start_ticks, note.pitch).add(new)
        )
    )
    was = f"{note_name(note.pitch)} at {call.project.meter_map.place(note.start_ticks)}"
    return Done(message=f"{found.name}: {was} → {place}")


@command(
    "note set",
    "note set bass:A 1.1.1 F2 --velocity 60 --probability 50",
    about={
        "probability": "on how many of a hundred passes it sounds, 1 to 100",
        "ratchet": "into how many hits it is split, 1 to 8",
        "offset": "how many ticks late, below 0 early",
    },
)
def note_set(
    call: Call,
    clip: ClipRef,
    at: Where,
    pitch: Pitch,
    *,
    to: Pitch | None = None,
    length: Length | None = None,
    velocity: Velocity | None = None,
    probability: Share | None = None,
    ratchet: Count | None = None,
    offset: Count | None = None,
    slide: Toggle = None,
) -> Done:
    """Change a note: its pitch (--to), length, velocity, chance, ratchet, micro-offset in ticks, slide."""
    found, note = _existing(call, clip, at, pitch)
    wanted = {
        "pitch": to,
        "length_ticks": length,
        "velocity": velocity,
        "probability": None if probability is None else round(probability),
        "ratchet": ratchet,
        "offset_ticks": offset,
        "slide": slide,
    }
    changes: dict[str, object] = {name: value for name, value in wanted.items() if value is not None}
    if not changes:
        raise UserError("nothing to set", "such as --velocity 60")
    if length is not None:
        _ensure_short(call.project, found, length)
    new = Note._make({**note._asdict(), **changes}.values())
    call.edit(
        lambda project: clips.edit_notes(
            project, found.id, lambda notes: notes.remove(note.start_ticks, note.pitch).add(new)
        )
    )
    if length is not None:
        changes["length_ticks"] = length_text(length)
    said = ", ".join(f"{name.removesuffix('_ticks')} {_shown(value)}" for name, value in changes.items())
    return Done(message=f"{found.name}: {note_name(pitch)} at {call.project.meter_map.place(note.start_ticks)}: {said}")


def _ensure_short(project: ProjectState, clip: Clip, length_ticks: int) -> None:
    """Raise UserError for a note that is longer than its clip."""
    if length_ticks > clip.length_ticks:
        bars = project.meter_map.bar_of(clip.length_ticks - 1) + 1
        raise UserError(
            f"that note is longer than {clip.name}", f"{length_text(clip.length_ticks)} at most, {bars} bars"
        )


def _shown(value: object) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _existing(call: Call, clip: str, at: Place, pitch: int) -> tuple[Clip, Note]:
    _, found = call.project.find_clip(clip)
    tick = tick_of(call.project, found, at)
    note = found.notes.find(tick, pitch)
    if note is None:
        # A humanized or hand-played note stands a little beside the grid: take the nearest within half a sixteenth.
        around = [n for n in found.notes.between(max(0, tick - 240), tick + 240) if n.pitch == pitch]
        note = min(around, key=lambda n: abs(n.start_ticks - tick), default=None)
    if note is None:
        there = [call.project.meter_map.place(n.start_ticks) for n in found.notes if n.pitch == pitch]
        raise UserError(
            f"{found.name} has no {note_name(pitch)} there", nearest(call.project.meter_map.place(tick), there)
        )
    return found, note
