"""Tempo, meter and key of a MIDI file, made to fit our maps; what had to change is said in `warnings`."""

from collections.abc import Iterable

from hardcore.music.scale import Key
from hardcore.music.tempo import MAX_BPM, MAX_TICKS, MIN_BPM, MeterMap, MeterPoint, TempoMap, TempoPoint


def build_tempo(events: Iterable[tuple[int, int]], warnings: list[str]) -> TempoMap:
    """Return the tempo map of (tick, microseconds per quarter); 120 until the first, kept within 10–1000 BPM."""
    bpms = {0: 120.0}
    for tick, microseconds in sorted(events, key=lambda event: event[0]):
        if not microseconds:
            warnings.append(f"a tempo of nothing at tick {tick} is left out: the one before stays")
            continue
        bpm = tidy_bpm(microseconds)
        bpms[tick] = min(max(bpm, MIN_BPM), MAX_BPM)
        if bpms[tick] != bpm:
            warnings.append(f"a tempo at tick {tick} was out of range and is {bpms[tick]:g} BPM")
    points: list[TempoPoint] = []
    for tick, bpm in bpms.items():
        if not points or points[-1].bpm != bpm:
            points.append(TempoPoint(tick=tick, bpm=bpm))
    return TempoMap(points=tuple(points))


def tidy_bpm(microseconds: int) -> float:
    """Return the plainest BPM that a file would write as `microseconds` per quarter: 138, not 137.99991."""
    exact = 60_000_000 / microseconds
    for digits in range(4):
        bpm = round(exact, digits)
        if bpm and round(60_000_000 / bpm) == microseconds:
            return bpm
    return exact


def build_meter(events: Iterable[tuple[int, int, int]], warnings: list[str]) -> MeterMap:
    """Return the meter map of (tick, numerator, power of two); a change within a bar waits for the next bar line."""
    points = [MeterPoint(tick=0, numerator=4, denominator=4)]
    for tick, numerator, power in sorted(events, key=lambda event: event[0]):
        if not (1 <= numerator <= 32 and power <= 5):
            warnings.append(f"the meter {numerator}/2^{power} at tick {tick} was left out")
            continue
        if (last := points[-1]).tick >= tick:
            aligned = last.tick
        else:
            aligned = last.tick - (last.tick - tick) // last.bar_ticks * last.bar_ticks
        # an earlier change at the same place gives way to a later one
        while points and points[-1].tick >= aligned:
            points.pop()
        fields = {"tick": aligned, "numerator": numerator, "denominator": 2**power}
        if aligned > MAX_TICKS:
            warnings.append(f"a meter change at tick {tick} was left out")
        elif not points or (points[-1].numerator, points[-1].denominator) != (numerator, 2**power):
            points.append(MeterPoint.model_validate(fields))
            if aligned != tick:
                warnings.append(f"the meter change at tick {tick} moved to the bar line at {aligned}")
    return MeterMap(points=tuple(points))


def build_keys(events: Iterable[tuple[int, int, int]]) -> list[tuple[int, Key]]:
    """Return the keys of (tick, sharps or −flats, minor) from which tick on they are in force; no invalid ones."""
    found: dict[int, Key] = {}
    for tick, fifths, minor in sorted(events, key=lambda event: event[0]):
        if -7 <= fifths <= 7 and minor in (0, 1):
            key = Key(tonic=(fifths * 7 + (9 if minor else 0)) % 12, mode="minor" if minor else "major")
            if next(reversed(found.values()), None) != key:
                found[tick] = key
    return list(found.items())
