"""Small sound files that claim, or unpack to, far more than anybody has; and headers that lie."""

import struct
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped,unused-ignore]

RATE = 48_000
TONE = (0.4 * np.sin(np.arange(RATE // 4) / 9)).astype(np.float32)
CHANNELS_AT, RATE_AT, BITS_AT, DATA_AT = 22, 24, 34, 40


def silence(path: Path, minutes: float, rate: int, channels: int) -> Path:
    """Return a FLAC file of silence: a hundred kilobytes for fifty million numbers."""
    left = round(minutes * 60 * rate)
    with soundfile.SoundFile(path, "w", samplerate=rate, channels=channels, subtype="PCM_16") as file:
        while left > 0:
            file.write(np.zeros((min(left, 1 << 20), channels), np.int16))
            left -= 1 << 20
    return path


def fast(path: Path, rate: int) -> Path:
    """Return an AU file of a quarter of a second's samples that claims any rate."""
    data = (TONE * 20_000).astype(">i2").tobytes()
    path.write_bytes(b".snd" + struct.pack(">5I", 24, len(data), 3, rate, 1) + data)
    return path


def wide(path: Path, channels: int, frames: int = 140) -> Path:
    """Return a WAV file of so many channels."""
    data = np.full((frames, channels), 3000, "<i2").tobytes()
    form = struct.pack("<IHHIIHH", 16, 1, channels, RATE, RATE * 2 * channels & 0xFFFFFFFF, 2 * channels & 0xFFFF, 16)
    head = b"WAVEfmt " + form + b"data" + struct.pack("<I", len(data))
    path.write_bytes(b"RIFF" + struct.pack("<I", len(head) + len(data)) + head + data)
    return path


def wav(path: Path, place: int = 0, form: str = "<H", value: int = 0) -> Path:
    """Return a mono WAV file of TONE whose header says `value` at `place`, if one is given."""
    soundfile.write(path, TONE, RATE, subtype="PCM_16")
    data = bytearray(path.read_bytes())
    if place:
        struct.pack_into(form, data, place, value)
    path.write_bytes(data)
    return path


def flac(path: Path, claimed: int) -> Path:
    """Return a mono FLAC file of TONE that claims a number of frames, 0 for one that was streamed."""
    soundfile.write(path, TONE, RATE, subtype="PCM_16")
    data = bytearray(path.read_bytes())
    # the last 36 of the 64 bits after the sizes of blocks and frames (RFC 9639, 8.2)
    told = int.from_bytes(data[18:26], "big") >> 36 << 36 | claimed
    data[18:26] = told.to_bytes(8, "big")
    path.write_bytes(data)
    return path
