"""A performance of the drum engine as clips of a project."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from hardcore.errors import UserError
from hardcore.project import clips, devices, scenes, tracks
from hardcore.project.clip import Provenance
from hardcore.project.notes import Note
from hardcore.project.roles import GM_DRUM_NOTE, Role
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.rhythm.config import Rhythm
    from hardcore.rhythm.layer import Layer
    from hardcore.rhythm.notes import DrumNote
    from hardcore.rhythm.session import Performance


class WithClips(NamedTuple):
    """The project with the clips, the scene's name, and a line for each clip."""

    project: ProjectState
    scene: str
    said: tuple[str, ...]


def role_of(name: str, layer: "Layer") -> Role:
    """Return what a layer does in the kit: its own word, else its name, else its General MIDI note, else perc."""
    if layer.role:
        return layer.role
    by_note: dict[int, Role] = {note: role for role, note in GM_DRUM_NOTE.items()}
    by_name: dict[str, Role] = {role: role for role in GM_DRUM_NOTE}
    return by_name.get(name) or by_note.get(layer.note, "perc")


def with_clips(project: ProjectState, play: "Performance", title: str, scene_id: str | None, version: str) -> WithClips:
    """Return the project with a clip for each layer that plays, in the scene or a new one. Raises UserError."""
    if scene_id is None:
        taken = {scene.name.casefold() for scene in project.scenes}
        project, scene_id = scenes.add_scene(project, None if title.casefold() in taken else title[:60])
    used: set[str] = set()
    said = []
    for number, (name, layer) in enumerate(play.rhythm.layers.items()):
        notes = notes_of(play.notes.of_layer(number))
        if not notes:
            continue
        project, track_id = track_for(project, name, role_of(name, layer), used)
        used.add(track_id)
        origin = made_from(play.rhythm, play.seed, play.bars, title, name, version)
        project, _ = clips.add_clip(project, track_id, scene_id, play.length_ticks, notes, provenance=origin)
        track = project.find_track(track_id)
        plays = track.instrument.device if track.instrument else ""
        said.append(f"{track.name} ({plays}): {len(notes)} notes")
    return WithClips(project, project.find_scene(scene_id).name, tuple(said))


def performed(
    project: ProjectState, rhythm: "Rhythm", title: str, scene: str | None, version: str, bars: int | None = None,
    seed: int | None = None,
) -> tuple["Performance", WithClips]:  # fmt: skip
    """Return a rhythm played at the project's tempo, and the project with its clips in a scene, or a new one.

    Raises UserError, also where the meters differ.
    """
    from hardcore.rhythm.session import perform

    if rhythm.meter != project.meter_map.text:
        raise UserError(
            f"{title} is in {rhythm.meter}, the project in {project.meter_map.text}", f"/meter {rhythm.meter}"
        )
    row = project.find_scene(scene).id if scene else None
    play = perform(rhythm, bars=bars, seed=seed, bpm=project.tempo_map.bpm)
    return play, with_clips(project, play, title, row, version)


def notes_of(drums: Iterable["DrumNote"], begin_ticks: int = 0) -> list[Note]:
    """Return the notes of a layer as a clip has them, from `begin_ticks` of the clip on."""
    return [
        Note(
            begin_ticks + note.grid_ticks,
            note.length_ticks,
            note.pitch,
            note.velocity,
            offset_ticks=max(-1920, min(1920, note.start_ticks - note.grid_ticks)),
        )
        for note in drums
    ]


def track_for(project: ProjectState, name: str, role: Role, used: set[str]) -> tuple[ProjectState, str]:
    """Return the project and the track for a layer: the one of its name, else of its role, else a new one."""
    free = [t for t in project.tracks if t.kind == "midi" and t.role == role and t.id not in used]
    named = next((track for track in free if track.name.casefold() == name.casefold()), None)
    if found := named or next(iter(free), None):
        return project, found.id
    device = next(d.id for d in devices.instruments().values() if role in d.roles)
    return tracks.add_track(project, name, role=role, instrument=device)


def made_from(rhythm: "Rhythm", seed: int, bars: int, title: str, layer: str, version: str, **more: str) -> Provenance:
    """Return what a clip of a layer was made from."""
    from hardcore.rhythm.version import made_by

    intent = {"rhythm": title, "layer": layer, "bars": str(bars), "mode": rhythm.mode, **more}
    return Provenance(seed=seed, producer="rhythm", version=made_by(version), intent=intent)
