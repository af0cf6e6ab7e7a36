"""Snares, claps, cymbals and small percussion."""

from collections.abc import Sequence

from nanosynth.envelopes import Envelope, EnvelopeShape, EnvGen
from nanosynth.ugens import AllpassN, Decay, DelayN, Dust, LFNoise1, Pulse, Rand, SinOsc, WhiteNoise

from hardcore.engine.synthdefs.filters import BPF, HPF, LPF
from hardcore.engine.synthdefs.shared import (
    EXP,
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

# The six square oscillators of the TR-808's cymbal circuit, Hz (as measured from its schematics).
METAL_HZ = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)


def modes(pitch: Number, parts: Sequence[tuple[float, float, float]], decay_s: Number) -> Signal:
    """Return decaying sines: each of `parts` is (ratio to `pitch`, level, ratio to `decay_s`)."""
    sines = [SinOsc.ar(frequency=pitch * ratio) * (fall(decay_s * length) * level) for ratio, level, length in parts]
    return sum(sines[1:], sines[0])


def wide_noise(width: float) -> tuple[Signal, Signal]:
    """Return two noises that share their middle; `width` 0 is mono, 1 two unrelated ones."""
    middle, side = WhiteNoise.ar(), WhiteNoise.ar() * width
    return middle + side, middle - side


def metal(tune: Number) -> Signal:
    """Return the clangour of six detuned square waves, ring-modulated in pairs; `tune` is a ratio."""
    squares = [Pulse.ar(frequency=hz * tune, width=0.5) for hz in METAL_HZ]
    rings = [squares[i] * squares[5 - i] for i in range(3)]
    return (sum(squares[1:], squares[0]) + sum(rings[1:], rings[0]) * 1.5) * 0.2


@instrument("snare909", trim_db=-9.7, noise=True)
def snare909(c: Controls) -> Sound:
    """Two tuned shells that drop in pitch, and two bands of noise."""
    bend = 1 + 0.9 * fall(0.05)
    shell = (
        SinOsc.ar(frequency=c.tune * bend) * fall(0.22) + SinOsc.ar(frequency=c.tune * 1.78 * bend) * fall(0.13) * 0.6
    )
    left, right = wide_noise(0.3)
    long = percussive(c.decay, 0.001)
    sound = []
    for noise in (left, right):
        low = LPF.ar(source=noise, frequency=c.tone * c.force.sqrt_()) * long
        high = HPF.ar(source=noise, frequency=4000) * fall(0.09) * c.force
        wires = HPF.ar(source=low, frequency=700) * 1.3 + high * 0.9
        sound.append(saturate(shell * 0.55 + wires * gain_of(c.snap), 5))
    return sound[0], sound[1]


DRUM_HEAD = ((1.0, 1.0, 1.0), (1.593, 0.55, 0.7), (2.136, 0.35, 0.5), (2.296, 0.3, 0.5), (2.653, 0.2, 0.4))


@instrument("snare_break", trim_db=-9.1, noise=True)
def snare_break(c: Controls) -> Sound:
    """A played snare: membrane modes, a stick, wires that buzz with the head, early reflections of a room."""
    pitch = c.tune * (1 + 0.35 * fall(0.035)) * Rand.ir(minimum=0.992, maximum=1.008)
    head = modes(pitch, DRUM_HEAD, c.ring)
    stick = BPF.ar(source=WhiteNoise.ar(), frequency=3200, reciprocal_of_q=1.2) * fall(0.02) * 1.8 * c.force
    buzz = fall(c.decay * 0.45) + 0.35 * fall(c.decay)
    noise = WhiteNoise.ar() * (0.8 + 0.2 * LFNoise1.ar(frequency=180))
    band = HPF.ar(source=LPF.ar(source=noise, frequency=c.tone * c.force.sqrt_()), frequency=900)
    wires = band * buzz * (1 + head * 0.4) * gain_of(c.snap)
    close = saturate(head * 0.3 + stick + wires * 1.4, 6)
    room = LPF.ar(source=close, frequency=6500)
    walls = []
    for first, second, third in ((0.0113, 0.0197, 0.0311), (0.0131, 0.0179, 0.0347)):
        taps = sum((DelayN.ar(source=room, maximum_delay_time=t, delay_time=t) for t in (second, third)), room * 0)
        early = DelayN.ar(source=room, maximum_delay_time=first, delay_time=first) + taps * 0.7
        walls.append(AllpassN.ar(source=early, maximum_delay_time=0.05, delay_time=first * 2, decay_time=0.25))
    ends(c.decay.max_(c.ring) + 0.5)
    level = gain_of(c.room)
    return close + walls[0] * level, close + walls[1] * level


@instrument("clap", trim_db=-9.1, noise=True)
def clap(c: Controls) -> Sound:
    """Hands that are not quite together: three short bursts, then the room's tail."""
    gap = c.spread * 0.001
    times: list[Number] = [0.0005, gap, 0.0005, gap * 0.9, 0.0005, gap * 1.15, 0.0005, 0.012]
    bursts = EnvGen.ar(
        envelope=Envelope(
            amplitudes=[0, 1, 0.02, 0.85, 0.02, 0.75, 0.02, 1, 0.35],
            durations=times,
            curves=[EnvelopeShape.LINEAR, -4.0],
        )
    )
    end = percussive(c.decay, 0.0005, hold_s=gap * 3.1)
    sound = []
    for noise in wide_noise(0.5):
        # A band of constant Q lets less noise through the lower it is.
        band = BPF.ar(source=noise, frequency=c.tone, reciprocal_of_q=0.9) * 1.6 * (1250 / c.tone).sqrt_()
        air = HPF.ar(source=noise, frequency=4500) * 0.13 * c.force
        sound.append(HPF.ar(source=saturate((band + air) * bursts * end * 2, 9), frequency=450))
    return sound[0], sound[1]


@instrument("rim", trim_db=-10.9, noise=True)
def rim(c: Controls) -> Sound:
    """Stick on the rim: two short resonances and a tick."""
    high, low = SinOsc.ar(frequency=c.tune) * fall(c.decay), SinOsc.ar(frequency=c.tune * 0.277) * fall(c.decay * 1.4)
    tick = BPF.ar(source=WhiteNoise.ar(), frequency=c.tone, reciprocal_of_q=1.2) * fall(0.012) * 1.6 * c.force
    percussive(c.decay * 1.5)
    return HPF.ar(source=saturate(high * 0.9 + low * 0.7 + tick * 0.8, 6), frequency=220)


def hat(c: Controls, envelope: Signal) -> Sound:
    """Return a hi-hat: metal and noise above `tone`, shaped by `envelope`."""
    blend = c.metal * 0.01
    clang = metal(c.tune.midiratio() * Rand.ir(minimum=0.995, maximum=1.005) * 1.6)
    bright = c.tone * c.force.sqrt_()
    sound = []
    for noise in wide_noise(0.35):
        raw = clang * blend * 2.2 + noise * (1 - blend) * 0.5
        band = HPF.ar(source=HPF.ar(source=raw, frequency=bright), frequency=bright * 0.8)
        sizzle = BPF.ar(source=band, frequency=9500, reciprocal_of_q=0.7)
        pressed = saturate(LPF.ar(source=band + sizzle, frequency=17000) * envelope, 8)
        sound.append(HPF.ar(source=pressed, frequency=bright * 0.6))
    return sound[0], sound[1]


@instrument("hat_closed", trim_db=-9.9, noise=True)
def hat_closed(c: Controls) -> Sound:
    """A tick of metal and a very short body."""
    return hat(c, percussive(c.decay, 0.0004) * 0.7 + fall(0.015) * 0.6)


@instrument("hat_open", trim_db=-16.2, noise=True)
def hat_open(c: Controls) -> Sound:
    """The same metal, left to ring."""
    return hat(c, percussive(c.decay, 0.0006, hold_s=0.02) * 0.8 + fall(0.03) * 0.4)


RIDE_BELL = (
    (1.0, 0.5, 1.0),
    (1.483, 0.7, 0.8),
    (2.257, 0.5, 0.7),
    (2.934, 0.45, 0.55),
    (4.117, 0.3, 0.4),
    (5.63, 0.2, 0.3),
)


@instrument("ride", trim_db=-3.7, noise=True)
def ride(c: Controls) -> Sound:
    """A stick on a large cymbal: bell partials, a long wash of metal, a ping."""
    ratio = c.tune.midiratio() * Rand.ir(minimum=0.998, maximum=1.002)
    bell = modes(ratio * 620, RIDE_BELL, c.decay * 0.7) * gain_of(c.bell)
    wash = HPF.ar(source=HPF.ar(source=metal(ratio * 2.7), frequency=1500), frequency=c.tone * c.force.sqrt_())
    ping = BPF.ar(source=WhiteNoise.ar(), frequency=6500, reciprocal_of_q=1.0) * fall(0.03) * 0.5 * c.force
    long = percussive(c.decay, 0.001)
    sound = []
    for noise in wide_noise(0.5):
        air = HPF.ar(source=noise, frequency=c.tone * 1.3) * 0.12
        sound.append((wash * 0.6 + air) * (long * 0.6 + fall(0.12) * 0.5) + bell * 0.5 + ping)
    return sound[0], sound[1]


@instrument("tom", trim_db=-13.4, noise=True)
def tom(c: Controls) -> Sound:
    """A tuned drum: a head that drops to the note's pitch, a second mode, a stick."""
    bend = 1 + (c.bend.midiratio() - 1) * fall(0.14)
    head = SinOsc.ar(frequency=c.freq * bend) * percussive(c.decay, 0.001, hold_s=0.01)
    second = SinOsc.ar(frequency=c.freq * 1.593 * bend) * fall(c.decay * 0.35) * 0.35
    stick = BPF.ar(source=WhiteNoise.ar(), frequency=1800 * c.force, reciprocal_of_q=1.5) * fall(0.025)
    skin = LPF.ar(source=WhiteNoise.ar(), frequency=c.freq * 6) * fall(c.decay * 0.4) * 0.15
    return saturate(head + second + skin + stick * gain_of(c.click) * c.force, 4)


@instrument("shaker", trim_db=-15.2, noise=True)
def shaker(c: Controls) -> Sound:
    """Seeds thrown forward and back: a soft rise, a sharper stop, grains in the noise."""
    attack = c.attack * 0.001
    shape = Envelope(
        amplitudes=[0, 0.5, 0.3, 1, 0.001, 0],
        durations=[attack, attack * 0.4, 0.004, c.decay, 0.004],
        curves=[2.0, EnvelopeShape.LINEAR, EnvelopeShape.LINEAR, EXP, EnvelopeShape.LINEAR],
    )
    envelope = EnvGen.ar(envelope=shape, done_action=2)
    loose = c.grain * 0.01
    grain = Decay.ar(source=Dust.ar(density=2200), decay_time=0.004).clip(0, 1.5)
    sound = []
    for noise in wide_noise(0.4):
        seeds = noise * (1 - loose + grain * loose * 1.5)
        band = BPF.ar(source=seeds, frequency=c.tone * c.force.sqrt_(), reciprocal_of_q=0.8)
        sound.append(HPF.ar(source=band + seeds * 0.2, frequency=c.tone * 0.5) * envelope)
    return sound[0], sound[1]


SKIN = ((1.0, 1.0, 1.0), (1.59, 0.4, 0.5), (2.14, 0.25, 0.35), (2.65, 0.15, 0.25))
WOOD = ((1.0, 1.0, 0.4), (2.572, 0.55, 0.22), (4.644, 0.35, 0.14), (6.984, 0.2, 0.1))


@instrument("perc", trim_db=-12.0, noise=True)
def perc(c: Controls) -> Sound:
    """A hand drum at one end of `wood`, a block at the other, both on the note's pitch."""
    pitch = c.freq * (1 + (c.bend.midiratio() - 1) * fall(0.05))
    block = c.wood * 0.01
    skin, wood = modes(pitch, SKIN, c.decay), modes(pitch, WOOD, c.decay)
    slap = BPF.ar(source=WhiteNoise.ar(), frequency=c.tone, reciprocal_of_q=1.1) * fall(0.018) * c.force
    percussive(c.decay)
    return saturate((skin * (1 - block) + wood * block) * 0.8 + slap * gain_of(c.slap), 3)
