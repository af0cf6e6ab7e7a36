"""The events of one track chunk of a MIDI file, read byte by byte with every length checked."""

from collections import Counter, deque
from dataclasses import dataclass, field

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.music.midilevels import EXPRESSION
from hardcore.music.midisong import DRUM_CHANNEL

# bytes of data after each channel status: note off, note on, pressure, controller, program, channel pressure, bend
_DATA = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
# bytes of data after what is said on a cable only
_STRAY = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF4: 0, 0xF5: 0, 0xF6: 0, **dict.fromkeys(range(0xF8, 0xFF), 0)}
_TEXT, _NAME, _LYRIC, _MARKS, _PORT = 0x01, 0x03, 0x05, (0x06, 0x07), 0x21
_END, _TEMPO, _METER, _KEY = 0x2F, 0x51, 0x58, 0x59
_PEDAL, _RESET, _ALL_OFF, _LAST = 64, 121, (120, 123), 119
# the value and the number of a parameter: registered number 0 is the range of bends, in semitones and cents
_ENTRY, _ENTRY_FINE, _NUMBERS, _OTHER_NUMBERS, _STEPS = 6, 38, (100, 101), (98, 99), (96, 97)
_CENTRE, _MODULATION = 8192, 1


# when a note began, its velocity, and the program in force
Voice = tuple[int, int, int | None]


@dataclass(slots=True)
class Part:
    """The notes of one channel: (start, end, pitch, velocity, program) in the file's ticks.

    `sounding` holds those still on, `ended` when a pitch was last told to end, `held` those that only the pedal holds.
    `controls` are (tick, controller, value), `bends` (tick, semitones), `pressures` (tick, key or None, value).
    `reach` is how far the wheel bends: semitones and cents; `parameter` the number that the next entry is for.
    """

    notes: list[tuple[int, int, int, int, int | None]] = field(default_factory=list)
    sounding: dict[int, deque[Voice]] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    program: int | None = None
    pedal: bool = False
    held: dict[int, list[Voice]] = field(default_factory=dict)
    controls: list[tuple[int, int, int]] = field(default_factory=list)
    bends: list[tuple[int, float]] = field(default_factory=list)
    pressures: list[tuple[int, int | None, int]] = field(default_factory=list)
    pressed: set[int | None] = field(default_factory=set)
    modulated: bool = False
    reach: tuple[int, int] = (2, 0)
    parameter: dict[int, int] = field(default_factory=dict)

    @property
    def says_anything(self) -> bool:
        """Return whether it moves anything."""
        return bool(self.controls or self.bends or self.pressures)

    def turn(self, tick: int, wheel: int) -> None:
        """Turn the wheel, 0 to 16,383."""
        semitones, cents = self.reach
        self.bends.append((tick, (wheel - _CENTRE) / _CENTRE * (semitones + cents / 100)))

    def press(self, tick: int, key: int | None, value: int) -> None:
        """Press a key that is down harder or less hard, or all of them."""
        self.pressures.append((tick, key, value))
        (self.pressed.add if value else self.pressed.discard)(key)

    def reset(self, tick: int) -> None:
        """Put back what hands and feet move: the pedal, the wheel, pressure, modulation and expression."""
        self.set_pedal(tick, down=False)
        self.controls.append((tick, EXPRESSION, 127))
        if self.modulated:
            self.controls.append((tick, _MODULATION, 0))
        if self.bends:
            self.turn(tick, _CENTRE)
        for key in tuple(self.pressed):
            self.press(tick, key, 0)

    def enter(self, number: int, value: int) -> bool:
        """Take the number of a parameter, or its value; return whether that is one that has a place."""
        if number in _OTHER_NUMBERS:
            self.parameter = {}
        elif number in _NUMBERS:
            self.parameter = {**self.parameter, number: value}
        elif any(self.parameter.get(one) for one in _NUMBERS) or not self.parameter:
            return all(self.parameter.get(one) == 127 for one in _NUMBERS)
        else:
            semitones, cents = self.reach
            self.reach = (value, cents) if number == _ENTRY else (semitones, value)
        return True

    def strike(self, tick: int, pitch: int, velocity: int) -> None:
        """Begin a note; what the pedal holds of that pitch ends."""
        self.release(tick, pitch)
        self.sounding.setdefault(pitch, deque()).append((tick, velocity, self.program))

    def release(self, tick: int, pitch: int) -> None:
        """End what the pedal holds of a pitch."""
        self.notes += ((start, tick, pitch, velocity, program) for start, velocity, program in self.held.pop(pitch, ()))

    def set_pedal(self, tick: int, *, down: bool) -> None:
        """Press or lift the sustain pedal."""
        self.pedal = down
        for pitch in () if down else tuple(self.held):
            self.release(tick, pitch)

    def close(self, tick: int, pitch: int) -> None:
        """End the oldest sounding note of `pitch`; a note-off without a note says nothing."""
        voices = self.sounding.get(pitch)
        self.ended[pitch] = tick
        if voices:
            start, velocity, program = voices.popleft()
            if self.pedal:
                self.held.setdefault(pitch, []).append((start, velocity, program))
            else:
                self.notes.append((start, tick, pitch, velocity, program))


@dataclass(slots=True)
class TrackReading:
    """What one chunk holds. `changes` are (tick, "tempo" | "meter" | "key", value, value).

    markers   (tick, name) of markers and cue points
    lyrics    (tick, syllable); `texts` what else is written there, which karaoke files have instead
    port      the port of a cable, from 0

    moves     how many of its events are no notes
    left_out  how many of its events belong in no file, or have values that there are not
    unkept    how much of what else a song has no place for, by name
    is_cut    its end is missing, or is no MIDI: what comes before was read
    """

    name: str = ""
    parts: dict[int, Part] = field(default_factory=dict)
    changes: list[tuple[int, str, int, int]] = field(default_factory=list)
    markers: list[tuple[int, str]] = field(default_factory=list)
    lyrics: list[tuple[int, str]] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    port: int | None = None
    length: int = 0
    count: int = 0
    moves: int = 0
    left_out: int = 0
    unkept: Counter[str] = field(default_factory=Counter)
    is_cut: bool = False

    @property
    def sung(self) -> list[tuple[int, str]]:
        """Return the lyrics; of a karaoke track, which says so by a text with @, its texts."""
        if self.lyrics or not any(text.startswith("@") for _, text in self.texts):
            return self.lyrics
        return [(tick, text) for tick, text in self.texts if not text.startswith("@")]

    def part(self, channel: int) -> Part:
        """Return the part on `channel`, made on first use."""
        return self.parts.setdefault(channel, Part())


def read_track(chunk: bytes, room: int) -> TrackReading:
    """Return the events of a track, as far as they can be read. Raises UserError for more than `room` of them.

    Notes still on end where their pitch was last told to, else with the track; in one that is cut they are none.
    """
    reading = TrackReading()
    try:
        _walk(chunk, reading, room)
    except (IndexError, _Damaged):
        reading.is_cut = True
    for part in reading.parts.values():
        for pitch in tuple(part.held):
            part.release(part.ended[pitch] if reading.is_cut else reading.length, pitch)
        for pitch, voices in part.sounding.items():
            for start, velocity, program in voices:
                end = part.ended.get(pitch, 0)
                if end > start or not reading.is_cut:
                    part.notes.append((start, end if end > start else reading.length, pitch, velocity, program))
    return reading


class _Damaged(Exception):
    """The bytes are not MIDI events."""


def _walk(chunk: bytes, reading: TrackReading, room: int) -> None:
    position, now, status = 0, 0, 0
    while position < len(chunk):
        checkpoint()
        delta, position = _number(chunk, position)
        now += delta
        reading.length = now
        if chunk[position] in _STRAY:  # of a cable, not of a file
            position += 1 + _STRAY[chunk[position]]
            reading.left_out += 1
            continue
        if chunk[position] >= 0xF0:
            kind, body, position = _system(chunk, position)
            if kind == _END:
                break
            _keep(reading, now, kind, body)
            _ensure_room(reading, room)
            continue
        if chunk[position] >= 0x80:
            status = chunk[position]
            position += 1
        if not status:
            raise _Damaged
        _play(reading, now, status, chunk[position], chunk[position + _DATA[status & 0xF0] - 1])
        position += _DATA[status & 0xF0]
        _ensure_room(reading, room)


def _ensure_room(reading: TrackReading, room: int) -> None:
    if reading.count + reading.moves > room:
        raise UserError("the MIDI file has too many notes")


def _number(chunk: bytes, position: int) -> tuple[int, int]:
    """Return a variable-length quantity, of four bytes at most, and the position after it."""
    value = chunk[position]
    if value < 0x80:
        return value, position + 1
    value &= 0x7F
    for after in range(position + 1, position + 4):
        byte = chunk[after]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, after + 1
    raise _Damaged


def _system(chunk: bytes, position: int) -> tuple[int, bytes, int]:
    """Return the kind (−1 for other than meta), body and end of a meta or system-exclusive event."""
    status = chunk[position]
    if status == 0xFF:
        kind, start = chunk[position + 1], position + 2
    elif status in (0xF0, 0xF7):
        kind, start = -1, position + 1
    else:
        raise _Damaged
    size, start = _number(chunk, start)
    if start + size > len(chunk):
        raise _Damaged
    return kind, chunk[start : start + size], start + size


def _keep(reading: TrackReading, now: int, kind: int, body: bytes) -> None:
    """Take the meta events that matter; those with too few bytes say nothing."""
    reading.moves += 1
    if kind == _NAME and not reading.name:
        reading.name = _text(body)
    elif kind in _MARKS and (name := _text(body)):
        reading.markers.append((now, name))
    elif kind in (_LYRIC, _TEXT) and (syllable := _syllable(body)):
        (reading.lyrics if kind == _LYRIC else reading.texts).append((now, syllable))
    elif kind == _PORT and body and reading.port is None and body[0] < 128:
        reading.port = body[0]
    elif kind == _TEMPO and len(body) >= 3:
        reading.changes.append((now, "tempo", int.from_bytes(body[:3], "big"), 0))
    elif kind == _METER and len(body) >= 2:
        reading.changes.append((now, "meter", body[0], body[1]))
    elif kind == _KEY and len(body) >= 2:
        reading.changes.append((now, "key", body[0] - 256 if body[0] > 127 else body[0], body[1]))


def _play(reading: TrackReading, now: int, status: int, first: int, second: int) -> None:
    if (first | second) & 0x80:
        reading.left_out += 1
        return
    kind, channel = status & 0xF0, status & 0x0F
    reading.moves += kind >= 0xA0
    if kind == 0x90 and second:
        reading.part(channel).strike(now, first, second)
        reading.count += 1
    elif kind in (0x80, 0x90):
        reading.part(channel).close(now, first)
    elif kind == 0xB0:
        _control(reading, now, channel, first, second)
    elif kind == 0xC0:
        reading.part(channel).program = first
    elif kind == 0xE0:
        reading.part(channel).turn(now, first + 128 * second)
    elif kind in (0xA0, 0xD0):
        reading.part(channel).press(now, *((first, second) if kind == 0xA0 else (None, first)))


def _control(reading: TrackReading, now: int, channel: int, number: int, value: int) -> None:
    """Take a controller: the pedal (drums have none), the range of bends, and the others as they are."""
    part = reading.part(channel)
    if number == _PEDAL:
        part.set_pedal(now, down=value >= 64 and channel != DRUM_CHANNEL)
    elif number == _RESET:
        part.reset(now)
    elif number in _ALL_OFF:
        for pitch, voices in part.sounding.items():
            for _ in range(len(voices)):
                part.close(now, pitch)
    elif number in (_ENTRY, _ENTRY_FINE, *_NUMBERS, *_OTHER_NUMBERS):
        reading.unkept["parameters of instruments"] += not part.enter(number, value)
    elif number <= _LAST and number not in _STEPS:
        part.controls.append((now, number, value))
        part.modulated |= number == _MODULATION


def _syllable(body: bytes) -> str:
    """Return a syllable, spaces at its ends too: they part words. What begins a line becomes a stroke."""
    text = _decoded(body[:320]).replace("\r\n", "/").replace("\r", "/").replace("\n", "/")
    return "".join(letter if letter.isprintable() else " " for letter in text)[:80] if text.strip() else ""


def _text(body: bytes) -> str:
    """Return a name in the encoding that it is most likely in; control characters become spaces; 80 characters."""
    text = _decoded(body[:400])
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:80]


def _decoded(body: bytes) -> str:
    """Return the text of bytes that do not say what they are in: UTF-8, Shift-JIS, Cyrillic or Latin.

    Shift-JIS has bytes that are no letters in the others; most letters of a Cyrillic name are above 0xBF, few of a
    Latin one.
    """
    try:
        return body.decode()
    except UnicodeDecodeError:
        pass
    encoding = "latin-1"
    if any(0x80 <= byte < 0xA0 for byte in body):
        encoding = "cp932"
    elif sum(byte >= 0xC0 for byte in body) > sum(chr(byte).isalpha() for byte in body) / 2:
        encoding = "cp1251"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")
