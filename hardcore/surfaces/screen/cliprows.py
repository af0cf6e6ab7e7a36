"""Which rows the clip view has: the pitches of a pitched clip, or the drums of a scene, a row for each sound."""

from typing import NamedTuple

from hardcore.music.pitch import note_name
from hardcore.project.clip import Clip
from hardcore.project.roles import DRUMS, GM_DRUM_NOTE
from hardcore.project.scene import Scene
from hardcore.project.sectionkeys import key_in
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.surfaces.screen.roll import Row, by_pitch


class Picked(NamedTuple):
    """The clip in sight, with its track and scene."""

    track: Track
    scene: Scene
    clip: Clip

    @property
    def is_drum(self) -> bool:
        """Return whether it is shown in a drum grid."""
        return self.track.role in DRUMS


def first_pitch(project: ProjectState, picked: Picked) -> int:
    """Return the pitch to begin with: of the first note, else where such a track mostly plays."""
    if len(picked.clip.notes):
        return picked.clip.notes[0].pitch
    if picked.is_drum and picked.track.role is not None:
        return GM_DRUM_NOTE[picked.track.role]
    return (36 if picked.track.role in ("bass", "sub") else 60) + key_in(project, picked.track, picked.clip).tonic % 12


def drum_rows(project: ProjectState, picked: Picked, pitch: int) -> tuple[Row, ...]:
    """Return a row for each sound of each drum track in the scene; the pitch of the cursor has one, too."""
    rows: list[Row] = []
    for track in project.tracks:
        place = track.places.get(picked.scene.slots.get(track.id, ""))
        if place is None or track.role not in DRUMS:
            continue
        clip = track.clips[place]
        pitches = set(by_pitch(clip.notes)) | ({pitch} if track.id == picked.track.id else set())
        if not pitches:
            pitches = {GM_DRUM_NOTE[track.role]}
        for each in sorted(pitches):
            label = f"{track.name} {note_name(each)}" if len(pitches) > 1 else track.name
            rows.append(Row(track.id, clip.id, clip.notes, clip.length_ticks, each, label))
    return tuple(rows)


def pitch_rows(project: ProjectState, picked: Picked, top: int, count: int) -> tuple[Row, ...]:
    """Return so many rows of pitches from `top` downwards; the key's tonic and what lies outside it stand out."""
    clip, key, rows = picked.clip, key_in(project, picked.track, picked.clip), []
    for pitch in range(top, max(top - count, -1), -1):
        inside = key.nearest(pitch) == pitch
        style = "class:row.tonic" if pitch % 12 == key.tonic % 12 else "class:row" if inside else "class:row.outside"
        rows.append(
            Row(picked.track.id, clip.id, clip.notes, clip.length_ticks, pitch, note_name(pitch, key.flats), style)
        )
    return tuple(rows)


def top_pitch(picked: Picked, pitch: int, before: int | None, count: int) -> int:
    """Return the highest pitch in sight: all notes where they fit, else as before, moved to hold the cursor.

    before   the highest one so far, None for a clip that was not in sight
    """
    used = by_pitch(picked.clip.notes)
    high, low = max((*used, pitch)), min((*used, pitch))
    spare = count - 1 - (high - low)
    if spare >= 0:
        top = before if before is not None and high <= before <= low + count - 1 else high + spare // 2
    elif before is None:
        top = min(high, max(pitch + count // 2, low + count - 1))
    else:
        top = max(pitch, min(before, pitch + count - 1))
    return min(127, max(top, count - 1))
