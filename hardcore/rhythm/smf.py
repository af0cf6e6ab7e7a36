"""A performance as a Standard MIDI File: type 1, tempo and meter, one named track per layer on channel 10.

The bytes are those that `hardcore.music.midifile.encode` gives, made a track at a time instead of a note at a time.
"""

import struct

import numpy as np
from numpy.typing import NDArray

from hardcore.music import midifile
from hardcore.music.midisong import DRUM_CHANNEL
from hardcore.music.tempo import PPQ, MeterMap, TempoMap, TempoPoint
from hardcore.rhythm.notes import Notes
from hardcore.rhythm.session import Performance

_HEADER = struct.Struct(">4sIHHH")
Octets = NDArray[np.uint8]


def encode(performance: Performance) -> bytes:
    """Return the bytes of the file; every track lasts to the end of the last bar, or as long as its notes ring."""
    rhythm = performance.rhythm
    tempo = TempoMap(points=(TempoPoint(tick=0, bpm=performance.bpm),))
    meter = MeterMap(points=(rhythm.meter_point,))
    end = performance.length_ticks
    head = midifile.encode([], tempo, meter, division=rhythm.ppq, length_ticks=end, title=rhythm.name)
    tracks = [
        _track(name, performance.notes.of_layer(number), rhythm.ppq, end) for number, name in enumerate(rhythm.layers)
    ]
    _, size, kind, _, division = _HEADER.unpack_from(head)
    header = _HEADER.pack(b"MThd", size, kind, 1 + len(tracks), division)
    return b"".join([header, head[_HEADER.size :], *tracks])


def _track(name: str, notes: Notes, division: int, end_ticks: int) -> bytes:
    title = name.encode()
    body = _events(notes, division)
    last = int(_scaled(int((notes.start + notes.length).max(initial=0)), division))
    rest = max(int(_scaled(end_ticks, division)) - last, 0)
    parts = [b"\0\xff\x03", _number(len(title)), title, body, _number(rest), b"\xff\x2f\0"]
    data = b"".join(parts)
    return b"MTrk" + len(data).to_bytes(4, "big") + data


def _scaled(ticks: NDArray[np.int64] | int, division: int) -> NDArray[np.int64]:
    wide = np.asarray(ticks, np.int64)
    return wide if division == PPQ else (wide * division * 2 + PPQ) // (2 * PPQ)


def _events(notes: Notes, division: int) -> bytes:
    """Return deltas and messages in order: by tick, offs before ons, then by pitch."""
    begin = notes.start.astype(np.int64)
    start = _scaled(begin, division)
    end = np.maximum(_scaled(begin + notes.length, division), start + 1)
    pitch, velocity = notes.pitch.astype(np.int64), notes.velocity.astype(np.int64)
    on = start << 24 | (0x90 | DRUM_CHANNEL) << 16 | pitch << 8 | velocity
    off = end << 24 | (0x80 | DRUM_CHANNEL) << 16 | pitch << 8
    events = np.sort(np.concatenate([on, off]))
    deltas = np.diff(events >> 24, prepend=0)
    sizes = 1 + (deltas > 0x7F) + (deltas > 0x3FFF) + (deltas > 0x1FFFFF)
    ends = np.cumsum(sizes + 3)
    out: Octets = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
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
