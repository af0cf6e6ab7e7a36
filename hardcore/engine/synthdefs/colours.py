"""More colours: ladder, folds, exciter, sub, radio, vowels, wah."""

from hardcore.engine.synthdefs.basslines import along
from hardcore.engine.synthdefs.dynamics import loudest
from hardcore.engine.synthdefs.effects import blended, effect
from hardcore.engine.synthdefs.shared import Controls, Signal
from hardcore.engine.synthdefs.voices import Stereo, audible, part, smooth, u
from hardcore.engine.synthdefs.winds import FORMANT_LEVELS, FORMANTS_HZ


@effect("utility")
def utility(c: Controls, sound: Stereo) -> Stereo:
    """Switches glide too, so that they do not click."""
    gain, place, turn = smooth(c.gain).dbamp(), smooth(c.balance), smooth(c.swap > 0.5)
    sign = 1 - smooth(c.invert > 0.5) * 2
    left = sound[0] * (1 - turn) + sound[1] * turn
    right = sound[1] * (1 - turn) + sound[0] * turn
    return left * (1 - place).min_(1) * gain * sign, right * (1 + place).min_(1) * gain * sign


@effect("ladder")
def ladder(c: Controls, sound: Stereo) -> Stereo:
    """Tanh in front keeps the loop in bounds; what resonance takes from the bass is given back by half."""
    sway = u.SinOsc.kr(frequency=smooth(c.lfo_rate)) * smooth(c.lfo_depth)
    cutoff = audible(smooth(c.cutoff) * sway.midiratio()).min_(16000)
    gain, resonance = smooth(c.drive).dbamp(), part(c.resonance)
    makeup = 0.25 / (gain * 0.25).tanh_()
    wet = []
    for source in sound:
        hot = (source * gain).tanh_() * makeup
        filtered = u.MoogFF.ar(source=hot, frequency=cutoff, gain=resonance * 3.7)
        wet.append(u.LeakDC.ar(source=filtered, coefficient=0.999) * (1 + resonance * 1.4))
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("wavefolder")
def wavefolder(c: Controls, sound: Stereo) -> Stereo:
    """A sine of the signal: the smooth folder, its first fold at full scale."""
    gain, bias = smooth(c.fold).dbamp(), part(c.bias) * 1.2
    tone, level = audible(smooth(c.tone)), smooth(c.level).dbamp()
    wet = []
    for source in sound:
        folded = (source * gain * 1.5708 + bias).sin_() - bias.sin_()
        clean = u.LeakDC.ar(source=folded * 0.5, coefficient=0.999)
        wet.append(u.LPF.ar(source=clean, frequency=tone) * level)
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("exciter")
def exciter(c: Controls, sound: Stereo) -> Stereo:
    """The highs alone are clipped, cleaned of what was below them, and added."""
    freq, gain, amount = audible(smooth(c.freq)), smooth(c.drive).dbamp(), part(c.amount)
    sides = []
    for source in sound:
        high = u.HPF.ar(source=u.HPF.ar(source=source, frequency=freq), frequency=freq)
        new = u.HPF.ar(source=(high * gain + 0.2).tanh_(), frequency=freq) * 0.5
        sides.append(source + new * amount)
    return sides[0], sides[1]


@effect("sub_enhancer")
def sub_enhancer(c: Controls, sound: Stereo) -> Stereo:
    """A flip-flop turned by the bass's zero crossings is an octave below it; it takes over the bass's level."""
    low = u.LPF.ar(
        source=u.LPF.ar(source=(sound[0] + sound[1]) * 0.5, frequency=smooth(c.freq)), frequency=smooth(c.freq)
    )
    level = u.Amplitude.ar(source=low, attack_time=0.01, release_time=0.06)
    flip = u.ToggleFF.ar(trigger=low * (level > 0.0005)) * 2 - 1
    octave = u.LPF.ar(source=u.LPF.ar(source=flip * level, frequency=smooth(c.tone)), frequency=smooth(c.tone))
    added = u.LeakDC.ar(source=octave, coefficient=0.998) * part(c.amount) * 1.5
    return sound[0] + added, sound[1] + added


@effect("radio")
def radio(c: Controls, sound: Stereo) -> Stereo:
    """Band, clip, band again: what the clipping adds outside goes too."""
    low, high = audible(smooth(c.low)), audible(smooth(c.high))
    gain = smooth(c.drive).dbamp()
    makeup = 0.25 / (gain * 0.25).tanh_()
    wet = []
    for source in sound:
        thin = u.BHiPass.ar(source=source, frequency=low, reciprocal_of_q=1.0)
        hot = (u.BLowPass.ar(source=thin, frequency=high, reciprocal_of_q=1.0) * gain).tanh_() * makeup
        thin = u.BHiPass.ar(source=hot, frequency=low, reciprocal_of_q=1.2)
        wet.append(u.BLowPass.ar(source=thin, frequency=high, reciprocal_of_q=1.0))
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("formant")
def formant(c: Controls, sound: Stereo) -> Stereo:
    """Four resonances that move between vowels."""
    place = part(c.vowel) + u.SinOsc.kr(frequency=smooth(c.rate)) * part(c.depth)
    narrow = 0.5 - part(c.sharp) * 0.44
    wet = []
    for source in sound:
        total: Signal = u.DC.ar(source=0)
        for places, level in zip(FORMANTS_HZ, FORMANT_LEVELS, strict=True):
            hz = along(place, tuple(float(one) for one in places))
            total = total + u.BPF.ar(source=source, frequency=hz, reciprocal_of_q=narrow) * level
        wet.append(total * 2.0)
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("autowah")
def autowah(c: Controls, sound: Stereo) -> Stereo:
    """Both sides open together, with the louder one."""
    level = u.Amplitude.ar(source=loudest(sound), attack_time=0.008, release_time=smooth(c.release))
    opened = (level / smooth(c.sensitivity).dbamp()).min_(1) * smooth(c.range)
    centre = audible(smooth(c.freq) * u.Lag.ar(source=opened, lag_time=0.01).midiratio())
    narrow = 1.2 - part(c.resonance) * 1.08
    wet = [u.BPF.ar(source=source, frequency=centre, reciprocal_of_q=narrow) * 1.6 for source in sound]
    return blended(sound, (wet[0], wet[1]), part(c.mix))
