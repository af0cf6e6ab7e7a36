"""A multisample: an instrument made of many recorded sounds, each for some keys and velocities.

    zones()      which zones a key and a velocity sound, and how loud each of them is
    controls()   what a zone gives the SynthDef, in its own parameters
    loads        which stretches of which files the engine needs

Facts only: the sounds are the program's samples, references to the user's files, or artifacts.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import log10, sqrt
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, field_serializer, model_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.project.artifact import SoundRef
from hardcore.project.artifacts import recording_of
from hardcore.project.recording import Recording
from hardcore.project.samples import Sample, sample
from hardcore.project.values import GainDb, Name, Pan

Key = Annotated[int, Field(ge=0, le=127)]
Velocity = Annotated[int, Field(ge=0, le=127)]
Frames = Annotated[int, Field(ge=0, le=1 << 40)]
Cents = Annotated[float, Field(ge=-12_700, le=12_700)]
LONGEST_S = 60.0
Seconds = Annotated[float, Field(ge=0, le=LONGEST_S)]
Group = Annotated[int, Field(ge=0, le=2**31 - 1)]
# held: while the key is down. once: to its end, whatever the key does. loop: round and round, also while it fades.
# sustain: round and round while the key is down, then on to its end. slice: while the key is down, from its very first
# frame to its last, so that slices one after the other are the sound they were cut from.
Mode = Literal["held", "once", "loop", "sustain", "slice"]
MOST_ZONES = 4096
# How a note's velocity makes it louder, the same for every instrument: (velocity / 100) to this power.
VELOCITY_CURVE = 1.5
# Two layers that meet are blended with the same power all the way.
SILENT_GAIN = 1e-4
SHORTEST_LOOP = 4


class Load(NamedTuple):
    """A stretch of a sound that the engine holds: `frames` from `first`; 0 frames: to its end."""

    key: str
    sample: str | None
    recording: Recording | None
    first: int = 0
    frames: int = 0

    @property
    def size(self) -> int:
        """Return how many numbers it has."""
        sound = sample(self.sample) if self.sample else self.recording
        assert sound is not None
        return (self.frames or sound.frames - self.first) * sound.channels


def whole(sample_name: str) -> str:
    """Return the key of a whole sample of the program's."""
    return f"our {sample_name}"


class Zone(Model):
    """One recorded sound and the keys and velocities it is for.

    sample, recording or sound  what it plays: one of the program's, of the user's, or an artifact
    root_key, tune_cents  the key at which it plays at its own speed, and how far it is moved from there
    tracking_cents        how far the next key is; 100 is a piano, 0 a drum
    velocity_share        how much of the velocity is heard as loudness, −1 to 1
    start, end            frames played; end 0 is the file's
    loop_start, loop_end  frames that go round, for the modes loop and sustain; loop_end 0 is the end
    attack_s … release_s  the amplitude: attack, hold, decay to `sustain` (0 to 1), release
    turn, turns           of so many notes it plays every `turns`-th, the `turn`-th from 1
    group, off_by         a note of group n cuts the zones that are off by n; 0 is none
    velocity_in, _out     it comes in from the first velocity to the second, and goes out likewise
    key_in, key_out       the same for keys
    """

    sample: Name | None = None
    recording: Recording | None = None
    sound: SoundRef | None = None
    low_key: Key = 0
    high_key: Key = 127
    low_velocity: Velocity = 0
    high_velocity: Velocity = 127
    root_key: Key = 60
    tune_cents: Cents = 0.0
    tracking_cents: Annotated[float, Field(ge=-1200, le=1200)] = 100.0
    gain_db: GainDb = 0.0
    pan: Pan = 0.0
    velocity_share: Annotated[float, Field(ge=-1, le=1)] = 1.0
    mode: Mode = "held"
    start: Frames = 0
    end: Frames = 0
    loop_start: Frames = 0
    loop_end: Frames = 0
    attack_s: Seconds = 0.001
    hold_s: Seconds = 0.0
    decay_s: Seconds = 0.0
    sustain: Annotated[float, Field(ge=0, le=1)] = 1.0
    release_s: Seconds = 0.05
    turn: Annotated[int, Field(ge=1, le=100)] = 1
    turns: Annotated[int, Field(ge=1, le=100)] = 1
    group: Group = 0
    off_by: Group = 0
    velocity_in: tuple[Velocity, Velocity] | None = None
    velocity_out: tuple[Velocity, Velocity] | None = None
    key_in: tuple[Key, Key] | None = None
    key_out: tuple[Key, Key] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(source is not None for source in (self.sample, self.recording, self.sound)) != 1:
            raise UserError("a zone plays one sound")
        if self.low_key > self.high_key or self.low_velocity > self.high_velocity or self.turn > self.turns:
            raise UserError("a zone's ranges go upwards")
        frames = self._source.frames
        if max(self.start + 1, self.end, self.loop_end, self.loop_start + SHORTEST_LOOP * self.loops) > frames:
            raise UserError("a zone plays no more than its sound holds", f"{frames} frames")
        if self.end and self.end <= self.start:
            raise UserError("a zone ends after it starts")
        if self.loops and (self.loop_stretch[1] < SHORTEST_LOOP or self.loop_start < self.start):
            raise UserError(f"a loop has at least {SHORTEST_LOOP} frames, after the start")
        return self

    @property
    def loops(self) -> bool:
        """Return whether it goes round."""
        return self.mode in ("loop", "sustain")

    @property
    def loop_stretch(self) -> tuple[int, int]:
        """Return where its loop starts and how many frames it has."""
        last = self.loop_end or self.end or self._source.frames
        return self.loop_start, last - self.loop_start

    @property
    def _source(self) -> Sample | Recording | SoundRef:
        if self.sample:
            return sample(self.sample)
        source = self.recording or self.sound
        assert source is not None
        return source

    @property
    def name(self) -> str:
        """Return the name of its sound."""
        return self._source.name

    @property
    def seconds(self) -> float:
        """Return how long it plays at its own speed when it plays once, seconds."""
        return ((self.end or self._source.frames) - self.start) / self._source.rate

    @property
    def load(self) -> Load:
        """Return what it plays from its start."""
        return self._load(self.start, self.end - self.start if self.end else 0)

    @property
    def loop_load(self) -> Load | None:
        """Return what goes round, None for a zone without a loop."""
        return self._load(*self.loop_stretch) if self.loops else None

    def _load(self, first: int, frames: int) -> Load:
        held = recording_of(self.sound) if self.sound is not None else self.recording
        base = held.key if held is not None else whole(self._source.name)
        key = f"{base}:{first}+{frames}" if first or frames else base
        return Load(key, self.sample, held, first, frames)

    def gain(self, key: int, velocity: int) -> float:
        """Return how much of it is heard: 0 outside its ranges, in between while it comes in or goes out."""
        if not (self.low_key <= key <= self.high_key and self.low_velocity <= velocity <= self.high_velocity):
            return 0.0
        share = _into(self.velocity_in, velocity) * _into(self.key_in, key)
        return sqrt(share * (1 - _into(self.velocity_out, velocity, 0.0)) * (1 - _into(self.key_out, key, 0.0)))

    def controls(self, gain: float, velocity: int) -> dict[str, float]:
        """Return the controls of a note of it, heard with `gain` at a velocity; buffers are the engine's to add."""
        louder_db = 20 * VELOCITY_CURVE * log10(max(velocity, 1) / 100) * (self.velocity_share - 1)
        return {
            "root_note": self.root_key - self.tune_cents / 100,
            "tracking": self.tracking_cents,
            "zone_db": max(-120.0, min(24.0, self.gain_db + 20 * log10(gain) + louder_db)),
            "zone_pan": self.pan,
            "once": float(self.mode == "once"),
            "onward": float(self.mode == "sustain"),
            "loop_at": float(self.loop_start - self.start),
            "attack": min(20.0, max(0.001, self.attack_s)),
            "hold": min(20.0, self.hold_s),
            "decay": min(LONGEST_S, max(0.001, self.decay_s)),
            "sustain": self.sustain * 100,
            "release": min(20.0, max(0.005, self.release_s)),
        }


def _into(span: tuple[int, int] | None, value: int, otherwise: float = 1.0) -> float:
    """Return how far into a span a value is, 0 to 1; a span that turns round is a step."""
    if span is None:
        return otherwise
    low, high = span
    return float(value >= high) if high <= low else min(1.0, max(0.0, (value - low) / (high - low)))


class Multisample(Model):
    """An instrument of zones; they sound in their own order."""

    name: Name
    zones: Annotated[tuple[Zone, ...], Field(min_length=1, max_length=MOST_ZONES)]

    @field_serializer("zones")
    def _short(self, zones: tuple[Zone, ...]) -> list[dict[str, Any]]:
        # What is not said has its default: a piano of a thousand zones stays small in a file.
        return [zone.model_dump(mode="json", exclude_defaults=True) for zone in zones]

    @property
    def controls(self) -> dict[str, float]:
        """Return the parameters that come with it for all its notes: none, they come with each zone."""
        return {}

    @cached_property
    def recordings(self) -> dict[str, Recording]:
        """Return every sound of the user's in it, by its key."""
        return {zone.recording.key: zone.recording for zone in self.zones if zone.recording is not None}

    @cached_property
    def loads(self) -> dict[str, Load]:
        """Return every stretch of a sound that the engine needs for it, by key."""
        needed = [load for zone in self.zones for load in (zone.load, zone.loop_load) if load is not None]
        return {load.key: load for load in needed}

    @property
    def memory_bytes(self) -> int:
        """Return how much memory the engine needs for its sounds, four bytes a number."""
        return sum(4 * load.size for load in self.loads.values())

    @property
    def longest_release_s(self) -> float:
        """Return how long a note of it may sound after its key, seconds: a sound that plays to its end counts too."""
        return max(zone.seconds if zone.mode == "once" else zone.release_s for zone in self.zones)

    @cached_property
    def _by_key(self) -> dict[int, tuple[int, ...]]:
        places = enumerate(self.zones)
        found: dict[int, list[int]] = {}
        for place, zone in places:
            for key in range(zone.low_key, zone.high_key + 1):
                found.setdefault(key, []).append(place)
        return {key: tuple(placed) for key, placed in found.items()}

    def sounding(self, key: int, velocity: int) -> Iterator[tuple[int, Zone, float]]:
        """Yield place, zone and gain of what a note sounds; which turn it is, is not asked here."""
        for place in self._by_key.get(key, ()):
            zone = self.zones[place]
            gain = zone.gain(key, velocity)
            if gain > SILENT_GAIN:
                yield place, zone, gain

    def relinked(self, paths: Mapping[str, str]) -> Self:
        """Return it with the files in `paths`, by hash, at their new places; itself when nothing has moved."""
        if all(paths.get(r.sha256, r.path) == r.path for r in self.recordings.values()):
            return self
        return self.evolve(zones=tuple(_moved(zone, paths) for zone in self.zones))

    def blended(self, width: int) -> Self:
        """Return it with velocity layers that cross over `width` velocities where they meet; 0 for hard edges.

        Layers meet where, for the same keys, one ends at the velocity before the other begins.
        """
        # What was widened before is taken back first.
        plain = [zone.evolve(velocity_in=None, velocity_out=None, **_edges(zone)) for zone in self.zones]
        crossings = _crossings(plain, width // 2)
        return self.evolve(zones=tuple(_widened(zone, crossings) for zone in plain))


def _moved(zone: Zone, paths: Mapping[str, str]) -> Zone:
    known = zone.recording
    if known is None or paths.get(known.sha256, known.path) == known.path:
        return zone
    return zone.evolve(recording=known.evolve(path=paths[known.sha256]))


def _edges(zone: Zone) -> dict[str, int]:
    """Return a zone's velocities without the widening that `blended` gave it: each crossing's middle."""
    edges: dict[str, int] = {}
    if zone.velocity_in is not None and zone.velocity_in[0] == zone.low_velocity:
        edges["low_velocity"] = sum(zone.velocity_in) // 2
    if zone.velocity_out is not None and zone.velocity_out[1] == zone.high_velocity:
        edges["high_velocity"] = sum(zone.velocity_out) // 2 - 1
    return edges


def _crossings(zones: list[Zone], half: int) -> dict[tuple[int, int, int], tuple[int, int]]:
    """Return from where to where layers cross, by keys and the upper layer's lowest velocity: half a layer at most."""
    above: dict[tuple[int, int, int], int] = {}
    below: dict[tuple[int, int, int], int] = {}
    for zone in zones:
        size = zone.high_velocity - zone.low_velocity + 1
        for known, edge in ((above, zone.low_velocity), (below, zone.high_velocity + 1)):
            place = (zone.low_key, zone.high_key, edge)
            known[place] = min(size, known.get(place, size))
    found = {}
    for place in above.keys() & below.keys():
        room = min(half, above[place] // 2, below[place] // 2)
        if room > 0:
            found[place] = (place[2] - room, place[2] + room)
    return found


def _widened(zone: Zone, crossings: Mapping[tuple[int, int, int], tuple[int, int]]) -> Zone:
    changes: dict[str, Any] = {}
    if span := crossings.get((zone.low_key, zone.high_key, zone.low_velocity)):
        changes |= {"low_velocity": span[0], "velocity_in": span}
    if span := crossings.get((zone.low_key, zone.high_key, zone.high_velocity + 1)):
        changes |= {"high_velocity": min(127, span[1]), "velocity_out": span}
    return zone.evolve(**changes) if changes else zone
