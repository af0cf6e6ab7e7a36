"""Standard MIDI Files: `write` and `encode` make type-1 files, `read` opens any.

Our own writer, because libraries move tempo and program events, end tracks early or take 40 ms for 10,000 notes.
The format: "Standard MIDI-File Format Spec. 1.1", MIDI Manufacturers Association (RP-001).
"""

import struct
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from hardcore.artifacts import write_whole
from hardcore.checkpoint import checkpoint
from hardcore.music.midiread import read
from hardcore.music.midisong import MidiNote, MidiSong, MidiTrack
from hardcore.music.scale import Key
from hardcore.music.tempo import PPQ, MeterMap, TempoMap

__all__ = ["MidiNote", "MidiSong", "MidiTrack", "encode", "read", "write"]

BEND_RANGES = (2, 12, 24, 48, 96)  # semitones that a whole turn of the wheel may be, said in each track that bends
RAMP_TICKS = 120  # how often the tempo changes in a ramp, in a file: it knows steps only
_MAX_DELTA = 2**28 - 1
_NAME, _LYRIC, _MARKER, _PORT, _END = 0x03, 0x05, 0x06, 0x21, 0x2F
_TEMPO, _METER, _KEY = 0x51, 0x58, 0x59
_BANK, _SHORT = (0, 32), (0xC, 0xD)


def write(
    path: str | Path,
    tracks: Sequence[MidiTrack],
    tempo_map: TempoMap,
    meter_map: MeterMap,
    key: Key | None = None,
    *,
    division: int = PPQ,
    length_ticks: int = 0,
    title: str = "",
) -> None:
    """Write a type-1 file; returns nothing. As `encode`; raises UserError when the file cannot be written."""
    data = encode(tracks, tempo_map, meter_map, key, division=division, length_ticks=length_ticks, title=title)
    write_whole(Path(path), data)


def encode(
    tracks: Sequence[MidiTrack],
    tempo_map: TempoMap,
    meter_map: MeterMap,
    key: Key | None = None,
    *,
    division: int = PPQ,
    length_ticks: int = 0,
    title: str = "",
    markers: Sequence[tuple[int, str]] = (),
    key_changes: Sequence[tuple[int, Key]] = (),
) -> bytes:
    """Return the bytes of a type-1 file: a conductor track (title, meter, keys, tempo, markers), then the named parts.

    `division` is ticks per quarter, 1–32767. Every track lasts `length_ticks`, or longer where notes ring on. A note
    before 0 starts at 0; notes of one pitch that overlap end where the next begins. The same input gives the same
    bytes. Raises ValueError for values a file cannot hold.
    """
    if not 1 <= division <= 32767:
        raise ValueError(f"division {division} is not in 1–32767")
    if len(tracks) > 65534:
        raise ValueError("too many tracks")
    end = _scaled(length_ticks, division)
    first = [(0, _meta(_NAME, title.encode()))] if title else []
    first += [(_scaled(tick, division), _meta(_MARKER, name.encode())) for tick, name in markers]
    keys = [*([(0, key)] if key is not None else []), *key_changes]
    chunks = [_conductor(tempo_map, meter_map, keys, first, division, end)]
    chunks += [_part(track, division, end) for track in tracks]
    return b"".join([struct.pack(">4sIHHH", b"MThd", 6, 1, len(chunks), division), *chunks])


def _conductor(
    tempo_map: TempoMap,
    meter_map: MeterMap,
    keys: Iterable[tuple[int, Key]],
    first: list[tuple[int, bytes]],
    division: int,
    end: int,
) -> bytes:
    events = list(first)
    for meter in meter_map.points:
        power = meter.denominator.bit_length() - 1
        # 24 MIDI clocks to the quarter: the click falls on the counted beat
        body = bytes((meter.numerator, power, 96 // meter.denominator, 8))
        events.append((_scaled(meter.tick, division), _meta(_METER, body)))
    for tick, key in keys:
        events.append((_scaled(tick, division), _meta(_KEY, struct.pack("bB", key.accidentals, key.is_minor))))
    for tick, quarter_us in _tempos(tempo_map):
        events.append((_scaled(tick, division), _meta(_TEMPO, quarter_us.to_bytes(3, "big"))))
    events.sort(key=lambda event: event[0])
    out, now = bytearray(), 0
    for tick, event in events:
        out += _delta(tick - now) + event
        now = tick
    return _chunk(out, max(end - now, 0))


def _tempos(tempo_map: TempoMap) -> Iterator[tuple[int, int]]:
    """Yield the tempos of a file: from which tick on, and microseconds a quarter; a ramp is cut into steps.

    Each step takes as long as its stretch of the ramp, so that nothing adds up but the rounding to a microsecond.
    """
    for point, after in zip_longest(tempo_map.points, tempo_map.points[1:]):
        if after is None or not after.ramp:
            yield point.tick, round(60_000_000 / point.bpm)
            continue
        for tick in range(point.tick, after.tick, RAMP_TICKS):
            end = min(tick + RAMP_TICKS, after.tick)
            yield tick, round((tempo_map.seconds(end) - tempo_map.seconds(tick)) * 1e6 * PPQ / (end - tick))


def _part(track: MidiTrack, division: int, end: int) -> bytes:
    if not (0 <= track.channel <= 15 and (track.program is None or 0 <= track.program <= 127)):
        raise ValueError(f"channel {track.channel} or program {track.program} is out of range")
    out = bytearray(b"\0" + _meta(_NAME, track.name.encode()))
    if track.port is not None:
        out += b"\0" + _meta(_PORT, bytes((track.port,)))
    # a bank counts with the program that follows
    first = [one for one in track.controls if one[1] in _BANK and one[0] <= 0]
    for _, number, value in first:
        out += bytes((0, 0xB0 | track.channel, number, value))
    if track.program is not None:
        out += bytes((0, 0xC0 | track.channel, track.program))
    if track.bends:
        # registered parameter 0, the range of the wheel, then no parameter
        for number, value in ((101, 0), (100, 0), (6, _bend_range(track)), (38, 0), (101, 127), (100, 127)):
            out += bytes((0, 0xB0 | track.channel, number, value))
    track = replace(track, controls=[one for one in track.controls if one not in first])
    words = deque(sorted((_scaled(max(tick, 0), division), text) for tick, text in track.lyrics))
    now = 0
    for event in _events(track, division):
        checkpoint()
        tick, message = event >> 24, event & 0xFFFFFF
        now = _sing(out, words, now, tick)
        if tick - now < 128 and message >> 20 not in _SHORT:
            out += (tick - now << 24 | message).to_bytes(4, "big")
        else:
            out += _delta(tick - now) + message.to_bytes(3, "big")[: 2 if message >> 20 in _SHORT else 3]
        now = tick
    now = _sing(out, words, now, _MAX_DELTA * _MAX_DELTA)
    return _chunk(out, max(end - now, 0))


def _sing(out: bytearray, words: deque[tuple[int, str]], now: int, until: int) -> int:
    """Add the syllables up to a tick to what was written up to `now`; return how far that is then."""
    while words and words[0][0] <= until:
        tick, text = words.popleft()
        out += _delta(tick - now) + _meta(_LYRIC, text.encode())
        now = tick
    return now


def _events(track: MidiTrack, division: int) -> list[int]:
    """Return note-ons and -offs, ordered, each as one integer: the tick, then the three bytes of the message.

    Packed so, sorting is by tick, then offs before ons (0x8n is below 0x9n), then pitch, and it is fast.
    """
    on, off = (0x90 | track.channel) << 16, (0x80 | track.channel) << 16
    events: list[int] = []
    for pitch, voice in _voices(track.notes, division).items():
        checkpoint()
        starts = sorted(voice)
        for first, following in zip_longest(starts, starts[1:]):
            last, velocity = voice[first]
            if following is not None and following < last:
                last = following
            events += (first << 24 | on | pitch << 8 | velocity, last << 24 | off | pitch << 8)
    moves = [*_bends(track, division), *_moves(track, division)]
    events += moves
    events.sort(key=_order if moves else None)
    return events


def _moves(track: MidiTrack, division: int) -> Iterator[int]:
    """Yield controllers and aftertouch as `_events` has them."""
    for tick, number, value in track.controls:
        yield _scaled(max(tick, 0), division) << 24 | (0xB0 | track.channel) << 16 | number << 8 | value
    for tick, key, value in track.pressures:
        status, body = (0xD0, value << 8) if key is None else (0xA0, key << 8 | value)
        yield _scaled(max(tick, 0), division) << 24 | (status | track.channel) << 16 | body


def _order(event: int) -> tuple[int, int, int]:
    """Return what sorts moves in: of one tick notes off come first, then those, then notes on, then their pressure."""
    kind = event >> 20 & 0xF
    return event >> 24, {0x8: 0, 0xB: 1, 0xD: 1, 0xE: 1}.get(kind, 2), event


def _bends(track: MidiTrack, division: int) -> Iterator[int]:
    """Yield the turns of the wheel as `_events` has them, of one tick the last."""
    at = {_scaled(max(tick, 0), division): semitones for tick, semitones in track.bends}
    reach = _bend_range(track)
    for tick, semitones in at.items():
        wheel = min(max(8192 + round(semitones / reach * 8192), 0), 16_383)
        yield tick << 24 | (0xE0 | track.channel) << 16 | (wheel & 0x7F) << 8 | wheel >> 7


def _bend_range(track: MidiTrack) -> int:
    """Return the semitones of a whole turn of the wheel: the fewest that are enough, as a wheel has few steps."""
    most = max((abs(semitones) for _, semitones in track.bends), default=0)
    return next((one for one in BEND_RANGES if most <= one), BEND_RANGES[-1])


def _voices(notes: Iterable[tuple[int, ...]], division: int) -> dict[int, dict[int, tuple[int, int]]]:
    """Return, by pitch and start, the end and velocity of each note, in the file's ticks."""
    voices: dict[int, dict[int, tuple[int, int]]] = {pitch: {} for pitch in range(128)}
    for note in notes:
        checkpoint()
        start, length, pitch, velocity = note[:4]
        voice = voices.get(pitch)
        if voice is None or not 0 <= velocity <= 127:
            raise ValueError(f"pitch {pitch} or velocity {velocity} is out of range")
        first = max(start, 0)
        last = first + length
        if division != PPQ:
            first, last = _scaled(first, division), _scaled(last, division)
        if last <= first:
            last = first + 1
        loud = velocity or 1  # a note-on of velocity 0 would be a note-off
        if first in voice:
            # two notes of one pitch at one tick are one: the longer and the louder
            last, loud = max(last, voice[first][0]), max(loud, voice[first][1])
        voice[first] = last, loud
    return voices


def _scaled(tick: int, division: int) -> int:
    return tick if division == PPQ else (tick * division * 2 + PPQ) // (2 * PPQ)


def _chunk(events: bytearray, rest: int) -> bytes:
    body = bytes(events) + _delta(rest) + _meta(_END, b"")
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def _meta(kind: int, body: bytes) -> bytes:
    return bytes((0xFF, kind)) + _number(len(body)) + body


def _delta(ticks: int) -> bytes:
    """Return a delta time; one longer than the format allows is bridged by empty text events."""
    if ticks <= _MAX_DELTA:
        return _number(ticks)
    out = b""
    while ticks > _MAX_DELTA:
        out += _number(_MAX_DELTA) + _meta(0x01, b"")
        ticks -= _MAX_DELTA
    return out + _number(ticks)


def _number(value: int) -> bytes:
    """Return a variable-length quantity: seven bits a byte, the highest bit set on all but the last."""
    if 127 < value < 16_384:
        return bytes((0x80 | value >> 7, value & 0x7F))
    out = bytes((value & 0x7F,))
    while value := value >> 7:
        out = bytes((0x80 | value & 0x7F,)) + out
    return out
