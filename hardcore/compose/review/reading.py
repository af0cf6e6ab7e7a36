"""A reading of a piece: what sounds in which bar, and what its style is, for whoever looks at notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from hardcore.compose.producer import asked_of
from hardcore.errors import UserError
from hardcore.knowledge.genre import Genre
from hardcore.knowledge.loader import genre
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.events import NoteEvent, Span, events
from hardcore.project.roles import DRUMS, Role
from hardcore.project.scope import find_scope, section_bars
from hardcore.project.sections import kind_of
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from hardcore.project.track import Track

_EARLY_TICKS = SIXTEENTH // 2
LOW: tuple[Role, ...] = ("bass", "sub")
# the section that a song is about, and what it is compared with
MAIN, OTHER = ("chorus", "drop", "hook", "head", "theme", "lead", "full"), ("verse", "break", "breakdown", "falling")


class Place(NamedTuple):
    """A section: its name and kind, its first and last bar from 1."""

    name: str
    kind: str
    first_bar: int
    last_bar: int


class Part(NamedTuple):
    """A track and the notes of it that sound, in order."""

    track: Track
    notes: tuple[NoteEvent, ...]

    @property
    def role(self) -> Role | None:
        """Return what it does in the music."""
        return self.track.role

    @property
    def pitched(self) -> bool:
        """Return whether its notes are tones."""
        instrument = self.track.instrument
        return instrument is not None and self.role not in DRUMS and instrument.definition.pitched


@dataclass(frozen=True)
class Reading:
    """What sounds of a project in some of its bars.

    style   the style it was made from, None where nobody knows
    bars    the bars that are judged, from 1, in order
    parts   tracks that sound there, none that is muted
    places  the sections that lie in these bars
    """

    project: ProjectState
    style: Genre | None
    bars: tuple[int, ...]
    parts: tuple[Part, ...]
    places: tuple[Place, ...]

    @property
    def kind(self) -> Literal["song", "club"]:
        """Return whether it is to be a song with a tune, or lives of its groove."""
        return "song" if self.style is not None and self.style.kind == "song" else "club"

    @property
    def is_whole(self) -> bool:
        """Return whether it is the whole piece that is judged."""
        return len(self.bars) == _last_bar(self.project)

    def of(self, *roles: Role) -> list[Part]:
        """Return the parts of some roles."""
        return [part for part in self.parts if part.role in roles]

    def bar(self, tick: int) -> int:
        """Return the bar, from 1, of what begins at a tick: what comes a little early belongs to the bar it means."""
        return self.project.meter_map.bar_of(max(tick, 0) + _EARLY_TICKS) + 1

    def inside(self, part: Part, first_bar: int, last_bar: int) -> list[NoteEvent]:
        """Return the notes of a part that begin in some bars."""
        start, end = (self.project.meter_map.bar_start(bar) for bar in (first_bar - 1, last_bar))
        return [note for note in part.notes if start <= note.tick + _EARLY_TICKS < end]

    @cached_property
    def contents(self) -> dict[int, frozenset[tuple[str, int, int]]]:
        """Return what begins in each bar: track, sixteenth of the bar and pitch."""
        found: dict[int, set[tuple[str, int, int]]] = {bar: set() for bar in self.bars}
        for part in self.parts:
            for note in part.notes:
                bar = self.bar(note.tick)
                if bar in found:
                    step = round((note.tick - self.project.meter_map.bar_start(bar - 1)) / SIXTEENTH)
                    found[bar].add((part.track.id, step, note.pitch))
        return {bar: frozenset(some) for bar, some in found.items()}

    def main(self) -> Place | None:
        """Return the first section that the song is about."""
        return next((place for kind in MAIN for place in self.places if place.kind == kind), None)

    def other(self) -> Place | None:
        """Return the first section that the main one stands out from."""
        return next((place for kind in OTHER for place in self.places if place.kind == kind), None)


def read(project: ProjectState, where: str = "") -> Reading:
    """Return the reading of a project, or of the stretch of it that `where` names as a scope does.

    Raises UserError where nothing plays, or where there is no such place.
    """
    playing = tuple(timeline(project))
    end = end_ticks(playing)
    if not end:
        raise UserError("there is nothing to judge yet", "type a prompt first, such as: house 124 bpm")
    stretches = find_scope(project, where).stretches if where else ((0, end),)
    bars = _bars_of(project, stretches)
    sounding: dict[str, list[NoteEvent]] = {}
    for start, stop in stretches:
        for event in events(project, playing, Span(start, stop)):
            sounding.setdefault(event.track_id, []).append(event)
    heard = [track for track in project.tracks if sounding.get(track.id) and not track.mixer.mute]
    if not heard:
        raise UserError("nothing sounds there", "unmute a part, or name another place")
    places = tuple(
        Place(name, kind_of(name), first, last)
        for name, first, last in section_bars(project)
        if {first, last} <= set(bars)
    )
    return Reading(
        project, _style(project), bars, tuple(Part(one, tuple(sounding[one.id])) for one in heard), places
    )  # fmt: skip


def _bars_of(project: ProjectState, stretches: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    bar_of = project.meter_map.bar_of
    return tuple(bar + 1 for start, end in stretches for bar in range(bar_of(start), bar_of(max(end - 1, start)) + 1))


def _last_bar(project: ProjectState) -> int:
    return project.meter_map.bar_of(max(end_ticks(timeline(project)) - 1, 0)) + 1


def _style(project: ProjectState) -> Genre | None:
    asked = asked_of(project)
    try:
        return genre(asked.genre) if asked is not None else None
    except UserError:  # a style of the user's that is gone
        return None
