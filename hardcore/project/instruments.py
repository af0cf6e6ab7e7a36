"""The catalogue of instruments: drums, then everything that plays pitches."""

from hardcore.project.device import Device
from hardcore.project.drum_instruments import DRUM_INSTRUMENTS
from hardcore.project.tone_instruments import TONE_INSTRUMENTS

INSTRUMENTS: tuple[Device, ...] = DRUM_INSTRUMENTS + TONE_INSTRUMENTS
