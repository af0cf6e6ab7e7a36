"""Preferences: a piece that was composed is changed to what a person likes, by edits that anybody could make."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from math import exp
from typing import Any, NamedTuple

from hardcore.compose.edits import levels, replacement, sends
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.key import set_key
from hardcore.compose.edits.tempo import set_tempo
from hardcore.errors import UserError
from hardcore.music.scale import Key
from hardcore.profile.asked import Asked
from hardcore.profile.features import parts_of
from hardcore.profile.preferences import Preference
from hardcore.profile.quantities import PIECE
from hardcore.project import devices
from hardcore.project.samples import PLAYERS
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, remove_effect, set_effect, set_sample

# in the provenance of a piece: what the profile did to it, or would where that is taken off
NOTE, NOTE_OFF = "profile", "profile_off"
# the piece first, and sounds before their levels
_ORDER = ("key", "mode", "tempo", "instrument", "effect", "mix", "send", "gain", "pan", "mute")
_MOST = 20  # as many as the provenance has room for

Made = tuple[ProjectState, str]


class Liked(NamedTuple):
    """A piece as a person likes it, and what was done to it: in words, and why."""

    project: ProjectState
    words: tuple[str, ...] = ()


def as_liked(project: ProjectState, wishes: Sequence[Preference]) -> Liked:
    """Return a piece with the preferences it lacks, noted in its provenance; what its prompt decided stays.

    Without any it is the same object.
    """
    asked, parts = Asked(project.provenance), {part: track_id for track_id, part in parts_of(project).items()}
    made, done = project, list[tuple[Preference, str]]()
    ordered = sorted(wishes, key=lambda wish: _ORDER.index(wish.what.partition(":")[0]))
    for wish in ordered:
        if len(done) == _MOST or asked.decides(wish.part, wish.what) or _is_settled(wish, ordered):
            continue
        with suppress(UserError):  # such as an instrument that is no more: the others hold all the same
            changed = _changed(made, parts.get(wish.part), wish)
            if changed is not None:
                made = changed[0]
                done.append((wish, changed[1]))
    if not done:
        return Liked(project)
    return Liked(noted(made, NOTE, [_note(wish, words) for wish, words in done]), tuple(words for _, words in done))


def _is_settled(wish: Preference, wishes: Sequence[Preference]) -> bool:
    """Return whether another preference decides the same: a key has its mode."""
    return wish.what == "mode" and any(other.what == "key" for other in wishes)


def noted(project: ProjectState, name: str, notes: Sequence[Mapping[str, Any]]) -> ProjectState:
    """Return the project whose provenance says what the profile did to it, or (NOTE_OFF) would do."""
    source = project.provenance
    if source is None:
        return project
    kept = {key: value for key, value in source.intent.items() if key not in (NOTE, NOTE_OFF)}
    text = json.dumps(list(notes), ensure_ascii=False)
    return project.evolve(provenance=source.evolve(intent={**kept, name: text}))


def notes_of(project: ProjectState, name: str = NOTE) -> list[dict[str, Any]]:
    """Return what the profile did to a piece: part, what, value, pieces, words; nothing where that cannot be read."""
    source = project.provenance
    try:
        read = json.loads(source.intent.get(name, "[]")) if source is not None else []
    except ValueError:
        return []
    listed = read if isinstance(read, list) else []
    return [note for note in listed if isinstance(note, dict) and isinstance(note.get("words"), str)]


def levelled(project: ProjectState) -> frozenset[str]:
    """Return the ids of tracks whose level is as the person likes it: the producer's listening leaves them there."""
    parts = {part: track_id for track_id, part in parts_of(project).items()}
    liked = (str(note.get("part")) for note in notes_of(project) if note.get("what") == "gain")
    return frozenset(parts[part] for part in liked if part in parts)


def _note(wish: Preference, words: str) -> dict[str, Any]:
    return {**wish._asdict(), "words": words}


def _changed(project: ProjectState, track_id: str | None, wish: Preference) -> Made | None:
    """Return the project with one preference, and what it did in words; None where there is nothing to do."""
    kind, _, of = wish.what.partition(":")
    if wish.part == PIECE:
        return _PIECE[kind](project, wish.value)
    if track_id is None:
        return None
    track = project.find_track(track_id)
    if isinstance(wish.value, str):
        return _played(project, track, wish.value) if kind == "instrument" else None
    return _PART[kind](project, track, wish.value, of)


def _in_tempo(project: ProjectState, value: Any) -> Made | None:
    before = project.tempo_map.bpm
    after = float(round(before * exp(float(value) / 100)))
    if after == before:
        return None
    words = f"{abs(after - before):g} bpm {'faster' if after > before else 'slower'} ({before:g} → {after:g})"
    return set_tempo(project, after).project, words


def _in_key(project: ProjectState, value: Any) -> Made | None:
    key = Key.parse(str(value))
    return (set_key(project, key).project, f"in {key.name}") if key != project.key else None


def _in_mode(project: ProjectState, value: Any) -> Made | None:
    if value == ("minor" if project.key.is_minor else "major"):
        return None
    key = project.key.parallel()
    return set_key(project, key).project, f"in {key.name}"


def _played(project: ProjectState, track: Track, name: str) -> Made | None:
    device_id, _, sample = name.partition(" ")
    now = track.instrument
    if now is None or (now.device, now.sample or "") == (device_id, sample):
        return None
    device = devices.instrument(device_id)
    if device_id in PLAYERS and not sample:
        return None  # a recording, which this piece has not
    if device_id != now.device:
        project = replacement.played_by(project, track, device)
    project = set_sample(project, track.id, sample) if sample else project
    return project, f"{track.name} played by {sample or device.name}"


def _levelled(project: ProjectState, track: Track, value: float, of: str) -> Made | None:
    outcome = levels.gain(project, [track], Amount(by=value))
    words = f"{track.name} {abs(value):g} dB {'louder' if value > 0 else 'lower'}"
    return (outcome.project, words) if outcome.said else None


def _panned(project: ProjectState, track: Track, value: float, of: str) -> Made | None:
    outcome = levels.pan(project, [track], Amount(by=value))
    words = f"{track.name} further {'right' if value > 0 else 'left'}"
    return (outcome.project, words) if outcome.said else None


def _sent(project: ProjectState, track: Track, value: float, of: str) -> Made | None:
    target = next((one for one in project.tracks if one.kind == "return" and one.name == of), None)
    if target is None or sends.sent(track, target) is None:
        return None
    outcome = sends.send(project, [track], target, Amount(by=value))
    words = f"{track.name} with {'more' if value > 0 else 'less'} {of} ({value:+g} dB)"
    return (outcome.project, words) if outcome.said else None


def _mixed(project: ProjectState, track: Track, value: float, of: str) -> Made | None:
    effect = next((one for one in track.effects if one.device == of), None)
    if effect is None:
        return None
    before = effect.value("mix")
    after = min(max(before + value, 0.0), 100.0)
    words = f"{track.name} with {'more' if value > 0 else 'less'} {of} ({before:g} → {after:g} %)"
    return (set_effect(project, track.id, effect.id, {"mix": after}), words) if after != before else None


def _fitted(project: ProjectState, track: Track, value: float, of: str) -> Made | None:
    effect = next((one for one in track.effects if one.device == of), None)
    if value < 0 and effect is not None:
        return remove_effect(project, track.id, effect.id), f"{track.name} without {of}"
    if value > 0 and effect is None and not devices.effect(of).side:
        return add_effect(project, track.id, of)[0], f"{track.name} with {of}"
    return None


def _muted(project: ProjectState, track: Track, value: float, of: str) -> Made | None:
    if value < 0 or track.mixer.mute:
        return None
    return project.with_mixer(track.id, mute=True), f"{track.name} muted"


_PIECE: Mapping[str, Callable[[ProjectState, Any], Made | None]] = {
    "tempo": _in_tempo,
    "key": _in_key,
    "mode": _in_mode,
}
_PART: Mapping[str, Callable[[ProjectState, Track, float, str], Made | None]] = {
    "gain": _levelled,
    "pan": _panned,
    "send": _sent,
    "mix": _mixed,
    "effect": _fitted,
    "mute": _muted,
}
