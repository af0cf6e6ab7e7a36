"""Rounding, dither and packing."""

import numpy as np

from hardcore.audio.samples import Quantizer, blocks, pack
from tests.audio.sounds import noise


def test_whole_steps_pass_unchanged_at_24_bits() -> None:
    steps = np.array([[-(1 << 23), -1, 0, 1, (1 << 23) - 1]], np.int32)
    assert np.array_equal(Quantizer(24).quantize((steps / 2.0**23).astype(np.float32)), steps)


def test_dither_is_triangular_over_two_steps_and_centred() -> None:
    found = Quantizer(16)._triangle(200_000)
    assert np.abs(found).max() < 1.0
    assert abs(found.mean()) < 0.005
    # the variance of a triangle from −1 to 1 is 1/6
    assert abs(found.var() - 1 / 6) < 0.003


def test_dither_takes_the_error_away_from_the_signal() -> None:
    # the mean of many roundings of 0.3 of a step is 0.3 of a step, not 0
    value = np.full((200_000, 1), 0.3 / 32768, np.float32)
    assert abs(Quantizer(16).quantize(value).mean() - 0.3) < 0.01
    assert Quantizer(16, dither=False).quantize(value).mean() == 0.0


def test_the_block_size_does_not_change_the_samples() -> None:
    sound = noise(0.1)
    results = []
    for size in (100, 4096, 1 << 16):
        quantizer = Quantizer(16)
        results.append(np.concatenate([quantizer.quantize(block) for block in blocks(sound, size)]))
    assert np.array_equal(results[0], results[1]) and np.array_equal(results[1], results[2])


def test_packed_samples_are_little_endian() -> None:
    values = np.array([[1, -2]], np.int32)
    assert pack(values, 16) == b"\x01\x00\xfe\xff"
    assert pack(values, 24) == b"\x01\x00\x00\xfe\xff\xff"
