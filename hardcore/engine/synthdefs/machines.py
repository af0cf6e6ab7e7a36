"""More drums: the other machines, and the acoustic kit."""

from nanosynth.envelopes import Envelope, EnvelopeShape, EnvGen
from nanosynth.ugens import DelayN, LeakDC, Pulse, Rand, SinOsc, WhiteNoise

from hardcore.engine.synthdefs.drums import DRUM_HEAD, metal, modes, wide_noise
from hardcore.engine.synthdefs.filters import BPF, HPF, LPF
from hardcore.engine.synthdefs.kicks import beater
from hardcore.engine.synthdefs.shared import (
    FREE,
    Controls,
    Number,
    Signal,
    Sound,
    ends,
    fall,
    gain_of,
    instrument,
    percussive,
    saturate,
)

# Early reflections of a small room, seconds, each side's own.
WALLS_S = ((0.0091, 0.0173, 0.0291), (0.0107, 0.0157, 0.0323))


def in_room(close: Signal, level: Number) -> tuple[Signal, Signal]:
    """Return a sound with the early reflections of a small room."""
    dark = LPF.ar(source=close, frequency=6000)
    sides = []
    for times in WALLS_S:
        taps = [DelayN.ar(source=dark, maximum_delay_time=t, delay_time=t) for t in times]
        sides.append(close + (taps[0] + taps[1] * 0.7 + taps[2] * 0.5) * level)
    return sides[0], sides[1]


@instrument("kick606", trim_db=-6.8, noise=True)
def kick606(c: Controls) -> Sound:
    """A small bridged-T resonator: little sweep, dry, over at once."""
    pitch = c.tune * (1 + 1.1 * fall(0.03) + 0.15 * fall(0.15))
    body = SinOsc.ar(frequency=pitch) * percussive(c.decay, 0.001, hold_s=0.03)
    struck = saturate(body, c.drive) + beater(c.click, 1600 * c.force + 800, 0.008) * c.force
    return HPF.ar(source=struck, frequency=22)


@instrument("kick_acoustic", trim_db=-2.5, noise=True)
def kick_acoustic(c: Controls) -> Sound:
    """A felt beater on a damped head; the shell answers an octave and more above."""
    pitch = c.tune * (1 + 0.5 * fall(0.04)) * Rand.ir(minimum=0.995, maximum=1.005)
    head = SinOsc.ar(frequency=pitch) * percussive(c.decay, 0.001, free=False, hold_s=0.035)
    head = head + modes(pitch, DRUM_HEAD[1:], c.decay * 0.7) * 0.7
    shell = SinOsc.ar(frequency=c.tune * 2.9) * fall(c.decay * 0.4) * 0.2
    felt = LPF.ar(source=WhiteNoise.ar(), frequency=c.tone * c.force) * fall(0.022) * gain_of(c.beater) * c.force
    knock = SinOsc.ar(frequency=900 + 1500 * fall(0.01)) * fall(0.012) * gain_of(c.beater) * 0.8
    ends(c.decay + 0.1)
    struck = saturate((head * 0.7 + shell + felt + knock) * 0.8, 9)
    return in_room(HPF.ar(source=struck, frequency=22) * 0.7, gain_of(c.room) * 0.5)


@instrument("kick_hard", trim_db=-13.7, noise=True)
def kick_hard(c: Controls) -> Sound:
    """The punch is clean and swept; the tail is the same sine, clipped hard, filtered and faded in behind it."""
    depth = c.sweep.midiratio() - 1
    pitch = c.freq * (1 + depth * (0.7 * fall(0.07) + 0.3 * fall(0.2)))
    wave = SinOsc.ar(frequency=pitch)
    punch = saturate(wave * fall(0.35) + beater(-10, 5000, 0.012) * c.force, 8) * (c.punch * 0.01)
    hot = (wave * gain_of(c.drive) + 0.15).clip2(1).tanh_()
    again = (LPF.ar(source=hot, frequency=c.tone) * gain_of(c.drive) * 0.3).tanh_()
    tail = LPF.ar(source=LeakDC.ar(source=again, coefficient=0.998), frequency=c.tone * c.force.sqrt_())
    behind = EnvGen.ar(
        envelope=Envelope(
            amplitudes=[0, 0.25, 1, 1, 0], durations=[0.001, 0.05, c.decay * 0.5, c.decay * 0.5],
            curves=[EnvelopeShape.LINEAR, 2.0, EnvelopeShape.LINEAR, -2.0],
        ),
        done_action=FREE,
    )  # fmt: skip
    return tail * behind * 0.8 + punch


@instrument("snare808", trim_db=-4.7, noise=True)
def snare808(c: Controls) -> Sound:
    """Two tones, the upper the shorter, and noise above them."""
    tones = SinOsc.ar(frequency=c.tune * (1 + 0.25 * fall(0.02))) * fall(0.16)
    tones = tones + SinOsc.ar(frequency=c.tune * 1.87) * fall(0.1) * 0.7
    long = percussive(c.decay, 0.001)
    sound = []
    for noise in wide_noise(0.15):
        wires = HPF.ar(source=LPF.ar(source=noise, frequency=c.tone * c.force.sqrt_() * 1.5), frequency=1400) * long
        sound.append(saturate(tones * 0.6 + wires * gain_of(c.snap) * 0.8, 3))
    return sound[0], sound[1]


@instrument("snare_gated", trim_db=-13.3, noise=True)
def snare_gated(c: Controls) -> Sound:
    """A shell and wires, and a room that stays loud until it is shut."""
    shell = modes(c.tune * (1 + 0.5 * fall(0.04)), DRUM_HEAD, 0.22) * 0.4
    gate = EnvGen.ar(
        envelope=Envelope(
            amplitudes=[0, 1, 0.55, 0], durations=[0.001, c.decay, 0.025], curves=[EnvelopeShape.LINEAR, -1.5, -2.0]
        ),
        done_action=FREE,
    )
    sound = []
    for noise in wide_noise(0.9):
        wires = HPF.ar(source=noise, frequency=1800) * fall(0.14) * gain_of(c.snap) * c.force
        room = LPF.ar(source=HPF.ar(source=noise, frequency=350), frequency=c.tone * c.force.sqrt_())
        sound.append(saturate((shell + wires * 0.6 + room * 0.5) * gate, 7))
    return sound[0], sound[1]


@instrument("snap", trim_db=-4.5, noise=True)
def snap(c: Controls) -> Sound:
    """Two fast strokes of the finger, ringing in the hand's hollow."""
    strokes = fall(0.006) + EnvGen.ar(
        envelope=Envelope(
            amplitudes=[0, 0, 1, 0.001, 0], durations=[0.009, 0.0005, c.decay * 0.5, 0.002], curves=[-4.0]
        )
    )
    body = BPF.ar(source=WhiteNoise.ar(), frequency=c.tune, reciprocal_of_q=0.35) * 2.2
    bright = HPF.ar(source=WhiteNoise.ar(), frequency=5000) * 0.15 * c.force
    percussive(c.decay)
    return in_room(saturate((body + bright) * strokes, 4), gain_of(c.room))


@instrument("clave", trim_db=-6.3, noise=True)
def clave(c: Controls) -> Sound:
    """One clear partial, a weaker one, a tick."""
    wood = (
        SinOsc.ar(frequency=c.tune) * percussive(c.decay, 0.0003)
        + SinOsc.ar(frequency=c.tune * 2.71) * fall(c.decay * 0.4) * 0.25
    )
    tick = BPF.ar(source=WhiteNoise.ar(), frequency=5000, reciprocal_of_q=1.0) * fall(0.006) * gain_of(c.click)
    return wood * 0.8 + tick * 2 * c.force


@instrument("hat_acoustic", trim_db=-5.8, noise=True)
def hat_acoustic(c: Controls) -> Sound:
    """Bronze: denser partials than a machine's squares, softened by noise, with a stick at the start."""
    ratio = c.tune.midiratio() * Rand.ir(minimum=0.97, maximum=1.03)
    bright = c.tone * c.force.sqrt_()
    clang = metal(ratio * 2.13) * 0.6 + metal(ratio * 3.37) * 0.6
    envelope = percussive(c.decay, 0.0008) + fall(0.02) * 0.4
    stick = BPF.ar(source=WhiteNoise.ar(), frequency=3200, reciprocal_of_q=1.2) * fall(0.012) * gain_of(c.stick)
    sound = []
    for noise in wide_noise(0.5):
        raw = HPF.ar(source=HPF.ar(source=clang + noise * 0.5, frequency=bright), frequency=bright * 0.7)
        sound.append(LPF.ar(source=raw, frequency=13000) * envelope + stick * c.force)
    return sound[0], sound[1]


@instrument("crash", trim_db=-23.8, noise=True)
def crash(c: Controls) -> Sound:
    """It opens within a few milliseconds, its low partials first to go."""
    ratio = c.tune.midiratio()
    clang = metal(ratio * 2.41) + metal(ratio * 3.9) * 0.7
    long, bloom = percussive(c.decay, 0.0008), 1 - fall(c.bloom * 0.003) * 0.7
    sound = []
    for noise in wide_noise(0.8):
        wash = HPF.ar(source=clang * 0.7 + noise * 0.7, frequency=c.tone * c.force.sqrt_())
        high = HPF.ar(source=noise, frequency=7500) * fall(c.decay * 0.35) * 0.5
        sound.append((wash * bloom + high) * long)
    return sound[0], sound[1]


@instrument("cowbell", trim_db=-2.2, noise=True)
def cowbell(c: Controls) -> Sound:
    """Squares a little less than a fifth apart: a hard stroke, then a ring."""
    pitch = c.tune * Rand.ir(minimum=0.998, maximum=1.002)
    squares = Pulse.ar(frequency=pitch, width=0.5) + Pulse.ar(frequency=pitch * 1.481, width=0.5)
    band = BPF.ar(source=squares, frequency=c.tone * c.force.sqrt_(), reciprocal_of_q=0.9)
    return HPF.ar(source=band, frequency=300) * (percussive(c.decay, 0.0005) * 0.5 + fall(0.03) * 0.6)
