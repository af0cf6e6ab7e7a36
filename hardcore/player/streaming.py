"""Long audio from the disk: which segments of a project's sounds the engine has to have, and which it may let go. Pure.

A project whose audio is no more than RESIDENT_BYTES has all of it in memory, so anything may begin at any moment. Of
a larger one there are regions of a few segments whole, the beginning of every other, and what is played about now: from
a little ago to AHEAD_S from now, wherever the music goes by then as far as that is known (the loop, what was launched,
the song, what rules seek). Only who goes to another place of a long sound by hand waits until its segment is there.
"""

from collections.abc import Iterator

from hardcore.engine.regions import segments
from hardcore.player.sequencer import Sequencer
from hardcore.player.session import Session
from hardcore.project.events import Span
from hardcore.project.multisample import Load
from hardcore.project.region import AudioRegion
from hardcore.project.regionevents import region_events
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing

RESIDENT_BYTES = 256 << 20
# Regions of so many segments are in memory whole, of longer ones so many from where they begin.
SHORT, HEAD = 4, 2
AHEAD_S, BEHIND_S = 20.0, 1.0
# Where the music may go at once: a segment and a half, after which the rest has come.
LANDING_S = 12.0


def is_streamed(project: ProjectState) -> bool:
    """Return whether a project's audio is too much to be in memory whole."""
    return sum(4 * load.size for load in project.region_loads.values()) > RESIDENT_BYTES


def resident(project: ProjectState) -> dict[str, Load]:
    """Return what is always there of a project that is streamed, by key: all but the middle of long regions."""
    found = {key: load for key, load in project.loads.items() if key not in project.region_loads}
    for _, clip in project.clips():
        if clip.region is not None:
            found |= _beginning(clip.region)
    return found


def _beginning(region: AudioRegion) -> dict[str, Load]:
    """Return the segments that a region begins with, of its sound and of each that was stretched."""
    by_sound: dict[str, list[Load]] = {}
    for load in region.loads.values():
        by_sound.setdefault(load.key.partition(":")[0], []).append(load)
    kept: list[Load] = []
    for loads in by_sound.values():
        first = sorted(loads, key=lambda load: load.first, reverse=region.reverse)
        kept += first if len(loads) <= SHORT else first[:HEAD]
    return {load.key: load for load in kept}


def ahead(sequencer: Sequencer, project: ProjectState, tick: float) -> dict[str, Load]:
    """Return the segments that sound about now, where the music is at `tick`, and where it may go at once, by key."""
    tempo, session, rate = project.tempo_map, sequencer.session, sequencer.rate
    found = dict(_sounding(project, session, tempo.seconds(tick) - BEHIND_S, BEHIND_S + AHEAD_S, rate))
    landings: list[tuple[Session, float]] = []
    if sequencer.loop is not None:
        landings.append((session, sequencer.loop.start_ticks))
    if sequencer.song_at is not None:
        landings.append((Session(), sequencer.song_at[1]))
    landings += [(session, there) for there in sequencer.arms.seeks()]
    for there, at in landings:
        found |= dict(_sounding(project, there, tempo.seconds(at), LANDING_S, rate))
    return found | dict(_queued(project, session, rate))


def landing(sequencer: Sequencer, project: ProjectState, tick: int) -> dict[str, Load]:
    """Return the segments that sound first when the music goes to a tick, by key."""
    at_s, rate = project.tempo_map.seconds(tick), sequencer.rate
    song = _sounding(project, Session(), at_s, LANDING_S, rate)
    return dict(song) | dict(_sounding(project, sequencer.session, at_s, LANDING_S, rate))


def _sounding(
    project: ProjectState, session: Session, begin_s: float, seconds: float, rate: int
) -> Iterator[tuple[str, Load]]:
    start, end = (max(0, round(project.tempo_map.ticks(at))) for at in (begin_s, begin_s + seconds))
    yield from _segments(project, session.playing(project, start, end, end), start, end, rate)


def _queued(project: ProjectState, session: Session, rate: int) -> Iterator[tuple[str, Load]]:
    """Yield what launched clips begin with that wait: legato ones in the middle."""
    clips = {clip.id: clip for _, clip in project.clips()}
    for track, launched in session.queue.items():
        clip, before = clips.get(launched.clip or ""), session.clips.get(track)
        if clip is None or clip.region is None:
            continue
        since = before.tick if clip.legato and before is not None and before.clip else launched.tick
        end = round(project.tempo_map.ticks(project.tempo_map.seconds(launched.tick) + LANDING_S))
        yield from _segments(project, [Playing(track, clip, since, end)], launched.tick, end, rate)


def _segments(
    project: ProjectState, playing: list[Playing], start: int, end: int, rate: int
) -> Iterator[tuple[str, Load]]:
    tracks = {item.track_id for item in playing}
    for event in region_events(project, playing, Span(start, end), sounding=tracks):
        until = round((project.tempo_map.seconds(end) - project.tempo_map.seconds(event.tick)) * rate)
        for one in segments(event, rate, until):
            yield one.load.key, one.load
