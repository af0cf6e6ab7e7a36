"""Slices: an audio clip as a kit, a key for each slice, and the clip of notes that plays them as it sounds.

A slice is a stretch of the clip's artifact; nothing is copied. Slices begin where a tick does, so that the frame at
which a note plays one is the frame at which the one before has ended.
"""

from collections.abc import Iterable
from math import floor
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.music.tempo import PPQ
from hardcore.project import clips, tracks
from hardcore.project.audioclips import audio_of, seconds_in, ticks_in
from hardcore.project.clip import Clip, Provenance
from hardcore.project.multisample import Multisample, Zone
from hardcore.project.notes import Note
from hardcore.project.placing import place_beside
from hardcore.project.recordings import set_multisample
from hardcore.project.region import AudioRegion
from hardcore.project.samples import MULTISAMPLE
from hardcore.project.state import ProjectState

LOWEST_KEY = 36
MOST_SLICES = 127 - LOWEST_KEY + 1
# The velocity at which an instrument is as loud as its sound.
VELOCITY = 100
# A slice begins so long before the attack that is heard in it, which is found to a millisecond or so.
_LEAD_S = 0.002
_SHORTEST_TICKS = PPQ // 32
_RELEASE_S = 0.005
_LOWEST_DB, _DB_A_PERCENT = 6.0, 0.5


class Onset(NamedTuple):
    """An attack in a sound: seconds from the beginning of its region, and its level (linear)."""

    seconds: float
    level: float


def strongest(onsets: Iterable[Onset], sensitivity: float, most: int) -> list[float]:
    """Return when the slices after the first begin, seconds in order: `most` slices, of the strongest attacks.

    sensitivity   0 takes what is at most 6 dB softer than the loudest attack, 100 what is 56 dB softer
    """
    found = sorted(onsets, key=lambda onset: -onset.level)
    least = found[0].level * 10 ** (-(_LOWEST_DB + _DB_A_PERCENT * sensitivity) / 20) if found else 0.0
    return sorted(max(0.0, onset.seconds - _LEAD_S) for onset in found[: most - 1] if onset.level >= least)


def cuts_at(project: ProjectState, region: AudioRegion, seconds: Iterable[float]) -> list[int]:
    """Return the ticks, from a region's beginning, at which slices begin that begin in it after so many seconds."""
    return [floor(ticks_in(project, region, second)) for second in seconds]


def cuts_every(project: ProjectState, region: AudioRegion, step_ticks: int) -> list[int]:
    """Return the ticks, from a region's beginning, at which slices of equal length begin."""
    return list(range(0, round(ticks_in(project, region, region.seconds)), step_ticks))


def ensure_sliceable(clip: Clip) -> AudioRegion:
    """Return the region of a clip. Raises UserError for one of notes, and one whose slices would sound otherwise."""
    region = audio_of(clip)
    if region.reverse:
        raise UserError(f"{clip.name} runs backwards", "clip reverse turns it round first")
    if region.transpose and region.warp != "off":
        raise UserError(f"{clip.name} is transposed at its own tempo", "track bounce TRACK makes audio of it first")
    return region


def add_slices(
    project: ProjectState, clip_id: str, cuts: Iterable[int], provenance: Provenance
) -> tuple[ProjectState, str, int]:
    """Return the project with a track that plays an audio clip as slices, its id, and how many those are.

    cuts   the ticks at which slices begin, from the region's beginning; where the clip begins one does anyway
    The notes come wherever the clip is, whose track is muted. Raises UserError.
    """
    track, clip = project.find_clip(clip_id)
    region = ensure_sliceable(clip)
    edges = _edges(project, clip, region, cuts)
    if not 1 <= len(edges) <= MOST_SLICES:
        raise UserError(f"that makes {len(edges)} slices of {clip.name}", f"1 to {MOST_SLICES}; --most or --grid")
    zones = _zones(project, region, edges)
    settings = {"transpose": region.transpose} if region.transpose else None
    project, made = tracks.add_track(
        project, f"{track.name} slices", role="perc", instrument=MULTISAMPLE, settings=settings
    )
    project = project.with_track(made, lambda own: own.evolve(output=track.output, sends=track.sends))
    project = set_multisample(project, made, Multisample(name=f"{region.sound.name[:70]} slices", zones=zones))
    notes = _notes(clip, region, edges)
    project, new = clips.add_clip(
        project, made, None, clip.length_ticks, notes, name=f"{clip.name[:70]} slices", provenance=provenance
    )
    return place_beside(project, clip.id, new).with_mixer(track.id, mute=True), made, len(edges)


def _edges(project: ProjectState, clip: Clip, region: AudioRegion, cuts: Iterable[int]) -> list[int]:
    """Return the ticks at which slices begin, in order, within what sounds of a region."""
    begun = -region.start_ticks % (region.loop_ticks or 1 << 62) if region.start_ticks < 0 else 0
    first, last = (0, region.loop_ticks) if region.loop_ticks else (begun, clip.length_ticks - region.start_ticks)
    last = min(last, round(ticks_in(project, region, region.seconds)))
    edges = [first] if last > first else []
    for cut in sorted({*cuts, begun}):
        if edges and edges[-1] + _SHORTEST_TICKS <= cut <= last - _SHORTEST_TICKS:
            edges.append(cut)
    return edges


def _zones(project: ProjectState, region: AudioRegion, edges: list[int]) -> tuple[Zone, ...]:
    frames = [region.first + round(seconds_in(project, region, edge) * region.sound.rate) for edge in edges]
    ends = [*frames[1:], region.first + region.frames]
    return tuple(
        Zone(
            sound=region.sound, mode="slice", start=start, end=end, gain_db=region.gain_db, tracking_cents=0,
            low_key=LOWEST_KEY + place, high_key=LOWEST_KEY + place, root_key=LOWEST_KEY + place, release_s=_RELEASE_S,
        )
        for place, (start, end) in enumerate(zip(frames, ends, strict=True))
    )  # fmt: skip


def _notes(clip: Clip, region: AudioRegion, edges: list[int]) -> list[Note]:
    """Return the notes that play slices one after the other, in every round of a region within its clip."""
    period = region.loop_ticks or clip.length_ticks + abs(region.start_ticks)
    starts = [
        (origin + edge, LOWEST_KEY + place)
        for origin in range(region.start_ticks, clip.length_ticks, period)
        for place, edge in enumerate(edges)
    ]
    begun = [(tick, key) for tick, key in starts if 0 <= tick < clip.length_ticks]
    ends = [*(tick for tick, _ in begun[1:]), clip.length_ticks]
    return [Note(tick, end - tick, key, VELOCITY) for (tick, key), end in zip(begun, ends, strict=True)]
