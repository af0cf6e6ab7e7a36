"""Bass instruments."""

from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import (
    any_phase,
    audible,
    detuned,
    drift,
    driven,
    falling,
    low_pass,
    mono_below,
    part,
    placed,
    pulse,
    saw,
    smooth,
    u,
)


@instrument("sub", trim_db=-5.3)
def sub(c: Controls) -> Sound:
    """Sine with a second harmonic, softly saturated."""
    freq = u.Lag.kr(source=c.freq, lag_time=c.glide)
    tone = u.SinOsc.ar(frequency=freq) + u.SinOsc.ar(frequency=freq * 2) * part(c.harmonic) * c.force
    return driven(tone * 0.3, c.drive) * adsr(c.gate, c.attack, 0.1, 1.0, c.release)


@instrument("reese", trim_db=-10.2, noise=True)
def reese(c: Controls) -> Sound:
    """Detuned saws beating under a slowly moving low-pass; one voice in the middle, mono below 120 Hz."""
    freq = u.Lag.kr(source=c.freq, lag_time=c.glide)
    spread = smooth(c.detune)
    voices = [
        (saw(detuned(freq, spread * cents), any_phase(0.5)), place)
        for cents, place in ((-1.0, -0.8), (0.93, 0.8), (-0.41, 0.4), (0.47, -0.4))
    ]
    left, right = mono_below(placed(voices), 120)
    movement = u.SinOsc.kr(frequency=smooth(c.rate), phase=u.Rand.ir(minimum=0, maximum=6.28)) + drift(0.7, 0.3)
    cutoff = audible(smooth(c.cutoff) * 2.0 ** (movement * part(c.movement) * 1.5) * c.force**0.5)
    resonance = part(c.resonance)
    tones = [driven(low_pass(side, cutoff, resonance) * 0.3, c.drive) for side in (left, right)]
    body = u.SinOsc.ar(frequency=freq) * part(c.sub) * 0.35
    envelope = adsr(c.gate, c.attack, 0.1, 1.0, c.release)
    return (tones[0] + body) * envelope, (tones[1] + body) * envelope


@instrument("acid303", trim_db=-2.3)
def acid303(c: Controls) -> Sound:
    """One oscillator, a resonant ladder opened by a decaying envelope, accents that bite, slides that glide."""
    freq = u.Lag.kr(source=c.freq, lag_time=c.glide)
    accent = (c.velocity >= 0.85) * part(c.accent)
    square = smooth(c.wave)
    tone = u.Saw.ar(frequency=freq) * (1 - square) + u.Pulse.ar(frequency=freq, width=0.47) * square
    # An accent shortens the envelope and opens the filter further, as the accent circuit of the original does.
    envelope = falling(c.decay * (1 - accent * 0.4), attack_s=0.003, curve=-3.5)
    sweep = envelope * (smooth(c.env) + accent * 16) + accent * 3
    cutoff = audible(smooth(c.cutoff) * sweep.midiratio() * c.force**0.3)
    resonance = (part(c.resonance) + accent * 0.12).min_(1.0)
    ladder = u.MoogFF.ar(source=tone * 0.5, frequency=cutoff.min_(9000), gain=resonance * 3.9)
    # The ladder loses bass as it resonates; half of that is given back.
    shaped = driven(ladder * (1 + resonance * 1.6), c.drive)
    amp = adsr(c.gate, 0.002, 2.5, 0.25, c.release) * (1 + accent * 0.6)
    sound: Signal = u.HPF.ar(source=shaped, frequency=32) * amp
    return sound


@instrument("fm_bass", trim_db=-5.3)
def fm_bass(c: Controls) -> Sound:
    """Two modulators on a sine: one sets the body, a high one gives the knock of the attack."""
    freq = u.Lag.kr(source=c.freq, lag_time=c.glide)
    envelope = falling(c.decay, curve=-4.0)
    index = smooth(c.index) * c.force * (envelope * 0.8 + 0.2)
    feedback = part(c.feedback) * 1.2
    body = u.SinOscFB.ar(frequency=freq * smooth(c.ratio), feedback=feedback) * index
    knock = u.SinOsc.ar(frequency=(freq * 7).min_(9000)) * falling(0.03) * part(c.knock) * 3 * c.force
    tone = u.SinOsc.ar(frequency=freq, phase=body + knock)
    weight = u.SinOsc.ar(frequency=freq) * part(c.sub)
    shaped = driven((tone + weight) * 0.3, c.drive)
    return shaped * adsr(c.gate, 0.002, c.decay * 2, 0.7, c.release)


@instrument("roll_bass", trim_db=-4.5)
def roll_bass(c: Controls) -> Sound:
    """Plucked saw and square under a short filter envelope: the rolling line between the kicks."""
    freq = u.Lag.kr(source=c.freq, lag_time=c.glide)
    mixed = part(c.square)
    tone = saw(freq) * (1 - mixed * 0.5) + pulse(detuned(freq, smooth(c.detune)), 0.5) * mixed * 0.7
    envelope = falling(c.decay, attack_s=0.002, curve=-4.0)
    cutoff = audible(smooth(c.cutoff) * (envelope * smooth(c.env) * c.force).midiratio())
    filtered = low_pass(tone * 0.4, cutoff, part(c.resonance))
    weight = u.SinOsc.ar(frequency=freq) * part(c.sub) * 0.35
    shaped = driven(filtered + weight, c.drive)
    return shaped * adsr(c.gate, 0.002, c.decay * 1.6, part(c.sustain), c.release)
