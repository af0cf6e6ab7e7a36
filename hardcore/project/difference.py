"""What changed between two states of a project, in words. Subtrees that are the same object are skipped."""

from collections.abc import Iterator

from hardcore.model import Model
from hardcore.project.clip import Clip
from hardcore.project.multisample import Multisample
from hardcore.project.notes import NoteBlock
from hardcore.project.placement import Placement
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# fields of a project and of a track that have words of their own, or none
_LISTED = ("tracks", "scenes", "sections", "markers", "next_id", "grooves", "provenance")
_APART = ("clips", "effects", "mixer", "instrument", "sends", "placements", "automation")


def differences(old: ProjectState, new: ProjectState) -> list[str]:
    """Return one line for each thing that was added, removed or changed, figures before and after."""
    return list(_project(old, new))


def _project(old: ProjectState, new: ProjectState) -> Iterator[str]:
    yield from _fields("", old, new, skip=_LISTED)
    before, after = _placed(old), _placed(new)
    if before != after:
        yield f"arrangement: {sum(map(len, before.values()))} → {sum(map(len, after.values()))} placements"
    yield from _listed("track", old.tracks, new.tracks)
    yield from _listed("scene", old.scenes, new.scenes)
    yield from _listed("section", old.sections, new.sections)
    yield from _listed("marker", old.markers, new.markers)


def _placed(project: ProjectState) -> dict[str, tuple[Placement, ...]]:
    return {track.id: track.placements for track in project.tracks if track.placements}


def _listed(kind: str, old: tuple[Model, ...], new: tuple[Model, ...]) -> Iterator[str]:
    before = {_id(thing): thing for thing in old}
    after = {_id(thing): thing for thing in new}
    for key, thing in before.items():
        if key not in after:
            yield f"{kind} {_name(thing)} removed"
    for key, thing in after.items():
        if key not in before:
            yield f"{kind} {_name(thing)} added"
        elif before[key] is not thing:
            yield from _changed(kind, before[key], thing)
    common = [key for key in before if key in after]
    if common != [key for key in after if key in before]:
        yield f"{kind}s in another order"


def _changed(kind: str, old: Model, new: Model) -> Iterator[str]:
    prefix = f"{_name(new)} "
    if isinstance(old, Track) and isinstance(new, Track):
        yield from _fields(prefix, old, new, skip=_APART)
        yield from _fields(prefix, old.mixer, new.mixer)
        yield from _settings(prefix, old, new)
        yield from _listed(f"{new.name}: effect", old.effects, new.effects)
        yield from _listed(f"{new.name}: clip", old.clips, new.clips)
        if old.sends != new.sends:
            yield f"{prefix}sends changed"
        if old.automation != new.automation:
            yield f"{prefix}automation changed"
    elif isinstance(old, Clip) and isinstance(new, Clip):
        yield from _fields(f"clip {prefix}", old, new, skip=("notes", "automation", "provenance"))
        yield from _notes(f"clip {prefix}", old.notes, new.notes)
        if old.automation != new.automation:
            yield f"clip {prefix}automation changed"
    else:
        yield from _fields(f"{kind} {prefix}", old, new)


def _settings(prefix: str, old: Track, new: Track) -> Iterator[str]:
    if old.instrument is None or new.instrument is None or old.instrument == new.instrument:
        return
    if old.instrument.device != new.instrument.device:
        yield f"{prefix}plays {old.instrument.device} → {new.instrument.device}"
        return
    before, after = old.instrument.sound, new.instrument.sound
    if before is not None and after is not None and before != after:
        moved = ""
        if before.name == after.name:
            moved = ", with other zones" if isinstance(after, Multisample) else f", now at {after.path}"
        yield f"{prefix}plays {before.name} → {after.name}{moved}"
    for name in {**old.instrument.settings, **new.instrument.settings}:
        if old.instrument.value(name) != new.instrument.value(name):
            yield f"{prefix}{name} {old.instrument.value(name):g} → {new.instrument.value(name):g}"


def _notes(prefix: str, old: NoteBlock, new: NoteBlock) -> Iterator[str]:
    before, after = set(old), set(new)
    added, removed = len(after - before), len(before - after)
    if added or removed:
        yield f"{prefix}notes: {removed} removed, {added} added ({len(old)} → {len(new)})"


def _fields(prefix: str, old: Model, new: Model, skip: tuple[str, ...] = ()) -> Iterator[str]:
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if name not in skip and before != after:
            yield f"{prefix}{name} {_said(before)} → {_said(after)}"


def _said(value: object) -> str:
    if hasattr(value, "points"):
        return "/".join(_point(point) for point in value.points)
    if hasattr(value, "name"):
        return str(value.name)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _point(point: Model) -> str:
    parts = [value for name, value in point.model_dump().items() if name != "tick"]
    return "/".join(f"{part:g}" for part in parts)


def _id(thing: Model) -> str:
    return str(getattr(thing, "id"))  # noqa: B009 - tracks, scenes, clips and effects all have one


def _name(thing: Model) -> str:
    return str(getattr(thing, "name", None) or getattr(thing, "device", ""))
