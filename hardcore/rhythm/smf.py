"""A performance as a Standard MIDI File: type 1, tempo and meter, one named track per layer on channel 10.

The bytes are those that `hardcore.music.midifile.encode` gives, made a track at a time instead of a note at a time, and
piece by piece, so that a session can be as long as it likes.
"""

import io
import struct
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hardcore.music import midifile
from hardcore.music.midisong import DRUM_CHANNEL
from hardcore.music.tempo import PPQ, MeterMap, TempoMap, TempoPoint
from hardcore.rhythm.notes import NONE, Notes
from hardcore.rhythm.session import Performance, Session

_HEADER = struct.Struct(">4sIHHH")
_PIECE = 2**20
Octets = NDArray[np.uint8]
Whole = NDArray[np.int64]


class Sink(Protocol):
    """Where a track's bytes wait until the file is put together."""

    def write(self, data: bytes, /) -> int: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def read(self, size: int = -1, /) -> bytes: ...
    def tell(self) -> int: ...


def encode(performance: Performance) -> bytes:
    """Return the bytes of the file; every track lasts to the end of the last bar."""
    writer = Writer(performance.session)
    writer.add(performance.notes, performance.length_ticks)
    return b"".join(writer.finish(performance.bars))


class Writer:
    """Takes a session's notes in order and gives the file's bytes; each track's wait in a sink of its own."""

    def __init__(self, session: Session, sink: Callable[[], Sink] = io.BytesIO) -> None:
        self._session = session
        self._tracks = [_Track(name, session.rhythm.ppq, sink()) for name in session.rhythm.layers]

    def add(self, notes: Notes, until_ticks: int) -> None:
        """Take notes; none that comes later begins before `until_ticks`."""
        for number, track in enumerate(self._tracks):
            track.add(notes.of_layer(number), until_ticks)

    def finish(self, bars: int) -> Iterator[bytes]:
        """Yield the bytes of the file of so many bars, in pieces."""
        rhythm = self._session.rhythm
        end = bars * rhythm.bar_ticks
        tempo = TempoMap(points=(TempoPoint(tick=0, bpm=self._session.bpm),))
        meter = MeterMap(points=(rhythm.meter_point,))
        head = midifile.encode([], tempo, meter, division=rhythm.ppq, length_ticks=end, title=rhythm.name)
        _, size, kind, _, division = _HEADER.unpack_from(head)
        yield _HEADER.pack(b"MThd", size, kind, 1 + len(self._tracks), division)
        yield head[_HEADER.size :]
        for track in self._tracks:
            yield from track.finish(end)


class _Track:
    def __init__(self, name: str, division: int, sink: Sink) -> None:
        title = name.encode()
        self._division, self._sink, self._last = division, sink, 0
        self._waiting: Whole = np.zeros(0, np.int64)
        sink.write(b"".join([b"\0\xff\x03", _number(len(title)), title]))

    def add(self, notes: Notes, until_ticks: int) -> None:
        """Write what happens before `until_ticks`; the ends of notes that come after it wait."""
        events = np.sort(np.concatenate([self._waiting, _messages(notes, self._division)]))
        cut = int(np.searchsorted(events, _scaled(until_ticks, self._division) << 24))
        self._waiting = events[cut:]
        self._write(events[:cut])

    def finish(self, end_ticks: int) -> Iterator[bytes]:
        """Yield the track chunk, which lasts to the end."""
        self._write(np.sort(np.concatenate([self._waiting, _messages(NONE, self._division)])))
        rest = max(int(_scaled(end_ticks, self._division)) - self._last, 0)
        self._sink.write(_number(rest) + b"\xff\x2f\0")
        yield b"MTrk" + self._sink.tell().to_bytes(4, "big")
        self._sink.seek(0)
        while piece := self._sink.read(_PIECE):
            yield piece

    def _write(self, events: Whole) -> None:
        if len(events):
            self._sink.write(_octets(events, self._last))
            self._last = int(events[-1] >> 24)


def _scaled(ticks: Whole | int, division: int) -> Whole:
    wide = np.asarray(ticks, np.int64)
    return wide if division == PPQ else (wide * division * 2 + PPQ) // (2 * PPQ)


def _messages(notes: Notes, division: int) -> Whole:
    """Return each note's two messages as whole numbers that sort: by tick, offs before ons, then by pitch."""
    begin = notes.start.astype(np.int64)
    start = _scaled(begin, division)
    end = np.maximum(_scaled(begin + notes.length, division), start + 1)
    pitch, velocity = notes.pitch.astype(np.int64), notes.velocity.astype(np.int64)
    on = start << 24 | (0x90 | DRUM_CHANNEL) << 16 | pitch << 8 | velocity
    off = end << 24 | (0x80 | DRUM_CHANNEL) << 16 | pitch << 8
    return np.concatenate([on, off])


def _octets(events: Whole, last: int) -> bytes:
    """Return deltas (from tick `last` on) and messages."""
    deltas = np.diff(events >> 24, prepend=last)
    sizes = 1 + (deltas > 0x7F) + (deltas > 0x3FFF) + (deltas > 0x1FFFFF)
    ends = np.cumsum(sizes + 3)
    out: Octets = np.zeros(int(ends[-1]), np.uint8)
    for place, shift in ((3, 16), (2, 8), (1, 0)):
        out[ends - place] = (events >> shift) & 0xFF
    for octet in range(4):
        # the last octet of a delta has its highest bit clear
        longer = sizes > octet
        value = (deltas >> (7 * octet)) & 0x7F | (0x80 if octet else 0)
        out[ends[longer] - 4 - octet] = value[longer]
    return out.tobytes()


def _number(value: int) -> bytes:
    out = bytes((value & 0x7F,))
    while value := value >> 7:
        out = bytes((0x80 | value & 0x7F,)) + out
    return out
