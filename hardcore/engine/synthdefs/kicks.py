"""Kick drums. Their pitch falls by a frequency envelope into an oscillator, which integrates the phase."""

from nanosynth.envelopes import Envelope, EnvelopeShape, EnvGen
from nanosynth.ugens import DelayN, FreeVerb, LeakDC, SinOsc, WhiteNoise

from hardcore.engine.synthdefs.filters import HPF, LPF, BPeakEQ
from hardcore.engine.synthdefs.shared import (
    EXP,
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

PASSES = 8


def beater(level_db: Number, cutoff_hz: Number, time_s: float) -> Signal:
    """Return the click of a kick: a burst of noise and a short falling blip, `time_s` to −60 dB."""
    burst = LPF.ar(source=HPF.ar(source=WhiteNoise.ar(), frequency=900), frequency=cutoff_hz) * fall(time_s)
    blip = SinOsc.ar(frequency=fall(time_s * 1.5) * 3500 + 300) * fall(time_s) * 0.6
    return (burst + blip) * gain_of(level_db)


@instrument("kick808", trim_db=-9.3, noise=True)
def kick808(c: Controls) -> Sound:
    """Long sine; the bridged-T network's pitch falls an octave and more within milliseconds, then droops."""
    pitch = c.tune * (1 + 3.2 * fall(0.045) + 0.22 * fall(0.4))
    body = SinOsc.ar(frequency=pitch) * percussive(c.decay, 0.0015, hold_s=0.02)
    return saturate(body, c.drive) + beater(c.click, 2200 * c.force + 1000, 0.012) * c.force


@instrument("kick909", trim_db=-8.5, noise=True)
def kick909(c: Controls) -> Sound:
    """Punch of a techno kick: a fast deep sweep, a short thick body, a hard click."""
    depth = c.sweep.midiratio() - 1
    pitch = c.tune * (1 + depth * (0.75 * fall(0.075) + 0.25 * fall(0.26)))
    body = SinOsc.ar(frequency=pitch) * percussive(c.decay, 0.0006, hold_s=0.03)
    return saturate(body + beater(c.click, 7000 * c.force + 1000, 0.016) * c.force, c.drive)


def distort_once(signal: Signal, drive_db: Number, index: int) -> Signal:
    """Return one pass through an overdriven desk: mid and low boost, asymmetric clipping, no direct current.

    Later passes clip harder, so eight of them end in a buzzing square.
    """
    bias = 0.12 if index % 2 == 0 else -0.12
    pushed = BPeakEQ.ar(source=signal, frequency=(170, 320, 240, 420)[index % 4], reciprocal_of_q=1.2, gain=5)
    hot = pushed * gain_of(drive_db) + bias
    clipped = hot.tanh_() if index < 3 else hot.softclip()
    return LeakDC.ar(source=LPF.ar(source=clipped, frequency=11000), coefficient=0.998)


@instrument("kick_gabber", trim_db=-13.8, noise=True)
def kick_gabber(c: Controls) -> Sound:
    """Rotterdam kick: a swept sine through serial distortion passes, with a tuned tail."""
    glide = EnvGen.ar(envelope=Envelope(amplitudes=[1, c.tail.midiratio()], durations=[c.decay], curves=[EXP]))
    pitch = c.freq * glide * (1 + 7 * fall(0.06) + 1.6 * fall(0.2))
    # Falling faster than this, the passes shift the phase enough to bend the tail out of tune.
    signal = SinOsc.ar(frequency=pitch) * percussive(c.decay * 4, 0.0005, free=False, hold_s=0.03)
    signal = signal + beater(-8, 6000, 0.02) * c.force
    for index in range(PASSES):
        amount = (c.stages - index).clip(0, 1)
        signal = signal + (distort_once(signal, c.drive, index) - signal) * amount
    shape = Envelope(
        amplitudes=[0, 1, 1, 0],
        durations=[0.0005, c.decay * 0.6, c.decay * 0.4],
        curves=[EnvelopeShape.LINEAR, EnvelopeShape.LINEAR, -2.0],
    )
    darkening = 0.45 + 0.55 * fall(c.decay * 1.5)
    low = LPF.ar(source=signal, frequency=c.tone * c.force.sqrt_() * darkening)
    return low * EnvGen.ar(envelope=shape, done_action=FREE)


def rumble(dry: Signal, c: Controls) -> tuple[Signal, Signal]:
    """Return the kick's rumble, left and right: reverb, overdrive, low-pass, ducked by the kick, mono below 150 Hz."""
    send = LPF.ar(source=dry, frequency=500)
    rooms = [FreeVerb.ar(source=send, mix=1, room_size=size, damping=0.5) for size in (0.86, 0.93)]
    left, right = (
        LPF.ar(source=LPF.ar(source=(room * 14).tanh_(), frequency=c.tone), frequency=c.tone) for room in rooms
    )
    # Out of the way while the dry kick sounds, back before the next one.
    pressed = Envelope(amplitudes=[0, 1, 1, 0], durations=[0.002, 0.07, 0.18], curves=[EnvelopeShape.LINEAR])
    duck = 1 - EnvGen.ar(envelope=pressed)
    end = EnvGen.ar(
        envelope=Envelope(
            amplitudes=[1, 1, 0], durations=[c.length * 0.6, c.length * 0.4], curves=[EnvelopeShape.LINEAR, -2.0]
        )
    )
    level = duck * end * gain_of(c.rumble)
    middle = (left + right) * 0.5
    side = HPF.ar(source=HPF.ar(source=(left - right) * 0.5, frequency=150), frequency=150)
    return (middle + side) * level, (middle - side) * level


def ghosts(body: Signal, c: Controls) -> Signal:
    """Return the low-passed kick again on the three sixteenths after it, `ghost_time` apart."""
    soft = LPF.ar(source=body, frequency=c.tone * 0.8) * gain_of(c.ghost)
    taps = [
        DelayN.ar(source=soft, maximum_delay_time=0.25 * n, delay_time=c.ghost_time * n) * level
        for n, level in ((1, 0.6), (2, 1.0), (3, 0.75))
    ]
    return taps[0] + taps[1] + taps[2]


@instrument("kick_industrial", trim_db=-9.6, noise=True)
def kick_industrial(c: Controls) -> Sound:
    """Warehouse kick in three parallel layers: dry, rumble, ghosts."""
    pitch = c.tune * (1 + 5 * fall(0.07) + 1.0 * fall(0.22))
    body = SinOsc.ar(frequency=pitch) * percussive(c.decay, 0.0006, free=False, hold_s=0.03)
    dry = saturate(body + beater(c.click, 4500 * c.force + 1000, 0.014) * c.force, c.drive)
    left, right = rumble(dry, c)
    ghost = ghosts(body, c)
    ends(c.length.max_(c.decay).max_(c.ghost_time * 3 + c.decay) + 0.1)
    return dry + left + ghost, dry + right + ghost
