"""Scenes (rows of the session grid)."""

from collections.abc import Mapping

from hardcore.model import Model
from hardcore.project.values import ClipId, Name, SceneId, TrackId


class Scene(Model):
    """Clips that are launched together, one per track at most."""

    id: SceneId
    name: Name
    slots: Mapping[TrackId, ClipId] = {}
