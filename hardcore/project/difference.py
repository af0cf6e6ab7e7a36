"""What changed between two states of a project, as data and in words. Subtrees that are the same object are skipped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any, Literal

from hardcore.model import Model
from hardcore.project.chunks import Key, by_key
from hardcore.project.clip import Automation, Clip
from hardcore.project.mixer import Effect
from hardcore.project.multisample import Multisample
from hardcore.project.notes import NoteBlock
from hardcore.project.placement import Placement
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

ThingKind = Literal["project", "track", "clip", "effect", "scene", "section", "marker", "rule", "map"]

# fields of a project and of a track that are compared thing by thing, or not at all
_LISTED = ("tracks", "scenes", "sections", "markers", "rules", "maps", "next_id", "grooves", "provenance")
_APART = ("clips", "effects", "mixer", "instrument", "sends", "placements", "automation")
# how many notes of a change are named
NAMED_NOTES = 256


class Thing(Model):
    """A part of a project by its id; `track` is the id of the track it belongs to. A project's own id is empty."""

    kind: ThingKind
    id: str
    name: str
    track: str | None = None


class NoteAt(Model):
    """The address of a note in its clip."""

    start_ticks: int
    pitch: int


class NotesChanged(Model):
    """How many notes of a clip came, went, or sound otherwise at their place; the addresses of the first 256 of each.

    A note that is moved went in one place and came in another.
    """

    added: int
    removed: int
    changed: int
    added_at: tuple[NoteAt, ...] = ()
    removed_at: tuple[NoteAt, ...] = ()
    changed_at: tuple[NoteAt, ...] = ()


class Change(Thing):
    """A value that is another one now: a field of a thing, or a parameter of what a track plays or of an effect.

    field   such as `gain_db`, `length_ticks`, `placements` (how many), or a parameter's id such as `cutoff`
    old, new   the values, as JSON has them; null for none. Notes are counted, `notes` says which
    note    what the values do not say, in words
    """

    field: str
    parameter: bool = False
    old: Any = None
    new: Any = None
    notes: NotesChanged | None = None
    note: str = ""


What = Literal["removed", "created", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What was removed, created and changed, in the order in which it is told; `names` are those of tracks, by id."""

    told: tuple[tuple[What, Thing], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return the values that are others now."""
        return tuple(thing for _, thing in self.told if isinstance(thing, Change))

    @property
    def created(self) -> tuple[Thing, ...]:
        """Return the things that are new, with what new tracks hold."""
        return tuple(thing for what, thing in self.told if what == "created")

    @property
    def removed(self) -> tuple[Thing, ...]:
        """Return the things that are gone, with what tracks held that are gone."""
        return tuple(thing for what, thing in self.told if what == "removed")

    def lines(self) -> list[str]:
        """Return it in words, a line each; what a new or removed track holds goes without saying."""
        whole = {thing.id for what, thing in self.told if what != "changed" and thing.kind == "track"}
        spoken = (_words(what, thing, self.names) for what, thing in self.told if thing.track not in whole)
        return list(filter(None, spoken))


def difference(old: ProjectState, new: ProjectState) -> Difference:
    """Return what changed from one state to another."""
    return Difference(tuple(_project(old, new)), {track.id: track.name for track in (*old.tracks, *new.tracks)})


def differences(old: ProjectState, new: ProjectState) -> list[str]:
    """Return one line for each thing that was added, removed or changed, figures before and after."""
    return difference(old, new).lines()


_Told = Iterator[tuple[What, Thing]]


def _project(old: ProjectState, new: ProjectState) -> _Told:
    project = Thing(kind="project", id="", name=new.title)
    yield from _fields(project, old, new, skip=_LISTED)
    before, after = _placed(old), _placed(new)
    if before != after:
        yield _change(project, "arrangement", sum(map(len, before.values())), sum(map(len, after.values())))
    yield from _listed("track", old.tracks, new.tracks, project)
    yield from _listed("scene", old.scenes, new.scenes, project)
    yield from _listed("section", old.sections, new.sections, project)
    yield from _listed("marker", old.markers, new.markers, project)
    yield from _listed("rule", old.rules, new.rules, project)
    yield from _listed("map", old.maps, new.maps, project)


def _placed(project: ProjectState) -> dict[str, tuple[Placement, ...]]:
    return {track.id: track.placements for track in project.tracks if track.placements}


def _listed(kind: ThingKind, old: tuple[Model, ...], new: tuple[Model, ...], owner: Thing) -> _Told:
    if old is new:
        return
    before, after = ({_id(thing): thing for thing in things} for things in (old, new))
    track = owner.id or None
    for key, model in before.items():
        if key not in after:
            yield from _whole("removed", _thing(kind, model, track), model)
    for key, model in after.items():
        thing = _thing(kind, model, track)
        if key not in before:
            yield from _whole("created", thing, model)
        elif before[key] is not model:
            yield from _changed(thing, before[key], model)
    order = [key for key in before if key in after]
    if order != [key for key in after if key in before]:
        yield _change(owner, f"{kind}s", list(before), list(after))


def _whole(what: What, thing: Thing, model: Model) -> _Told:
    """Yield a thing that came or went, and what a track holds."""
    yield what, thing
    if isinstance(model, Track):
        for effect in model.effects:
            yield what, _thing("effect", effect, model.id)
        for clip in model.clips:
            yield what, _thing("clip", clip, model.id)


def _changed(thing: Thing, old: Model, new: Model) -> _Told:
    if isinstance(old, Track) and isinstance(new, Track):
        yield from _track(thing, old, new)
    elif isinstance(old, Clip) and isinstance(new, Clip):
        yield from _fields(thing, old, new, skip=("notes", "region", "automation", "provenance"))
        if old.region is not None and new.region is not None:
            yield from _fields(thing, old.region, new.region)
        else:
            yield from _apart(thing, "region", _plain(old.region), _plain(new.region))
        yield from _notes(thing, old.notes, new.notes)
        yield from _apart(thing, "automation", _envelopes(old.automation), _envelopes(new.automation))
    elif isinstance(old, Effect) and isinstance(new, Effect):
        yield from _fields(thing, old, new, skip=("settings",))
        yield from _parameters(thing, old, new, {**old.settings, **new.settings})
    else:
        yield from _fields(thing, old, new)


def _track(thing: Thing, old: Track, new: Track) -> _Told:
    yield from _fields(thing, old, new, skip=_APART)
    yield from _fields(thing, old.mixer, new.mixer)
    yield from _instrument(thing, old, new)
    yield from _listed("effect", old.effects, new.effects, thing)
    yield from _listed("clip", old.clips, new.clips, thing)
    yield from _apart(thing, "sends", _plain(old.sends), _plain(new.sends))
    yield from _apart(thing, "automation", _envelopes(old.automation), _envelopes(new.automation))
    if old.placements is not new.placements and old.placements != new.placements:
        yield _change(thing, "placements", len(old.placements), len(new.placements))


def _apart(thing: Thing, name: str, old: Any, new: Any) -> _Told:
    if old != new:
        yield _change(thing, name, old, new)


def _envelopes(automation: tuple[Automation, ...]) -> list[dict[str, Any]]:
    return [envelope.model_dump(mode="json") for envelope in automation]


def _instrument(thing: Thing, old: Track, new: Track) -> _Told:
    if old.instrument is new.instrument or old.instrument == new.instrument:
        return
    if old.instrument is None or new.instrument is None or old.instrument.device != new.instrument.device:
        names = (one.device if one else None for one in (old.instrument, new.instrument))
        yield _change(thing, "instrument", *names)
        return
    before, after = old.instrument.sound, new.instrument.sound
    if before is not None and after is not None and before != after:
        moved = ""
        if before.name == after.name:
            moved = "with other zones" if isinstance(after, Multisample) else f"now at {after.path}"
        yield _change(thing, "sound", before.name, after.name, note=moved)
    yield from _parameters(
        thing, old.instrument, new.instrument, {**old.instrument.settings, **new.instrument.settings}
    )


def _parameters(thing: Thing, old: Any, new: Any, names: Mapping[str, float]) -> _Told:
    if old.device != new.device:
        return
    for name in names:
        if old.value(name) != new.value(name):
            yield _change(thing, name, float(old.value(name)), float(new.value(name)), parameter=True)


def _notes(thing: Thing, old: NoteBlock, new: NoteBlock) -> _Told:
    if old is new:
        return
    kept = set(old.chunks) & set(new.chunks)
    before, after = (by_key(chunk for chunk in block.chunks if chunk not in kept) for block in (old, new))
    removed, added = before.keys() - after.keys(), after.keys() - before.keys()
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    if added or removed or changed:
        notes = NotesChanged(
            added=len(added), removed=len(removed), changed=len(changed),
            added_at=_named(added), removed_at=_named(removed), changed_at=_named(changed),
        )  # fmt: skip
        yield _change(thing, "notes", len(old), len(new), notes=notes)


def _named(keys: set[Key]) -> tuple[NoteAt, ...]:
    return tuple(NoteAt(start_ticks=start, pitch=pitch) for start, pitch in nsmallest(NAMED_NOTES, keys))


def _fields(thing: Thing, old: Model, new: Model, skip: tuple[str, ...] = ()) -> _Told:
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if name not in skip and before is not after and before != after:
            yield _change(thing, name, _plain(before), _plain(after))


def _change(thing: Thing, field: str, old: Any, new: Any, **more: Any) -> tuple[What, Change]:
    own = {"kind": thing.kind, "id": thing.id, "name": thing.name, "track": thing.track}
    return "changed", Change(**own, field=field, old=old, new=new, **more)


def _plain(value: object) -> Any:
    """Return a value as JSON has it: maps of tempo and meter as their points, what has a name by that."""
    if hasattr(value, "points"):
        return [point.model_dump(mode="json", exclude_defaults=True) for point in value.points]
    if isinstance(name := getattr(value, "name", None), str):
        return name
    if isinstance(value, Model):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _thing(kind: ThingKind, model: Model, track: str | None) -> Thing:
    name = getattr(model, "name", None) or getattr(model, "device", "")
    return Thing(kind=kind, id=_id(model), name=str(name), track=track)


def _id(thing: Model) -> str:
    return str(getattr(thing, "id"))  # noqa: B009 - tracks, scenes, clips and effects all have one


def _words(what: What, thing: Thing, names: Mapping[str, str]) -> str:
    """Return a line for a thing that came, went or changed; empty where another line says it."""
    if not isinstance(thing, Change):
        owner = f"{names.get(thing.track, thing.track)}: " if thing.track else ""
        return f"{owner}{thing.kind} {thing.name} {'added' if what == 'created' else what}"
    before, after = _shown(thing.old), _shown(thing.new)
    owner = _owner(thing, names)
    if thing.field in ("tracks", "scenes", "sections", "markers", "rules", "maps", "effects", "clips"):
        return f"{owner}{thing.field} in another order"
    if thing.field == "arrangement":
        return f"arrangement: {before} → {after} placements"
    if thing.notes is not None:
        removed, added = (count + thing.notes.changed for count in (thing.notes.removed, thing.notes.added))
        return f"{owner}notes: {removed} removed, {added} added ({before} → {after})"
    if thing.field == "placements":
        return ""
    if thing.field in ("sends", "automation"):
        return f"{owner}{thing.field} changed"
    field = "plays" if thing.field in ("instrument", "sound") else thing.field
    return f"{owner}{field} {before} → {after}" + (f", {thing.note}" if thing.note else "")


def _owner(thing: Change, names: Mapping[str, str]) -> str:
    if thing.kind == "effect":
        return f"{names.get(thing.track or '', thing.track)}: effect {thing.name} "
    prefix = {"project": "", "track": f"{thing.name} "}
    return prefix.get(thing.kind, f"{thing.kind} {thing.name} ")


def _shown(value: object) -> str:
    if isinstance(value, list) and value and all(isinstance(point, dict) for point in value):
        return "/".join(map(_point_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _point_shown(point: Mapping[str, object]) -> str:
    """Return a tempo or a meter without its place: `7/8`, `138`, `ramp to 150`."""
    ramp = "ramp to " if point.get("ramp") else ""
    return ramp + "/".join(_shown(part) for name, part in point.items() if name not in ("tick", "ramp"))
