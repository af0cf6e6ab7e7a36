"""Equaliser: a band of a part raised or lowered, by its name or its frequency.

The catalogue's equaliser has a low shelf, two peaks and a high shelf. A band is the one that stands near that frequency
already, else one that does nothing yet; where an equaliser has neither, the next one has, or a new one.
"""

from collections.abc import Iterator, Sequence
from math import log2
from typing import NamedTuple

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.chain import put
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import figure
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project import devices
from hardcore.project.mixer import Effect
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_effect

DEVICE = devices.effect("eq")
LOWEST_DB, HIGHEST_DB = -24.0, 24.0
# how near a band has to be to be the one that is meant, octaves
SHELF_OCTAVES, PEAK_OCTAVES = 1.0, 1 / 3


class Slot(NamedTuple):
    """A band of the equaliser: the names of its frequency, gain and width (none for a shelf), and its range in Hz."""

    freq: str
    gain: str
    q: str
    low: float
    high: float


def _slot(name: str, peak: bool) -> Slot:
    freq = DEVICE.parameter(f"{name}_freq")
    return Slot(freq.id, f"{name}_gain", f"{name}_q" if peak else "", freq.low, freq.high)


LOW, MID1, MID2, HIGH = _slot("low", False), _slot("mid1", True), _slot("mid2", True), _slot("high", False)
# by name: the frequency in Hz, and what can be it
BANDS: dict[str, tuple[float, tuple[Slot, ...]]] = {
    "low": (100, (LOW,)), "low-mid": (300, (MID1,)), "mid": (1000, (MID1, MID2)), "presence": (3500, (MID2, MID1)),
    "high": (8000, (HIGH,)), "air": (12000, (HIGH,)),
}  # fmt: skip


class Band(NamedTuple):
    """What is asked for: a name for the answer, a frequency in Hz, and the slots it may be in, the best first."""

    name: str
    hz: float
    slots: tuple[Slot, ...]


def band(where: float | str) -> Band:
    """Return the band of a name or of a frequency in Hz. Raises UserError naming the nearest, or the range."""
    if isinstance(where, str):
        if where not in BANDS:
            raise NotFound(f"no band '{where}'", nearest(where, BANDS))
        hz, slots = BANDS[where]
        return Band(where, hz, slots)
    slots = tuple(slot for slot in (MID1, MID2) if slot.low <= where <= slot.high)
    slots = slots or tuple(slot for slot in (LOW, HIGH) if slot.low <= where <= slot.high)
    if not slots:
        raise UserError(f"{where:g} Hz is out of the equaliser's range", f"{LOW.low:g} to {HIGH.high:g} Hz")
    return Band(f"{figure(where)} Hz", where, slots)


def equalise(
    project: ProjectState, tracks: Sequence[Track], where: float | str, move: Amount, q: float | None = None
) -> Outcome:
    """Return the project with a band of each track at a gain or moved, dB; `q` is the narrowness of a peak.

    Raises UserError for a band that there is not.
    """
    wanted = band(where)
    said, failed = [], []
    for track in tracks:
        project, before, after = raised(project, track, wanted, move, q)
        clipped = "" if abs(move.of(before) - after) < 0.05 else ", as far as it goes"
        if before == after and not (q is not None and move.to is not None and after):
            failed.append(
                f"{track.name}: {wanted.name} is at {before:g} dB{' already' if move.to is not None else clipped}"
            )
        else:
            said.append(f"{track.name}: {wanted.name} {before:g} → {after:g} dB{clipped}")
    return Outcome(project, tuple(said), tuple(failed))


def raised(
    project: ProjectState, track: Track, wanted: Band, move: Amount, q: float | None = None
) -> tuple[ProjectState, float, float]:
    """Return the project with a band of one track moved, and its gain before and after, dB."""
    effect, slot = _there(track, wanted) or _free(track, wanted) or (None, wanted.slots[0])
    before = effect.value(slot.gain) if effect is not None else 0.0
    after = round(min(max(move.of(before), LOWEST_DB), HIGHEST_DB), 2)
    settings = {slot.gain: after}
    if effect is None or not before:
        settings[slot.freq] = wanted.hz
    if slot.q and q is not None:
        settings[slot.q] = q
    if effect is None:
        return (put(project, track, DEVICE.id, settings) if after else project), before, after
    if after == before and q is None:
        return project, before, after
    return set_effect(project, track.id, effect.id, settings), before, after


def _equalisers(track: Track) -> Iterator[Effect]:
    return (effect for effect in track.effects if effect.device == DEVICE.id and not effect.bypass)


def _there(track: Track, wanted: Band) -> tuple[Effect, Slot] | None:
    """Return the band that stands at that frequency already."""
    for effect in _equalisers(track):
        for slot in wanted.slots:
            near = PEAK_OCTAVES if slot.q else SHELF_OCTAVES
            if effect.value(slot.gain) and abs(log2(effect.value(slot.freq) / wanted.hz)) <= near + 1e-9:
                return effect, slot
    return None


def _free(track: Track, wanted: Band) -> tuple[Effect, Slot] | None:
    """Return a band that does nothing yet."""
    slots = ((effect, slot) for effect in _equalisers(track) for slot in wanted.slots)
    return next(((effect, slot) for effect, slot in slots if not effect.value(slot.gain)), None)
