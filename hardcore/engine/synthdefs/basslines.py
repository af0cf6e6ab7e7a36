"""More basses: ladder, wobble, growl, donk."""

from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import audible, detuned, driven, falling, low_pass, part, pulse, saw, smooth, u

# Formants of sung o, a, e, i, Hz (a bass voice, rounded).
VOWELS_HZ = ((400, 750), (620, 1050), (430, 1700), (280, 1950))


def gliding(c: Controls) -> Signal:
    """Return the note's frequency, gliding when a slide retunes it."""
    signal: Signal = u.Lag.kr(source=c.freq, lag_time=c.glide)
    return signal


def along(position: Signal, values: tuple[float, ...]) -> Signal:
    """Return the value at `position` 0..1 of a line through `values`, which are evenly spaced."""
    steps = len(values) - 1
    line: Signal = position.clip(0, 1) * steps
    found: Signal = u.DC.kr(source=values[0])
    for index in range(steps):
        found = found + (line - index).clip(0, 1) * (values[index + 1] - values[index])
    return found


@instrument("ladder_bass", trim_db=-3.1)
def ladder_bass(c: Controls) -> Sound:
    """Two detuned saws and a square below them; the ladder closes behind the attack."""
    freq = gliding(c)
    spread = smooth(c.detune)
    tone = saw(freq) + saw(detuned(freq, spread), 0.3) * 0.8 + pulse(freq * 0.5, 0.5) * part(c.sub) * 0.8
    envelope = falling(c.decay, attack_s=0.002, curve=-4.0)
    cutoff = audible(smooth(c.cutoff) * (envelope * smooth(c.env) * c.force).midiratio()).min_(9000)
    resonance = part(c.resonance)
    ladder = u.MoogFF.ar(source=(tone * 0.35).tanh_(), frequency=cutoff, gain=resonance * 3.6)
    shaped = driven(ladder * (1 + resonance * 1.4), c.drive)
    return shaped * adsr(c.gate, 0.002, c.decay * 2, part(c.sustain), c.release)


@instrument("wobble", trim_db=-9.4)
def wobble(c: Controls) -> Sound:
    """The LFO starts with the note, so that it stays on the beat; the sine below does not wobble."""
    freq = gliding(c)
    mixed, spread = part(c.square), smooth(c.detune)
    tone = (saw(freq) + saw(detuned(freq, spread), 0.2) + saw(detuned(freq, -spread), -0.2)) * (1 - mixed * 0.7)
    tone = tone + pulse(freq, 0.5) * mixed * 1.5
    sway = 0.5 - u.SinOsc.kr(frequency=smooth(c.rate), phase=1.5708) * 0.5
    cutoff = audible(smooth(c.cutoff) * (sway * part(c.depth) * 48).midiratio() * c.force**0.4).min_(12000)
    filtered = low_pass(tone * 0.25, cutoff, part(c.resonance))
    weight = u.SinOsc.ar(frequency=freq) * part(c.sub) * 0.3
    return (driven(filtered, c.drive) + weight) * adsr(c.gate, c.attack, 0.1, 1.0, c.release)


@instrument("growl", trim_db=-6.1, noise=True)
def growl(c: Controls) -> Sound:
    """A modulated sine through two formants that wander between vowels, clipped before and after."""
    freq = gliding(c)
    modulator = u.SinOscFB.ar(frequency=freq, feedback=0.7) * smooth(c.index) * c.force
    tone = u.SinOsc.ar(frequency=freq, phase=modulator + u.SinOsc.ar(frequency=freq * 2) * 0.8)
    edge = (tone * 1.6).tanh_() * 0.5 + pulse(freq, 0.5) * 0.25
    wander = u.SinOsc.kr(frequency=smooth(c.rate), phase=u.Rand.ir(minimum=0, maximum=6.28)) * part(c.movement) * 0.5
    vowel = part(c.vowel) + wander
    formants = [
        u.BPF.ar(source=edge, frequency=along(vowel, tuple(v[i] for v in VOWELS_HZ)), reciprocal_of_q=0.25) * level
        for i, level in ((0, 2.0), (1, 1.6))
    ]
    shaped = driven((formants[0] + formants[1] + edge * 0.15) * 0.4, c.drive)
    weight = u.SinOsc.ar(frequency=freq) * part(c.sub) * 0.35
    envelope = adsr(c.gate, c.attack, 0.1, 1.0, c.release)
    return (u.HPF.ar(source=shaped, frequency=freq * 0.8) + weight) * envelope


@instrument("donk", trim_db=-0.9)
def donk(c: Controls) -> Sound:
    """The modulator falls faster than the sound: hollow first, then nearly a sine."""
    freq = gliding(c)
    bite = falling(c.decay * 0.45, curve=-5.0) * smooth(c.index) * c.force
    tone = u.SinOsc.ar(frequency=freq, phase=u.SinOsc.ar(frequency=freq * smooth(c.ratio)) * (bite + 0.15))
    knock = u.SinOsc.ar(frequency=(freq * 9).min_(12000)) * falling(0.012) * part(c.knock) * 0.8 * c.force
    amp = adsr(c.gate, 0.001, c.decay * 2, 0.0, c.release)
    return driven((tone + knock) * 0.3, c.drive) * amp
