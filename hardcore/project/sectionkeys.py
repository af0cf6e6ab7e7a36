"""Keys along the song: a section may lie some semitones above or below the key of the project.

A marker that is named `key D minor` says that the key changes there: MIDI files bring such, and they go out as key
signatures.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.project.clip import Clip
from hardcore.project.roles import DRUMS
from hardcore.project.section import Section, starts
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing
from hardcore.project.track import Track

_KEY_MARK = re.compile(r"key (.+?)(?: \d+)?", re.IGNORECASE)


def key_of(project: ProjectState, section: Section) -> Key:
    """Return the key of a section."""
    return raised(project.key, section.lift)


def raised(key: Key, semitones: int) -> Key:
    """Return a key so many semitones higher."""
    return Key(tonic=(key.tonic + semitones) % 12, mode=key.mode) if semitones else key


def lift_at(project: ProjectState, tick: int) -> int:
    """Return how many semitones the section at a tick lies above the key of the project; 0 where there is none."""
    bar, edges = project.meter_map.bar_of(tick), starts(project.sections)
    rows = zip(project.sections, edges, edges[1:], strict=False)
    return next((one.lift for one, first, end in rows if first <= bar < end), 0)


def key_at(project: ProjectState, tick: int) -> Key:
    """Return the key at a tick of the song."""
    marked = [key for at, key in marked_keys(project) if at <= tick]
    return raised(marked[-1] if marked else project.key, lift_at(project, tick))


def lift_of(project: ProjectState, track: Track, clip: Clip) -> int:
    """Return how many semitones a clip lies above the key of the project: as the section does that it is placed in."""
    if not any(section.lift for section in project.sections):
        return 0
    return next((lift_at(project, one.start_ticks) for one in track.placements if one.clip == clip.id), 0)


def key_in(project: ProjectState, track: Track, clip: Clip) -> Key:
    """Return the key of a clip: that of the section it is placed in."""
    return raised(project.key, lift_of(project, track, clip))


def lift_among(project: ProjectState, played: Sequence[tuple[Track, Clip]]) -> int:
    """Return how many semitones clips that play together lie above the key of the project; drums do not say."""
    lifts = (lift_of(project, track, clip) for track, clip in played if track.role not in DRUMS)
    return next((lift for lift in lifts if lift), 0)


def marked_keys(project: ProjectState) -> list[tuple[int, Key]]:
    """Return the keys that markers say, and from which tick on."""
    return [(one.tick, key) for one in project.markers if (key := marked_key(one.name)) is not None]


def key_mark(key: Key) -> str:
    """Return the name of a marker that says a key."""
    return f"key {key.name}"


def marked_key(name: str) -> Key | None:
    """Return the key that a marker's name says, None for another name; a number after it tells markers apart."""
    match = _KEY_MARK.fullmatch(name)
    try:
        return Key.parse(match[1]) if match else None
    except UserError:
        return None


def key_changes(
    project: ProjectState, playing: Sequence[Playing], marked: Iterable[tuple[int, Key]] = ()
) -> tuple[tuple[int, Key], ...]:
    """Return from which tick on a timeline is in which key: first at 0, then wherever it changes.

    The song is in the keys of its sections, scenes one after the other in those of their clips.

    marked   the keys that markers of the timeline say, in time
    """
    placed = {(one.track, one.clip, one.start_ticks) for one in project.arrangement}
    if all((one.track_id, one.clip.id, one.start_ticks) in placed for one in playing):
        edges = (project.meter_map.bar_start(bar) for bar in starts(project.sections)[:-1])
        lifts = {edge: one.lift for edge, one in zip(edges, project.sections, strict=True)}
    else:
        tracks, begun = {track.id: track for track in project.tracks}, defaultdict(list)
        for one in playing:
            begun[one.start_ticks].append((tracks[one.track_id], one.clip))
        lifts = {tick: lift_among(project, row) for tick, row in begun.items()}
    keys = {0: project.key, **dict(marked)}
    key, lift, found = project.key, 0, list[tuple[int, Key]]()
    for tick in sorted(keys | lifts):
        key, lift = keys.get(tick, key), lifts.get(tick, lift)
        if (now := raised(key, lift)) != (found[-1][1] if found else None):
            found.append((tick, now))
    return tuple(found)
