"""Devices in DAWproject: the generic ones of the format that stand for ours, and the units of parameters.

One table for writing and reading. What has no generic counterpart is a `BuiltinDevice` with all its parameters.
"""

from collections.abc import Callable
from typing import NamedTuple

from hardcore.exchange.dawproject.units import percent_of_ratio, ratio_of_percent
from hardcore.project.device import Device, Unit

VENDOR = "hardcore"

_UNITS: dict[Unit, str] = {
    "db": "decibel", "hz": "hertz", "s": "seconds", "percent": "percent", "semitones": "semitones", "beats": "beats",
}  # fmt: skip


def unit_of(unit: Unit) -> str:
    """Return the format's name of a unit; what it has none for is `linear`."""
    return _UNITS.get(unit, "linear")


def device_id(device: Device) -> str:
    """Return what a device of ours is called in a file."""
    return f"{VENDOR}:{device.id}"


def own_device(name: str) -> str | None:
    """Return our device that is called so in a file; None: it is none of ours."""
    vendor, colon, device = name.partition(":")
    return device if vendor == VENDOR and colon else None


def _same(value: float) -> float:
    return value


def _negative(value: float) -> float:
    return -value


class Slot(NamedTuple):
    """A child of a generic device: its element, our parameter, the unit in the file, and both conversions."""

    element: str
    parameter: str
    unit: str
    to_file: Callable[[float], float] = _same
    from_file: Callable[[float], float] = _same


class Band(NamedTuple):
    """A band of the generic equalizer: its type there, and our parameters; without gain or Q it has none."""

    type: str
    freq: str
    gain: str | None = None
    q: str | None = None


_RATIO = Slot("Ratio", "ratio", "percent", percent_of_ratio, ratio_of_percent)
# in the order that the format demands
GENERIC: dict[str, tuple[str, tuple[Slot, ...]]] = {
    "compressor": (
        "Compressor",
        (
            Slot("Attack", "attack", "seconds"), Slot("OutputGain", "makeup", "decibel"), _RATIO,
            Slot("Release", "release", "seconds"), Slot("Threshold", "threshold", "decibel"),
        ),
    ),
    "gate": (
        "NoiseGate",
        (
            Slot("Attack", "attack", "seconds"), Slot("Range", "range", "decibel", _negative, _negative),
            Slot("Release", "release", "seconds"), Slot("Threshold", "threshold", "decibel"),
        ),
    ),
    "limiter": (
        "Limiter",
        (
            Slot("InputGain", "gain", "decibel"), Slot("Release", "release", "seconds"),
            Slot("Threshold", "ceiling", "decibel"),
        ),
    ),
    "eq": ("Equalizer", ()),
}  # fmt: skip
BANDS = (
    Band("lowShelf", "low_freq", "low_gain"),
    Band("bell", "mid1_freq", "mid1_gain", "mid1_q"),
    Band("bell", "mid2_freq", "mid2_gain", "mid2_q"),
    Band("highShelf", "high_freq", "high_gain"),
    Band("highPass", "low_cut"),
)


def slots_of(device: str) -> dict[str, Slot]:
    """Return what the generic counterpart of an effect of ours holds, by our parameter; empty where it has none."""
    if device == "eq":
        pairs = ((band, Slot("Freq", band.freq, "hertz")) for band in BANDS)
        found = {slot.parameter: slot for _, slot in pairs}
        found |= {band.gain: Slot("Gain", band.gain, "decibel") for band in BANDS if band.gain}
        return found | {band.q: Slot("Q", band.q, "linear") for band in BANDS if band.q}
    return {slot.parameter: slot for slot in GENERIC.get(device, ("", ()))[1]}
