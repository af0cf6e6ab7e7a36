"""Features: what a profile looks at in a project, by part and by what."""

from collections.abc import Iterator, Mapping
from math import log

from hardcore.profile.quantities import NO_SEND_DB, PIECE, TAKE
from hardcore.project import devices
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Feature = tuple[str, str]
Features = Mapping[Feature, float | str]


def parts_of(project: ProjectState) -> dict[str, str]:
    """Return the part that each track is, by id: its role, or the name of a group or return; of two, the first."""
    parts: dict[str, str] = {}
    for track in project.tracks:
        part = track.role or (track.name if track.kind in ("group", "return", "master") else None)
        if part is not None and part != PIECE and part not in parts.values():
            parts[track.id] = part
    return parts


def features(project: ProjectState, parts: Mapping[str, str]) -> dict[Feature, float | str]:
    """Return the features of the piece and of parts, whose tracks `parts` names by id.

    A tempo is 100 times its natural logarithm, so that differences are about per cent; a part that is gone is muted.
    """
    found: dict[Feature, float | str] = {
        (PIECE, "tempo"): 100 * log(project.tempo_map.bpm),
        (PIECE, "key"): project.key.name,
        (PIECE, "mode"): "minor" if project.key.is_minor else "major",
    }
    tracks = {track.id: track for track in project.tracks}
    for track_id, part in parts.items():
        track = tracks.get(track_id)
        known = _of_track(track, parts) if track is not None else iter([("mute", 1.0)])
        found |= {(part, what): value for what, value in known}
    return found


def _of_track(track: Track, parts: Mapping[str, str]) -> Iterator[tuple[str, float | str]]:
    yield "gain", track.mixer.gain_db
    yield "pan", track.mixer.pan
    yield "mute", float(track.mixer.mute)
    for send in track.sends:
        if send.target in parts:
            yield f"send:{parts[send.target]}", max(send.gain_db, NO_SEND_DB)
    for effect in track.effects:
        if not effect.bypass:
            yield f"effect:{effect.device}", 1.0
        if any(parameter.id == "mix" for parameter in devices.effect(effect.device).parameters):
            yield f"mix:{effect.device}", effect.value("mix")
    if track.instrument is not None:
        sample = track.instrument.sample
        yield "instrument", f"{track.instrument.device} {sample}" if sample else track.instrument.device
    seeds = [str(clip.provenance.seed) for clip in track.clips if clip.provenance is not None]
    if seeds:
        yield TAKE, seeds[0]
