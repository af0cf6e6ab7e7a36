"""Ogg pages: serial numbers and checksums, checked by other parsers."""

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf  # type: ignore[import-untyped]
from mutagen.ogg import OggPage

from hardcore.audio.oggpages import checksum, fix_serial, split
from hardcore.audio.samples import blocks
from tests.audio.sounds import RATE, noise


def encoded(path: Path, seed: int = 1) -> bytes:
    """Return a Vorbis file as libsndfile writes it, with a serial number drawn at random."""
    with sf.SoundFile(path, "w", RATE, 2, format="OGG", subtype="VORBIS") as file:
        for block in blocks(noise(1.0, seed), 4096):
            file.write(block)
    return path.read_bytes()


def bitwise(page: bytes) -> int:
    """Return the CRC by RFC 3533, bit by bit."""
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1) ^ (0x04C11DB7 if register & 0x80000000 else 0)
            register &= 0xFFFFFFFF
    return register


def test_the_checksum_is_that_of_the_standard() -> None:
    for page in (b"", b"a", b"OggS" + bytes(range(200))):
        assert checksum(page) == bitwise(page)


def test_the_encoders_own_checksums_agree(tmp_path: Path) -> None:
    for page in split(encoded(tmp_path / "a.ogg")):
        assert checksum(page[:22] + b"\0\0\0\0" + page[26:]) == int.from_bytes(page[22:26], "little")


def test_equal_sound_gets_equal_bytes_and_decodes_unchanged(tmp_path: Path) -> None:
    one, two = encoded(tmp_path / "a.ogg"), encoded(tmp_path / "b.ogg")
    assert one != two, "the encoder draws no serial number any more: fix_serial may go"
    assert fix_serial(one) == fix_serial(two)
    (tmp_path / "c.ogg").write_bytes(fix_serial(one))
    assert np.array_equal(sf.read(tmp_path / "c.ogg")[0], sf.read(tmp_path / "a.ogg")[0])


def test_every_page_is_of_one_stream_and_has_a_right_checksum(tmp_path: Path) -> None:
    (tmp_path / "a.ogg").write_bytes(fix_serial(encoded(tmp_path / "a.ogg")))
    serials = set()
    with (tmp_path / "a.ogg").open("rb") as file:
        for raw in split(file.read()):
            serials.add(raw[14:18])
            file.seek(0)
            assert bitwise(raw[:22] + b"\0\0\0\0" + raw[26:]) == int.from_bytes(raw[22:26], "little")
        file.seek(0)
        assert OggPage(file).serial == int.from_bytes(serials.pop(), "little")
    assert not serials


def test_another_sound_gets_another_serial(tmp_path: Path) -> None:
    serials = {fix_serial(encoded(tmp_path / "a.ogg", seed))[14:18] for seed in (1, 2)}
    assert len(serials) == 2


@pytest.mark.parametrize("cut", [1, 10, 100])
def test_half_a_page_is_refused(tmp_path: Path, cut: int) -> None:
    data = encoded(tmp_path / "a.ogg")
    with pytest.raises(ValueError, match="Ogg page"):
        fix_serial(data[:-cut])
    with pytest.raises(ValueError, match="Ogg page"):
        fix_serial(data + b"x" * cut)
