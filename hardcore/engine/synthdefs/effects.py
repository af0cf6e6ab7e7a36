"""Effects: inserts that process a stereo bus in place.

An effect is a graph function `(controls, (left, right)) -> (left, right)` with `@effect("delay")` above it. Its
controls are `bus`, `side` (the bus it listens to, where the catalogue says so) and the catalogue's parameters.
"""

from collections.abc import Callable

from nanosynth.synthdef import SynthDef, SynthDefBuilder

from hardcore.engine.synthdefs.shared import Controls, Signal, define
from hardcore.engine.synthdefs.voices import Stereo, audible, chorused, mono_below, part, smooth, u
from hardcore.project.devices import Device
from hardcore.project.devices import effect as catalogue_effect

Graph = Callable[[Controls, Stereo], Stereo]


def effect(device_id: str) -> Callable[[Graph], Graph]:
    """Return a decorator that defines the effect `device_id` from its graph function."""

    def decorate(graph: Graph) -> Graph:
        define(device_id, lambda: build_effect(catalogue_effect(device_id), graph))
        return graph

    return decorate


def build_effect(device: Device, graph: Graph) -> SynthDef:
    """Return the SynthDef of `device` made by `graph`."""
    defaults = {"bus": 0.0} | ({"side": 0.0} if device.side else {}) | {p.id: p.default for p in device.parameters}
    builder = SynthDefBuilder(**defaults)
    with builder:
        c = Controls(builder)
        left, right = graph(c, bus_pair(c.bus))
        u.ReplaceOut.ar(bus=c.bus, source=[left, right])
    return builder.build(name=device.id)


def bus_pair(bus: Signal) -> Stereo:
    """Return both channels of the stereo bus that starts at `bus`."""
    pair = u.In.ar(bus=bus, channel_count=2)
    return pair[0], pair[1]


def blended(dry: Stereo, wet: Stereo, mix: Signal) -> Stereo:
    """Return `dry` at mix 0 to `wet` at mix 1, linear."""
    # In this form neither end has the other's rounding in it.
    return dry[0] * (1 - mix) + wet[0] * mix, dry[1] * (1 - mix) + wet[1] * mix


@effect("filter")
def filter_(c: Controls, sound: Stereo) -> Stereo:
    """24 dB/octave low-pass, high-pass or band-pass with an LFO; Butterworth (−3 dB at the cutoff) at resonance 0."""
    sway = u.SinOsc.kr(frequency=smooth(c.lfo_rate)) * smooth(c.lfo_depth)
    cutoff = audible(smooth(c.cutoff) * sway.midiratio())
    sharp = 0.04 ** part(c.resonance)
    sides = []
    for source in sound:
        low = u.BLowPass.ar(source=source, frequency=cutoff, reciprocal_of_q=1.8478)
        low = u.BLowPass.ar(source=low, frequency=cutoff, reciprocal_of_q=0.7654 * sharp)
        high = u.BHiPass.ar(source=source, frequency=cutoff, reciprocal_of_q=1.8478)
        high = u.BHiPass.ar(source=high, frequency=cutoff, reciprocal_of_q=0.7654 * sharp)
        band = u.BPF.ar(source=source, frequency=cutoff, reciprocal_of_q=sharp)
        sides.append(u.Select.ar(selector=c.mode, sources=[low, high, band]))
    return sides[0], sides[1]


@effect("drive")
def drive(c: Controls, sound: Stereo) -> Stereo:
    """Saturation: soft (tanh), hard (clip) or folded, made up for level, toned by a low-pass."""
    gain = smooth(c.drive).dbamp()
    makeup = 0.25 / (gain * 0.25).tanh_()
    tone, level = audible(smooth(c.tone)), smooth(c.level).dbamp()
    wet = []
    for source in sound:
        hot = source * gain
        shaped = u.Select.ar(selector=c.shape, sources=[hot.tanh_(), hot.clip2(1), hot.fold2(1)])
        wet.append(u.LPF.ar(source=u.LeakDC.ar(source=shaped * makeup, coefficient=0.999), frequency=tone) * level)
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("bitcrusher")
def bitcrusher(c: Controls, sound: Stereo) -> Stereo:
    """Fewer bits and a lower sample rate; a rate of 24 kHz leaves the rate alone."""
    step = 2.0 ** (1 - smooth(c.bits))
    clock = u.Impulse.ar(frequency=c.rate)
    slow = c.rate < 23990
    wet = []
    for source in sound:
        held = u.Select.ar(selector=slow, sources=[source, u.Latch.ar(source=source, trigger=clock)])
        wet.append(held.round_(step))
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("chorus")
def chorus(c: Controls, sound: Stereo) -> Stereo:
    """Two modulated taps a side, the sides out of step."""
    wet = chorused(sound, smooth(c.rate), smooth(c.depth) * 0.001, smooth(c.delay) * 0.001)
    mid = (wet[0] + wet[1]) * 0.5
    width = part(c.width)
    spread = tuple(mid + (side - mid) * width for side in wet)
    return blended(sound, (spread[0], spread[1]), part(c.mix))


@effect("phaser")
def phaser(c: Controls, sound: Stereo) -> Stereo:
    """Six all-pass stages swept by a slow sine, the sides a quarter turn apart."""
    back = u.LocalIn.ar(channel_count=2)
    sent, wet = [], []
    for side, source in enumerate(sound):
        sweep = u.SinOsc.kr(frequency=smooth(c.rate), phase=1.57 * side) * part(c.depth)
        centre = audible(smooth(c.centre) * 4.0**sweep)
        moved = source + back[side] * part(c.feedback) * 0.9
        for _ in range(6):
            moved = u.BAllPass.ar(source=moved, frequency=centre, reciprocal_of_q=1.6)
        sent.append(moved)
        wet.append((source + moved) * 0.7)
    u.LocalOut.ar(source=sent)
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("eq")
def eq(c: Controls, sound: Stereo) -> Stereo:
    """Low shelf, two peaks, high shelf, and a low cut that is off at 20 Hz. Neutral at its defaults."""
    cut, off = smooth(c.low_cut), smooth(c.low_cut > 20.5)
    sides = []
    for source in sound:
        shaped = u.BLowShelf.ar(
            source=source, frequency=audible(smooth(c.low_freq)), reciprocal_of_s=1, gain=smooth(c.low_gain)
        )
        for freq, gain, q in ((c.mid1_freq, c.mid1_gain, c.mid1_q), (c.mid2_freq, c.mid2_gain, c.mid2_q)):
            shaped = u.BPeakEQ.ar(
                source=shaped, frequency=audible(smooth(freq)), reciprocal_of_q=1 / smooth(q), gain=smooth(gain)
            )
        shaped = u.BHiShelf.ar(
            source=shaped, frequency=audible(smooth(c.high_freq)), reciprocal_of_s=1, gain=smooth(c.high_gain)
        )
        high = u.BHiPass.ar(source=shaped, frequency=cut, reciprocal_of_q=1.4142)
        sides.append(shaped + (high - shaped) * off)
    return sides[0], sides[1]


@effect("width")
def width(c: Controls, sound: Stereo) -> Stereo:
    """Stereo width, and mono below a frequency (0: nowhere)."""
    mid, side = (sound[0] + sound[1]) * 0.5, (sound[0] - sound[1]) * 0.5 * part(c.width)
    wide = (mid + side, mid - side)
    narrowed = mono_below(wide, smooth(c.mono_below).max_(20))
    return blended(wide, narrowed, smooth(c.mono_below > 20))
