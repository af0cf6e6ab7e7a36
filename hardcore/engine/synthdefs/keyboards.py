"""More keyboards: piano, pipe organ, house organ."""

from hardcore.engine.synthdefs.guitars import ringing
from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import driven, falling, part, placed, u

PIANO_PARTIALS = 14
# Stiffness of the strings: partial n lies at n·√(1 + B·n²) (Fletcher & Rossing, ch. 12); B of a medium string.
STIFFNESS = 0.00018
# Ranks of pipes: ratio to the note, level, which stop.
PIPES = (
    (0.5, 0.8, "sub"), (1.0, 1.0, "principal"), (2.0, 0.6, "principal"), (3.0, 0.35, "mixture"),
    (4.0, 0.45, "mixture"), (6.0, 0.25, "mixture"), (8.0, 0.22, "mixture"),
)  # fmt: skip


@instrument("piano", trim_db=-0.6, noise=True)
def piano(c: Controls) -> Sound:
    """Partials of a stiff string: a quick fall, then a slow one; a hard hammer wakes more of them; a thump."""
    hard = (part(c.hammer) * 0.8 + 0.4) * c.force
    bright = part(c.bright) * 0.8 + 0.2
    ring = ringing(c, 0.6)
    low: Signal = u.DC.ar(source=0)
    high: Signal = u.DC.ar(source=0)
    for n in range(1, PIANO_PARTIALS + 1):
        ratio = n * ((1 + STIFFNESS * n * n) / (1 + STIFFNESS)) ** 0.5
        heard = (1 - (c.freq * ratio - 9000) * 0.0002).clip(0, 1)
        # Struck at an eighth of its length, a string lacks its eighth partial.
        level = abs(_sine(n / 8.3)) / n**0.9
        wake = 1.0 if n == 1 else (hard * bright) ** ((n - 1) * 0.11)
        length = ring / (1 + 0.16 * (n - 1))
        tone = u.SinOsc.ar(frequency=(c.freq * ratio).min_(18000), phase=n * 1.3) * (_fading(length) * level) * wake
        if n % 2:
            low = low + tone * heard
        else:
            high = high + tone * heard
    thump = u.BPF.ar(source=u.WhiteNoise.ar(), frequency=(c.freq * 0.9).clip(90, 900), reciprocal_of_q=1.0)
    thump = thump * falling(0.04) * hard * 0.35
    width = part(c.width) * 0.5
    left, right = placed([(low, width * -1.0), (high, width), (thump, width * 0.0)])
    amp = adsr(c.gate, 0.0015, 0.1, 1.0, c.release) * 0.3
    return left * amp, right * amp


def _sine(turns: float) -> float:
    from math import pi, sin

    return sin(pi * turns)


def _fading(ring: Signal) -> Signal:
    """Return a string's two falls: first together with the soundboard, then alone."""
    shape = u.Envelope(amplitudes=[1, 0.32, 0.001, 0], durations=[ring * 0.13, ring * 0.87, 0.01],
                       curves=["exponential", "exponential", 0.0])  # fmt: skip
    signal: Signal = u.EnvGen.ar(envelope=shape)
    return signal


@instrument("pipe_organ", trim_db=-2.5, noise=True)
def pipe_organ(c: Controls) -> Sound:
    """Every rank is a pipe with a little of its own overtones; the ranks stand from left to right."""
    stops = {"sub": part(c.sub), "principal": part(c.principal), "mixture": part(c.mixture)}
    voices: list[tuple[Signal, float]] = []
    for index, (ratio, level, stop) in enumerate(PIPES):
        heard = (1 - (c.freq * ratio - 9000) * 0.0002).clip(0, 1)
        tone = u.SinOsc.ar(frequency=c.freq * ratio) + u.SinOsc.ar(frequency=c.freq * ratio * 2) * 0.18 * heard
        voices.append((tone * stops[stop] * level * heard, (-0.5, 0.0, 0.2, 0.5, -0.4, 0.6, -0.6)[index]))
    air = u.BPF.ar(source=u.PinkNoise.ar(), frequency=(c.freq * 3).min_(9000), reciprocal_of_q=1.2) * part(c.wind)
    chiff = falling(0.09, attack_s=0.01) * 1.5 + 0.4
    voices.append((air * chiff * 0.5, 0.0))
    left, right = placed(voices)
    amp = adsr(c.gate, c.attack, 0.1, 1.0, c.release) * 0.15
    return left * amp, right * amp


@instrument("house_organ", trim_db=-3.8)
def house_organ(c: Controls) -> Sound:
    """Two sines, a knock a twelfth up, all falling quickly."""
    tone = u.SinOsc.ar(frequency=c.freq) + u.SinOsc.ar(frequency=c.freq * 2) * 0.5
    tone = tone + u.SinOsc.ar(frequency=(c.freq * 3).min_(15000)) * part(c.third)
    knock = u.SinOsc.ar(frequency=(c.freq * 4).min_(15000), phase=u.SinOsc.ar(frequency=c.freq * 2) * 1.5)
    tone = tone + knock * falling(0.05) * part(c.knock) * c.force
    return driven(tone * 0.2, c.drive) * adsr(c.gate, 0.001, c.decay, part(c.sustain), c.release)
