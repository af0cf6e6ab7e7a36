"""Struck bars and tubes: sums of the partials of each body, each with its own level and length."""

from collections.abc import Sequence

from hardcore.engine.synthdefs.guitars import ringing
from hardcore.engine.synthdefs.shared import Controls, Number, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import Stereo, falling, part, placed, smooth, u

# (ratio to the note, level, ratio to the ring) of each body's partials: Fletcher & Rossing, "The Physics of Musical
# Instruments", chapters 19 to 21; a tubular bell's strike note is an octave below its fourth mode.
MARIMBA = ((1.0, 1.0, 1.0), (3.93, 0.35, 0.25), (9.24, 0.12, 0.1))
VIBRAPHONE = ((1.0, 1.0, 1.0), (4.0, 0.3, 0.4), (10.2, 0.08, 0.15))
GLOCKENSPIEL = ((1.0, 1.0, 1.0), (2.756, 0.45, 0.55), (5.404, 0.25, 0.3), (8.933, 0.1, 0.15))
MUSIC_BOX = ((1.0, 1.0, 1.0), (2.0, 0.12, 0.6), (6.27, 0.35, 0.18), (17.55, 0.1, 0.06))
TUBULAR = ((1.0, 1.0, 1.0), (0.5, 0.25, 1.2), (1.505, 0.55, 0.8), (2.0, 0.7, 0.7), (2.66, 0.45, 0.5), (4.17, 0.2, 0.3))
KALIMBA = ((1.0, 1.0, 1.0), (5.4, 0.2, 0.2), (12.0, 0.08, 0.08))
STEEL = ((1.0, 1.0, 1.0), (2.0, 0.6, 0.8), (3.0, 0.3, 0.5), (4.02, 0.2, 0.4), (6.1, 0.12, 0.25))


def bar(freq: Signal, parts: Sequence[tuple[float, float, float]], ring: Number, hard: Signal) -> Signal:
    """Return the partials of a struck body; a hard mallet wakes the upper ones; those too high to hear are left out."""
    total: Signal = u.DC.ar(source=0)
    for ratio, level, length in parts:
        wake = 1.0 if ratio <= 1 else hard * 1.6 + 0.2
        heard = (1 - (freq * ratio - 10000) * 0.0002).clip(0, 1)
        tone = u.SinOsc.ar(frequency=(freq * ratio).min_(18000))
        total = total + tone * (_struck(ring * length) * level) * wake * heard
    return total


def _struck(time_s: Number) -> Signal:
    shape = u.Envelope(amplitudes=[0, 1, 0.001, 0], durations=[0.0008, time_s, 0.005], curves=[0.0, "exponential", 0.0])
    signal: Signal = u.EnvGen.ar(envelope=shape)
    return signal


def _mallet(c: Controls, parts: Sequence[tuple[float, float, float]], knock_hz: float, steeper: float = 0.5) -> Stereo:
    """Return a struck body with the knock of its mallet, its upper partials a little to one side."""
    hard = part(c.hard) * c.force
    body = bar(c.freq, parts[:1], ringing(c, steeper), hard)
    above = bar(c.freq, parts[1:], ringing(c, steeper), hard)
    knock = u.BPF.ar(source=u.WhiteNoise.ar(), frequency=knock_hz, reciprocal_of_q=0.8) * falling(0.018) * hard * 0.5
    width = part(c.width)
    left, right = placed([(body, width * -0.25), (above, width * 0.7), (knock, width * 0.2)])
    amp = adsr(c.gate, 0.001, 0.1, 1.0, c.release) * 0.35
    return left * amp, right * amp


@instrument("marimba", trim_db=-1.1, noise=True)
def marimba(c: Controls) -> Sound:
    """Bars tuned so that the second mode is two octaves up."""
    return _mallet(c, MARIMBA, 900.0)


@instrument("vibraphone", trim_db=-5.8, noise=True)
def vibraphone(c: Controls) -> Sound:
    """Long aluminium; the fans open and shut the tubes from side to side."""
    left, right = _mallet(c, VIBRAPHONE, 1800.0)
    fan = u.SinOsc.kr(frequency=smooth(c.rate)) * part(c.tremolo) * 0.45
    return left * (1 + fan), right * (1 - fan * 0.6)


@instrument("glockenspiel", trim_db=-4.9, noise=True)
def glockenspiel(c: Controls) -> Sound:
    """Steel bars whose partials fit no chord."""
    return _mallet(c, GLOCKENSPIEL, 5200.0, 0.3)


@instrument("music_box", trim_db=-3.5, noise=True)
def music_box(c: Controls) -> Sound:
    """Combs, a pin's pluck, a small case."""
    return _mallet(c, MUSIC_BOX, 3500.0, 0.4)


@instrument("tubular_bell", trim_db=-8.5, noise=True)
def tubular_bell(c: Controls) -> Sound:
    """The note is heard an octave below the tube's fourth mode; a minor-like cluster around it."""
    return _mallet(c, TUBULAR, 2600.0, 0.3)


@instrument("kalimba", trim_db=-2.1, noise=True)
def kalimba(c: Controls) -> Sound:
    """A tine, and the box behind it."""
    return _mallet(c, KALIMBA, 420.0)


@instrument("steel_drum", trim_db=-3.5, noise=True)
def steel_drum(c: Controls) -> Sound:
    """Harmonic partials that bend upward a little as they ring, the octave strong."""
    bent = c.freq * (1 - falling(0.09, attack_s=0.001, curve=-4.0) * 0.012)
    hard, width = part(c.hard) * c.force, part(c.width)
    body = bar(bent, STEEL[:1], ringing(c), hard)
    above = bar(bent, STEEL[1:], ringing(c), hard)
    buzz = (above * 1.5).tanh_() * 0.6
    knock = u.BPF.ar(source=u.WhiteNoise.ar(), frequency=1200, reciprocal_of_q=0.8) * falling(0.02) * hard * 0.5
    left, right = placed([(body, width * -0.25), (buzz, width * 0.5), (knock, width * 0.2)])
    amp = adsr(c.gate, 0.002, 0.1, 1.0, c.release) * 0.35
    return left * amp, right * amp
