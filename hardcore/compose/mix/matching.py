"""Matching: a recording as what a mix should be like, and what the master lacks to come nearer to it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hardcore.compose.mix.judgement import Heard
from hardcore.compose.mix.target import Wanted
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.tracks import add_effect

# how near is near enough: two masters of one song differ as much
BAND_DB, WIDTH_DB, CREST_DB = 1.0, 1.5, 1.5
_MONO_DB = -60.0
# what must be on the master for a figure to be moved: device, settings that change nothing, its place (None: last)
_NEUTRAL: tuple[tuple[str, Mapping[str, float], int | None], ...] = (
    ("eq", {}, 1), ("width", {"width": 100.0}, 2), ("limiter", {"ceiling": 0.0}, None),
)  # fmt: skip


class Figure(NamedTuple):
    """A figure of the reference beside the same of the piece, before and after."""

    name: str
    unit: str
    reference: float | None
    before: float | None
    after: float | None

    @property
    def nearer(self) -> bool:
        """Return whether the piece has come nearer."""
        if self.reference is None or self.before is None or self.after is None:
            return False
        return abs(self.after - self.reference) < abs(self.before - self.reference)


def wanted_like(name: str, reference: Mapping[str, Any]) -> Wanted:
    """Return what a mix should be like to be like a recording, by the ears' figures of it (`overall`)."""
    heard = Heard.of({"whole": reference, "parts": {}})
    bands = {band: (value - BAND_DB, value + BAND_DB) for band, value in heard.bands.items() if value > _MONO_DB}
    sides = (heard.sides_db - WIDTH_DB, heard.sides_db + WIDTH_DB) if heard.sides_db > _MONO_DB else None
    crest = (heard.crest_db - CREST_DB, heard.crest_db + CREST_DB)
    return Wanted(name, float(reference["lufs"]), bands, sides_db=sides, crest_db=crest)


def prepared(project: ProjectState) -> ProjectState:
    """Return the project whose master has an equaliser, a width and a limiter; new ones change nothing yet."""
    there = {effect.device for effect in project.master.effects if not effect.bypass}
    for device, settings, place in _NEUTRAL:
        if device not in there:
            at = min(place or 99, len(project.master.effects) + 1)
            project, _ = add_effect(project, MASTER_ID, device, settings, place=at)
    return project


def side_by_side(
    reference: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Figure, ...]:
    """Return the ears' figures (`overall`) of a reference and a piece, before and after, side by side."""
    rows = [("loudness", "LUFS", "lufs"), ("tilt", "dB/octave", "tilt_db_per_octave"), ("width", "dB", "sides_db"),
            ("dynamics", "dB", "crest_db"), ("loudness range", "LU", "range_lu")]  # fmt: skip
    found = [Figure(name, unit, reference[key], before[key], after[key]) for name, unit, key in rows]
    bands = (
        Figure(band, "dB", level, before["bands_db"][band], after["bands_db"][band])
        for band, level in reference["bands_db"].items()
    )
    return (*found, *bands)
