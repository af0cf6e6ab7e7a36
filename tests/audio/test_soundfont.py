"""SoundFonts written from the specification, read back, and broken in every place."""

import random
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio.soundfont import SoundFont
from hardcore.errors import UserError
from tests.audio.soundfonts import INSTRUMENT, KEYS, SAMPLE, VELOCITIES, Preset, Sound, font, layered, span

LOW = Sound("low C", np.arange(400, dtype=np.int16), rate=22_050, loop=(100, 300), root=48, cents=-7)
HIGH = Sound("high C", -np.arange(200, dtype=np.int16), loop=(0, 200), root=72)


def two_presets() -> bytes:
    """Return a font: `keys` splits at C4, `loud` plays the first instrument between two velocities, tuned down."""
    split = [
        [(38, -1200), (54, 1)],
        [(KEYS, span(0, 59)), (SAMPLE, 0)],
        [(KEYS, span(60, 127)), (17, 250), (54, 0), (SAMPLE, 1)],
    ]
    presets = [
        Preset("loud", 0, 9, [[(52, -20), (KEYS, span(20, 80))], [(VELOCITIES, span(90, 127)), (INSTRUMENT, 0)]]),
        Preset("keys", 0, 2, [[(INSTRUMENT, 0)]]),
        Preset("kit", 128, 0, [[(INSTRUMENT, 0)]]),
    ]
    return font([LOW, HIGH], [split], presets)


def opened(folder: Path, data: bytes) -> SoundFont:
    path = folder / "a.sf2"
    path.write_bytes(data)
    return SoundFont(path)


def test_presets_are_listed_by_bank_and_program(tmp_path: Path) -> None:
    found = opened(tmp_path, two_presets()).presets
    assert [(known.bank, known.program, known.name) for known in found] == [
        (0, 2, "keys"),
        (0, 9, "loud"),
        (128, 0, "kit"),
    ]


def test_a_zone_has_its_generators_over_those_of_its_instrument(tmp_path: Path) -> None:
    font = opened(tmp_path, two_presets())
    low, high = font.zones(font.presets[0])
    assert (low.keys, high.keys) == ((0, 59), (60, 127))
    assert (low.generators[38], low.generators[54]) == (-1200, 1)
    assert (high.generators[38], high.generators[54], high.generators[17]) == (-1200, 0, 250)


def test_a_preset_adds_to_its_instrument_and_narrows_it(tmp_path: Path) -> None:
    font = opened(tmp_path, two_presets())
    low, high = font.zones(font.presets[1])
    assert low.velocities == high.velocities == (90, 127)
    assert (low.keys, high.keys) == ((20, 59), (60, 80)), "what both say is left"
    assert low.generators[52] == -20


def test_a_sample_is_known_by_its_place_in_the_file(tmp_path: Path) -> None:
    font = opened(tmp_path, two_presets())
    data = (tmp_path / "a.sf2").read_bytes()
    for zone, sound in zip(font.zones(font.presets[0]), (LOW, HIGH), strict=True):
        sample = zone.sample
        numbers = np.frombuffer(data, "<i2", sample.frames, sample.offset)
        assert np.array_equal(numbers, sound.numbers)
        assert (sample.name, sample.rate, sample.root_key) == (sound.name, sound.rate, sound.root)
        assert (sample.loop_start, sample.loop_end, sample.correction_cents) == (*sound.loop, sound.cents)


def test_a_sample_in_a_sound_cards_memory_is_left_out_and_said(tmp_path: Path) -> None:
    data = font(
        [LOW._replace(kind=0x8001), HIGH], [[[(SAMPLE, 0)], [(SAMPLE, 1)]]], [Preset("a", 0, 0, [[(INSTRUMENT, 0)]])]
    )
    font_ = opened(tmp_path, data)
    assert [zone.sample.name for zone in font_.zones(font_.presets[0])] == ["high C"]
    assert font_.passed == {"samples in the ROM of a sound card": 1}


@pytest.mark.parametrize(
    ("instruments", "preset_zones", "said"),
    [
        ([[[(SAMPLE, 7)]]], [[(INSTRUMENT, 0)]], "sample that is not there"),
        ([[[(SAMPLE, 0)]]], [[(INSTRUMENT, 7)]], "past the end of its table inst"),
    ],
)
def test_a_pointer_to_nowhere_is_said(
    instruments: list[list[list[tuple[int, int]]]], preset_zones: list[list[tuple[int, int]]], said: str, tmp_path: Path
) -> None:
    broken = opened(tmp_path, font([LOW], instruments, [Preset("a", 0, 0, preset_zones)]))
    with pytest.raises(UserError, match=said):
        broken.zones(broken.presets[0])


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"RIFF\4\0\0\0WAVE", b"RIFF\xff\xff\xff\xffsfbkLIST\xff\xff\xff\x7fpdta"]
)
def test_what_is_no_soundfont_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        opened(tmp_path, data)


def test_a_soundfont_broken_anywhere_is_read_or_refused_in_words(tmp_path: Path) -> None:
    whole, rng = two_presets(), random.Random(3)
    refused = 0
    for turn in range(600):
        data = bytearray(whole[: rng.randrange(len(whole))] if turn % 3 == 0 else whole)
        for _ in range(rng.randrange(1, 4)):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            broken = opened(tmp_path, bytes(data))
            for preset in broken.presets:
                for zone in broken.zones(preset):
                    assert zone.sample.offset + 2 * zone.sample.frames <= len(data)
        except UserError:
            refused += 1
    assert 200 < refused < 600


def test_chunks_of_odd_lengths_may_lack_the_byte_after_them(tmp_path: Path) -> None:
    whole = layered()
    assert b"INAM\x06\0\0\0test\0\0" in whole
    for odd in (b"INAM\x05\0\0\0test\0", b"INAM\x05\0\0\0test\0\0"):
        data = bytearray(whole.replace(b"INAM\x06\0\0\0test\0\0", odd))
        shorter = len(whole) - len(data)
        info = data.index(b"LIST") + 4
        for place in (4, info):
            data[place : place + 4] = (int.from_bytes(data[place : place + 4], "little") - shorter).to_bytes(
                4, "little"
            )
        (tmp_path / "odd.sf2").write_bytes(data)
        assert [one.name for one in SoundFont(tmp_path / "odd.sf2").presets] == ["Grand", "Hard"]
