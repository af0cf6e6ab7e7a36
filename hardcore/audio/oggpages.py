"""Ogg pages: the stream's serial number, which encoders draw at random, made a function of the content."""

import struct
import zlib

from hardcore.checkpoint import checkpoint

_HEADER = struct.Struct("<4sBBqIIIB")
_SERIAL = slice(14, 18)
_CHECKSUM = slice(22, 26)
_MIRROR = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def fix_serial(data: bytes) -> bytes:
    """Return an Ogg file of one stream with its serial number set to the checksum of its content.

    The same content gets the same serial in any process, another content most likely another one, so files can still
    be chained. Raises ValueError when `data` is not whole Ogg pages.
    """
    pages = [bytearray(page) for page in split(data)]
    content = 0
    for page in pages:
        checkpoint()
        page[_SERIAL] = page[_CHECKSUM] = b"\0\0\0\0"
        content = zlib.crc32(page, content)
    for page in pages:
        checkpoint()
        page[_SERIAL] = struct.pack("<I", content)
        page[_CHECKSUM] = struct.pack("<I", checksum(page))
    return b"".join(pages)


def split(data: bytes) -> list[bytes]:
    """Return the pages of an Ogg file (RFC 3533). Raises ValueError at anything between or after them."""
    pages = []
    at = 0
    while at < len(data):
        checkpoint()
        if data[at : at + 4] != b"OggS" or at + _HEADER.size > len(data):
            raise ValueError(f"no Ogg page at byte {at}")
        table = at + _HEADER.size
        body = table + data[table - 1]
        end = body + sum(data[table:body])
        if end > len(data):
            raise ValueError(f"the Ogg page at byte {at} is cut off")
        pages.append(data[at:end])
        at = end
    return pages


def checksum(page: bytes | bytearray) -> int:
    """Return the CRC of a page whose checksum field is zero.

    RFC 3533: polynomial 0x04c11db7, most significant bit first, starting from 0. zlib has the mirrored form of the
    same polynomial and inverts before and after: mirror the bytes, start from all ones inverted, mirror the result.
    """
    mirrored = ~zlib.crc32(bytes(page).translate(_MIRROR), 0xFFFFFFFF) & 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_MIRROR), "big")
