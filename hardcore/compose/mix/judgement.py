"""Judgement: what was heard of a mix against what is wanted: which figures are off, and how far altogether."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from hardcore.compose.mix.target import Wanted
from hardcore.project.state import ProjectState

CEILING_DBTP = -1.0
LOUDNESS_LU = 1.0
# a take is judged a little more strictly than its file, which is rounded and turned down
STRICTER_LU = 0.1
# parts may stand this far from their places: other sounds, other notes
PLACE_DB = 5.0
# sides against the middle below 120 Hz: more is a wide low end
WIDEST_LOW_DB = -20.0


@dataclass(frozen=True)
class Heard:
    """What was measured of a mix (audio/levels.py).

    lufs       loudness of the file: what the true peak costs is taken off; None in silence
    bands      energy by band, dB of the whole
    low_sides  sides against the middle below 120 Hz, dB
    parts      loudness (LUFS) and energy by band (dB) of each track before the master, by id; empty: not measured
    sides_db, crest_db   sides against the middle, peak above the mean level
    """

    lufs: float | None
    bands: Mapping[str, float]
    low_sides: float
    parts: Mapping[str, tuple[float | None, Mapping[str, float]]] = field(default_factory=dict)
    sides_db: float = 0.0
    crest_db: float = 0.0

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "Heard":
        """Return it from the figures of the ears' task `levels`."""
        whole = figures["whole"]
        peak = whole["true_peak_dbtp"]
        turned_down_db = 0.0 if peak is None else max(0.0, peak - CEILING_DBTP)
        lufs = None if whole["lufs"] is None else whole["lufs"] - turned_down_db
        parts = {track_id: (one["lufs"], one["bands_db"]) for track_id, one in figures["parts"].items()}
        return cls(lufs, whole["bands_db"], whole["low_sides_db"], parts, whole["sides_db"], whole["crest_db"])


# How it travels as JSON.
HEARD = TypeAdapter(Heard)


class Fault(NamedTuple):
    """A figure that is off: `loudness`, a band, `width`, `dynamics`, or a track's id; what it should lie between."""

    name: str
    value: float
    low: float
    high: float

    @property
    def excess_db(self) -> float:
        """Return how far it is outside: above 0 too much, below 0 too little."""
        return self.value - self.high if self.value > self.high else self.value - self.low


def faults(heard: Heard, wanted: Wanted) -> list[Fault]:
    """Return what of the whole is off: loudness, bands, width and dynamics. Silence has no faults."""
    if heard.lufs is None:
        return []
    room = LOUDNESS_LU - STRICTER_LU
    found = [Fault("loudness", heard.lufs, wanted.lufs - room, wanted.lufs + room)]
    found += [Fault(band, heard.bands[band], low, high) for band, (low, high) in wanted.bands.items()]
    found += [Fault("width", heard.sides_db, *wanted.sides_db)] if wanted.sides_db else []
    found += [Fault("dynamics", heard.crest_db, *wanted.crest_db)] if wanted.crest_db else []
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


class Figure(NamedTuple):
    """A figure of a mix beside what is wanted of it.

    kind   `loudness` of the whole and `part` of one (LUFS; `track` is its id), `band` (dB of the whole) or `low end`
           (sides against the middle below 120 Hz, dB)
    low, high   what it should lie between; None: anything
    heard   None in silence
    off_db  how far it is outside, None where it is right or was not heard
    """

    kind: str
    name: str
    track: str | None
    low: float | None
    high: float | None
    heard: float | None
    off_db: float | None


def figures(heard: Heard, wanted: Wanted, project: ProjectState) -> Iterator[Figure]:
    """Yield what is wanted and heard of a mix: loudness, bands, low end, and each part."""
    off = {fault.name: fault.excess_db for fault in (*faults(heard, wanted), *misplaced(heard, wanted))}
    low, high = wanted.lufs - LOUDNESS_LU, wanted.lufs + LOUDNESS_LU
    yield Figure("loudness", "loudness", None, low, high, heard.lufs, off.get("loudness"))
    for band, value in heard.bands.items():
        span = wanted.bands.get(band)
        yield Figure("band", band, None, span[0] if span else None, span[1] if span else None, value, off.get(band))
    wide = heard.low_sides - WIDEST_LOW_DB if heard.low_sides > WIDEST_LOW_DB else None
    yield Figure("low end", "low end", None, None, WIDEST_LOW_DB, heard.low_sides, wide)
    names = {track.id: track.name for track in project.tracks}
    for track_id, (level, _) in heard.parts.items():
        if (place := wanted.places.get(track_id)) is not None:
            low, high = place - PLACE_DB, place + PLACE_DB
            yield Figure("part", names[track_id], track_id, low, high, level, off.get(track_id))
