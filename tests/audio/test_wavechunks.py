"""The frame of a WAV file at its limits."""

import struct

import pytest

from hardcore.audio.tags import Tags
from hardcore.audio.wavechunks import WaveForm, chunk, frame
from hardcore.errors import UserError
from tests.audio import riff


@pytest.mark.parametrize("bits", [16, 24, 32])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_any_shape_makes_a_well_formed_file(bits: int, channels: int) -> None:
    for frames in range(1, 6):
        form = WaveForm(44_100, channels, frames, bits)
        before, after = frame(form, Tags(title="odd", tempo_bpm=100))
        found = dict(riff.chunks(before + b"\1" * form.data_bytes + after))
        assert len(found["data"]) == form.data_bytes
        _, _, rate, speed, block, width = struct.unpack_from("<HHIIHH", found["fmt "])
        assert (rate, speed, block, width) == (44_100, 44_100 * block, channels * bits // 8, bits)


def test_an_odd_chunk_is_padded_and_its_size_is_not() -> None:
    assert chunk(b"odd ", b"abc") == b"odd \3\0\0\0abc\0"


def test_a_file_past_four_gibibytes_is_refused() -> None:
    with pytest.raises(UserError, match="4 GiB"):
        frame(WaveForm(48_000, 2, 1 << 30, 24), Tags())
    frame(WaveForm(48_000, 2, 700_000_000, 24), Tags())
