"""A writer of small SoundFonts, from the specification and not from the reader: tables in, bytes out."""

import io
import struct
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import soundfile  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray

Generators = Sequence[tuple[int, int]]
KEYS, VELOCITIES, INSTRUMENT, SAMPLE = 43, 44, 41, 53


class Sound(NamedTuple):
    """A sample: 16-bit numbers, rate, loop in frames from its start, root key, cents."""

    name: str
    numbers: NDArray[np.int16]
    rate: int = 44_100
    loop: tuple[int, int] = (0, 0)
    root: int = 60
    cents: int = 0
    kind: int = 1


class Preset(NamedTuple):
    """A preset: bank, program, and its zones as generators; INSTRUMENT names an instrument by its row."""

    name: str
    bank: int
    program: int
    zones: Sequence[Generators]


def span(low: int, high: int) -> int:
    """Return a range as a generator's amount."""
    return low | high << 8


def layered() -> bytes:
    """Return a font of two presets: a piano of two velocity layers, and its hard layer alone."""
    at = np.arange(22_050) / 22_050
    soft, hard = (
        Sound(name, (12_000 * np.sin(2 * np.pi * hz * at) * np.exp(-4 * at)).astype(np.int16), 22_050, root=69)
        for name, hz in (("soft", 440.0), ("hard", 880.0))
    )
    layers = [[(VELOCITIES, span(0, 79)), (SAMPLE, 0)], [(VELOCITIES, span(80, 127)), (SAMPLE, 1)]]
    presets = [Preset("Grand", 0, 0, [[(INSTRUMENT, 0)]]), Preset("Hard", 0, 1, [[(INSTRUMENT, 1)]])]
    return font([soft, hard], [layers, [[(SAMPLE, 1)]]], presets)


def font(
    sounds: Sequence[Sound],
    instruments: Sequence[Sequence[Generators]],
    presets: Sequence[Preset],
    *,
    packed: bool = False,
) -> bytes:
    """Return a SoundFont; an instrument is its zones, SAMPLE names a sound by its row.

    packed  its sounds are Ogg streams, as in an .sf3: places count bytes, loops begin at their own sound
    """
    smpl, shdr = b"", b""
    for one in sounds:
        start = len(smpl) if packed else len(smpl) // 2
        body = ogg(one) if packed else one.numbers.astype("<i2").tobytes()
        end = start + (len(body) if packed else len(one.numbers))
        at, kind = (0, one.kind | 0x10) if packed else (start, one.kind)
        shdr += struct.pack("<20s5IBbHH", one.name.encode(), start, end, at + one.loop[0], at + one.loop[1],
                            one.rate, one.root, one.cents, 0, kind)  # fmt: skip
        smpl += body if packed else body + bytes(92)
    shdr += struct.pack("<20s5IBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    ibag, igen, firsts = _bags(instruments)
    inst = b"".join(struct.pack("<20sH", f"inst {n}".encode(), at) for n, at in enumerate(firsts[:-1]))
    inst += struct.pack("<20sH", b"EOI", firsts[-1])
    pbag, pgen, firsts = _bags([preset.zones for preset in presets])
    phdr = b"".join(
        struct.pack("<20sHHHIII", preset.name.encode(), preset.program, preset.bank, at, 0, 0, 0)
        for preset, at in zip(presets, firsts, strict=False)
    )
    phdr += struct.pack("<20sHHHIII", b"EOP", 0, 0, firsts[-1], 0, 0, 0)
    info = _list(b"INFO", _chunk(b"ifil", struct.pack("<HH", 2, 4)) + _chunk(b"isng", b"EMU8000\0")
                 + _chunk(b"INAM", b"test\0\0"))  # fmt: skip
    pdta = b"".join(
        _chunk(name, body)
        for name, body in (
            (b"phdr", phdr), (b"pbag", pbag), (b"pmod", bytes(10)), (b"pgen", pgen), (b"inst", inst), (b"ibag", ibag),
            (b"imod", bytes(10)), (b"igen", igen), (b"shdr", shdr),
        )
    )  # fmt: skip
    body = b"sfbk" + info + _list(b"sdta", _chunk(b"smpl", smpl)) + _list(b"pdta", pdta)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def ogg(sound: Sound) -> bytes:
    """Return a sound as an Ogg Vorbis stream."""
    with soundfile.SoundFile(out := io.BytesIO(), "w", sound.rate, 1, "VORBIS", format="OGG") as file:
        for start in range(0, len(sound.numbers), 1 << 16):  # the library overflows its stack with more at once
            file.write(sound.numbers[start : start + (1 << 16)])
    return out.getvalue()


def _bags(groups: Sequence[Sequence[Generators]]) -> tuple[bytes, bytes, list[int]]:
    """Return bags, generators and the first bag of each group, with one more for the end."""
    bags, generators, firsts, count = b"", b"", [], 0
    at = 0
    for zones in groups:
        firsts.append(count)
        for zone in zones:
            bags += struct.pack("<HH", at, 0)
            generators += b"".join(struct.pack("<HH", which, amount & 0xFFFF) for which, amount in zone)
            at, count = at + len(zone), count + 1
    return bags + struct.pack("<HH", at, 0), generators + bytes(4), [*firsts, count]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _list(kind: bytes, body: bytes) -> bytes:
    return _chunk(b"LIST", kind + body)
