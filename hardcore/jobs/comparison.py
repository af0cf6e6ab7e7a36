"""Two analyses side by side: every figure that differs, with its unit, what is audible first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]

# a figure: what it is, where it stands in the analysis, its unit, how it is written, the smallest difference that is
# heard (None: it is measured, not heard). The steps are those of trained listeners: 1 dB, one in twenty of a frequency.
_FIGURES: tuple[tuple[str, str, str, str, float | None], ...] = (
    ("length", "length_s", "s", ".2f", 0.1),
    ("loudness", "level.integrated_lufs", "LU", ".1f", 0.8),
    ("loudest 3 s", "level.short_term_max_lufs", "LU", ".1f", 1.0),
    ("loudness range", "level.range_lu", "LU", ".1f", 2.0),
    ("crest", "level.crest_db", "dB", ".1f", 2.0),
    ("true peak", "level.true_peak_dbtp", "dB", ".1f", None),
    ("tilt", "spectrum.tilt_db_per_octave", "dB/octave", ".1f", 0.5),
    ("width", "stereo.width", "", ".2f", 0.05),
    ("correlation", "stereo.correlation", "", ".2f", 0.15),
    ("balance", "stereo.balance_db", "dB", ".1f", 1.0),
    ("correlation below 120 Hz", "stereo.low_correlation", "", ".2f", 0.2),
    ("onsets a second", "rhythm.onsets_per_s", "", ".1f", 0.7),
)
# what silence has a number for that says nothing
_OF_SOUND = ("crest", "tilt")
_BAND_STEP_DB = 1.5
# bands this far under the rest are not heard beside it
_BAND_FLOOR_DB = -45.0


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that differs: both values and their difference in words; `times` over what can be heard."""

    what: str
    first: str
    second: str
    change: str
    times: float

    @property
    def audible(self) -> bool:
        """Return whether it can be heard."""
        return self.times >= 1.0


def summary(figures: Figures) -> Figures:
    """Return the figures that answer what was asked."""
    rhythm, harmony = figures["rhythm"], figures["harmony"]
    return {
        "tempo_bpm": rhythm["tempo_bpm"],
        "tempo_confidence": rhythm["confidence"],
        "key": harmony["name"] if harmony["confidence"] else "",
        "tonic": harmony["tonic"],
        "mode": harmony["mode"],
        "key_confidence": harmony["confidence"],
        "faults": [f"{fault['kind']}: {fault['said']}" for fault in figures["faults"]],
    }


def differences(first: Figures, second: Figures) -> list[Difference]:
    """Return what differs between two analyses (as data), the most audible first."""
    found = [*_tempo(first, second), *_key(first, second), *_bright(first, second), *_faults(first, second)]
    found += [*_plain(first, second), *_bands(first, second)]
    return sorted(found, key=lambda one: -one.times)


def _at(figures: Figures, place: str) -> Any:
    value: Any = figures
    for part in place.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _plain(first: Figures, second: Figures) -> Iterator[Difference]:
    silent = _silent(first) or _silent(second)
    for what, place, unit, form, step in _FIGURES:
        if silent and what in _OF_SOUND:
            continue
        one, two = _at(first, place), _at(second, place)
        if one is None and two is None:
            continue
        if one is None or two is None:
            said = ["none" if value is None else signed(value, form) for value in (one, two)]
            yield Difference(what, said[0], said[1], "only one has it", 1.0 if step else 0.0)
        elif signed(two - one, form) != signed(0.0, form):
            change = f"{signed(two - one, '+' + form)} {unit}".rstrip()
            yield Difference(what, signed(one, form), signed(two, form), change, abs(two - one) / step if step else 0.0)


def _bands(first: Figures, second: Figures) -> Iterator[Difference]:
    if _silent(first) or _silent(second):
        return
    one, two = (figures["spectrum"]["bands_db"] for figures in (first, second))
    for band in one:
        low, high = max(one[band], _BAND_FLOOR_DB), max(two[band], _BAND_FLOOR_DB)
        if abs(high - low) >= 0.1:
            said = f"{signed(high - low, '+.1f')} dB"
            yield Difference(
                f"{band} band",
                _band_said(one[band]),
                _band_said(two[band]),
                said,
                abs(high - low) / _BAND_STEP_DB,
            )


def _tempo(first: Figures, second: Figures) -> Iterator[Difference]:
    one, two = (figures["rhythm"]["tempo_bpm"] for figures in (first, second))
    if round(one, 1) != round(two, 1):
        known = bool(one and two)
        change = f"{signed(100 * (two / one - 1), '+.1f')} %" if known else "only one has a tempo"
        yield Difference("tempo", f"{one:.1f}", f"{two:.1f} BPM", change, abs(two / one - 1) / 0.01 if known else 5.0)


def _key(first: Figures, second: Figures) -> Iterator[Difference]:
    one, two = (figures["harmony"] for figures in (first, second))
    if one["name"] != two["name"] and min(one["confidence"], two["confidence"]) > 0.0:
        steps = (two["tonic"] - one["tonic"] + 6) % 12 - 6
        yield Difference("key", one["name"], two["name"], f"{signed(steps, '+d')} semitones", 10.0)


def _bright(first: Figures, second: Figures) -> Iterator[Difference]:
    one, two = (figures["spectrum"]["centroid_hz"] for figures in (first, second))
    if _silent(first) or _silent(second):
        return
    if round(one) != round(two):
        part = two / one - 1 if one else 1.0
        said = f"{signed(100 * part, '+.1f')} %"
        yield Difference("brightness", f"{one:.0f}", f"{two:.0f} Hz", said, abs(part) / 0.08)


def _faults(first: Figures, second: Figures) -> Iterator[Difference]:
    one, two = (sorted({fault["kind"] for fault in figures["faults"]}) for figures in (first, second))
    if one != two:
        yield Difference("faults", ", ".join(one) or "none", ", ".join(two) or "none", "", 20.0)


def _silent(figures: Figures) -> bool:
    """Return whether there is nothing in a sound that bands or brightness could be of."""
    return figures["level"]["peak_dbfs"] is None


def _band_said(level_db: float) -> str:
    return f"under {signed(_BAND_FLOOR_DB, '.0f')}" if level_db < _BAND_FLOOR_DB else signed(level_db, ".1f")


def signed(value: float, form: str) -> str:
    """Return a number written in `form`, with a real minus sign and no minus zero."""
    text = format(value, form)
    if not any(digit in text for digit in "123456789"):
        text = text.replace("-", "+" if form.startswith("+") else "")
    return text.replace("-", "−")
