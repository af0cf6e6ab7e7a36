"""Previews: what is kept in a library, as a short piece to be heard or compared. Pure."""

import math
from collections.abc import Mapping
from typing import Any

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.music.ticks import PPQ
from hardcore.project.clips import add_clip
from hardcore.project.excerpts import of_preset
from hardcore.project.mixer import Instrument
from hardcore.project.notes import Note
from hardcore.project.preset import Preset
from hardcore.project.recording import Recording
from hardcore.project.state import ProjectState

BARS = 2
# What is compared with its own like.
FAMILIES = (("preset", "instrument", "track"), ("effects",), ("clip", "scene"))
# All sounds play the same, a low note and a high one, so that what differs is the sound.
_PHRASE = (Note(0, PPQ, 36, 100), Note(2 * PPQ, PPQ, 60, 100))
_BARS_TICKS = 4 * PPQ
# What effects alone are heard with.
_SOURCE = Instrument(device="epiano")
# A difference of so much in each figure weighs the same; of frequencies and times it is octaves and doublings.
_WEIGHTS = {"flat_db": 10.0, "sides_db": 6.0, "held": 0.25}
_RATIOS = {"centroid_hz": 0.5, "rise_s": 1.0, "fall_s": 1.0}
_BAND_DB = 6.0


class Preview(Model):
    """A preview that was rendered: the sound, and what it is like (`audio/likeness.py`), None for silence."""

    recording: Recording
    figures: dict[str, Any] | None = None


def distance(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Return how far two sounds are apart by their figures: 0 for equal ones, about 1 for one clear difference."""
    apart = [(a - b) / _BAND_DB for a, b in zip(one["bands_db"], other["bands_db"], strict=True)]
    apart += [(one[name] - other[name]) / weight for name, weight in _WEIGHTS.items()]
    apart += [math.log2(one[name] / other[name]) / weight for name, weight in _RATIOS.items()]
    return math.sqrt(sum(part * part for part in apart))


def family(kind: str) -> tuple[str, ...]:
    """Return the kinds that something of a kind is compared with. Raises UserError for what has no sound of its own."""
    for kinds in FAMILIES:
        if kind in kinds:
            return kinds
    raise UserError(f"a {kind} has no sound of its own", "library put uses it")


def preview(excerpt: ProjectState, kind: str) -> ProjectState:
    """Return a project whose first scene plays what an excerpt of a kind holds: a phrase for sounds, else its clips.

    Raises UserError for what has no sound of its own.
    """
    if kind in FAMILIES[-1]:
        return excerpt
    family(kind)
    track = excerpt.tracks[0]
    if track.instrument is None:
        excerpt = of_preset(Preset(instrument=_SOURCE, effects=track.effects), track.name)
        track = excerpt.tracks[0]
    return add_clip(excerpt, track.id, excerpt.scenes[0].id, _BARS_TICKS, _PHRASE)[0]
