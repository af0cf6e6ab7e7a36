"""Pictures: decoded here by hand, and measured."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio.canvas import palette, text_mask, text_width
from hardcore.audio.spectrogram import HEIGHT, WIDTH, save_png, terminal
from hardcore.errors import UserError
from tests.audio.sounds import RATE, noise, sine

# the spectrogram's place in the picture
LEFT, TOP, COLUMNS, ROWS = 56, 128, 1060, 342


def decode(data: bytes) -> np.ndarray:
    """Return the pixels [height, width, 3] of an 8-bit RGB PNG whose rows are plain or filtered by the row above."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, names = 8, b"", []
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(name + body)
        names.append(name)
        if name == b"IHDR":
            width, height, *rest = struct.unpack(">IIBBBBB", body)
            assert rest == [8, 2, 0, 0, 0]
        packed += body if name == b"IDAT" else b""
        at += 12 + length
    assert names == [b"IHDR", b"IDAT", b"IEND"]
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * 3)
    pixels = np.zeros((height, width * 3), np.uint8)
    for row, line in enumerate(rows):
        assert line[0] in (0, 2)
        pixels[row] = line[1:] + (pixels[row - 1] if row and line[0] == 2 else 0)
    return pixels.reshape(height, width, 3)


def brightness(path: Path, sound: np.ndarray) -> np.ndarray:
    """Return the lightness [rows, columns] of the spectrogram drawn of `sound`."""
    save_png(path / "a.png", sound, RATE, "a sound")
    picture = decode((path / "a.png").read_bytes())
    assert picture.shape == (HEIGHT, WIDTH, 3)
    return picture[TOP : TOP + ROWS, LEFT : LEFT + COLUMNS].astype(int).sum(axis=2)


@pytest.mark.parametrize("hz", [41, 50, 110, 440, 1760, 7000, 15_000])
def test_a_sine_is_a_line_at_its_height(tmp_path: Path, hz: int) -> None:
    light = brightness(tmp_path, sine(hz, 2.0, -6))
    expected = ROWS * np.log(20_000 / hz) / np.log(20_000 / 25)
    assert abs(int(light[:, COLUMNS // 2].argmax()) - expected) <= 2


def test_low_frequencies_are_drawn_smoothly_between_the_bins(tmp_path: Path) -> None:
    light = brightness(tmp_path, noise(2.0))[-80:, ::50]
    assert (np.diff(light, axis=0) == 0).mean() < 0.25


def test_a_click_is_a_column_at_its_time(tmp_path: Path) -> None:
    sound = np.zeros((1, RATE * 4), np.float32)
    sound[0, RATE * 3] = 1.0
    light = brightness(tmp_path, sound)
    assert abs(int(light[:60].sum(axis=0).argmax()) - COLUMNS * 3 / 4) <= 2


def test_louder_is_lighter(tmp_path: Path) -> None:
    sound = np.hstack([noise(1.0, level=0.001), noise(1.0, level=0.03), noise(1.0, level=0.3)])
    thirds = [float(part.mean()) for part in np.array_split(brightness(tmp_path, sound), 3, axis=1)]
    assert thirds[0] + 50 < thirds[1] < thirds[2] - 50


def test_the_same_sound_gives_the_same_picture_and_another_another(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        save_png(tmp_path / f"{name}.png", noise(0.5, seed), RATE, "x")
    one, two, other = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert one == two != other


@pytest.mark.parametrize("frames", [0, 1, 50, 3000])
def test_hardly_any_sound_is_still_a_picture(tmp_path: Path, frames: int) -> None:
    save_png(tmp_path / "a.png", noise(0.1)[:, :frames], 8000, "Ünïcode 工 · " + "long " * 90)
    assert decode((tmp_path / "a.png").read_bytes()).shape == (HEIGHT, WIDTH, 3)


def test_a_picture_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no folder"):
        save_png(tmp_path / "none" / "a.png", noise(0.1), RATE, "x")


def test_the_palette_gets_lighter_at_every_step() -> None:
    light = palette().astype(float) @ (0.2126, 0.7152, 0.0722)
    assert np.all(np.diff(light) > -0.6)
    assert light[0] < 10 and light[-1] > 230


def test_text_takes_six_pixels_a_letter() -> None:
    assert text_mask("Hi").shape == (7, 11) == (7, text_width("Hi"))
    assert text_mask("Hi", 2).shape == (14, 22)
    rows = ["".join(" #"[dot] for dot in row) for row in text_mask("L").astype(int)]
    assert rows == ["#    "] * 6 + ["#####"]
    assert text_mask("").shape == (7, 0)
    assert np.array_equal(text_mask("é工"), text_mask("e?"))


def test_the_terminal_waveform_fills_the_space_by_level() -> None:
    loud = terminal(sine(1000, 1.0), RATE, 20, 4).split("\n")
    assert loud == ["█" * 20] * 4
    half = terminal(sine(1000, 1.0, -6.5), RATE, 20, 4).split("\n")
    assert half == [" " * 20, "█" * 20, "█" * 20, " " * 20]


def test_the_terminal_waveform_shows_when_it_is_loud() -> None:
    sound = np.hstack([np.zeros((2, RATE), np.float32), sine(1000, 1.0)])
    assert terminal(sound, RATE, 10, 2).split("\n")[0] == " " * 5 + "█" * 5


@pytest.mark.parametrize(("width", "height"), [(1, 1), (80, 3), (200, 10)])
def test_the_terminal_waveform_has_the_asked_size(width: int, height: int) -> None:
    for sound in (noise(0.1), np.zeros((2, 0), np.float32), noise(0.1)[:, :7]):
        lines = terminal(sound, RATE, width, height).split("\n")
        assert [len(line) for line in lines] == [width] * height


def test_no_small_letter_of_the_face_looks_like_a_digit() -> None:
    # digits and capitals fill all seven rows; of the letters without an ascender the upper two are empty
    for letter in "acegmnopqrsuvwxyz":
        assert not text_mask(letter)[:2].any(), letter
    for digit in "0123456789":
        assert text_mask(digit)[0].any(), digit
