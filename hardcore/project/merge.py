"""Three-way merge of projects: what two sides made of one base, by id and field; notes by start and pitch.

What only one side touched is as that side has it. What both touched differently is a conflict: nothing is decided
about it unless one of the sides is taken for all such.

    merged = merge(base, ours, theirs)
    if merged.conflicts: …
    merged = merge(base, ours, theirs, "theirs")

Taking back one step of many is a merge too: the base is the state after it, theirs the one before it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.music.groove import GrooveTemplate
from hardcore.music.pitch import note_name
from hardcore.music.tempo import TempoMap, TempoPoint
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.controlmap import ControlMap
from hardcore.project.integrity import problems
from hardcore.project.mergecleanup import mended, renamed
from hardcore.project.mergeorder import merged_order
from hardcore.project.mixer import Effect, Instrument, Mixer, Send
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.placement import Placement
from hardcore.project.region import AudioRegion
from hardcore.project.rule import Rule
from hardcore.project.scene import Scene
from hardcore.project.section import Marker, Section
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Side = Literal["ours", "theirs"]
Place = tuple[str, ...]


class Conflict(NamedTuple):
    """What both sides touched differently: where (track, clip, note, parameter), and what each side made of it."""

    place: Place
    ours: str
    theirs: str

    def __str__(self) -> str:
        sides = f": {self.ours} here, {self.theirs} there" if self.ours or self.theirs else ""
        return ", ".join(self.place) + sides


class Merged(NamedTuple):
    """A merged project, and what both sides touched differently; that is as the side that was taken has it."""

    project: ProjectState
    conflicts: tuple[Conflict, ...]


def merge(base: ProjectState, ours: ProjectState, theirs: ProjectState, take: Side | None = None) -> Merged:
    """Return `ours` with what `theirs` changed since `base`. With conflicts and no side taken the project is `ours`.

    Raises UserError when a side is taken and the parts of what comes of it do not fit together.
    """
    work = _Merge(base, ours, theirs, take)
    if base.piece == ours.piece == theirs.piece:
        work.ensure_one_time(base, ours, theirs)
        project: ProjectState = renamed(work.value((), base, ours, theirs))
    else:  # ids of another piece mean other things
        project = work.whole(base, ours, theirs)
    broken = [] if project is ours or project is theirs else list(problems(project))
    # what is broken besides a conflict is so for the side that was taken, and mended
    conflicts = tuple(work.conflicts) or tuple(Conflict((problem,), "", "") for problem in broken)
    if broken and take is not None:
        project = mended(project, ours if take == "ours" else theirs)
        for problem in problems(project):
            raise UserError(f"the two do not fit together: {problem}", "take the other side, or mend it first")
    return Merged(ours if conflicts and take is None else project, conflicts)


class _Nothing:
    """Stands for what a side does not have."""


_NOTHING = _Nothing()
# merged field by field; what is in no such model is one value
_BY_FIELD = (
    ProjectState, Track, Clip, AudioRegion, Scene, Section, Marker, Rule, ControlMap, Mixer, Effect, Instrument, Send,
    Automation, TempoMap, Placement,
)  # fmt: skip
# rows of things, and what tells them apart
_KEYS: dict[type[Model], Callable[[Any], Any]] = {
    **dict.fromkeys(
        (Track, Clip, Scene, Section, Marker, Rule, ControlMap, Effect, GrooveTemplate), lambda thing: thing.id
    ),
    **dict.fromkeys((TempoPoint, AutomationPoint), lambda point: point.tick),
    Placement: lambda placement: placement.start_ticks,
    Send: lambda send: send.target,
    Automation: lambda automation: (automation.owner, automation.parameter),
}
_IN_TIME = (TempoPoint, AutomationPoint, Placement)
# notes that are changed one by one; more are a block made anew
_FEW = 64
# fields whose names say nothing to those who read where a conflict is
_SILENT = {
    "mixer",
    "tracks",
    "clips",
    "scenes",
    "rules",
    "maps",
    "effects",
    "settings",
    "notes",
    "slots",
    "tempo_map",
    "points",
}


class _Merge:
    """One merge: collects conflicts, and decides them for the side that is taken."""

    def __init__(self, base: ProjectState, ours: ProjectState, theirs: ProjectState, take: Side | None) -> None:
        self.conflicts: list[Conflict] = []
        self._take = take
        self._names = {track.id: track.name for side in (base, theirs, ours) for track in side.tracks}
        self._position = ours.meter_map.position

    def value(self, place: Place, base: Any, ours: Any, theirs: Any) -> Any:
        """Return what comes of one value."""
        if ours is theirs or theirs is base:
            return ours
        if ours is base:
            return theirs
        if ours == theirs or theirs == base:
            return ours
        if ours == base:
            return theirs
        if type(base) is type(ours) is type(theirs):
            if isinstance(base, _BY_FIELD) and _is_one_device(base, ours, theirs):
                return self._model(place, base, ours, theirs)
            if isinstance(base, NoteBlock):
                return self._notes(place, base, ours, theirs)
            if isinstance(base, Note):
                return Note(*self._fields(place, Note._fields, base, ours, theirs).values())
        if (kind := _row_of(base, ours, theirs)) is not None:
            return self._row(place, kind, base, ours, theirs)
        if all(isinstance(side, Mapping) for side in (base, ours, theirs)):
            return self._mapping(place, base, ours, theirs)
        return self._clash(place, ours, theirs)

    def whole(self, base: ProjectState, ours: ProjectState, theirs: ProjectState) -> ProjectState:
        """Return one of two whole projects: what one side has made new cannot be mixed with what the other did."""
        if base in (ours, theirs):
            return theirs if base == ours else ours
        self.conflicts.append(Conflict(("the piece",), ours.title, theirs.title))
        return theirs if self._take == "theirs" else ours

    def ensure_one_time(self, base: ProjectState, ours: ProjectState, theirs: ProjectState) -> None:
        """Note a conflict where one side moved sections of the song and the other placed something in its time."""
        for one, other in ((ours, theirs), (theirs, ours)):
            if _moved(base, one) and _placed(base) != _placed(other) and _placed(one) != _placed(other):
                self._clash(("the time of the song",), _changed(base, ours), _changed(base, theirs))
                return

    def _clash(self, place: Place, ours: Any, theirs: Any) -> Any:
        self.conflicts.append(Conflict(place, _words(ours), _words(theirs)))
        return theirs if self._take == "theirs" else ours

    def _model(self, place: Place, base: Model, ours: Model, theirs: Model) -> Model:
        fields = self._fields(place, type(base).model_fields, base, ours, theirs)
        changed = {name: value for name, value in fields.items() if value is not getattr(ours, name)}
        try:
            return ours.evolve(**changed)
        except (ValidationError, UserError):  # each side fits by itself, the two do not
            kept: Model = self._clash(place, ours, theirs)
            return kept

    def _fields(self, place: Place, names: Iterable[str], base: Any, ours: Any, theirs: Any) -> dict[str, Any]:
        found = {}
        for name in names:
            sides = [getattr(side, name) for side in (base, ours, theirs)]
            inside = place if name in _SILENT else (*place, name)
            found[name] = max(sides[1:]) if name == "next_id" else self.value(inside, *sides)
        return found

    def _mapping(
        self, place: Place, base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> dict[str, Any]:
        keys = dict.fromkeys(chain(base, sorted({*ours, *theirs} - base.keys())))
        sides = {key: [side.get(key, _NOTHING) for side in (base, ours, theirs)] for key in keys}
        merged = {key: self.value((*place, self._names.get(key, key)), *sides[key]) for key in keys}
        return {key: value for key, value in merged.items() if value is not _NOTHING}

    def _row(
        self, place: Place, kind: type[Model], base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]
    ) -> tuple[Any, ...]:
        sides = [{_KEYS[kind](thing): thing for thing in side} for side in (base, ours, theirs)]
        merged = {}
        for key in dict.fromkeys(chain(*sides)):
            three = [side.get(key, _NOTHING) for side in sides]
            name = self._name(next(thing for thing in (three[1], three[2], three[0]) if thing is not _NOTHING))
            value = self.value((*place, name), *three)
            if value is not _NOTHING:
                merged[key] = value
        if kind in _IN_TIME:
            return tuple(merged[key] for key in sorted(merged))
        before, here, there = map(list, sides)
        order = merged_order(before, here, there, merged.keys(), self._take)
        if order.clash:
            self.conflicts.append(Conflict((*place, f"the order of {kind.__name__.lower()}s"), "", ""))
        return tuple(merged[key] for key in order.keys)

    def _notes(self, place: Place, base: NoteBlock, ours: NoteBlock, theirs: NoteBlock) -> NoteBlock:
        before, here, there = _differing(base, ours, theirs)
        gone = before.keys() - here.keys() - there.keys()
        added = [side.keys() - before.keys() for side in (here, there)]
        # what both took away and put somewhere else was moved by both
        moved = gone if all(added) and added[0] != added[1] else set()
        for key in sorted(moved):
            self._clash((*place, self._name(before[key])), "moved", "moved")
        chosen = there if self._take == "theirs" else here
        changes: dict[tuple[int, int], Note | None] = {}
        for key in sorted({*before, *here, *there}):
            three = [side.get(key, _NOTHING) for side in (before, here, there)]
            if three[1] == three[2] or (three[2] == three[0] and not moved):
                continue
            known = next(thing for thing in (three[1], three[2], three[0]) if thing is not _NOTHING)
            new = key not in before and moved
            value = chosen.get(key) if new else self.value((*place, self._name(known)), *three)
            changes[key] = value if isinstance(value, Note) else None
        try:
            return _changed_notes(ours, changes)
        except ValueError:  # more than a clip holds
            block: NoteBlock = self._clash(place, ours, theirs)
            return block

    def _name(self, thing: Any) -> str:
        match thing:
            case Note():
                return f"note {self._position(thing.start_ticks)} {note_name(thing.pitch)}"
            case Automation():
                return f"automation of {thing.parameter}"
            case Placement():
                return f"placement at {self._position(thing.start_ticks)}"
            case TempoPoint() | AutomationPoint():
                return f"{'tempo' if isinstance(thing, TempoPoint) else 'point'} at {self._position(thing.tick)}"
            case Send():
                return f"send to {self._names.get(thing.target, thing.target)}"
            case Effect():
                return thing.device
            case Track():
                return thing.name
        return f"{type(thing).__name__.lower().removesuffix('template')} {thing.name}"


def _differing(*sides: NoteBlock) -> list[dict[tuple[int, int], Note]]:
    """Return the notes of each block by their address, without the chunks that all of them have."""
    shared = set.intersection(*(set(side.chunks) for side in sides))
    blocks = [[NoteBlock((chunk,)) for chunk in side.chunks if chunk not in shared] for side in sides]
    return [{(note.start_ticks, note.pitch): note for block in side for note in block} for side in blocks]


def _changed_notes(block: NoteBlock, changes: Mapping[tuple[int, int], Note | None]) -> NoteBlock:
    """Return a block with a note at each address, or none there. Raises ValueError where that is too many."""
    if len(changes) > _FEW:
        kept = (note for note in block if (note.start_ticks, note.pitch) not in changes)
        return NoteBlock.of(chain(kept, (note for note in changes.values() if note is not None)))
    for (start, pitch), note in changes.items():
        if note is not None:
            block = block.add(note)
        elif block.find(start, pitch) is not None:
            block = block.remove(start, pitch)
    return block


def _is_one_device(*sides: Any) -> bool:
    """Return whether settings of the sides mean the same: those of another instrument or effect do not."""
    return len({getattr(side, "device", "") for side in sides}) == 1


def _row_of(*sides: Any) -> type[Model] | None:
    """Return of which kind the things of rows are, None for what is no row of things that can be told apart."""
    if not all(isinstance(side, tuple) for side in sides):
        return None
    kinds = {type(thing) for thing in chain(*sides)}
    return kinds.pop() if len(kinds) == 1 and kinds <= _KEYS.keys() else None


def _moved(base: ProjectState, side: ProjectState) -> bool:
    """Return whether a side moved time: sections are of another length or in another order."""
    if base.sections is side.sections or not base.sections:
        return False
    return [(one.id, one.bars) for one in base.sections] != [(one.id, one.bars) for one in side.sections]


def _placed(project: ProjectState) -> tuple[Any, ...]:
    """Return all that stands at a time of the song."""
    tracks = tuple((track.id, track.placements, track.automation) for track in project.tracks)
    return tracks, project.markers, project.tempo_map, project.meter_map


def _changed(base: ProjectState, side: ProjectState) -> str:
    return "sections moved" if _moved(base, side) else "something placed"


def _words(value: Any) -> str:
    """Return a value in a few words."""
    if value is _NOTHING:
        return "not there"
    if isinstance(value, float):
        return f"{value:g}"
    name = getattr(value, "name", None) or getattr(value, "device", None)
    if isinstance(value, Model | NoteBlock | Note):
        return str(name) if name and not isinstance(value, Track | Clip | Scene | Effect) else "changed"
    return str(value)[:60]
