"""Features: what a profile looks at in a project, by part and by what."""

from collections.abc import Collection, Iterator, Mapping
from math import log

from hardcore.profile.model import MOST_PARTS
from hardcore.profile.quantities import NO_SEND_DB, PIECE, TAKE
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Feature = tuple[str, str]
LONGEST_NAME = 60


def parts_of(project: ProjectState) -> dict[str, str]:
    """Return the part that each track is, by id: its role, or the name of a group or return; of two, the first.

    A name that is longer than any that is composed (LONGEST_NAME) is no part, nor are more than MOST_PARTS.
    """
    parts: dict[str, str] = {}
    for track in project.tracks:
        part = track.role or (track.name if track.kind in ("group", "return", "master") else PIECE)
        is_name = len(part) <= LONGEST_NAME and part.isprintable()
        if is_name and part not in (PIECE, *parts.values()) and len(parts) < MOST_PARTS:
            parts[track.id] = part
    return parts


def features(
    project: ProjectState, parts: Mapping[str, str], only: Collection[str] | None = None
) -> dict[Feature, float | str]:
    """Return the features of the piece and of parts, whose tracks `parts` names by id; of some tracks, or of all.

    A tempo is 100 times its natural logarithm, so that differences are about per cent; a part that is gone is muted.
    """
    found: dict[Feature, float | str] = {
        (PIECE, "tempo"): 100 * log(project.tempo_map.bpm),
        (PIECE, "key"): project.key.name,
        (PIECE, "mode"): "minor" if project.key.is_minor else "major",
    }
    tracks = {track.id: track for track in project.tracks}
    for track_id in parts if only is None else only:
        part, track = parts[track_id], tracks.get(track_id)
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
        if len(effect.device) > LONGEST_NAME:
            continue
        if not effect.bypass:
            yield f"effect:{effect.device}", 1.0
        if any((one.id, one.unit) == ("mix", "percent") for one in effect.definition.parameters):
            yield f"mix:{effect.device}", effect.value("mix")
    if track.instrument is not None and len(track.instrument.device) <= LONGEST_NAME:
        sample = track.instrument.sample
        yield "instrument", f"{track.instrument.device} {sample}" if sample else track.instrument.device
    seeds = [str(clip.provenance.seed) for clip in track.clips if clip.provenance is not None]
    if seeds:
        yield TAKE, seeds[0]
