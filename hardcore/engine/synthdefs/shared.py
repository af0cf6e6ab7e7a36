"""What every SynthDef shares: its controls, its loudness, its noise and its way out.

A sound is a graph function `def kick808(c: Controls) -> Sound` with `@instrument("kick808", trim_db=-6.0)` above it.
Its controls are the common ones below and one per Parameter of the catalogue's Device with the same id, the same
unit and the same default, so the catalogue stays the one home of ranges and defaults.

    out       bus of the left channel, the right one is the next
    freq      Hz (a drum that is not pitched ignores it)
    velocity  0..1; VELOCITY_100 is the calibrated point
    seed      0..16777215 (exact as float32): what its noise starts from
    rgen      0..511: which random generator it uses; one per track, so that tracks do not disturb each other
    gate      gated sounds only: 1, then 0 releases

The graph function returns one signal (centre) or (left, right), made at velocity 100; loudness follows velocity here.
It must free its own node (`percussive`, `adsr` and `ends` do that).
"""

import math
from collections.abc import Callable

from nanosynth import SynthDef, SynthDefBuilder
from nanosynth.envelopes import Envelope, EnvelopeShape, EnvGen
from nanosynth.synthdef import UGenOperable
from nanosynth.ugens import Line, OffsetOut, RandID, RandSeed

from hardcore.project.devices import Device
from hardcore.project.devices import instrument as catalogue_instrument

Signal = UGenOperable
Number = UGenOperable | float
Sound = Signal | tuple[Signal, Signal]

COMMON: dict[str, float] = {"out": 0.0, "freq": 440.0, "velocity": 100 / 127, "seed": 0.0, "rgen": 0.0}
VELOCITY_100 = 100 / 127
VELOCITY_CURVE = 1.5
EXP = EnvelopeShape.EXPONENTIAL
FREE = 2

BUILDERS: dict[str, Callable[[], SynthDef]] = {}


class Controls:
    """The controls of the SynthDef being built: `c.tune` is the control called tune."""

    def __init__(self, builder: SynthDefBuilder) -> None:
        self._builder = builder

    def __getattr__(self, name: str) -> Signal:
        value = self._builder[name]
        assert isinstance(value, UGenOperable)
        return value

    @property
    def force(self) -> Signal:
        """Velocity where 1.0 is velocity 100: 0 to 1.27. For brightness."""
        return self.velocity * (1 / VELOCITY_100)


def define(name: str, build: Callable[[], SynthDef]) -> None:
    """Add a SynthDef under `name`. Raises ValueError when there is one already."""
    if name in BUILDERS:
        raise ValueError(f"two SynthDefs called {name}")
    BUILDERS[name] = build


def instrument(
    device_id: str, trim_db: float, noise: bool = False
) -> Callable[[Callable[[Controls], Sound]], Callable[[Controls], Sound]]:
    """Return a decorator that defines the instrument `device_id` from its graph function.

    trim_db brings the sound to its role's loudness; noise seeds the random generator (set it where noise is used).
    """

    def decorate(graph: Callable[[Controls], Sound]) -> Callable[[Controls], Sound]:
        define(device_id, lambda: build_instrument(catalogue_instrument(device_id), graph, trim_db, noise))
        return graph

    return decorate


def build_instrument(device: Device, graph: Callable[[Controls], Sound], trim_db: float, noise: bool) -> SynthDef:
    """Return the SynthDef of `device` made by `graph`."""
    defaults = COMMON | ({"gate": 1.0} if device.gated else {}) | {p.id: p.default for p in device.parameters}
    builder = SynthDefBuilder(**defaults)
    with builder:
        c = Controls(builder)
        if noise:
            RandID.ir(rand_id=c.rgen)
            RandSeed.ir(trigger=1, seed=c.seed)
        sound = graph(c)
        left, right = sound if isinstance(sound, tuple) else (sound, sound)
        gain = c.force**VELOCITY_CURVE * 10 ** (trim_db / 20) * c.level.dbamp()
        OffsetOut.ar(bus=c.out, source=[left * gain, right * gain])
    return builder.build(name=device.id)


def gain_of(value_db: Number) -> Number:
    """Return the linear gain of a level in dB (a control or a number)."""
    return value_db.dbamp() if isinstance(value_db, UGenOperable) else 10 ** (value_db / 20)


def percussive(decay_s: Number, attack_s: Number = 0.0005, free: bool = True, hold_s: Number = 0.0) -> Signal:
    """Return an audio envelope 0 → 1 → (hold) → 0 that falls 60 dB over `decay_s`; it frees the node at its end.

    A short linear end follows, because an exponential never reaches zero.
    """
    shape = Envelope(
        amplitudes=[0, 1, 1, 0.001, 0],
        durations=[attack_s, hold_s, decay_s, 0.005],
        curves=[EnvelopeShape.LINEAR, EnvelopeShape.LINEAR, EXP, EnvelopeShape.LINEAR],
    )
    return EnvGen.ar(envelope=shape, done_action=FREE if free else 0)


def fall(time_s: Number) -> Signal:
    """Return an audio envelope that starts at 1 and falls 60 dB in `time_s`, then 0; it frees nothing."""
    shape = Envelope(amplitudes=[1, 0.001, 0], durations=[time_s, 0.002], curves=[EXP, EnvelopeShape.LINEAR])
    return EnvGen.ar(envelope=shape)


def saturate(signal: Signal, drive_db: Number) -> Signal:
    """Return `signal` through tanh with `drive_db` of gain in front, full scale kept at full scale."""
    gain = gain_of(drive_db)
    top = gain.tanh_() if isinstance(gain, UGenOperable) else math.tanh(gain)
    return (signal * gain).tanh_() / top


def ends(time_s: Number) -> None:
    """Free the node after `time_s`."""
    Line.kr(start=0, stop=0, duration=time_s, done_action=FREE)


def adsr(gate: Signal, attack_s: Number, decay_s: Number, sustain: Number, release_s: Number) -> Signal:
    """Return a gated audio envelope; it frees the node after the release. `sustain` is 0..1."""
    shape = Envelope(
        amplitudes=[0, 1, sustain, 0],
        durations=[attack_s, decay_s, release_s],
        curves=[-2.0, -4.0, -4.0],
        release_node=2,
    )
    return EnvGen.ar(envelope=shape, gate=gate, done_action=FREE)
