"""OSC 1.0 packets, written fast: messages, bundles, and the binary scores that scsynth renders offline.

Only the four argument types scsynth needs: int32, float32, string, blob. Its answers hold doubles too.
"""

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache

Argument = int | float | str | bytes

# The time of a bundle that is done at once.
IMMEDIATELY = 2.0**-32
_BUNDLE = b"#bundle\0"
_TYPE = {int: "i", bool: "i", float: "f", str: "s", bytes: "b"}
_DOUBLE = struct.Struct(">d")
_INT, _FLOAT, _SIZE, _TIME = struct.Struct(">i"), struct.Struct(">f"), struct.Struct(">i"), struct.Struct(">Q")


@lru_cache(maxsize=4096)
def padded(text: str) -> bytes:
    """Return `text` as an OSC string: UTF-8, ended by one to four zero bytes up to a multiple of four."""
    raw = text.encode("utf-8")
    return raw + b"\0" * (4 - len(raw) % 4)


@lru_cache(maxsize=1024)
def _head(address: str, types: tuple[type, ...]) -> bytes:
    return padded(address) + padded("," + "".join(_TYPE[kind] for kind in types))


def message(address: str, *args: Argument) -> bytes:
    """Return one OSC message. Python ints become int32, floats float32. Raises KeyError for any other type."""
    parts = [_head(address, tuple([type(argument) for argument in args]))]
    for argument in args:
        if isinstance(argument, str):
            parts.append(padded(argument))
        elif isinstance(argument, bytes):
            parts += (_SIZE.pack(len(argument)), argument, b"\0" * (-len(argument) % 4))
        elif isinstance(argument, float):
            parts.append(_FLOAT.pack(argument))
        else:
            parts.append(_INT.pack(argument))
    return b"".join(parts)


def bundle(time_s: float, messages: Sequence[bytes]) -> bytes:
    """Return a bundle of `messages` at `time_s`, seconds as 32.32 fixed point.

    An offline score counts from 0; a live engine wants seconds since 1900 (NTP).
    """
    parts = [_BUNDLE, _TIME.pack(round(time_s * 4294967296.0))]
    for packet in messages:
        parts += (_SIZE.pack(len(packet)), packet)
    return b"".join(parts)


def score_bytes(bundles: Iterable[bytes]) -> bytes:
    """Return scsynth's binary score: every bundle after its int32 size.

    The bundles must be in order of time, because the engine only moves forward. The last one's time is the length of
    the render; let it hold `/g_freeAll 0`, so that no delay line outlives the engine's memory.
    """
    parts: list[bytes] = []
    for packet in bundles:
        parts += (_SIZE.pack(len(packet)), packet)
    return b"".join(parts)


def score_packets(score: bytes) -> list[bytes]:
    """Return the bundles of a binary score, without their sizes."""
    packets, at = [], 0
    while at < len(score):
        (size,) = _SIZE.unpack_from(score, at)
        packets.append(score[at + 4 : at + 4 + size])
        at += 4 + size
    return packets


Message = tuple[str, list[Argument]]


def decode(packet: bytes) -> tuple[float, list[Message]]:
    """Return (time in seconds, messages) of a bundle, or (0.0, [message]) of a bare message."""
    if not packet.startswith(_BUNDLE):
        return 0.0, [_decode_message(packet)]
    (ticks,) = _TIME.unpack_from(packet, 8)
    messages, at = [], 16
    while at < len(packet):
        (size,) = _SIZE.unpack_from(packet, at)
        messages.append(_decode_message(packet[at + 4 : at + 4 + size]))
        at += 4 + size
    return ticks / 4294967296.0, messages


def _decode_message(packet: bytes) -> Message:
    address, at = _read_string(packet, 0)
    types, at = _read_string(packet, at)
    args: list[Argument] = []
    for kind in types[1:]:
        if kind == "s":
            text, at = _read_string(packet, at)
            args.append(text)
        elif kind == "b":
            (size,) = _SIZE.unpack_from(packet, at)
            args.append(packet[at + 4 : at + 4 + size])
            at += 4 + size + (-size % 4)
        elif kind == "d":
            args.append(_DOUBLE.unpack_from(packet, at)[0])
            at += 8
        else:
            args.append((_INT if kind == "i" else _FLOAT).unpack_from(packet, at)[0])
            at += 4
    return address, args


def _read_string(packet: bytes, at: int) -> tuple[str, int]:
    end = packet.index(b"\0", at)
    return packet[at:end].decode("utf-8"), end + 4 - (end - at) % 4
