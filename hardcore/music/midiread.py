"""Reading Standard MIDI Files, from anyone: a damaged or hostile one is refused in words.

Plain Python and bounded: every length is checked against the bytes there are. A library's parser would be faster, but
the one at hand loses channels, the ends of tracks and notes left on, and is native code on untrusted bytes.
"""

from dataclasses import dataclass, field
from pathlib import Path

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.music.midimaps import build_key, build_meter, build_tempo
from hardcore.music.midisong import MidiNote, MidiSong, MidiTrack
from hardcore.music.miditrack import TrackReading, read_track
from hardcore.music.ticks import MAX_POINTS, MAX_TICKS, PPQ

HINT = "give a Standard MIDI File (.mid)"


@dataclass(frozen=True, slots=True)
class MidiLimits:
    """The most a file may hold."""

    size_bytes: int = 16 * 2**20
    notes: int = 1_000_000
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

    Notes still on at a track's end stop there. Tempos are kept within 10–1000 BPM; a meter change within a bar moves
    to the next bar line; `warnings` says so. Raises UserError for what is not a whole MIDI file or is over the limits.
    """
    limits = limits or MidiLimits()
    data = source if isinstance(source, bytes) else _load(Path(source), limits)
    if len(data) > limits.size_bytes:
        raise _too_large(limits)
    scale = _header(data)
    chunks = _chunks(data, limits)
    readings: list[TrackReading] = []
    room = limits.notes
    for number, chunk in enumerate(chunks, 1):
        readings.append(read_track(chunk, number, room))
        room -= readings[-1].count
        if sum(len(reading.changes) for reading in readings) > MAX_POINTS:
            raise UserError("the MIDI file has too many tempo and meter changes", f"at most {MAX_POINTS}")
    return _song(readings, scale)


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


def _chunks(data: bytes, limits: MidiLimits) -> list[bytes]:
    """Return the bodies of the track chunks; other chunks are skipped. Raises UserError."""
    position = 8 + int.from_bytes(data[4:8], "big")
    chunks: list[bytes] = []
    declared = int.from_bytes(data[10:12], "big")
    # bytes after the last declared track are not music: some programs leave padding there
    while len(chunks) < declared:
        size = int.from_bytes(data[position + 4 : position + 8], "big")
        if position + 8 + size > len(data):
            raise UserError(f"the MIDI file is cut off in track {len(chunks) + 1} of {declared}", HINT)
        if data[position : position + 4] == b"MTrk":
            chunks.append(data[position + 8 : position + 8 + size])
        position += 8 + size
        if len(chunks) > limits.tracks:
            raise UserError("the MIDI file has too many tracks", f"at most {limits.tracks}")
    return chunks


def _song(readings: list[TrackReading], scale: _Scale) -> MidiSong:
    warnings = scale.warnings
    changes = [(scale(tick), kind, v, w) for reading in readings for tick, kind, v, w in reading.changes]
    # frames of film have no tempo
    film = bool(warnings) and "seconds" in warnings[0]
    tempo_map = build_tempo([(t, v) for t, kind, v, _ in changes if kind == "tempo" and not film], warnings)
    meter_map = build_meter([(t, v, w) for t, kind, v, w in changes if kind == "meter"], warnings)
    key = build_key([(t, v, w) for t, kind, v, w in changes if kind == "key"])
    first = readings[0] if readings else None
    return MidiSong(
        tracks=tuple(track for reading in readings for track in _tracks(reading, scale)),
        tempo_map=tempo_map,
        meter_map=meter_map,
        key=key,
        title=first.name if first and not first.count else "",
        length_ticks=max((scale(reading.length) for reading in readings), default=0),
        warnings=tuple(warnings[:50]),
    )


def _tracks(reading: TrackReading, scale: _Scale) -> list[MidiTrack]:
    """Return one track per channel that has notes, the notes in order."""
    tracks = []
    for channel, part in sorted(reading.parts.items()):
        notes = []
        for start, end, pitch, velocity in part.notes:
            checkpoint()
            first = scale(start)
            notes.append(MidiNote(first, max(scale(end) - first, 1), pitch, velocity))
        if notes:
            tracks.append(MidiTrack(reading.name, tuple(sorted(notes)), channel, part.program))
    return tracks
