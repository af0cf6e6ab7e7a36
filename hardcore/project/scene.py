"""Scenes (rows of the session grid) and placements (the arrangement)."""

from collections.abc import Mapping

from hardcore.model import Model
from hardcore.music.tempo import Ticks
from hardcore.project.clip import ClipLength
from hardcore.project.values import ClipId, Name, SceneId, TrackId


class Scene(Model):
    """Clips that are launched together, one per track at most."""

    id: SceneId
    name: Name
    slots: Mapping[TrackId, ClipId] = {}


class Placement(Model):
    """A clip in the arrangement: it loops over [start, start + length), beginning `offset_ticks` into itself."""

    track: TrackId
    clip: ClipId
    start_ticks: Ticks
    length_ticks: ClipLength
    offset_ticks: Ticks = 0
