"""Files of unknown origin: every format that is read, and what is refused, in words."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.audio.intake import decode, examine, measure, whole
from hardcore.errors import UserError

RATE = 44_100
TONE = (0.5 * np.sin(2 * np.pi * 220 * np.arange(RATE // 2) / RATE)).astype(np.float32)
FORMATS = {
    "a.wav": {"subtype": "PCM_16"}, "u.wav": {"subtype": "PCM_U8"}, "f.wav": {"subtype": "FLOAT"},
    "d.wav": {"subtype": "DOUBLE"}, "law.wav": {"subtype": "ULAW"}, "a.aiff": {}, "a.flac": {}, "a.ogg": {},
    "a.mp3": {}, "a.au": {}, "a.caf": {"subtype": "PCM_24"}, "a.w64": {"subtype": "PCM_16"},
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_sound_of_any_format_is_examined(name: str, tmp_path: Path) -> None:
    soundfile.write(tmp_path / name, TONE, RATE, **FORMATS[name])
    found = examine(tmp_path / name)
    assert (found["rate"], found["channels"]) == (RATE, 1)
    assert abs(found["frames"] - len(TONE)) < 3000
    assert found["hz"] == pytest.approx(220, rel=0.01) and found["type"] == "stab"


@pytest.mark.parametrize("rate", [8000, 22_050, 96_000, 192_000])
def test_a_sound_of_any_rate_is_heard_the_same(rate: int, tmp_path: Path) -> None:
    at = np.arange(rate // 2) / rate
    both = np.stack([0.4 * np.sin(2 * np.pi * 220 * at), 0.2 * np.sin(2 * np.pi * 220 * at)], axis=1)
    soundfile.write(tmp_path / "a.wav", both, rate)
    found = examine(tmp_path / "a.wav")
    assert found["channels"] == 2 and found["hz"] == pytest.approx(220, rel=0.01)


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        examine(path)
    return caught.value.message


def test_what_is_no_sample_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    for samples, options, words in (
        (np.full(1000, np.nan), {"subtype": "FLOAT"}, "not numbers"),
        (np.full(1000, np.inf), {"subtype": "DOUBLE"}, "not numbers"),
        (np.full(1000, 1e9), {"subtype": "FLOAT"}, "beyond full scale"),
        (np.zeros(1000), {}, "silent"),
        (np.zeros(0), {}, "empty"),
        (np.ones((100, 6)) * 0.1, {}, "6 channels"),
    ):
        soundfile.write(path, samples, RATE, **options)
        assert words in refused(path)
    soundfile.write(path, TONE, 1000)
    assert "1000 Hz" in refused(path)
    path.write_bytes(b"RIFF\xff\xff\xff\xffWAVEfmt " + b"\0" * 8)
    assert "cannot be read" in refused(path)
    path.write_text("no sound at all")
    assert "cannot be read" in refused(path)


def test_a_header_that_promises_hours_is_only_believed_after_reading(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    soundfile.write(path, TONE, RATE, subtype="PCM_16")
    whole = bytearray(path.read_bytes())
    whole[40:44] = struct.pack("<I", 0x7FFFFFF0)
    path.write_bytes(whole)
    assert examine(path)["frames"] == len(TONE)


def test_every_cut_of_a_file_is_read_or_refused(tmp_path: Path) -> None:
    for name in ("a.wav", "a.flac", "a.ogg", "a.mp3", "a.aiff"):
        soundfile.write(tmp_path / name, TONE, RATE)
        whole = (tmp_path / name).read_bytes()
        for part in range(0, len(whole), max(1, len(whole) // 12)):
            path = tmp_path / f"cut{Path(name).suffix}"
            path.write_bytes(whole[:part])
            try:
                assert examine(path)["frames"] > 0
            except UserError as error:
                assert error.message


def test_what_the_engine_cannot_read_is_decoded_to_the_same_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", TONE, RATE, subtype="PCM_24")
    soundfile.write(tmp_path / "a.wav", TONE, RATE)
    target = tmp_path / "cache" / "copy.wav"
    assert not decode(tmp_path / "a.wav", target) and not target.exists()
    assert decode(tmp_path / "a.flac", target)
    copy, rate = soundfile.read(target, dtype="float32")
    assert rate == RATE and np.abs(copy - TONE).max() < 1e-6
    assert soundfile.info(target).subtype == "FLOAT"


def test_of_two_format_chunks_the_first_counts_and_the_engine_gets_a_file_with_one(tmp_path: Path) -> None:
    path, plain = tmp_path / "two.wav", tmp_path / "one.wav"
    soundfile.write(plain, np.sin(np.arange(70_000) / 20), 44_100, subtype="PCM_16")
    data = plain.read_bytes()
    first, sound = data.index(b"fmt "), data.index(b"data")
    other = data[first : first + 12] + struct.pack("<I", 22_050) + data[first + 16 : first + 24]
    data = data[:sound] + other + data[sound:]
    path.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
    assert measure(path) == measure(plain) == (70_000, 44_100, 1)
    assert np.array_equal(whole(path)[0], whole(plain)[0])
    assert not decode(plain, tmp_path / "never.wav")
    assert decode(path, tmp_path / "decoded.wav")
    samples, rate = soundfile.read(tmp_path / "decoded.wav", dtype="float32")
    assert rate == 44_100 and np.array_equal(samples, whole(plain)[0][0])
