"""A small picture: pixels, lines, text in a 5×7 dot-matrix face, written as PNG."""

import struct
import unicodedata
import zlib

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

GLYPH_WIDTH, GLYPH_HEIGHT = 5, 7

# space to ~: five columns each, the lowest bit on top
_COLUMNS = bytes.fromhex(
    "0000000000 00005f0000 0007000700 147f147f14 242a7f2a12 2313086462 3649562050 0005030000"
    "001c224100 0041221c00 14083e0814 08083e0808 0050300000 0808080808 0060600000 2010080402"
    "3e5149453e 00427f4000 4261514946 2141454b31 1814127f10 2745454539 3c4a494930 0171090503"
    "3649494936 064949291e 0036360000 0056360000 0814224100 1414141414 0041221408 0201510906"
    "324979413e 7e1111117e 7f49494936 3e41414122 7f4141221c 7f49494941 7f09090901 3e4149497a"
    "7f0808087f 00417f4100 2040413f01 7f08142241 7f40404040 7f020c027f 7f0408107f 3e4141413e"
    "7f09090906 3e4151215e 7f09192946 4649494931 01017f0101 3f4040403f 1f2040201f 3f4038403f"
    "6314081463 0708700807 6151494543 007f414100 0204081020 0041417f00 0402010204 4040404040"
    "0001020400 2054545478 7f48444438 3844444420 384444487f 3854545418 087e090102 085454543c"
    "7f08040478 00447d4000 2040443d00 7f10284400 00417f4000 7c04180478 7c08040478 3844444438"
    "7c14141408 081414187c 7c08040408 4854545420 043f444020 3c4040207c 1c2040201c 3c4030403c"
    "4428102844 0c5050503c 4464544c44 0008364100 00007f0000 0041360800 0804081008"
)
_PLAIN = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "·": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": ".", "♯": "#", "♭": "b"}
)


class Canvas:
    """An RGB picture that is drawn on; x runs right and y down, in pixels."""

    def __init__(self, width: int, height: int, background: Colour) -> None:
        self.pixels: Pixels = np.empty((height, width, 3), np.uint8)
        self.pixels[:] = background

    def fill(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """Colour a rectangle; what is outside the picture is cut off."""
        self.pixels[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)] = colour

    def text(self, text: str, left: int, top: int, colour: Colour, scale: int = 1) -> None:
        """Draw one line of text with its top left corner at (left, top)."""
        mask = text_mask(text, scale)
        height, width = self.pixels.shape[:2]
        seen = mask[: max(0, height - top), : max(0, width - left)]
        self.pixels[top : top + seen.shape[0], left : left + seen.shape[1]][seen] = colour

    def png(self) -> bytes:
        """Return the picture as a PNG file (RFC 2083): 8-bit RGB, each row filtered by the one above; no date."""
        height, width = self.pixels.shape[:2]
        rows = self.pixels.reshape(height, -1)
        above = np.vstack((np.zeros((1, rows.shape[1]), np.uint8), rows[:-1]))
        filtered = np.hstack((np.full((height, 1), 2, np.uint8), rows - above))
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        data = zlib.compress(filtered.tobytes(), 6)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def text_width(text: str, scale: int = 1) -> int:
    """Return the width of a line of text in pixels."""
    return max(0, len(plain(text)) * (GLYPH_WIDTH + 1) - 1) * scale


def text_mask(text: str, scale: int = 1) -> NDArray[np.bool_]:
    """Return which pixels [height, width] a line of text covers."""
    codes = [ord(letter) - 32 for letter in plain(text)]
    glyphs = np.frombuffer(_COLUMNS, np.uint8).reshape(-1, GLYPH_WIDTH)[codes].reshape(-1, GLYPH_WIDTH)
    spaced = np.pad(glyphs, ((0, 0), (0, 1))).reshape(-1)[: max(0, len(codes) * (GLYPH_WIDTH + 1) - 1)]
    bits = (spaced >> np.arange(GLYPH_HEIGHT, dtype=np.uint8)[:, None]) & 1
    return np.kron(bits, np.ones((scale, scale), np.uint8)).astype(bool)


def plain(text: str) -> str:
    """Return `text` in the letters the face has (ASCII); an unknown letter becomes `?`."""
    spread = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    letters = (letter for letter in spread if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in letters)


def palette() -> Pixels:
    """Return 256 colours from near black by violet and red to pale yellow, lightness rising evenly.

    Drawn in OKLCh, turned to sRGB by the matrices of Ottosson, "A perceptual color space for image processing", 2020.
    """
    at = np.linspace(0.0, 1.0, 256)
    lightness = 0.13 + 0.84 * at
    strength = np.interp(at, (0.0, 0.15, 0.4, 0.6, 0.8, 1.0), (0.02, 0.10, 0.18, 0.18, 0.15, 0.07))
    hue = np.radians(np.interp(at, (0.0, 0.2, 0.5, 0.75, 1.0), (280.0, 300.0, 380.0, 420.0, 468.0)))
    a, b = strength * np.cos(hue), strength * np.sin(hue)
    cube = (
        np.stack(
            (
                lightness + 0.3963377774 * a + 0.2158037573 * b,
                lightness - 0.1055613458 * a - 0.0638541728 * b,
                lightness - 0.0894841775 * a - 1.2914855480 * b,
            )
        )
        ** 3
    )
    to_rgb = np.array(
        (
            (4.0767416621, -3.3077115913, 0.2309699292),
            (-1.2684380046, 2.6097574011, -0.3413193965),
            (-0.0041960863, -0.7034186147, 1.7076147010),
        )
    )
    linear = np.clip(to_rgb @ cube, 0.0, 1.0)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    colours: Pixels = np.rint(coded.T * 255).astype(np.uint8)
    return colours


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
