"""What a Standard MIDI File holds, in our own terms: 1920 ticks per quarter, tracks of notes, tempo and meter maps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hardcore.music.scale import Key
from hardcore.music.tempo import MeterMap, TempoMap

DRUM_CHANNEL = 9  # channel 10 as people count


class MidiNote(NamedTuple):
    """One note: start and length in ticks, pitch 0–127, velocity 1–127."""

    start_ticks: int
    length_ticks: int
    pitch: int
    velocity: int = 100


@dataclass(frozen=True, slots=True)
class MidiTrack:
    """One named part. `notes` is in any order; each may be any tuple that begins as a MidiNote does.

    `channel` counts from 0, `port` too, `program` is 0–127 or None when none is said. `bends` are (tick, semitones),
    each holding until the next; `controls` are (tick, controller, value), `pressures` (tick, key, value) of
    aftertouch, the key None for all of them. `lyrics` are (tick, syllable).
    """

    name: str
    notes: Sequence[tuple[int, ...]] = ()
    channel: int = 0
    program: int | None = None
    bends: Sequence[tuple[int, float]] = ()
    controls: Sequence[tuple[int, int, int]] = ()
    pressures: Sequence[tuple[int, int | None, int]] = ()
    lyrics: Sequence[tuple[int, str]] = ()
    port: int | None = None

    @property
    def is_drum(self) -> bool:
        """Return whether the part is on General MIDI's drum channel."""
        return self.channel == DRUM_CHANNEL


@dataclass(frozen=True, slots=True)
class MidiSong:
    """All of a file. `markers` are (tick, name), `keys` those after the first; `warnings` says what was changed to fit.

    `lyrics` are those of tracks without notes.
    """

    tracks: tuple[MidiTrack, ...]
    tempo_map: TempoMap = field(default_factory=TempoMap)
    meter_map: MeterMap = field(default_factory=MeterMap)
    key: Key | None = None
    keys: tuple[tuple[int, Key], ...] = ()
    title: str = ""
    length_ticks: int = 0
    markers: tuple[tuple[int, str], ...] = ()
    lyrics: tuple[tuple[int, str], ...] = ()
    warnings: tuple[str, ...] = ()
