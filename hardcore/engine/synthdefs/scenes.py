"""Drones, weather, machines; risers, falls, impacts, sweeps, sirens."""

from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import (
    any_phase,
    audible,
    detuned,
    drift,
    driven,
    low_pass,
    mono_below,
    part,
    placed,
    saw,
    smooth,
    u,
)


def line(values: list[float], durations: list[Signal | float], curve: float = 0.0) -> Signal:
    """Return a control that follows a line once, from the start of the note."""
    signal: Signal = u.EnvGen.kr(envelope=u.Envelope(amplitudes=values, durations=durations, curves=[curve]))
    return signal


@instrument("drone", trim_db=-19.2, noise=True)
def drone(c: Controls) -> Sound:
    """Saws an octave apart and a fifth, each side with a filter that wanders on its own."""
    spread, moved = smooth(c.detune), part(c.movement)
    voices = [
        (saw(detuned(c.freq, -spread), any_phase()), -0.6),
        (saw(detuned(c.freq, spread), any_phase()), 0.6),
        (saw(c.freq * 0.5, any_phase()) * 0.5, 0.0),
        (saw(detuned(c.freq * 1.5, spread * 0.5), any_phase()) * part(c.fifth), 0.3),
    ]
    sides = []
    for side in mono_below(placed(voices), 120):
        slow = u.SinOsc.kr(frequency=smooth(c.rate), phase=u.Rand.ir(minimum=0, maximum=6.28)) + drift(0.2, 0.5)
        cutoff = audible(smooth(c.cutoff) * 2.0 ** (slow * moved * 1.2))
        sides.append(driven(low_pass(side * 0.25, cutoff, part(c.resonance)), c.drive))
    amp = adsr(c.gate, c.attack, 0.5, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("wind", trim_db=-4.3, noise=True)
def wind(c: Controls) -> Sound:
    """Pink noise under a wandering filter; the howl is the same noise through a narrow band around the note."""
    sides = []
    for _ in range(2):
        air = u.PinkNoise.ar()
        gust = 2.0 ** (drift(smooth(c.rate), part(c.movement) * 1.6))
        body = u.LPF.ar(source=air, frequency=audible(smooth(c.cutoff) * 0.4 * gust))
        howl = u.BPF.ar(source=air, frequency=audible(c.freq * gust), reciprocal_of_q=0.05) * 6 * part(c.howl)
        sides.append(u.HPF.ar(source=body + howl, frequency=80) * gust.min_(1.6) * 0.5)
    amp = adsr(c.gate, c.attack, 0.5, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("rain", trim_db=-12.8, noise=True)
def rain(c: Controls) -> Sound:
    """Single drops ring short and high; the rest is a soft roar."""
    sides = []
    for _ in range(2):
        drops = u.Decay2.ar(source=u.Dust.ar(density=smooth(c.density)), attack_time=0.0005, decay_time=0.012)
        pitch = audible(smooth(c.tone) * 2.0 ** drift(40, 1.0))
        near = u.BPF.ar(source=drops * u.WhiteNoise.ar(), frequency=pitch, reciprocal_of_q=0.4) * 2.5
        roar = u.HPF.ar(source=u.PinkNoise.ar(), frequency=900) * part(c.far) * 0.16
        sides.append(near + roar * (1 + drift(0.5, 0.3)))
    amp = adsr(c.gate, c.attack, 0.5, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("machine_hall", trim_db=-7.3, noise=True)
def machine_hall(c: Controls) -> Sound:
    """The mains and its harmonics, air that a blade chops, iron struck now and then."""
    hum: Signal = u.DC.ar(source=0)
    for n, level in ((1, 1.0), (2, 0.6), (3, 0.35), (4, 0.2), (6, 0.12)):
        hum = hum + u.SinOsc.ar(frequency=smooth(c.mains) * n) * level
    blade = 0.6 + u.SinOsc.kr(frequency=smooth(c.rate)) * 0.4
    sides = []
    for place in (0.0, 1.0):
        air = u.LPF.ar(source=u.PinkNoise.ar(), frequency=audible(smooth(c.cutoff) * 0.4)) * blade
        hit = u.Dust.ar(density=part(c.iron) * 1.5)
        iron = u.DC.ar(source=0)
        for hz, level in ((430, 1.0), (1127, 0.7), (1870, 0.5), (2960, 0.3)):
            iron = iron + u.Ringz.ar(source=hit, frequency=hz * (1 + place * 0.07), decay_time=1.6) * level
        far = u.LPF.ar(source=iron, frequency=audible(smooth(c.cutoff)))
        sides.append(u.HPF.ar(source=hum * part(c.hum) * 0.12 + air * 0.5 + far * 0.05, frequency=30))
    amp = adsr(c.gate, c.attack, 0.5, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("riser", trim_db=-18.2, noise=True)
def riser(c: Controls) -> Sound:
    """Saws and a band of noise climb together, louder towards the end, then hold."""
    climb = line([0, 1], [c.time], 1.0)
    freq = c.freq * (climb * smooth(c.climb)).midiratio()
    grain, narrow = part(c.noise), 1.2 - part(c.resonance)
    centre = audible(300 * 40.0**climb)
    sides = []
    for sign in (-1, 1):
        saws = saw(detuned(freq, sign * 9.0), any_phase()) + saw(detuned(freq * 2, sign * 6.0), any_phase()) * 0.5
        toned = u.LPF.ar(source=saws, frequency=audible(centre * 1.5)) * (1 - grain) * 0.3
        air = u.BPF.ar(source=u.WhiteNoise.ar(), frequency=centre, reciprocal_of_q=narrow) * grain
        sides.append((toned + air * 0.6) * (0.25 + climb * 0.75))
    amp = adsr(c.gate, c.attack, 0.1, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("downlifter", trim_db=-10.2, noise=True)
def downlifter(c: Controls) -> Sound:
    """From full to nothing: the band, the tone and the level all sink."""
    sink = line([1, 0], [c.time], -1.5)
    freq = c.freq * 2 * ((sink - 1) * smooth(c.fall)).midiratio()
    grain, narrow = part(c.noise), 1.2 - part(c.resonance)
    centre = audible(120 * 90.0**sink)
    sides = []
    for sign in (-1, 1):
        tone = u.SinOsc.ar(frequency=detuned(freq, sign * 5.0)) * (1 - grain) * 0.4
        air = u.BPF.ar(source=u.WhiteNoise.ar(), frequency=centre, reciprocal_of_q=narrow) * grain
        sides.append((tone + air * 0.6) * sink)
    amp = adsr(c.gate, 0.003, 0.1, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("impact", trim_db=-6.1, noise=True)
def impact(c: Controls) -> Sound:
    """A falling sine under drive, a burst of debris, and dark diffuse air behind both."""
    boom = line([1, 0.2, 0], [c.time * 0.25, c.time * 0.75], -3.0)
    pitch = c.tune * (1 + line([4, 0], [0.12], -6.0))
    body = driven(u.SinOsc.ar(frequency=pitch) * 0.4 * boom, c.drive)
    sides = []
    for _ in range(2):
        noise = u.WhiteNoise.ar()
        burst = u.LPF.ar(source=noise, frequency=audible(200 + 7000 * line([1, 0], [c.time * 0.35], -4.0)))
        hall = u.BPF.ar(source=noise, frequency=420, reciprocal_of_q=1.6) * line([0, 1, 0], [0.05, c.time], -4.0)
        sides.append(
            body + (burst * line([1, 0.15, 0], [0.2, c.time * 0.6], -3.0) * 0.4 + hall * 0.25) * part(c.debris)
        )
    amp = adsr(c.gate, 0.001, 0.1, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("noise_sweep", trim_db=-19.9, noise=True)
def noise_sweep(c: Controls) -> Sound:
    """Up for half of the time, down for the other half."""
    way = line([0, 1, 0], [c.time * 0.5, c.time * 0.5])
    centre = audible(smooth(c.low) * (smooth(c.high) / smooth(c.low)) ** way)
    narrow = 1.3 - part(c.resonance) * 1.15
    sides = [
        u.BPF.ar(source=u.WhiteNoise.ar(), frequency=centre, reciprocal_of_q=narrow) * 0.5 * (0.4 + way * 0.6)
        for _ in range(2)
    ]
    amp = adsr(c.gate, c.attack, 0.1, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("siren", trim_db=-19.1)
def siren(c: Controls) -> Sound:
    """A sine, pushed up and down around its note; hard at full `square`."""
    mixed, speed = part(c.square), smooth(c.rate)
    sway = u.SinOsc.kr(frequency=speed) * (1 - mixed) + (u.LFPulse.kr(frequency=speed) * 2 - 1) * mixed
    freq = c.freq * (u.Lag.kr(source=sway, lag_time=0.015) * smooth(c.span) * 0.5).midiratio()
    tone = u.SinOsc.ar(frequency=freq) + u.SinOsc.ar(frequency=freq * 2) * 0.2
    return driven(tone * 0.3, c.drive) * adsr(c.gate, c.attack, 0.1, 1.0, c.release)
