"""Keys, pads and textures."""

from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
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

# Footages of a drawbar organ as multiples of the note: 16', 5 1/3', 8', 4', 2 2/3', 2', 1'.
DRAWBARS = ((0.5, 0.0), (1.5, 0.35), (1.0, 1.0), (2.0, 0.6), (3.0, 0.35), (4.0, 0.25), (8.0, 0.12))


@instrument("epiano", trim_db=-11.2)
def epiano(c: Controls) -> Sound:
    """FM electric piano: a warm bar that barks when hit hard, a bell-like tine, tremolo from side to side."""
    freq, hard = c.freq, c.force**1.5
    # Low bars ring longer than high ones.
    ring = c.decay * (261.6 / freq) ** 0.4
    bark = falling(ring * 0.5, curve=-4.0) * part(c.bark) * hard * 1.8
    bar = u.SinOsc.ar(frequency=freq, phase=u.SinOsc.ar(frequency=freq) * (bark + 0.12))
    ping = falling(ring * 0.12, curve=-4.0) * part(c.tine) * hard
    tine = u.SinOsc.ar(frequency=freq, phase=u.SinOsc.ar(frequency=(freq * 14).min_(16000)) * ping * 0.7)
    tone = (bar + tine * 0.5) * 0.3 * adsr(c.gate, 0.001, ring, 0.05, c.release)
    sway = u.SinOsc.kr(frequency=smooth(c.rate)) * part(c.tremolo) * 0.6
    return driven(tone * (1 + sway), c.drive), driven(tone * (1 - sway), c.drive)


@instrument("organ", trim_db=-5.7)
def organ(c: Controls) -> Sound:
    """Drawbar organ with percussion, a key click and a rotating speaker."""
    tone = u.DC.ar(source=0)
    for ratio, level in DRAWBARS:
        amount = part(c.sub) if ratio == 0.5 else level * (part(c.bright) * 1.6 if ratio > 1 else 1.0)
        # Pipes too high to hear fade out instead of folding back.
        heard = (1 - (c.freq * ratio - 10000) * 0.0002).clip(0, 1)
        tone += u.SinOsc.ar(frequency=c.freq * ratio) * amount * heard
    tone += u.SinOsc.ar(frequency=c.freq * 2) * falling(0.25) * part(c.percussion) * 1.2
    shaped = driven(tone * 0.12, c.drive) * adsr(c.gate, 0.003, 0.1, 1.0, c.release)
    turn, depth = smooth(c.rate), part(c.rotary)
    sides = []
    for phase in (0.0, 2.2):
        horn = u.SinOsc.kr(frequency=turn, phase=phase)
        moved = u.DelayC.ar(source=shaped, maximum_delay_time=0.01, delay_time=0.003 + horn * depth * 0.0004)
        sides.append(moved * (1 + horn * depth * 0.3))
    return sides[0], sides[1]


@instrument("pad", trim_db=-15.1, noise=True)
def pad(c: Controls) -> Sound:
    """Six drifting saws and a soft octave under a slow low-pass, chorused."""
    spread, width = smooth(c.detune), part(c.width)
    moved = part(c.movement)
    voices = []
    for cents, place in ((-1.0, -0.9), (0.9, 0.9), (-0.35, 0.5), (0.4, -0.5), (0.12, -0.2)):
        voices.append((saw(detuned(c.freq, spread * cents + drift(0.4, moved * 3)), any_phase()), width * place))
    voices.append((pulse(c.freq, 0.5 + drift(0.3, moved * 0.2), any_phase()) * 0.5, width * 0.0))
    opening = u.SinOsc.kr(frequency=smooth(c.rate), phase=u.Rand.ir(minimum=0, maximum=6.28)) * moved * 0.8
    cutoff = audible(smooth(c.cutoff) * 2.0**opening * c.force**0.6)
    amp = adsr(c.gate, c.attack, 0.5, 0.9, c.release)
    left, right = [low_pass(side * 0.2, cutoff, part(c.resonance)) * amp for side in placed(voices)]
    blend = part(c.chorus)
    wet = chorused((left, right), 0.37, 0.003)
    return left * (1 - blend * 0.5) + wet[0] * blend * 0.7, right * (1 - blend * 0.5) + wet[1] * blend * 0.7


@instrument("texture", trim_db=-11.7, noise=True)
def texture(c: Controls) -> Sound:
    """A drone of slowly breathing partials and of noise that rings at the note's harmonics."""
    grain = part(c.noise)
    sides = []
    for _ in range(2):
        air = u.PinkNoise.ar()
        tone: Signal = u.DC.ar(source=0)
        for ratio, level in ((0.5, 0.3), (1.0, 1.0), (2.0, 0.5), (3.0, 0.3), (4.0, 0.15)):
            breath = (1 + drift(smooth(c.rate), part(c.movement))) * level
            ringing = u.BPF.ar(source=air, frequency=c.freq * ratio, reciprocal_of_q=0.012) * 14
            # The octave below is noise only, so that the drone's pitch is the note.
            pure = u.SinOsc.ar(frequency=c.freq * ratio) * (1 - grain) if ratio >= 1 else 0.0
            tone += (ringing * grain + pure) * breath
        tone += u.HPF.ar(source=air, frequency=2500) * grain * 0.7 * (1 + drift(0.3, 0.7))
        sides.append(u.RLPF.ar(source=tone * 0.15, frequency=audible(smooth(c.cutoff)), reciprocal_of_q=1.0))
    amp = adsr(c.gate, c.attack, 0.5, 1.0, c.release)
    return sides[0] * amp, sides[1] * amp


@instrument("vinyl", trim_db=-2.4, noise=True)
def vinyl(c: Controls) -> Sound:
    """The sound of an old record: crackle, dust, hiss and rumble."""
    sides = []
    pops = u.Decay2.ar(source=u.Dust.ar(density=smooth(c.crackle) * 0.18), attack_time=0.0003, decay_time=0.008)
    thump = u.BPF.ar(source=pops * u.WhiteNoise.ar(), frequency=900, reciprocal_of_q=1.5) * 1.2
    for _ in range(2):
        dust = u.Dust2.ar(density=smooth(c.crackle))
        ticks = u.BPF.ar(
            source=dust, frequency=u.LFNoise1.kr(frequency=9).clip(-1, 1) * 1500 + 3600, reciprocal_of_q=0.8
        )
        hiss = u.HPF.ar(source=u.PinkNoise.ar(), frequency=1500) * smooth(c.hiss).dbamp()
        rumble = u.LPF.ar(source=u.BrownNoise.ar(), frequency=90) * smooth(c.rumble).dbamp()
        # tanh softly limits the rare loud pop.
        sides.append(((ticks * 1.2 + thump + hiss + rumble) * 1.5).tanh_())
    amp = adsr(c.gate, c.attack, 0.1, 1.0, c.release)
    tone = audible(smooth(c.tone))
    return u.LPF.ar(source=sides[0], frequency=tone) * amp, u.LPF.ar(source=sides[1], frequency=tone) * amp
