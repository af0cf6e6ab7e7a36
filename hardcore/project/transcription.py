"""What was heard in audio as notes: on the ticks of its clip, on tracks of their own."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from hardcore.music.tempo import PPQ
from hardcore.project import clips, devices, tracks
from hardcore.project.audioclips import audio_of, ticks_in
from hardcore.project.clip import Clip
from hardcore.project.notes import Note
from hardcore.project.roles import GM_DRUM_NOTE, Role
from hardcore.project.state import ProjectState

_DRUMS: tuple[Role, ...] = ("kick", "snare", "hat_closed")
_PITCHED: dict[str, Role] = {"voice": "lead", "chords": "keys"}
What = Literal["drums", "voice", "chords"]


class Heard(NamedTuple):
    """A note that was heard: when and how long in the sound, seconds, its pitch and its velocity."""

    seconds: float
    length_s: float
    pitch: int
    velocity: int


def add_transcription(
    project: ProjectState, clip_id: str, heard: Sequence[Heard], what: What
) -> tuple[ProjectState, list[str]]:
    """Return the project with tracks that play what was heard in an audio clip, and their names.

    Drums have a track for each kind; one voice, and chords, come on one.
    """
    track, clip = project.find_clip(clip_id)
    rows = [(role, [one for one in heard if one.pitch == GM_DRUM_NOTE[role]]) for role in _DRUMS]
    if what in _PITCHED:
        rows = [(_PITCHED[what], list(heard))]
    scene = next((scene.id for scene in project.scenes if scene.slots.get(track.id) == clip.id), None)
    names = []
    for role, found in rows:
        if not found:
            continue
        device = next(device.id for device in devices.instruments().values() if role in device.roles[:1])
        name = f"{track.name} {role.split('_')[0]}"
        project, track_id = tracks.add_track(project, name, role=role, instrument=device)
        notes = _notes(project, clip, found)
        project, _ = clips.add_clip(project, track_id, scene, clip.length_ticks, notes)
        names.append(project.find_track(track_id).name)
    return project, names


def _notes(project: ProjectState, clip: Clip, heard: Sequence[Heard]) -> list[Note]:
    """Return notes on the ticks of a clip; of those of one pitch that meet the louder one."""
    region = audio_of(clip)

    def tick(seconds: float) -> int:
        return region.start_ticks + round(ticks_in(project, region, seconds))

    found: dict[tuple[int, int], Note] = {}
    for one in heard:
        start = tick(one.seconds)
        length = max(PPQ // 16, tick(one.seconds + one.length_s) - start)
        pitch = min(max(one.pitch + round(region.transpose), 0), 127)
        known = found.get((start, pitch))
        if 0 <= start < clip.length_ticks and (known is None or known.velocity < one.velocity):
            found[start, pitch] = Note(start, length, pitch, one.velocity)
    return list(found.values())
