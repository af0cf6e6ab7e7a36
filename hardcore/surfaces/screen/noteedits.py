"""What the keys of the clip view do to a note: the one line to run, and the note as it will be."""

import re
from typing import NamedTuple

from hardcore.commands.core.results import counted
from hardcore.commands.core.types import length_text
from hardcore.errors import UserError
from hardcore.music.pitch import note_name
from hardcore.project.clip import Clip
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState

STEP_VELOCITY, STEP_OFFSET_TICKS, SHORTEST_TICKS = 10, 10, 30
CHANCES, RATCHETS = (100, 75, 50, 25), (1, 2, 3, 4)


class NoteEdit(NamedTuple):
    """A line to run, and what is there after it; None: nothing."""

    line: str
    note: Note | None


def add(project: ProjectState, clip: Clip, note: Note) -> NoteEdit:
    """Return the edit that adds a note."""
    line = f"/note add {_at(project, clip, note)} {length_text(note.length_ticks)}"
    return NoteEdit(line if note.velocity == 100 else f"{line} --velocity {note.velocity}", note)


def remove(project: ProjectState, clip: Clip, note: Note) -> NoteEdit:
    """Return the edit that removes a note."""
    return NoteEdit(f"/note remove {_at(project, clip, note)}", None)


def change(action: str, project: ProjectState, clip: Clip, note: Note, step_ticks: int) -> NoteEdit | None:
    """Return the edit that an action makes of a note; None where it can go no further, or is no edit."""
    new = _moved(action, note, step_ticks, clip.length_ticks)
    if new is not None:
        to = f" {note_name(new.pitch)}" if new.pitch != note.pitch else ""
        return NoteEdit(
            f"/note move {_at(project, clip, note)} {project.meter_map.position(new.start_ticks).typed}{to}", new
        )
    name, new = _set(action, note, step_ticks)
    if new == note:
        return None
    value = getattr(new, name)
    option, text = name.removesuffix("_ticks"), str(value)
    if option == "length":
        text = length_text(value)
    elif option == "slide":
        text = "on" if value else "off"
    return NoteEdit(f"/note set {_at(project, clip, note)} --{option} {text}", new)


def _moved(action: str, note: Note, step_ticks: int, length_ticks: int) -> Note | None:
    moves = {"move-left": (-step_ticks, 0), "move-right": (step_ticks, 0), "move-up": (0, 1), "move-down": (0, -1)}
    ticks, semitones = moves.get(action, (0, 0))
    tick, pitch = note.start_ticks + ticks, note.pitch + semitones
    if (ticks, semitones) == (0, 0) or not (0 <= tick < length_ticks and 0 <= pitch <= 127):
        return None
    return note._replace(start_ticks=tick, pitch=pitch)


def _set(action: str, note: Note, step_ticks: int) -> tuple[str, Note]:
    """Return the field an action changes, and the note with it changed as far as it goes."""
    length, offset = note.length_ticks, note.offset_ticks
    if action == "longer":
        return "length_ticks", note._replace(length_ticks=step_ticks if length < step_ticks else length + step_ticks)
    if action == "shorter":
        shorter = length - step_ticks if length > step_ticks else max(min(length, SHORTEST_TICKS), length // 2)
        return "length_ticks", note._replace(length_ticks=shorter)
    if action in ("louder", "quieter"):
        by = STEP_VELOCITY if action == "louder" else -STEP_VELOCITY
        return "velocity", note._replace(velocity=min(max(note.velocity + by, 1), 127))
    if action in ("earlier", "later"):
        by = STEP_OFFSET_TICKS if action == "later" else -STEP_OFFSET_TICKS
        return "offset_ticks", note._replace(offset_ticks=min(max(offset + by, -1920), 1920))
    if action == "chance":
        return "probability", note._replace(probability=_after(note.probability, CHANCES))
    if action == "ratchet":
        return "ratchet", note._replace(ratchet=_after(note.ratchet, RATCHETS))
    return "slide", note._replace(slide=not note.slide) if action == "slide" else note


def _after(value: int, values: tuple[int, ...]) -> int:
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]


def described(note: Note) -> str:
    """Return what a note is like: velocity and length, then what is not as usual."""
    said = [f"velocity {note.velocity}", f"length {length_text(note.length_ticks).replace('ticks', ' ticks')}"]
    if note.probability < 100:
        said.append(f"chance {note.probability} %")
    if note.ratchet > 1:
        said.append(f"{note.ratchet} hits")
    if note.offset_ticks:
        said.append(f"{counted(abs(note.offset_ticks), 'tick')} {'late' if note.offset_ticks > 0 else 'early'}")
    return ", ".join([*said, "slide"] if note.slide else said)


def reference(project: ProjectState, clip: Clip) -> str:
    """Return how a line names a clip: `bass:A` where that means it and is plain, else its id."""
    for scene in project.scenes:
        for track_id, clip_id in scene.slots.items():
            if clip_id != clip.id:
                continue
            name = f"{project.find_track(track_id).name}:{scene.name}"
            if re.fullmatch(r"[A-Za-z][\w-]*:[\w-]+", name) and _means(project, name, clip.id):
                return name
    return clip.id


def _means(project: ProjectState, name: str, clip_id: str) -> bool:
    try:
        return project.find_clip(name)[1].id == clip_id
    except UserError:
        return False


def _at(project: ProjectState, clip: Clip, note: Note) -> str:
    return f"{reference(project, clip)} {project.meter_map.position(note.start_ticks).typed} {note_name(note.pitch)}"
