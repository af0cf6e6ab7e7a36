"""Scenes (rows of the session grid)."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from hardcore.model import Model
from hardcore.music.meter import Denominator, Numerator
from hardcore.music.tempo import Bpm
from hardcore.project.follow import Follow
from hardcore.project.values import ClipId, Name, SceneId, Text, TrackId


class SceneMeter(Model):
    """The meter that a scene is played in."""

    numerator: Numerator
    denominator: Denominator


class Scene(Model):
    """Clips that are launched together, one per track at most.

    follow      what follows it by itself, None: it goes round
    bpm, meter  what the music goes by once it is launched, None: it stays as it is
    notes       what the player wants to be told while it plays
    levels      faders, pans, sends and parameters as they are to be in it, by `owner parameter`; see `morph`
    """

    id: SceneId
    name: Name
    slots: Mapping[TrackId, ClipId] = {}
    follow: Follow | None = None
    bpm: Bpm | None = None
    meter: SceneMeter | None = None
    notes: Annotated[Text, Field(max_length=400)] = ""
    levels: Annotated[Mapping[str, float], Field(max_length=16_384)] = {}
