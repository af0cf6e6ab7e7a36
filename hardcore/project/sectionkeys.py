"""The keys of sections: a section may lie some semitones above or below the key of the project."""

from hardcore.music.scale import Key
from hardcore.project.clip import Clip
from hardcore.project.section import Section, starts
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


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
    return raised(project.key, lift_at(project, tick))


def lift_of(project: ProjectState, track: Track, clip: Clip) -> int:
    """Return how many semitones a clip lies above the key of the project: as the section does that it is placed in."""
    if not any(section.lift for section in project.sections):
        return 0
    return next((lift_at(project, one.start_ticks) for one in track.placements if one.clip == clip.id), 0)
