"""The mixer's own SynthDefs: strip, fade, route, guard, tap, meter. They are not in the catalogue.

All of them work on stereo buses (`bus` and the next one). At its defaults none changes a sample.
"""

import math
from collections.abc import Callable, Sequence
from functools import reduce

from nanosynth.synthdef import SynthDef, SynthDefBuilder

from hardcore.engine.synthdefs.effects import bus_pair
from hardcore.engine.synthdefs.shared import Controls, Signal, define
from hardcore.engine.synthdefs.voices import Stereo, smooth, u
from hardcore.project.effects import GUARD_LOOK_AHEAD_HZ, GUARD_PEAK_FRAMES

METER_RATE_HZ = 20
MUTE_RAMP_S = 0.005

# Equal power, scaled so that the centre is 1.
_CENTRE = 2**0.5
_QUARTER_TURN = 0.7853981633974483


def mixer_def(name: str, **defaults: float) -> Callable[[Callable[[Controls], None]], Callable[[Controls], None]]:
    """Return a decorator that defines the SynthDef `name` with the controls `defaults`."""

    def decorate(graph: Callable[[Controls], None]) -> Callable[[Controls], None]:
        def build() -> SynthDef:
            builder = SynthDefBuilder(**defaults)
            with builder:
                graph(Controls(builder))
            return builder.build(name=name)

        define(name, build)
        return graph

    return decorate


@mixer_def("strip", bus=0, gain_db=0, pan=0, mute=0)
def strip(c: Controls) -> None:
    """Gain, pan −1..1 (balance: 0 dB in the centre, +3 dB at the side it leans to) and mute, in place."""
    left, right = bus_pair(c.bus)
    open_ = u.Slew.kr(source=1 - (c.mute > 0.5), up=1 / MUTE_RAMP_S, down=1 / MUTE_RAMP_S)
    gain = smooth(c.gain_db.dbamp()) * open_
    angle = (smooth(c.pan).clip(-1, 1) + 1) * _QUARTER_TURN
    u.ReplaceOut.ar(bus=c.bus, source=[left * (gain * angle.cos_() * _CENTRE), right * (gain * angle.sin_() * _CENTRE)])


@mixer_def("fade", bus=0, side=0, crossfade=-1, curve=0)
def fade(c: Controls) -> None:
    """A side (0: A, 1: B) of the crossfader, −1 … 1, in place: at its own end it changes no sample.

    curve  0: equal power, 3 dB down in the middle; 1: linear, 6 dB; 2: cut, full up to the middle
    """
    away = (smooth(c.crossfade).clip(-1, 1) * (1 - 2 * c.side) + 1) * 0.5
    curves = [(away * (2 * _QUARTER_TURN)).cos_(), 1 - away, (2 - 2 * away).clip(0, 1)]
    gain = u.Select.kr(selector=c.curve, sources=curves).max_(0)
    u.ReplaceOut.ar(bus=c.bus, source=[side * gain for side in bus_pair(c.bus)])


@mixer_def("route", bus=0, out=0, gain_db=0)
def route(c: Controls) -> None:
    """Add a copy of `bus` to `out`."""
    left, right = bus_pair(c.bus)
    gain = smooth(c.gain_db.dbamp())
    u.Out.ar(bus=c.out, source=[left * gain, right * gain])


@mixer_def("guard", bus=0, ceiling_db=-1)
def guard(c: Controls) -> None:
    """The master's last line: numbers only, and no true peak above `ceiling_db`. Delays by `guard_latency_frames`.

    Both sides get the gain that the louder one needs: a limiter is run on the louder level, and its output over its
    input is the gain.
    """
    left, right = [u.Sanitize.ar(source=side) for side in bus_pair(c.bus)]
    ceiling = smooth(c.ceiling_db.dbamp())
    level = _true_level((left, right)).max_(0.0001)
    # Limiter rounds its time up to whole samples and DelayN down: the fractions make both exact at any sample rate.
    look_ahead = (u.SampleRate.ir() / GUARD_LOOK_AHEAD_HZ).floor_()
    limited = u.Limiter.ar(source=level, level=ceiling, duration=(look_ahead - 0.5) / u.SampleRate.ir())
    gain = (limited / _later(level, look_ahead * 2).max_(0.0001)).min_(1)
    delayed = [_later(side, look_ahead * 2 + GUARD_PEAK_FRAMES) for side in (left, right)]
    u.ReplaceOut.ar(bus=c.bus, source=[(side * gain).clip2(ceiling) for side in delayed])


def _later(signal: Signal, frames: Signal) -> Signal:
    """Return the signal that many whole frames later, at most 20 ms."""
    delay: Signal = u.DelayN.ar(source=signal, maximum_delay_time=0.02, delay_time=(frames + 0.25) / u.SampleRate.ir())
    return delay


def _true_level(sound: Stereo) -> Signal:
    """Return the largest magnitude of both sides at the samples and between them, `GUARD_PEAK_FRAMES` late.

    Three places between every two samples, as ITU-R BS.1770-4 annex 2 measures true peak, are read by a sinc under a
    cosine, 16 samples long: within 0.3 dB up to 20 kHz at a rate of 48 kHz.
    """
    levels = []
    for side in sound:
        near = [side]
        for _ in range(2 * GUARD_PEAK_FRAMES - 1):
            near.append(u.Delay1.ar(source=near[-1]))
        between = [_between(near, place) for place in (0.25, 0.5, 0.75)]
        levels += [abs(value) for value in (near[GUARD_PEAK_FRAMES], *between)]
    return reduce(lambda a, b: a.max_(b), levels)


def _between(near: Sequence[Signal], place: float) -> Signal:
    """Return the value at `place` (0–1) between the two samples in the middle of `near`, whose newest is the first."""
    half = len(near) // 2
    away = [half - index - place for index in range(len(near))]
    weights = [math.sin(math.pi * x) / (math.pi * x) * math.cos(math.pi * x / (2 * half)) for x in away]
    return reduce(lambda a, b: a + b, (sample * weight for sample, weight in zip(near, weights, strict=True)))


@mixer_def("tap", bus=0, out=0)
def tap(c: Controls) -> None:
    """Copy `bus` to the hardware outputs from `out`."""
    u.Out.ar(bus=c.out, source=u.In.ar(bus=c.bus, channel_count=2))


@mixer_def("meter", bus=0, id=0)
def meter(c: Controls) -> None:
    """Send `/meter node id peak_left peak_right rms_left rms_right` (linear) twenty times a second."""
    pair = bus_pair(c.bus)
    tick = u.Impulse.kr(frequency=METER_RATE_HZ)
    # The reset comes one block after the report, so that each report covers the whole time since the last.
    after = u.Delay1.kr(source=tick)
    peaks = [u.Peak.ar(source=side, trigger=u.K2A.ar(source=after)) for side in pair]
    powers = [u.Lag.ar(source=side * side, lag_time=0.15).max_(0).sqrt_() for side in pair]
    levels = [u.A2K.kr(source=value) for value in (*peaks, *powers)]
    u.SendReply.kr(trigger=tick, command_name="/meter", reply_id=c.id, source=levels)
