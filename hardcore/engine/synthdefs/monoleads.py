"""More leads: ladder, sync, chip, screech, FM, whistle."""

from hardcore.engine.synthdefs.basslines import gliding
from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import (
    any_phase,
    audible,
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


def swaying(freq: Signal, cents: Signal, rate_hz: float = 5.3) -> Signal:
    """Return `freq` with a vibrato of ± `cents` that fades in over the first half second."""
    onset = u.EnvGen.kr(envelope=u.Envelope(amplitudes=[0, 0, 1], durations=[0.2, 0.4], curves=[0.0]))
    return detuned(freq, u.SinOsc.kr(frequency=rate_hz) * onset * smooth(cents))


@instrument("mono_lead", trim_db=-4.0)
def mono_lead(c: Controls) -> Sound:
    """Saw and pulse, a little apart, into a ladder that an envelope opens."""
    freq = swaying(gliding(c), c.vibrato)
    mixed, spread = part(c.square), smooth(c.detune)
    tone = saw(detuned(freq, -spread)) * (1 - mixed * 0.8) + saw(detuned(freq, spread), 0.4) * (1 - mixed * 0.8)
    tone = tone + pulse(freq, 0.48) * mixed * 1.2
    envelope = falling(c.decay, attack_s=0.003, curve=-3.0)
    cutoff = audible(smooth(c.cutoff) * (envelope * smooth(c.env)).midiratio() * c.force**0.5).min_(15000)
    resonance = part(c.resonance)
    ladder = u.MoogFF.ar(source=tone * 0.25, frequency=cutoff, gain=resonance * 3.5)
    return driven(ladder * (1 + resonance), c.drive) * adsr(c.gate, c.attack, c.decay, part(c.sustain), c.release)


@instrument("sync_lead", trim_db=-6.1)
def sync_lead(c: Controls) -> Sound:
    """The master keeps the pitch, the slave's own frequency sweeps: a moving formant."""
    freq = gliding(c)
    swept = smooth(c.ratio) * (falling(c.decay, attack_s=0.004, curve=-3.0) * smooth(c.env) * c.force).midiratio()
    torn = u.SyncSaw.ar(sync_frequency=freq, saw_frequency=(freq * swept).min_(16000))
    tone = u.LeakDC.ar(source=torn, coefficient=0.995) * 0.7 + saw(freq) * part(c.body) * 0.7
    filtered = low_pass(tone * 0.3, audible(smooth(c.cutoff) * c.force**0.5), 0.05)
    return driven(filtered, c.drive) * adsr(c.gate, c.attack, 0.3, 0.85, c.release)


@instrument("chip_lead", trim_db=-8.0)
def chip_lead(c: Controls) -> Sound:
    """A pulse; the arpeggio jumps between the note and another one."""
    jump = u.LFPulse.kr(frequency=smooth(c.arp_rate), initial_phase=0.5, width=0.5) * c.arp
    freq = swaying(c.freq, c.vibrato, 6.5) * jump.midiratio()
    tone = pulse(freq, 0.05 + part(c.width) * 0.9)
    return tone * 0.2 * adsr(c.gate, 0.001, c.decay, part(c.sustain), c.release)


@instrument("screech", trim_db=-10.3, noise=True)
def screech(c: Controls) -> Sound:
    """Resonant saws without their bottom, clipped twice, with a peak where the ear is sharpest."""
    freq = gliding(c)
    spread = smooth(c.detune)
    envelope = falling(c.decay, attack_s=0.004, curve=-3.0)
    cutoff = audible(smooth(c.cutoff) * (envelope * smooth(c.env)).midiratio() * c.force**0.5).min_(14000)
    sides = []
    for sign in (-1, 1):
        tone = saw(freq, any_phase(0.5)) + saw(detuned(freq, spread * sign), any_phase(0.5))
        hot = driven(low_pass(tone * 0.3, cutoff, part(c.resonance)), c.drive)
        peaked = u.BPeakEQ.ar(source=hot, frequency=smooth(c.peak), reciprocal_of_q=0.5, gain=8)
        thin = u.HPF.ar(source=peaked, frequency=300)
        sides.append((thin * 2).tanh_() * 0.4)
    amp = adsr(c.gate, c.attack, 0.2, 0.9, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("fm_lead", trim_db=-9.3)
def fm_lead(c: Controls) -> Sound:
    """One modulator, its depth falling with the envelope to a third."""
    freq = swaying(c.freq, c.vibrato)
    depth = smooth(c.index) * c.force * (falling(c.decay, attack_s=0.003, curve=-3.0) * 0.67 + 0.33)
    depth = depth * (1500 / c.freq).sqrt_().clip(0.3, 1.2)
    modulator = u.SinOscFB.ar(frequency=freq * smooth(c.ratio), feedback=part(c.feedback) * 1.2) * depth
    tone = u.SinOsc.ar(frequency=freq, phase=modulator)
    return tone * 0.3 * adsr(c.gate, c.attack, c.decay, part(c.sustain), c.release)


@instrument("whistle", trim_db=-10.0, noise=True)
def whistle(c: Controls) -> Sound:
    """A sine, its next two partials, and air that rings at its pitch."""
    freq = swaying(gliding(c), c.vibrato)
    edge = part(c.edge) * c.force
    tone = u.SinOsc.ar(frequency=freq)
    tone = tone + u.SinOsc.ar(frequency=freq * 2) * edge * 0.5 + u.SinOsc.ar(frequency=freq * 3) * edge * 0.25
    air = u.BPF.ar(source=u.PinkNoise.ar(), frequency=freq * 1.5, reciprocal_of_q=0.5) * part(c.breath)
    return (tone * 0.3 + air) * adsr(c.gate, c.attack, 0.1, 1.0, c.release)


@instrument("glass_pad", trim_db=-16.4, noise=True)
def glass_pad(c: Controls) -> Sound:
    """Partials of a bowed glass, each one doubled a few cents away on the other side, each one breathing."""
    spread, moved, width = smooth(c.detune), part(c.movement), part(c.width)
    voices: list[tuple[Signal, Signal]] = []
    for index, (ratio, level) in enumerate(((1.0, 1.0), (2.0, 0.45), (3.0, 0.3), (5.0, 0.16), (8.0, 0.08))):
        high = part(c.shimmer) * 1.8 if index > 1 else 1.0
        heard = (1 - (c.freq * ratio - 10000) * 0.0002).clip(0, 1)
        for sign in (-1, 1):
            slow = u.SinOsc.kr(frequency=smooth(c.rate) * (1 + 0.23 * index), phase=u.Rand.ir(minimum=0, maximum=6.28))
            tone = u.SinOsc.ar(frequency=detuned(c.freq * ratio, spread * (0.5 * sign)))
            voices.append((tone * (level * high) * heard * (1 + slow * moved * 0.7), width * sign * 0.9))
    amp = adsr(c.gate, c.attack, 0.5, 0.9, c.release) * 0.2
    left, right = placed(voices)
    return left * amp, right * amp


@instrument("sweep_pad", trim_db=-14.3, noise=True)
def sweep_pad(c: Controls) -> Sound:
    """Four saws; the filter opens once, slowly, over the note."""
    spread, width = smooth(c.detune), part(c.width)
    voices = [
        (saw(detuned(c.freq, spread * cents), any_phase()), width * place)
        for cents, place in ((-1.0, -0.9), (0.9, 0.9), (-0.35, 0.4), (0.4, -0.4))
    ]
    opening = u.EnvGen.kr(
        envelope=u.Envelope(amplitudes=[0, 1, 0.7], durations=[c.sweep_time, c.sweep_time], curves=[1.5, -2.0])
    )
    cutoff = audible(smooth(c.cutoff) * (opening * smooth(c.env)).midiratio() * c.force**0.4).min_(15000)
    amp = adsr(c.gate, c.attack, 0.5, 0.95, c.release)
    left, right = [low_pass(side * 0.2, cutoff, part(c.resonance)) * amp for side in placed(voices)]
    return left, right
