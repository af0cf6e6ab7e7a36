"""The wavetable oscillator: single-cycle waves as the levels of their partials, which fade out where none is heard."""

from math import pi, sin

from hardcore.engine.synthdefs.basslines import along
from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import audible, detuned, falling, low_pass, part, placed, smooth, u

PARTIALS = 16


def _table() -> tuple[tuple[float, ...], ...]:
    """Return the five waves: sine, hollow, saw, vocal, digital; each the levels of PARTIALS partials."""
    numbers = range(1, PARTIALS + 1)
    sine = tuple(float(n == 1) for n in numbers)
    hollow = tuple((1 / n if n % 2 else 0.0) for n in numbers)
    saws = tuple(0.9 / n for n in numbers)
    vocal = tuple(0.75 / n + 0.5 * max(0.0, 1 - abs(n - 5) / 2.5) - 0.3 / n * (n == 2) for n in numbers)
    digital = tuple((0.6 + 0.4 * sin(n * 2.3 * pi / 4)) / n**0.7 * (1 if n % 3 else 0.2) for n in numbers)
    return sine, hollow, saws, vocal, digital


WAVES = _table()


@instrument("wavetable", trim_db=-16.6, noise=True)
def wavetable(c: Controls) -> Sound:
    """Between two waves every partial has a level between theirs, so that moving through the table never clicks."""
    slow = u.SinOsc.kr(frequency=smooth(c.rate), phase=u.Rand.ir(minimum=0, maximum=6.28)) * part(c.movement)
    place = part(c.position) + falling(c.decay, attack_s=0.01, curve=-3.0) * part(c.travel) * c.force + slow
    spread, width = smooth(c.detune), part(c.width)
    levels = [along(place, tuple(wave[n] for wave in WAVES)) for n in range(PARTIALS)]
    voices: list[tuple[Signal, Signal]] = []
    for sign in (-1, 1):
        freq = detuned(c.freq, spread * (0.5 * sign))
        tone: Signal = u.DC.ar(source=0)
        for number, level in enumerate(levels, 1):
            heard = (1 - (c.freq * number - 12000) * 0.0002).clip(0, 1)
            tone = tone + u.SinOsc.ar(frequency=freq * number, phase=number * number * 0.7) * (level * heard)
        voices.append((tone, width * (sign * 0.9)))
    cutoff = audible(smooth(c.cutoff) * c.force**0.5).min_(16000)
    amp = adsr(c.gate, c.attack, 0.3, 0.9, c.release) * 0.25
    left, right = [low_pass(side, cutoff, part(c.resonance)) * amp for side in placed(voices)]
    return left, right
