"""Asked: what the words of a prompt decided. A profile neither alters that nor learns from it."""

import json
from collections.abc import Mapping
from typing import Any

from hardcore.profile.quantities import PIECE
from hardcore.project import devices
from hardcore.project.clip import Provenance

# fields of an intent that decide something of the piece
_DECIDES = {
    "tempo": ("bpm", "song_bars"),  # how long a song is was asked for at its tempo
    "key": ("key", "mode", "darkness", "progression", "chords"),
    "mode": ("key", "mode", "darkness", "progression", "chords"),
}
# and of its effects, by their family or a parameter of theirs
_SPACE, _MOVEMENT, _DRIVE = "space", "movement", "drive"


class Asked:
    """What the prompt of a piece asked for, as its provenance keeps it."""

    def __init__(self, source: Provenance | None) -> None:
        words = source.intent if source is not None else {}
        self._fields = set(words)
        self._devices = _read(words, "devices")
        self._traits = _read(words, "traits")
        self._named = {*_read(words, "include"), *_read(words, "only")}

    def decides(self, part: str, what: str) -> bool:
        """Return whether the prompt says how something is to be."""
        kind, _, of = what.partition(":")
        if part == PIECE:
            return any(field in self._fields for field in _DECIDES[kind])
        if kind == "instrument":
            return part in self._devices or part in self._traits
        if kind == "mute":
            return part in self._named
        if kind == "gain":
            return bool({"loud", "quiet"} & {*self._traits.get(part, ())}) or self._is_space(part)
        return self._decides_sound(kind, of)

    def _decides_sound(self, kind: str, of: str) -> bool:
        if kind == "send":
            return _SPACE in self._fields
        if kind not in ("effect", "mix") or of not in devices.effects():
            return False
        device = devices.effect(of)
        drives = any(parameter.id == "drive" for parameter in device.parameters)
        wanted = {_SPACE} if device.family == "spaces" else {_MOVEMENT} if device.family == "movement" else set()
        return bool((wanted | ({_DRIVE} if drives else set())) & self._fields)

    def _is_space(self, part: str) -> bool:
        return part in ("reverb", "delay") and _SPACE in self._fields


def _read(words: Mapping[str, str], name: str) -> Any:
    """Return a field of an intent: a mapping or a list; an empty one where it does not say or cannot be read."""
    try:
        return json.loads(words.get(name, "{}"))
    except ValueError:
        return {}
