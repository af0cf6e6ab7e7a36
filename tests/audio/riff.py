"""A second reader of RIFF files, strict, written from the format's description and not from the writer."""

import struct


def chunks(data: bytes) -> list[tuple[str, bytes]]:
    """Return names and bodies of a WAV file's chunks in order; fails on any wrong size or missing padding."""
    magic, size, form = struct.unpack_from("<4sI4s", data)
    assert (magic, form) == (b"RIFF", b"WAVE")
    assert size == len(data) - 8
    found = []
    at = 12
    while at < len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        assert at + 8 + length <= len(data)
        found.append((name.decode("ascii"), data[at + 8 : at + 8 + length]))
        at += 8 + length
        if length % 2:
            assert data[at] == 0
            at += 1
    assert at == len(data)
    return found


def info(body: bytes) -> dict[str, str]:
    """Return the texts of a LIST INFO chunk."""
    assert body[:4] == b"INFO"
    texts = {}
    at = 4
    while at < len(body):
        name, length = struct.unpack_from("<4sI", body, at)
        text = body[at + 8 : at + 8 + length]
        assert text.endswith(b"\0")
        texts[name.decode("ascii")] = text[:-1].decode("utf-8")
        at += 8 + length + length % 2
    return texts
