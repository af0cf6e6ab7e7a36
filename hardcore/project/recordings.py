"""Edits and questions about the user's own sounds in a project."""

from collections.abc import Iterable, Mapping

from hardcore.music.tempo import PPQ
from hardcore.project.clips import add_clip
from hardcore.project.multisample import Multisample
from hardcore.project.notes import MAX_TICKS, Note
from hardcore.project.recording import Recording
from hardcore.project.samples import MULTISAMPLE, PLAYERS, SAMPLER, Sample
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
    changed = instrument.evolve(sample=None, recording=recording, multisample=None)
    return project.with_track(track.id, lambda track: track.evolve(instrument=changed))


def set_multisample(project: ProjectState, track_id: str, multisample: Multisample) -> ProjectState:
    """Return the project with the track playing zones; another instrument makes way. Raises UserError."""
    track = project.find_track(track_id)
    if track.instrument is None or track.instrument.device != MULTISAMPLE:
        project = set_instrument(project, track.id, MULTISAMPLE)
    instrument = project.find_track(track.id).instrument
    assert instrument is not None
    changed = instrument.evolve(sample=None, recording=None, multisample=multisample)
    return project.with_track(track.id, lambda track: track.evolve(instrument=changed))


def recordings(project: ProjectState) -> dict[str, Recording]:
    """Return a sound of the user's for each file that the project plays from, by hash, in the order of the hashes."""
    found = {r.sha256: r for r in project.recordings.values()}
    return dict(sorted(found.items()))


def recording_of(track: Track) -> Recording | None:
    """Return the one sound of the user's that a track plays, None when it plays none or many."""
    return track.instrument.recording if track.instrument is not None else None


def players(project: ProjectState, sha256: str) -> list[str]:
    """Return the names of the tracks that play a sound from the file with that hash, or an artifact with it."""
    return [track.name for track in project.tracks if _has(track, sha256)]


def _played(track: Track) -> Iterable[Recording]:
    return track.instrument.recordings.values() if track.instrument is not None else ()


def _has(track: Track, sha256: str) -> bool:
    loads = {**track.region_loads, **(track.instrument.loads if track.instrument is not None else {})}
    return any(load.recording is not None and load.recording.sha256 == sha256 for load in loads.values())


def relinked(project: ProjectState, paths: Mapping[str, str]) -> ProjectState:
    """Return the project with the files in `paths`, by hash, at their new paths."""

    def moved(track: Track) -> Track:
        if all(paths.get(found.sha256, found.path) == found.path for found in _played(track)):
            return track
        assert track.instrument is not None
        if track.instrument.multisample is not None:
            there = track.instrument.evolve(multisample=track.instrument.multisample.relinked(paths))
            return track.evolve(instrument=there)
        found = track.instrument.recording
        assert found is not None
        there = track.instrument.evolve(recording=found.evolve(path=paths[found.sha256]))
        return track.evolve(instrument=there)

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
