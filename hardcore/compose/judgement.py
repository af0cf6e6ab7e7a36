"""Judgement: what was heard of a mix against what is wanted: which figures are off, and how far altogether."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from hardcore.compose.wanted import Wanted
from hardcore.project.state import ProjectState

CEILING_DBTP = -1.0
LOUDNESS_LU = 1.0
# a take is judged a little more strictly than its file, which is rounded and turned down
STRICTER_LU = 0.1
# parts may stand this far from their places: other sounds, other notes
PLACE_DB = 5.0


@dataclass(frozen=True)
class Heard:
    """What was measured of a mix (audio/levels.py).

    lufs       loudness of the file: what the true peak costs is taken off; None in silence
    bands      energy by band, dB of the whole
    low_sides  sides against the middle below 120 Hz, dB
    parts      loudness (LUFS) and energy by band (dB) of each track before the master, by id; empty: not measured
    """

    lufs: float | None
    bands: Mapping[str, float]
    low_sides: float
    parts: Mapping[str, tuple[float | None, Mapping[str, float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "Heard":
        """Return it from the figures of the ears' task `levels`."""
        whole = figures["whole"]
        peak = whole["true_peak_dbtp"]
        turned_down_db = 0.0 if peak is None else max(0.0, peak - CEILING_DBTP)
        lufs = None if whole["lufs"] is None else whole["lufs"] - turned_down_db
        parts = {track_id: (one["lufs"], one["bands_db"]) for track_id, one in figures["parts"].items()}
        return cls(lufs, whole["bands_db"], whole["low_sides_db"], parts)


# How it travels as JSON.
HEARD = TypeAdapter(Heard)


class Fault(NamedTuple):
    """A figure that is off: `loudness`, a band, or a track's id; what it is, and between what it should be."""

    name: str
    value: float
    low: float
    high: float

    @property
    def excess_db(self) -> float:
        """Return how far it is outside: above 0 too much, below 0 too little."""
        return self.value - self.high if self.value > self.high else self.value - self.low


def faults(heard: Heard, wanted: Wanted) -> list[Fault]:
    """Return what of the whole is off: loudness and bands. Silence has no faults."""
    if heard.lufs is None:
        return []
    room = LOUDNESS_LU - STRICTER_LU
    found = [Fault("loudness", heard.lufs, wanted.lufs - room, wanted.lufs + room)]
    found += [Fault(band, heard.bands[band], low, high) for band, (low, high) in wanted.bands.items()]
    return [fault for fault in found if not fault.low <= fault.value <= fault.high]


def misplaced(heard: Heard, wanted: Wanted) -> list[Fault]:
    """Return the parts that are louder or quieter than their place allows."""
    found = [
        Fault(track_id, level, place - PLACE_DB, place + PLACE_DB) for track_id, level, place in _placed(heard, wanted)
    ]
    return [fault for fault in found if not fault.low <= fault.value <= fault.high]


def _placed(heard: Heard, wanted: Wanted) -> Iterator[tuple[str, float, float]]:
    for track_id, (level, _) in heard.parts.items():
        if level is not None and track_id in wanted.places:
            yield track_id, level, wanted.places[track_id]


def distance_db(heard: Heard, wanted: Wanted) -> float:
    """Return how far loudness and bands are outside altogether, dB; 0 when all is right."""
    return sum(abs(fault.excess_db) for fault in faults(heard, wanted))


def misplacement_db(heard: Heard, wanted: Wanted) -> float:
    """Return how far parts are outside their places altogether, dB."""
    return sum(abs(fault.excess_db) for fault in misplaced(heard, wanted))


def shown_lufs(lufs: float | None) -> str:
    """Return a loudness as it is told."""
    return "silent" if lufs is None else f"{lufs:.1f} LUFS"


def rows(heard: Heard, wanted: Wanted, project: ProjectState) -> list[tuple[str, str, str, str]]:
    """Return a table of what is wanted and heard: figure, wanted, heard, and what is off."""
    off = {fault.name: f"{fault.excess_db:+.1f} dB" for fault in (*faults(heard, wanted), *misplaced(heard, wanted))}
    asked = f"{wanted.lufs:g} ± {LOUDNESS_LU:g} LUFS"
    found = [("loudness", asked, shown_lufs(heard.lufs), off.get("loudness", ""))]
    for band, value in heard.bands.items():
        span = wanted.bands.get(band)
        asked = f"{span[0]:g} to {span[1]:g} dB" if span else "any"
        found.append((band, asked, f"{value:.1f} dB", off.get(band, "")))
    found.append(
        ("low end", "sides under -20 dB", f"{heard.low_sides:.0f} dB", "wide" if heard.low_sides > -20 else "")
    )
    names = {track.id: track.name for track in project.tracks}
    for track_id, (level_lufs, _) in heard.parts.items():
        if (place := wanted.places.get(track_id)) is not None:
            asked, missing = f"{place:.1f} ± {PLACE_DB:g} LUFS", "not heard" if level_lufs is None else ""
            found.append((names[track_id], asked, shown_lufs(level_lufs), missing or off.get(track_id, "")))
    return [(name, *(text.replace("-", "−") for text in texts)) for name, *texts in found]  # type: ignore[misc]
