"""Hearing: what was measured of a rendered piece, and what a producer would mend of its sound."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10
from typing import Any, Self

from hardcore.compose.form.taste import BUILDS
from hardcore.compose.mix.judgement import LOUDNESS_LU, WIDEST_LOW_DB, Heard, misplaced
from hardcore.compose.mix.target import Wanted
from hardcore.compose.review.finding import Finding, Remedy, decibels, excess, within
from hardcore.compose.review.reading import LOW, Part, Place, Reading
from hardcore.project.roles import ACCOMPANIMENT, TRANSITIONS, Role

DROP_LU, CHORUS_LU, RANGE_LU = 2.0, 1.0, 3.0  # drop over build, chorus over verse, loudest over quietest section
KICK_LU = (2.0, 8.0)  # a kick over the bass; outside one of them is lost
KICK_AIM_LU = (4.0, 6.0)
NARROW_DB, WIDE_DB = -20.0, -2.0  # sides against the middle
# what a producer calls a band that is over or under what the style wants
_OVER = {"sub": "boomy", "low": "muddy", "mid": "boxy", "high": "harsh", "air": "hissy"}
_UNDER = {"sub": "without sub", "low": "thin", "mid": "hollow", "high": "dull", "air": "without air"}
_MOST_DB = 4.0
_PLACES_HZ = {"sub": "50", "low": "250", "mid": "700", "high": "3500", "air": "10000"}
_BELOW_HZ = 120.0
_FEWEST_PLACES = 4


@dataclass(frozen=True)
class Ears:
    """What was heard of the bars that are judged.

    heard    loudness, bands and low end of the mix; loudness and bands of each part, where they were heard apart
    sides_db sides against the middle, None: not measured
    lufs     loudness of each section of the piece, in order; None in silence
    tops_db  energy over 2 kHz of each section, dB of the section's
    """

    heard: Heard
    sides_db: float | None = None
    lufs: tuple[float | None, ...] = ()
    tops_db: tuple[float, ...] = ()

    @classmethod
    def of(cls, whole: Mapping[str, Any], places: Sequence[Mapping[str, Any]]) -> Self:
        """Return it from the figures of the ears' task `levels`: of the bars, and of each section of them."""
        lufs = tuple(one["whole"]["lufs"] for one in places)
        tops = tuple(_sum_db(one["whole"]["bands_db"], ("high", "air")) for one in places)
        return cls(Heard.of(whole), whole["whole"]["sides_db"], lufs, tops)


def _sum_db(bands: Mapping[str, float], names: Sequence[str]) -> float:
    return 10 * log10(sum(10 ** (bands[name] / 10) for name in names))


def loudness(reading: Reading, ears: Ears, wanted: Wanted | None) -> Iterator[Finding]:
    """Yield that the whole is louder or quieter than its style wants it."""
    if wanted is None or ears.heard.lufs is None or not reading.is_whole:
        return
    off = ears.heard.lufs - wanted.lufs
    if abs(off) <= LOUDNESS_LU:
        return
    said = (
        f"it is {abs(off):.1f} LU too {'loud' if off > 0 else 'quiet'} for {wanted.style}: "
        f"{_minus(ears.heard.lufs)} LUFS, {_minus(wanted.lufs)} is wanted"
    )
    low, high = wanted.lufs - LOUDNESS_LU, wanted.lufs + LOUDNESS_LU
    weight = 0.4 + 0.4 * excess(abs(off), LOUDNESS_LU, 8.0)
    bars = reading.bars[0], reading.bars[-1]
    yield Finding("loudness", said, weight, *bars, (), ears.heard.lufs, low, high, "LUFS", Remedy("mix correct", {}))


def steps(reading: Reading, ears: Ears, wanted: Wanted | None) -> Iterator[Finding]:
    """Yield sections that should be louder than others and are not, and a song that is as loud throughout."""
    levels = [(place, lufs) for place, lufs in zip(reading.places, ears.lufs, strict=False) if lufs is not None]
    found = [*_drops(levels), *_choruses(levels)]
    yield from (_quieter(one, other, by, goal) for one, other, by, goal in found)
    if found or len(levels) < _FEWEST_PLACES or not reading.is_whole:
        return
    quiet, loud = min(levels, key=lambda row: row[1]), max(levels, key=lambda row: row[1])
    span = loud[1] - quiet[1]
    if span < RANGE_LU:
        yield _quieter(loud[0], quiet[0], span, RANGE_LU)


Level = tuple[Place, float]


def _drops(levels: Sequence[Level]) -> Iterator[tuple[Place, Place, float, float]]:
    for (before, low), (after, high) in pairwise(levels):
        if before.kind in BUILDS and high - low < DROP_LU:
            yield after, before, high - low, DROP_LU
            return


def _choruses(levels: Sequence[Level]) -> Iterator[tuple[Place, Place, float, float]]:
    chorus, verse = (next((row for row in levels if row[0].kind == kind), None) for kind in ("chorus", "verse"))
    if chorus and verse and chorus[1] - verse[1] < CHORUS_LU:
        yield chorus[0], verse[0], chorus[1] - verse[1], CHORUS_LU


def _quieter(loud: Place, quiet: Place, by: float, goal: float) -> Finding:
    """Return that a section should be quieter beside another."""
    how = f"{by:.1f} LU louder than" if by >= 0 else f"{-by:.1f} LU quieter than"
    said = f"the {loud.name} is {how} the {quiet.name}: at least {goal:g} LU louder is what lifts it"
    down = min(goal - by + 0.3, _MOST_DB)
    scope = within(quiet.first_bar, quiet.last_bar)
    remedy = Remedy("track gain", {"tracks": "master", "by": -round(down, 1), "in": scope}, safe=True)
    weight = 0.5 + 0.3 * excess(-by, -goal, goal)
    bars = loud.first_bar, loud.last_bar
    return Finding("loudness steps", said, weight, *bars, (), by, goal, None, "LU", remedy)


def darker(reading: Reading, ears: Ears, wanted: Wanted | None) -> Iterator[Finding]:
    """Yield that a chorus is darker than the verse before it."""
    tops = {place.kind: (place, top) for place, top in reversed(list(zip(reading.places, ears.tops_db, strict=False)))}
    if "chorus" not in tops or "verse" not in tops:
        return
    (chorus, bright), (verse, dark) = tops["chorus"], tops["verse"]
    if bright >= dark - 0.2:
        return
    said = f"the {chorus.name} is {decibels(dark - bright)} darker above 2 kHz than the {verse.name}"
    parts = [part.track.id for part in reading.of("lead", *ACCOMPANIMENT)]
    bars = chorus.first_bar, chorus.last_bar
    if parts:
        arguments = {"tracks": ",".join(parts), "dimension": "brightness", "by": 1.0, "in": within(*bars)}
        remedy = Remedy("colour", arguments)
        yield Finding("brightness", said, 0.4, *bars, tuple(parts), bright - dark, 0.0, None, "dB", remedy)


def kick_and_bass(reading: Reading, ears: Ears, wanted: Wanted | None) -> Iterator[Finding]:
    """Yield that a kick hides the bass, or the bass the kick."""
    kick, bass = (_loudest(reading, ears, roles) for roles in (("kick",), LOW))
    if kick is None or bass is None:
        return
    over = kick[1] - bass[1]
    if KICK_LU[0] <= over <= KICK_LU[1]:
        return
    goal = KICK_AIM_LU[1] if over > KICK_LU[1] else KICK_AIM_LU[0]
    by = max(min(over - goal, _MOST_DB), -_MOST_DB)
    names = (kick[0].track.name, bass[0].track.name)
    low, high = KICK_AIM_LU
    said = f"{names[0]} is {over:.1f} LU over {names[1]}: {low:g} to {high:g} lets both be heard".replace("-", "−")
    remedy = Remedy("track gain", {"tracks": bass[0].track.id, "by": round(by, 1)}, safe=True)
    weight = 0.4 + 0.3 * excess(abs(over - 5.0), 3.0, 10.0)
    bars, ids = (reading.bars[0], reading.bars[-1]), (kick[0].track.id, bass[0].track.id)
    yield Finding("kick and bass", said, weight, *bars, ids, over, *KICK_AIM_LU, "LU", remedy)


def _loudest(reading: Reading, ears: Ears, roles: Sequence[Role]) -> tuple[Part, float] | None:
    """Return the loudest part of some roles that was heard, and its loudness."""
    levels = ears.heard.parts
    found = [(part, levels[part.track.id][0]) for part in reading.of(*roles) if part.track.id in levels]
    known = [(part, level) for part, level in found if level is not None]
    return max(known, key=lambda row: row[1], default=None)


def quiet_tune(reading: Reading, ears: Ears, wanted: Wanted | None) -> Iterator[Finding]:
    """Yield that something that accompanies a tune is louder than it, in a style that sings."""
    lead, other = (_loudest(reading, ears, roles) for roles in (("lead",), ACCOMPANIMENT))
    if reading.kind != "song" or lead is None or other is None or lead[1] >= other[1]:
        return
    under = other[1] - lead[1]
    said = f"{lead[0].track.name} is {under:.1f} LU under {other[0].track.name}: the tune should be the louder"
    by = round(min(under + 0.5, _MOST_DB), 1)
    remedy = Remedy("track gain", {"tracks": lead[0].track.id, "by": by}, safe=True)
    bars, ids = (reading.bars[0], reading.bars[-1]), (lead[0].track.id, other[0].track.id)
    weight = 0.45 + 0.3 * excess(under, 0.0, 6.0)
    yield Finding("tune", said, weight, *bars, ids, -under, 0.0, None, "LU", remedy)


def places(reading: Reading, ears: Ears, wanted: Wanted | None) -> Iterator[Finding]:
    """Yield parts that are louder or quieter than their place in the style's mix."""
    for fault in misplaced(ears.heard, wanted) if wanted is not None else ():
        part = next((part for part in reading.parts if part.track.id == fault.name), None)
        if part is None or part.role in TRANSITIONS:
            continue
        off = fault.excess_db
        said = (
            f"{part.track.name} is {decibels(off)} too {'loud' if off > 0 else 'quiet'}: {_minus(fault.value)} LUFS, "
            f"{_minus(fault.low)} to {_minus(fault.high)} is its place"
        )
        by = max(min(-off, _MOST_DB), -_MOST_DB)
        remedy = Remedy("track gain", {"tracks": part.track.id, "by": round(by, 1) or -0.1}, safe=True)
        weight = 0.3 + 0.3 * excess(abs(off), 0.0, 8.0)
        bars = reading.bars[0], reading.bars[-1]
        yield Finding(
            "level", said, weight, *bars, (part.track.id,), fault.value, fault.low, fault.high, "LUFS", remedy
        )


def bands(reading: Reading, ears: Ears, wanted: Wanted | None) -> Iterator[Finding]:
    """Yield bands that hold more or less than the style wants: mud, harshness, dullness, a thin low end."""
    if wanted is None or ears.heard.lufs is None:
        return
    for band, (low, high) in wanted.bands.items():
        value = ears.heard.bands[band]
        over, under = value - high, low - value
        if max(over, under) <= 0.5:
            continue
        word = _OVER[band] if over > 0 else _UNDER[band]
        off = over if over > 0 else under
        side = "over" if over > 0 else "under"
        said = f"it is {word}: the {band} band is {decibels(off)} {side} what {wanted.style} has"
        target = _culprit(reading, ears, band) if over > 0 else "master"
        step = round(min(max(off, 1.0), _MOST_DB), 1)
        name = next((part.track.name for part in reading.parts if part.track.id == target), "")
        said += f"; most of it is {name}'s" if name else ""
        arguments = {"tracks": target, "band": _PLACES_HZ[band], "by": -step if over > 0 else step}
        bars, ids = (reading.bars[0], reading.bars[-1]), (target,) if name else ()
        weight = 0.3 + 0.4 * excess(off, 0.0, 8.0)
        yield Finding("tone", said, weight, *bars, ids, value, low, high, "dB", Remedy("eq", arguments, safe=True))


def _culprit(reading: Reading, ears: Ears, band: str) -> str:
    """Return the part that has most in a band; the kick and the bass have a right to the low ones."""
    owners: tuple[Role, ...] = ("kick", *LOW) if band in ("sub", "low") else ()
    levels = {
        part.track.id: ears.heard.parts[part.track.id][1][band]
        for part in reading.parts
        if part.track.id in ears.heard.parts and part.role not in owners
    }
    return max(levels, key=levels.__getitem__) if levels and max(levels.values()) > -60.0 else "master"


def stereo(reading: Reading, ears: Ears, wanted: Wanted | None) -> Iterator[Finding]:
    """Yield a low end that is not mono, and a mix that is too narrow or too wide."""
    bars = reading.bars[0], reading.bars[-1]
    heard = ears.heard
    if heard.lufs is None:
        return
    if heard.low_sides > WIDEST_LOW_DB:
        goal = f"under {_minus(WIDEST_LOW_DB)} it is mono"
        said = f"the low end is wide: sides {_minus(heard.low_sides)} dB below 120 Hz, {goal}"
        remedy = Remedy("track width", {"tracks": "master", "below": _BELOW_HZ}, safe=True)
        weight = 0.5 + 0.3 * excess(heard.low_sides, WIDEST_LOW_DB, 0.0)
        yield Finding("mono", said, weight, *bars, (), heard.low_sides, None, WIDEST_LOW_DB, "dB", remedy)
    wide = reading.of("pad", "chords", "keys", "pluck", "lead", "texture")
    if not wide or ears.sides_db is None or NARROW_DB <= ears.sides_db <= WIDE_DB:
        return
    narrow = ears.sides_db < NARROW_DB
    said = f"it is {'narrow' if narrow else 'too wide'}: sides {_minus(ears.sides_db)} dB against the middle"
    ids = tuple(part.track.id for part in wide[:1])
    remedy = Remedy("track width", {"tracks": ids[0], "by": 1.0 if narrow else -1.0}, safe=True)
    yield Finding("width", said, 0.35, *bars, ids, ears.sides_db, NARROW_DB, WIDE_DB, "dB", remedy)


def _minus(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
