"""Reading Standard MIDI Files, from anyone: what players forgive is told, what has no note or is too much refused.

Plain Python and bounded: every length is checked against the bytes there are. A library's parser would be faster, but
the one at hand loses channels, the ends of tracks and notes left on, and is native code on untrusted bytes.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.music.midimaps import build_keys, build_meter, build_tempo
from hardcore.music.midisong import MidiNote, MidiSong, MidiTrack
from hardcore.music.miditrack import Part, TrackReading, read_track
from hardcore.music.ticks import MAX_POINTS, MAX_TICKS, PPQ

HINT = "give a Standard MIDI File (.mid)"


@dataclass(frozen=True, slots=True)
class MidiLimits:
    """The most a file may hold."""

    size_bytes: int = 16 * 2**20
    events: int = 1_000_000
    tracks: int = 4096


@dataclass(slots=True)
class _Scale:
    """How the file's ticks become ours: tick · up / down."""

    up: int
    down: int
    warnings: list[str] = field(default_factory=list)

    def __call__(self, tick: int) -> int:
        scaled = (2 * tick * self.up + self.down) // (2 * self.down)
        if scaled > MAX_TICKS:
            raise UserError("the MIDI file is too long", f"at most {MAX_TICKS // PPQ} beats")
        return scaled


def read(source: str | Path | bytes, limits: MidiLimits | None = None) -> MidiSong:
    """Return the song in a file (or its bytes), scaled to 1920 ticks per quarter; one track per part and channel.

    Notes still on at a track's end stop there; what is cut off is read as far as it goes. Tempos are kept within
    10–1000 BPM; a meter change within a bar moves to the next bar line; `warnings` says so. Raises UserError for what
    is no MIDI file, is damaged and has no whole note, or is over the limits.
    """
    limits = limits or MidiLimits()
    data = source if isinstance(source, bytes) else _load(Path(source), limits)
    if len(data) > limits.size_bytes:
        raise _too_large(limits)
    data = _unwrapped(data)
    scale = _header(data)
    readings: list[TrackReading] = []
    known, room = len(scale.warnings), limits.events
    for number, chunk in enumerate(_chunks(data, limits, scale.warnings), 1):
        readings.append(read_track(chunk, room))
        room -= readings[-1].count + readings[-1].moves
        if readings[-1].is_cut:
            scale.warnings.append(f"track {number} is cut off or damaged: what comes before was read")
        if sum(len(reading.changes) for reading in readings) > MAX_POINTS:
            raise UserError("the MIDI file has too many tempo and meter changes", f"at most {MAX_POINTS}")
    if left_out := sum(reading.left_out for reading in readings):
        scale.warnings.append(f"events that belong in no file, left out: {left_out}")
    whole = len(scale.warnings) == known
    if unkept := sum((reading.unkept for reading in readings), Counter[str]()):
        scale.warnings.append(f"no place for: {', '.join(f'{name} ({n})' for name, n in unkept.most_common(20))}")
    if not whole and not any(reading.count for reading in readings):
        raise UserError("the MIDI file is cut off or damaged, and has no whole note", HINT)
    return _song(readings, scale)


def _unwrapped(data: bytes) -> bytes:
    """Return the MIDI file in a RIFF file of the kind RMID; what is none as it is."""
    if data[:4] != b"RIFF" or data[8:12] != b"RMID":
        return data
    position = 12
    while position + 8 <= len(data):
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        if data[position : position + 4] == b"data":
            return data[position + 8 : position + 8 + size]
        position += 8 + size + size % 2
    return data


def _load(path: Path, limits: MidiLimits) -> bytes:
    try:
        with path.open("rb") as file:
            # one byte over the limit is enough to know, however large (or endless) the file is
            return file.read(limits.size_bytes + 1)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from error


def _too_large(limits: MidiLimits) -> UserError:
    return UserError("the MIDI file is too large", f"at most {limits.size_bytes / 2**20:g} MB")


def _header(data: bytes) -> _Scale:
    """Return the scale of ticks the header asks for. Raises UserError."""
    if data[:4] != b"MThd":
        raise UserError("this is not a MIDI file", HINT)
    if len(data) < 14 or int.from_bytes(data[4:8], "big") < 6:
        raise UserError("the MIDI file's header is cut off", HINT)
    kind, division = (int.from_bytes(data[8:10], "big"), int.from_bytes(data[12:14], "big"))
    if kind > 2 or division == 0:
        raise UserError("the MIDI file's header is damaged", HINT)
    scale = _Scale(PPQ, division)
    if division & 0x8000:
        fps, steps = 256 - (division >> 8), division & 0xFF
        if fps not in (24, 25, 29, 30) or not steps:
            raise UserError("the MIDI file's header is damaged", HINT)
        # timed in film frames: at 120 BPM a quarter is half a second; 29 means 30000/1001
        scale = _Scale(2 * PPQ * 1001, 30_000 * steps) if fps == 29 else _Scale(2 * PPQ, fps * steps)
        scale.warnings.append("the file is timed in seconds, not beats: read at 120 BPM")
    if kind == 2:
        scale.warnings.append("the file holds independent patterns: all start together")
    return scale


def _chunks(data: bytes, limits: MidiLimits, warnings: list[str]) -> list[bytes]:
    """Return the bodies of the track chunks, as many as there are; other chunks are skipped. Raises UserError."""
    position = 8 + int.from_bytes(data[4:8], "big")
    chunks: list[bytes] = []
    declared = int.from_bytes(data[10:12], "big")
    # bytes after the last declared track are music only if they say so: some programs leave padding there
    while position + 8 <= len(data) and (len(chunks) < declared or data[position : position + 4] == b"MTrk"):
        size = int.from_bytes(data[position + 4 : position + 8], "big")
        if data[position : position + 4] == b"MTrk":
            chunks.append(data[position + 8 : position + 8 + size])
        position += 8 + size
        if len(chunks) > limits.tracks:
            raise UserError("the MIDI file has too many tracks", f"at most {limits.tracks}")
    if len(chunks) != declared:
        warnings.append(f"the file holds {len(chunks)} tracks, and says {declared}")
    elif position > len(data):
        warnings.append(f"track {len(chunks)} says that it is longer than the file")
    return chunks


def _song(readings: list[TrackReading], scale: _Scale) -> MidiSong:
    warnings = scale.warnings
    # some programs say what plays on which channel in a track of its own
    silent = {(r.port, c): part for r in readings for c, part in r.parts.items() if not part.notes}
    tracks = tuple(track for reading in readings for track in _tracks(reading, silent, scale))
    changes = [(scale(tick), kind, v, w) for reading in readings for tick, kind, v, w in reading.changes]
    # frames of film have no tempo
    film = bool(warnings) and "seconds" in warnings[0]
    tempo_map = build_tempo([(t, v) for t, kind, v, _ in changes if kind == "tempo" and not film], warnings)
    meter_map = build_meter([(t, v, w) for t, kind, v, w in changes if kind == "meter"], warnings)
    keys = build_keys([(t, v, w) for t, kind, v, w in changes if kind == "key"])
    first = readings[0] if readings else None
    return MidiSong(
        tracks=tracks,
        tempo_map=tempo_map,
        meter_map=meter_map,
        key=keys[0][1] if keys else None,
        keys=tuple(keys[1:]),
        title=first.name if first and not first.count else "",
        length_ticks=max((scale(reading.length) for reading in readings), default=0),
        markers=tuple(sorted((scale(tick), name) for reading in readings for tick, name in reading.markers)),
        lyrics=tuple(sorted((scale(t), text) for r in readings if not r.count for t, text in r.sung)),
        warnings=tuple(warnings[:50]),
    )


def _tracks(reading: TrackReading, silent: Mapping[tuple[int | None, int], Part], scale: _Scale) -> list[MidiTrack]:
    """Return one track per channel and program that has notes, the notes in order.

    Notes before the first program belong to that; program and controllers that are not said here are those that a
    `silent` track says of the channel. Notes of one pitch that begin together are one, as in what is
    written: the longer and the louder.
    """
    tracks, doubled = [], 0
    for channel, part in sorted(reading.parts.items()):
        programs: dict[int | None, dict[tuple[int, int], MidiNote]] = {}
        other = silent.get((reading.port, channel), part)
        said = (program for *_, program in sorted(part.notes, key=itemgetter(0)) if program is not None)
        begun = next(said, other.program if part.program is None else part.program)
        for start, end, pitch, velocity, program in part.notes:
            checkpoint()
            notes = programs.setdefault(begun if program is None else program, {})
            first = scale(start)
            length = max(scale(end) - first, 1)
            if (same := notes.get((first, pitch))) is not None:
                length, velocity, doubled = max(length, same[1]), max(velocity, same[3]), doubled + 1
            notes[first, pitch] = MidiNote(first, length, pitch, velocity)
        said_here = part if part.says_anything else other
        for program, notes in programs.items():
            in_order = tuple(sorted(notes.values()))
            tracks.append(_track(reading, channel, program, in_order, said_here, scale))
    if tracks:
        words = tuple((scale(tick), text) for tick, text in reading.sung)
        tracks[0] = replace(tracks[0], lyrics=words)
    if doubled:
        scale.warnings.append(f"{reading.name or 'a track'}: notes that began with another of their pitch: {doubled}")
    return tracks


def _track(
    reading: TrackReading, channel: int, program: int | None, notes: tuple[MidiNote, ...], part: Part, scale: _Scale
) -> MidiTrack:
    """Return notes as a track that moves as a part of the file does."""
    return MidiTrack(
        reading.name, notes, channel, program, port=reading.port,
        bends=[(scale(tick), semitones) for tick, semitones in part.bends],
        controls=tuple((scale(tick), number, value) for tick, number, value in part.controls),
        pressures=[(scale(tick), key, value) for tick, key, value in part.pressures],
    )  # fmt: skip
