"""More percussion: iron, jingles, lasers, pads and kettledrums."""

from nanosynth.ugens import Decay, Dust, Rand, SinOsc, WhiteNoise

from hardcore.engine.synthdefs.drums import modes, wide_noise
from hardcore.engine.synthdefs.filters import BPF, HPF, LPF
from hardcore.engine.synthdefs.shared import Controls, Sound, fall, gain_of, instrument, percussive, saturate

# Ideal kettledrum: the preferred modes are nearly 1 : 1.5 : 2 : 2.44 (Fletcher & Rossing, ch. 18).
KETTLE = ((1.0, 1.0, 1.0), (1.504, 0.6, 0.8), (1.986, 0.4, 0.6), (2.44, 0.25, 0.45), (2.9, 0.15, 0.3))


@instrument("anvil", trim_db=-19.2, noise=True)
def anvil(c: Controls) -> Sound:
    """Frequency modulation at a ratio that fits no scale, clipped."""
    pitch = c.tune * Rand.ir(minimum=0.99, maximum=1.01)
    bite = c.index * (fall(c.decay * 0.5) * 0.8 + 0.2) * c.force
    one = SinOsc.ar(frequency=pitch, phase=SinOsc.ar(frequency=pitch * c.ratio) * bite)
    two = SinOsc.ar(frequency=pitch * 1.618, phase=SinOsc.ar(frequency=pitch * c.ratio * 1.27) * bite)
    envelope = percussive(c.decay, 0.0004)
    hit = HPF.ar(source=WhiteNoise.ar(), frequency=2500) * fall(0.015) * 0.6 * c.force
    left, right = one * 0.7 + two * 0.4, one * 0.4 + two * 0.7
    return (
        HPF.ar(source=saturate(left * envelope + hit, c.drive), frequency=90),
        HPF.ar(source=saturate(right * envelope + hit, c.drive), frequency=90),
    )


@instrument("zap", trim_db=-15.1, noise=True)
def zap(c: Controls) -> Sound:
    """The pitch falls along an exponential, faster at first."""
    depth = (c.sweep + Rand.ir(minimum=-0.3, maximum=0.3)).midiratio() - 1
    pitch = (c.tune * (1 + depth * fall(c.decay * 0.9))).min_(16000)
    return HPF.ar(source=saturate(SinOsc.ar(frequency=pitch) * percussive(c.decay, 0.0008), c.drive), frequency=35)


@instrument("tambourine", trim_db=-13.5, noise=True)
def tambourine(c: Controls) -> Sound:
    """Pairs of jingles: bands of noise that ring, hit a few times at random."""
    loose = c.rattle * 0.01
    grain = Decay.ar(source=Dust.ar(density=140), decay_time=0.02).clip(0, 1.2)
    envelope = percussive(c.decay, 0.001)
    sound = []
    for noise in wide_noise(0.6):
        hits = noise * (1 - loose * 0.7 + grain * loose)
        bands = [BPF.ar(source=hits, frequency=c.tune * r, reciprocal_of_q=0.06) * 3 for r in (1.0, 1.31, 1.73)]
        body = bands[0] + bands[1] + bands[2] * 0.6 + HPF.ar(source=hits, frequency=7000) * 0.35 * c.force
        sound.append(body * (envelope * 0.6 + fall(0.03) * 0.5))
    return sound[0], sound[1]


@instrument("tom_synth", trim_db=-15.1, noise=True)
def tom_synth(c: Controls) -> Sound:
    """A sine that falls a long way to the note, noise that closes with it."""
    fallen = (c.bend.midiratio() - 1) * (0.7 * fall(c.decay * 0.35) + 0.3 * fall(c.decay * 0.7))
    pitch = c.freq * (1 + fallen)
    body = SinOsc.ar(frequency=pitch) * percussive(c.decay, 0.0008, hold_s=0.02)
    noise = LPF.ar(source=WhiteNoise.ar(), frequency=(pitch * 12 * c.force).min_(14000)) * fall(c.decay * 0.6)
    return saturate(body + noise * gain_of(c.noise), 6)


@instrument("timpani", trim_db=-12.1, noise=True)
def timpani(c: Controls) -> Sound:
    """The kettle keeps the modes nearly harmonic; the mallet sets how many of them speak."""
    percussive(c.decay)
    pitch = c.freq * (1 + 0.02 * fall(0.12))
    head = modes(pitch, KETTLE, c.decay)
    soft = LPF.ar(source=WhiteNoise.ar(), frequency=c.tone * c.force) * fall(0.06) * gain_of(c.mallet) * c.force
    air = LPF.ar(source=WhiteNoise.ar(), frequency=c.freq * 3) * fall(c.decay * 0.3) * 0.1
    return saturate(head * 0.5 + soft + air, 2)
