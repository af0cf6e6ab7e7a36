"""Freezing and bouncing: a track's sound as audio clips, in the place of what makes it or beside it."""

from collections.abc import Mapping

from hardcore.errors import UserError
from hardcore.project import clips, placing, tracks
from hardcore.project.artifact import Artifact
from hardcore.project.clip import Provenance
from hardcore.project.mixer import Mixer
from hardcore.project.region import AudioRegion
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track


def bare(project: ProjectState, track_id: str) -> ProjectState:
    """Return the project in which a track is heard as it comes out of its effects: no fader, sends or other output."""
    heard = project.find_track(track_id)
    left = tuple(one for one in heard.automation if one.owner != heard.id or one.parameter not in ("gain_db", "pan"))

    def changed(track: Track) -> Track:
        return track.evolve(mixer=Mixer(), sends=(), output=MASTER_ID, automation=left)

    return project.with_track(track_id, changed)


def is_freezable(track: Track) -> bool:
    """Return whether a track can be frozen."""
    return track.kind == "midi" and bool(track.clips) and track.frozen is None


def ensure_freezable(track: Track) -> None:
    """Raise UserError for a track that cannot be frozen."""
    if track.kind != "midi" or not track.clips:
        raise UserError(f"{track.name} plays no clips of an instrument", "a part with clips can be frozen")
    if track.frozen is not None:
        raise UserError(f"{track.name} is frozen already", f"track unfreeze {track.name}")


def freeze(project: ProjectState, track_id: str, made: Mapping[str, Artifact]) -> tuple[ProjectState, str]:
    """Return the project with an audio track standing for a track, which rests, and its id.

    made   the sound of each of its clips, by the clip's id; a clip that came since is silent until it is unfrozen
    """
    track = project.find_track(track_id)
    ensure_freezable(track)
    project, audio_id = tracks.add_track(project, f"{track.name} frozen", "audio", mixer=track.mixer)
    project = tracks.move_track(project, audio_id, project.tracks.index(track) + 2)
    project = project.with_track(audio_id, lambda audio: audio.evolve(output=track.output, sends=track.sends))
    for clip in track.clips:
        if clip.id not in made:
            continue
        region = _region(made[clip.id])
        own = Provenance(producer="freeze", version=made[clip.id].id)
        project, new = clips.add_clip(
            project, audio_id, None, clip.length_ticks, name=clip.name, provenance=own, region=region
        )
        project = placing.place_beside(project, clip.id, new)
    return project.with_track(track_id, lambda track: track.evolve(frozen=audio_id)), audio_id


def unfreeze(project: ProjectState, track_id: str) -> ProjectState:
    """Return the project with a track playing itself again; what stood for it is gone. Raises UserError."""
    track = project.find_track(track_id)
    if track.frozen is None:
        raise UserError(f"{track.name} is not frozen")
    stood = project.find_track(track.frozen)
    project = tracks.remove_track(project, stood.id)
    return project.with_track(track_id, lambda track: track.evolve(mixer=stood.mixer, frozen=None))


def add_bounce(
    project: ProjectState, name: str, known: Artifact, length_ticks: int, scene_id: str | None
) -> tuple[ProjectState, str]:
    """Return the project with a sound on a new audio track, in a scene or from the song's beginning, and its id."""
    project, track_id = tracks.add_track(project, name, "audio")
    own = Provenance(producer=known.kind, version=known.id)
    project, clip_id = clips.add_clip(
        project, track_id, scene_id, length_ticks, name=name, provenance=own, region=_region(known)
    )
    return (placing.place(project, clip_id, 0) if scene_id is None else project), track_id


def _region(known: Artifact) -> AudioRegion:
    return AudioRegion(sound=known.sound, frames=known.sound.frames, gain_db=known.gain_db)
