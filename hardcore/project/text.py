"""A project as text: one line a thing, the same for the same project, so that a line tool can compare two.

Every line stands for something that a merge would compare as well. What has its default value is left out, so that a
new kind of setting changes no text of a project that does not use it. Positions are bar, beat, sixteenth and ticks.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hardcore.checkpoint import checkpoint
from hardcore.model import Model
from hardcore.music.pitch import note_name
from hardcore.project.clip import Automation, Clip
from hardcore.project.mixer import Effect, Instrument
from hardcore.project.note import Note
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Lines = Iterator[tuple[int, str]]
# fields that have lines of their own; the rest stand beside each other
_PROJECT = {
    "title",
    "tempo_map",
    "meter_map",
    "key",
    "tracks",
    "scenes",
    "sections",
    "markers",
    "rules",
    "maps",
    "grooves",
    "next_id",
}
_TRACK = {"id", "name", "kind", "instrument", "mixer", "effects", "sends", "clips", "placements", "automation"}
_CLIP = {"id", "name", "length_ticks", "notes", "automation", "lyrics"}


def text(project: ProjectState) -> str:
    """Return a project as text that ends with a newline; the same text means the same music and settings."""
    return "".join(f"{'  ' * depth}{line}\n" for depth, line in _lines(project))


def _lines(project: ProjectState) -> Lines:
    at = project.meter_map.position
    yield 0, f"project {_text(project.title)}"
    yield from _values(1, project, _PROJECT)
    yield 1, f"key {project.key.name}"
    for meter in project.meter_map.points:
        yield 1, f"meter {at(meter.tick)} {meter.text}"
    for tempo in project.tempo_map.points:
        yield 1, _row("tempo", at(tempo.tick), _value(tempo.bpm), _inline(tempo, {"tick", "bpm"}))
    for groove in project.grooves:
        yield 0, _row("groove", groove.id, _inline(groove, {"id"}))
    for section in project.sections:
        yield 0, _row("section", section.id, _text(section.name), _inline(section, {"id", "name"}))
    for marker in project.markers:
        yield 0, f"marker {marker.id} {_text(marker.name)} at {at(marker.tick)}"
    for rule in project.rules:
        yield 0, f"rule {rule.id} {_text(rule.name)}"
        yield from _values(1, rule, {"id", "name"})
    for one in project.maps:
        yield 0, _row("map", one.id, _inline(one, {"id"}))
    for track in project.tracks:
        yield from _track(track, project)
    for scene in project.scenes:
        yield 0, f"scene {scene.id} {_text(scene.name)}"
        yield from _values(1, scene, {"id", "name", "slots"})
        for track_id, clip in sorted(scene.slots.items(), key=lambda slot: _number(slot[0])):
            yield 1, f"{track_id} {clip}"


def _track(track: Track, project: ProjectState) -> Lines:
    at = project.meter_map.position
    yield 0, f"track {track.id} {_text(track.name)} ({track.kind})"
    yield from _values(1, track, _TRACK)
    yield from _values(1, track.mixer)
    if track.instrument is not None:
        yield from _device("plays", track.instrument.device, track.instrument)
    for effect in track.effects:
        yield from _device(f"effect {effect.id}", effect.device, effect)
    for send in track.sends:
        yield 1, _row("send", send.target, f"{_value(send.gain_db)} dB", _inline(send, {"target", "gain_db"}))
    yield from _envelopes(1, track.automation, project)
    for clip in track.clips:
        yield from _clip(clip, project)
    for placed in track.placements:
        place = f"place {placed.clip} at {at(placed.start_ticks)}"
        yield 1, _row(place, _inline(placed, {"clip", "start_ticks"}))


def _device(head: str, device: str, thing: Instrument | Effect) -> Lines:
    yield 1, f"{head} {device}"
    yield from _values(2, thing, {"id", "device"})


def _clip(clip: Clip, project: ProjectState) -> Lines:
    yield 1, f"clip {clip.id} {_text(clip.name)} {clip.length_ticks} ticks"
    yield from _values(2, clip, _CLIP)
    yield from _envelopes(2, clip.automation, project)
    for one in clip.lyrics:
        yield 2, f"sings {project.meter_map.position(one.tick)} {_text(one.text)}"
    for note in clip.notes:
        checkpoint()
        yield 2, _note(note, project)


def _note(note: Note, project: ProjectState) -> str:
    extra = [f"{name}={_value(getattr(note, name))}" for name, default in Note._field_defaults.items()
             if name != "velocity" and getattr(note, name) != default]  # fmt: skip
    where = project.meter_map.position(note.start_ticks)
    return _row(f"note {where} {note_name(note.pitch)} {note.length_ticks} v{note.velocity}", *extra)


def _envelopes(depth: int, envelopes: Iterable[Automation], project: ProjectState) -> Lines:
    for envelope in sorted(envelopes, key=lambda one: (_number(one.owner), one.parameter)):
        yield depth, f"automation {envelope.owner} {envelope.parameter}"
        for point in envelope.points:
            where = project.meter_map.position(point.tick)
            yield depth + 1, _row(where, _value(point.value), _inline(point, {"tick", "value"}))


def _values(depth: int, thing: Model, skip: Iterable[str] = ()) -> Lines:
    """Yield a line for each field that differs from its default; a mapping has a line for each entry."""
    for name, value in _set(thing, set(skip)):
        if isinstance(value, Mapping):
            for key in sorted(value):
                yield depth, f"{name} {_text(str(key))} {_value(value[key])}"
        elif isinstance(value, Model):
            yield depth, name
            yield from _values(depth + 1, value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Model):
            for one in value:
                yield depth, _row(name, _inline(one))
        else:
            yield depth, f"{name} {_value(value)}"


def _set(thing: Model, skip: set[str]) -> Iterator[tuple[str, Any]]:
    for name, field in type(thing).model_fields.items():
        value = getattr(thing, name)
        if name not in skip and (field.is_required() or value != field.get_default()):
            yield name, value


def _inline(thing: Model, skip: Iterable[str] = ()) -> str:
    return " ".join(f"{name}={_value(value)}" for name, value in _set(thing, set(skip)))


def _value(value: Any) -> str:
    """Return a value in one word or more, without loss."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Model):
        return f"({_inline(value)})"
    if isinstance(value, Mapping):
        return f"({' '.join(f'{_text(str(key))}={_value(value[key])}' for key in sorted(value))})"
    if isinstance(value, tuple | list):
        return ",".join(map(_value, value))
    return str(value)


def _text(words: str) -> str:
    """Return words as they are, in quotes with escapes where they could be taken for more than words."""
    plain = words and words == words.strip() and words.isprintable() and not set(words) & set('"\\()=,')
    return words if plain else json.dumps(words)


def _row(*words: object) -> str:
    return " ".join(filter(None, map(str, words)))


def _number(name: str) -> int:
    return int(name[1:])
