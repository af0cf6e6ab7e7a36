"""The chunks of an AIFF file, and of its kind for float, AIFF-C: format, sound, marks, text. All is big-endian.

Written whole and in one pass, because libsndfile dates the PEAK chunk of its float files.
"""

import struct

from hardcore.audio.tags import Tags, clean, id3_bytes
from hardcore.audio.wavechunks import WaveForm
from hardcore.errors import UserError

_SIZE_LIMIT = 0xFFFFFFFF
_VERSION = 0xA2805140  # of AIFF-C, the only one


def frame(form: WaveForm, tags: Tags) -> tuple[bytes, bytes]:
    """Return what stands before and after the sample bytes of an AIFF file.

    Raises UserError when the file would pass the format's limit of 4 GiB.
    """
    is_float = form.bits == 32
    before = (_chunk(b"FVER", struct.pack(">I", _VERSION)) if is_float else b"") + _common(form)
    after = b"\0" * (form.data_bytes % 2) + _marks(form, tags) + _texts(tags)
    sound = struct.pack(">4sIII", b"SSND", min(form.data_bytes + 8, _SIZE_LIMIT), 0, 0)
    size = 4 + len(before) + len(sound) + form.data_bytes + len(after)
    if size > _SIZE_LIMIT:
        raise UserError("the file would be larger than the 4 GiB an AIFF file can hold", "write .flac, or fewer bars")
    return struct.pack(">4sI4s", b"FORM", size, b"AIFC" if is_float else b"AIFF") + before + sound, after


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _common(form: WaveForm) -> bytes:
    body = struct.pack(">hIh", form.channels, form.frames, form.bits) + _extended(form.rate)
    if form.bits == 32:
        body += b"fl32" + _pascal("32-bit float")
    return _chunk(b"COMM", body)


def _extended(rate: int) -> bytes:
    """Return a whole number as an 80-bit float."""
    power = rate.bit_length() - 1
    return struct.pack(">HQ", 16383 + power, rate << (63 - power))


def _marks(form: WaveForm, tags: Tags) -> bytes:
    """Return the markers with their names, or nothing where nothing is marked."""
    if not tags.marks:
        return b""
    body = struct.pack(">H", len(tags.marks))
    for number, (seconds, name) in enumerate(tags.marks, 1):
        body += struct.pack(">hI", number, min(round(seconds * form.rate), form.frames - 1)) + _pascal(name)
    return _chunk(b"MARK", body)


def _texts(tags: Tags) -> bytes:
    texts = ((b"NAME", tags.title), (b"AUTH", tags.artist), (b"ANNO", tags.comment))
    plain = b"".join(_chunk(name, clean(text).encode()) for name, text in texts if clean(text))
    return plain + _chunk(b"ID3 ", id3_bytes(tags))


def _pascal(text: str) -> bytes:
    """Return text with its length before it, padded to an even number of bytes."""
    data = clean(text).encode()[:255]
    return bytes([len(data)]) + data + b"\0" * ((len(data) + 1) % 2)
