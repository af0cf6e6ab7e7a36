"""Every part stays in what its instrument can play, and what is built after a real one has its range."""

import pytest

from hardcore.project import devices
from hardcore.project.roles import DRUMS
from tests.compose.measures import GENRES, composed, parts
from tests.each import each

# lowest and highest sounding notes of the real ones, MIDI; the program's may be narrower
REAL = {
    "piano": (21, 108), "harpsichord": (29, 89), "clavinet": (29, 88), "pipe_organ": (24, 108),
    "nylon_guitar": (40, 84),
    "electric_guitar": (40, 88), "harp": (24, 103), "koto": (38, 88), "marimba": (36, 96), "vibraphone": (53, 89),
    "electric_bass": (28, 67), "upright_bass": (28, 67), "fiddle": (55, 100), "strings": (28, 100),
    "pizzicato": (28, 96), "brass": (34, 88), "trumpet": (52, 86), "flute": (60, 98), "clarinet": (50, 94),
    "sax": (44, 92), "choir": (40, 84), "vox": (40, 84),
}  # fmt: skip


@pytest.mark.parametrize("device", sorted(REAL))
def test_an_instrument_after_a_real_one_plays_no_note_that_one_lacks(device: str) -> None:
    known, (low, high) = devices.instrument(device), REAL[device]
    assert low <= known.low_note < known.high_note <= high
    assert known.high_note - known.low_note >= 12


@each("name", GENRES)
def test_every_pitched_part_stays_in_its_instruments_range(name: str) -> None:
    for seed in range(3):
        asked = {"include": ("lead", "pluck", "keys", "pad"), "traits": {"pluck": ("counter",)}} if seed == 2 else {}
        for role, track, notes in parts(composed(name, seed, **asked)):
            assert track.instrument is not None
            device = devices.instrument(track.instrument.device)
            if device.pitched and role not in DRUMS:
                assert all(device.low_note <= note.pitch <= device.high_note for note in notes), (role, device.id)
