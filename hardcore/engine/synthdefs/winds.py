"""Bowed strings, brass, winds and voices."""

from hardcore.engine.synthdefs.basslines import along, gliding
from hardcore.engine.synthdefs.guitars import bodied
from hardcore.engine.synthdefs.monoleads import swaying
from hardcore.engine.synthdefs.shared import Controls, Number, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import (
    any_phase,
    audible,
    chorused,
    detuned,
    drift,
    driven,
    falling,
    low_pass,
    part,
    placed,
    pulse,
    saw,
    smooth,
    u,
)

# Where the players of a section sit: how far out of tune (× detune), where (−1..1).
PLAYERS = ((-1.0, -0.9), (0.9, 0.8), (-0.5, 0.5), (0.45, -0.5), (0.1, -0.1), (-0.2, 0.2))
FIDDLE_BODY = ((280.0, 0.5), (460.0, 0.5), (800.0, 0.3), (2500.0, 0.35))
# The first four formants of o, a, e, i: Hz for a voice between alto and tenor (after Peterson and Barney, 1952).
FORMANTS_HZ = ((450, 750, 1080, 420, 310), (800, 1150, 1750, 1900, 2200), (2830, 2900, 2600, 2600, 2960),
               (3500, 3600, 3500, 3400, 3500))  # fmt: skip
FORMANT_LEVELS = (1.0, 0.55, 0.25, 0.12)


def scooped(freq: Signal, share: Number, time_s: float = 0.09) -> Signal:
    """Return `freq` beginning up to two semitones flat and sliding up."""
    slide = u.EnvGen.kr(envelope=u.Envelope(amplitudes=[1, 0], durations=[time_s], curves=[-3.0]))
    return freq * (slide * share * -2.0).midiratio()


@instrument("strings", trim_db=-15.3, noise=True)
def strings(c: Controls) -> Sound:
    """Six players, each with a vibrato of their own, and the ensemble's chorus."""
    spread, width = smooth(c.detune), part(c.width)
    voices = []
    for index, (cents, place) in enumerate(
        ((-1.0, -0.9), (0.9, 0.8), (-0.5, 0.5), (0.45, -0.5), (0.1, -0.1), (-0.2, 0.2))
    ):
        freq = swaying(detuned(c.freq, spread * cents + drift(0.6, spread * 0.15)), c.vibrato, 4.7 + 0.21 * index)
        voices.append((saw(freq, any_phase()), width * place))
    cutoff = audible(smooth(c.cutoff) * c.force**0.6)
    amp = adsr(c.gate, c.attack, 0.4, 0.92, c.release)
    sides = [u.HPF.ar(source=low_pass(side * 0.18, cutoff, 0.05), frequency=90) * amp for side in placed(voices)]
    blend = part(c.ensemble)
    wet = chorused((sides[0], sides[1]), 0.7, 0.0022)
    left, right = [dry * (1 - blend * 0.5) + echo * blend * 0.7 for dry, echo in zip(sides, wet, strict=True)]
    return left, right


@instrument("fiddle", trim_db=-9.6, noise=True)
def fiddle(c: Controls) -> Sound:
    """The string sticks to the bow and slips: a saw, rougher with pressure, through the resonances of the body."""
    freq = swaying(gliding(c), c.vibrato, 5.6)
    pressure = part(c.pressure) * c.force**0.5
    hair = u.BPF.ar(source=u.PinkNoise.ar(), frequency=3200, reciprocal_of_q=1.2) * (0.06 + pressure * 0.1)
    tone = u.LPF.ar(source=saw(freq), frequency=audible(1400 + pressure * 5200)) * 0.3
    wood = bodied(tone + hair * 0.5, FIDDLE_BODY, part(c.body) * 0.7)
    return u.HPF.ar(source=wood, frequency=120) * adsr(c.gate, c.attack, 0.2, 0.9, c.release)


@instrument("brass", trim_db=-13.1, noise=True)
def brass(c: Controls) -> Sound:
    """Saws whose filter follows the breath: it opens a moment after the note starts."""
    spread, width = smooth(c.detune), part(c.width)
    freq = swaying(scooped(c.freq, part(c.scoop)), c.vibrato)
    voices = [
        (saw(detuned(freq, spread * cents), any_phase(0.6)), width * place)
        for cents, place in ((-1.0, -0.7), (0.9, 0.7), (0.1, 0.0))
    ]
    blown = u.EnvGen.kr(
        envelope=u.Envelope(amplitudes=[0.2, 1, 0.55], durations=[c.attack * 1.4 + 0.01, c.decay], curves=[-1.0, -3.0])
    )
    cutoff = audible(smooth(c.cutoff) * (blown * smooth(c.env) * c.force).midiratio()).min_(14000)
    amp = adsr(c.gate, c.attack, 0.3, 0.88, c.release)
    left, right = [low_pass(side * 0.25, cutoff, 0.15) * amp for side in placed(voices)]
    return left, right


@instrument("trumpet", trim_db=-11.0, noise=True)
def trumpet(c: Controls) -> Sound:
    """Frequency modulation at the note itself: the more breath, the more partials (Chowning, JAES 21, 1973)."""
    freq = swaying(scooped(gliding(c), 0.25, 0.05), c.vibrato, 5.1)
    blown = u.EnvGen.kr(envelope=u.Envelope(amplitudes=[0, 1.15, 0.85], durations=[c.attack * 1.3, 0.15], curves=[0.0]))
    index = smooth(c.index) * c.force * blown * (880 / c.freq).sqrt_().clip(0.4, 1.3)
    tone = u.SinOsc.ar(frequency=freq, phase=u.SinOsc.ar(frequency=freq) * index)
    muted = part(c.mute)
    nasal = u.BPF.ar(source=tone, frequency=1700, reciprocal_of_q=0.5) * 2.2
    breath = u.BPF.ar(source=u.PinkNoise.ar(), frequency=2500, reciprocal_of_q=1.0) * falling(0.06, 0.005) * 0.2
    mixed = u.LeakDC.ar(source=tone, coefficient=0.998) * (1 - muted * 0.85) + nasal * muted + breath
    return mixed * 0.3 * adsr(c.gate, c.attack, 0.2, 0.9, c.release)


@instrument("flute", trim_db=-9.6, noise=True)
def flute(c: Controls) -> Sound:
    """Few partials; the breath rings at the tube's first two resonances, most at the start."""
    freq = swaying(gliding(c), c.vibrato, 4.9)
    tone = u.SinOsc.ar(frequency=freq) + u.SinOsc.ar(frequency=freq * 2) * 0.28 * c.force
    tone = tone + u.SinOsc.ar(frequency=freq * 3) * 0.12 * c.force**2
    air = u.PinkNoise.ar()
    ringing = u.BPF.ar(source=air, frequency=freq, reciprocal_of_q=0.08) * 3
    ringing = ringing + u.BPF.ar(source=air, frequency=freq * 2.01, reciprocal_of_q=0.1) * 2
    chiff = u.HPF.ar(source=air, frequency=2200) * falling(0.08, 0.01) * part(c.chiff) * 0.5
    sound = tone * 0.3 + ringing * part(c.breath) * 0.3 + u.HPF.ar(source=air, frequency=3000) * part(c.breath) * 0.05
    return (sound + chiff) * adsr(c.gate, c.attack, 0.2, 0.9, c.release)


@instrument("clarinet", trim_db=-11.3, noise=True)
def clarinet(c: Controls) -> Sound:
    """A square's odd partials, rounded; louder is brighter."""
    freq = swaying(gliding(c), c.vibrato)
    cutoff = audible(smooth(c.cutoff) * c.force**0.7)
    reed = low_pass(pulse(freq, 0.5) * 0.3, cutoff, 0.1)
    air = u.BPF.ar(source=u.PinkNoise.ar(), frequency=freq * 3, reciprocal_of_q=0.8) * part(c.breath) * 0.3
    return (reed + air) * adsr(c.gate, c.attack, 0.15, 0.92, c.release)


@instrument("sax", trim_db=-10.4, noise=True)
def sax(c: Controls) -> Sound:
    """A saw and a narrow pulse through the horn's two resonances, roughened by growl."""
    freq = swaying(scooped(gliding(c), part(c.scoop)), c.vibrato, 4.8)
    growl = 1 + u.LFNoise2.ar(frequency=70).clip(-1, 1) * part(c.growl) * 0.8
    reed = (saw(freq) * 0.6 + pulse(freq, 0.22) * 0.4) * growl
    horn = low_pass(reed * 0.3, audible(smooth(c.cutoff) * c.force**0.7), 0.1)
    horn = horn + u.BPF.ar(source=horn, frequency=620, reciprocal_of_q=0.4) * 0.8
    horn = horn + u.BPF.ar(source=horn, frequency=1500, reciprocal_of_q=0.4) * 0.6
    air = u.BPF.ar(source=u.PinkNoise.ar(), frequency=2400, reciprocal_of_q=1.2) * part(c.breath) * 0.12
    return driven(horn + air, u.DC.kr(source=4.0)) * adsr(c.gate, c.attack, 0.15, 0.9, c.release)


def sung(source: Signal, vowel: Signal) -> Signal:
    """Return `source` through the formants of a vowel: 0 o, through a and e, to 1 i."""
    total: Signal = u.DC.ar(source=0)
    for places, level in zip(FORMANTS_HZ, FORMANT_LEVELS, strict=True):
        hz = along(vowel, tuple(float(place) for place in places))
        total = total + u.BPF.ar(source=source, frequency=hz, reciprocal_of_q=0.12) * level
    return total * 3.0 + source * 0.06


@instrument("choir", trim_db=-15.3, noise=True)
def choir(c: Controls) -> Sound:
    """Five singers on a side-by-side row, each a saw with its own vibrato, all on the same vowel."""
    spread, width, vowel = smooth(c.detune), part(c.width), part(c.vowel)
    voices = []
    for index, (cents, place) in enumerate(((-1.0, -0.9), (0.85, 0.9), (-0.4, 0.45), (0.5, -0.45), (0.05, 0.0))):
        freq = swaying(detuned(c.freq, spread * cents + drift(0.8, spread * 0.3)), c.vibrato, 4.9 + 0.27 * index)
        voices.append((u.LPF.ar(source=saw(freq, any_phase()), frequency=3200), width * place))
    amp = adsr(c.gate, c.attack, 0.3, 0.95, c.release)
    sides = []
    for side in placed(voices):
        air = u.PinkNoise.ar() * part(c.breath) * 0.5
        sides.append(u.HPF.ar(source=sung(side * 0.25 + air, vowel), frequency=100) * amp * c.force**0.2)
    return sides[0], sides[1]


@instrument("vox", trim_db=-12.6, noise=True)
def vox(c: Controls) -> Sound:
    """One throat: a narrow pulse that an envelope carries through the vowels."""
    freq = swaying(gliding(c), c.vibrato, 5.4)
    vowel = part(c.vowel) + falling(c.decay, attack_s=0.02, curve=-2.0) * part(c.travel) * c.force
    throat = u.LPF.ar(source=pulse(freq, 0.25), frequency=4500) * 0.3
    air = u.PinkNoise.ar() * part(c.breath) * 0.4
    return u.HPF.ar(source=sung(throat + air, vowel), frequency=90) * adsr(c.gate, c.attack, 0.2, 0.9, c.release)
