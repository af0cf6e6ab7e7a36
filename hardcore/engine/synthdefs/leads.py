"""Lead instruments: supersaw, hoover, pluck, stab."""

from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import (
    any_phase,
    audible,
    chorused,
    detuned,
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

# Where the seven saws of a Roland JP-8000 lie, the outermost at ±1 (A. Szabó, "How to emulate the super saw", 2010),
# and where we place them.
SUPERSAW = ((-1.0, -1.0), (-0.571, 0.66), (-0.177, -0.33), (0.0, 0.0), (0.181, 0.33), (0.565, -0.66), (0.977, 1.0))


@instrument("supersaw", trim_db=-8.1, noise=True)
def supersaw(c: Controls) -> Sound:
    """Seven detuned saws, spread over the stereo field, high-passed at the note as the original is."""
    spread, width, sides = smooth(c.detune), part(c.width), part(c.mix)
    freq = _vibrato(u.Lag.kr(source=c.freq, lag_time=c.glide), c.vibrato)
    voices = []
    for offset, place in SUPERSAW:
        level = 0.3 if offset == 0 else sides * 0.28
        voices.append((saw(detuned(freq, spread * offset), any_phase()) * level, width * place))
    envelope = falling(c.decay, curve=-3.0)
    cutoff = audible(smooth(c.cutoff) * (envelope * smooth(c.env)).midiratio() * c.force**0.6)
    amp = adsr(c.gate, c.attack, c.decay, part(c.sustain), c.release)
    left, right = [
        low_pass(u.HPF.ar(source=side, frequency=freq * 0.9), cutoff, part(c.resonance)) * amp
        for side in placed(voices)
    ]
    return left, right


def _vibrato(freq: Signal, cents: Signal) -> Signal:
    """Return `freq` with a vibrato of ± `cents` that fades in over the first half second."""
    onset = u.EnvGen.kr(envelope=u.Envelope(amplitudes=[0, 0, 1], durations=[0.2, 0.4], curves=[0.0]))
    return detuned(freq, u.SinOsc.kr(frequency=5.4) * onset * smooth(cents))


@instrument("hoover", trim_db=-7.9, noise=True)
def hoover(c: Controls) -> Sound:
    """Stacked pulse-width-modulated saws over three octaves that swoop up to the note and sink when released."""
    swoop = u.Envelope(amplitudes=[-1, 0.12, 0], durations=[c.swoop_time, c.swoop_time * 0.6], curves=[-3.0, 0.0])
    sink = u.Slew.kr(source=1 - c.gate, up=1 / c.release, down=1000)
    bend = u.EnvGen.kr(envelope=swoop) * c.swoop - sink * c.fall
    freq = u.Lag.kr(source=c.freq, lag_time=c.glide) * bend.midiratio()
    spread, modulation, low = smooth(c.detune), part(c.pwm) * 0.38, part(c.sub)
    # The octave below stays in the middle: it carries the weight, also in mono.
    deep = pulse(freq * 0.5, 0.5, any_phase()) * 0.45 * low
    sides = []
    for side, sign in enumerate((-1, 1)):
        sway = u.SinOsc.kr(frequency=smooth(c.pwm_rate) * (1.0, 1.13)[side], phase=u.Rand.ir(minimum=0, maximum=6.28))
        tuned = detuned(freq, spread * sign)
        stack = pulse(tuned, 0.5 + sway * modulation, any_phase()) * 0.45
        stack += saw(detuned(freq, spread * sign * -0.7), any_phase()) * 0.4
        stack += saw(tuned * 2, any_phase()) * 0.16
        sides.append((stack + deep) * 0.5)
    wet = chorused((sides[0], sides[1]), 0.5, 0.0025, 0.007)
    amp = adsr(c.gate, c.attack, 0.2, 0.85, c.release)
    cutoff = audible(smooth(c.cutoff) * c.force**0.5)
    blend = part(c.chorus)
    left, right = [
        driven(low_pass(dry * (1 - blend * 0.5) + echo * blend * 0.6, cutoff, part(c.resonance)), c.drive) * amp
        for dry, echo in zip(sides, wet, strict=True)
    ]
    return left, right


@instrument("pluck", trim_db=-6.2, noise=True)
def pluck(c: Controls) -> Sound:
    """Two detuned saws and a pulse through a low-pass that snaps shut."""
    spread, width = smooth(c.detune), part(c.width)
    voices = [
        (saw(detuned(c.freq, -spread), any_phase(0.6)), -width),
        (saw(detuned(c.freq, spread), any_phase(0.6)), width),
        (pulse(c.freq, 0.35, any_phase(0.6)) * 0.5, width * 0.0),
    ]
    envelope = falling(c.decay * 0.7, attack_s=0.001, curve=-5.0)
    cutoff = audible(smooth(c.cutoff) * (envelope * smooth(c.env) * c.force).midiratio())
    amp = adsr(c.gate, 0.001, c.decay * 2, 0.0, c.release)
    left, right = [low_pass(side * 0.35, cutoff, part(c.resonance)) * amp for side in placed(voices)]
    return left, right


@instrument("stab", trim_db=-7.3, noise=True)
def stab(c: Controls) -> Sound:
    """The short rave and house chord: saws, an octave and a fifth through a filter that closes, lightly driven."""
    spread, width = smooth(c.detune), part(c.width)
    voices = [
        (saw(detuned(c.freq, -spread), any_phase(0.6)), -width),
        (saw(detuned(c.freq, spread), any_phase(0.6)), width),
        (pulse(c.freq * 2, 0.5, any_phase(0.6)) * part(c.octave) * 0.6, width * 0.5),
        (saw(c.freq * 1.5, any_phase(0.6)) * part(c.fifth) * 0.7, width * -0.5),
    ]
    envelope = falling(c.decay, attack_s=0.002, curve=-4.0)
    cutoff = audible(smooth(c.cutoff) * (envelope * smooth(c.env) * c.force).midiratio())
    amp = adsr(c.gate, 0.002, c.decay * 1.5, part(c.sustain), c.release)
    left, right = [driven(low_pass(side * 0.3, cutoff, part(c.resonance)), c.drive) * amp for side in placed(voices)]
    return left, right
