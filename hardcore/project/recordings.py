"""Edits and questions about the user's own sounds in a project."""

from collections.abc import Mapping

from hardcore.music.tempo import PPQ
from hardcore.project.clips import add_clip
from hardcore.project.notes import MAX_TICKS, Note
from hardcore.project.recording import Recording
from hardcore.project.samples import PLAYERS, SAMPLER, Sample
from hardcore.project.state import ProjectState, new_project
from hardcore.project.track import Track
from hardcore.project.tracks import add_track, set_instrument, set_sample


def set_recording(project: ProjectState, track_id: str, recording: Recording) -> ProjectState:
    """Return the project with the track playing a sound of the user's; it gets a sampler if it has none.

    Raises UserError for a track that has no instrument.
    """
    track = project.find_track(track_id)
    if track.instrument is None or track.instrument.device not in PLAYERS:
        project = set_instrument(project, track.id, SAMPLER)
    instrument = project.find_track(track.id).instrument
    assert instrument is not None
    changed = instrument.evolve(sample=None, recording=recording)
    return project.with_track(track.id, lambda track: track.evolve(instrument=changed))


def recordings(project: ProjectState) -> dict[str, Recording]:
    """Return every sound of the user's that the project plays, by hash, in the order of their hashes."""
    found = {r.sha256: r for track in project.tracks if (r := recording_of(track)) is not None}
    return dict(sorted(found.items()))


def recording_of(track: Track) -> Recording | None:
    """Return the sound of the user's that a track plays, None when it plays none."""
    return track.instrument.recording if track.instrument is not None else None


def players(project: ProjectState, sha256: str) -> list[str]:
    """Return the names of the tracks that play a sound."""
    return [track.name for track in project.tracks if (r := recording_of(track)) is not None and r.sha256 == sha256]


def relinked(project: ProjectState, paths: Mapping[str, str]) -> ProjectState:
    """Return the project with the sounds in `paths`, by hash, at their new paths."""

    def moved(track: Track) -> Track:
        found = recording_of(track)
        if found is None or paths.get(found.sha256, found.path) == found.path:
            return track
        assert track.instrument is not None
        there = found.evolve(path=paths[found.sha256])
        return track.evolve(instrument=track.instrument.evolve(recording=there))

    return project.evolve(tracks=tuple(moved(track) for track in project.tracks))


def audition(sound: Recording | Sample) -> ProjectState:
    """Return a project that plays a sound once, at its own pitch, through the master: what an audition is."""
    project, track_id = add_track(new_project(sound.name), sound.name, instrument=SAMPLER)
    if isinstance(sound, Recording):
        project = set_recording(project, track_id, sound)
    else:
        project = set_sample(project, track_id, sound.name)
    ticks = min(max(PPQ // 4, round(sound.seconds * project.tempo_map.bpm / 60 * PPQ)), MAX_TICKS // 2)
    # The clip fills whole bars, as a render does: a shorter one would begin again.
    bars = project.meter_map.bar_start(project.meter_map.bar_of(ticks - 1) + 1)
    return add_clip(project, track_id, project.scenes[0].id, bars, [Note(0, ticks, sound.root_note)])[0]
