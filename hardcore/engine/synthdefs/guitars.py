"""Plucked strings by Karplus and Strong: basses, guitars, harp, koto, harpsichord, clavinet."""

from hardcore.engine.synthdefs.basslines import gliding
from hardcore.engine.synthdefs.shared import Controls, Number, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import Stereo, audible, driven, falling, part, smooth, u

# Resonances of a guitar's and of a double bass's body, Hz and level.
GUITAR_BODY = ((105.0, 0.9), (205.0, 0.7), (395.0, 0.4))
BASS_BODY = ((62.0, 0.6), (110.0, 0.7), (215.0, 0.5))


def string(freq: Signal, ring_s: Number, damping: Number, place: Number, cutoff_hz: Number) -> Signal:
    """Return a plucked string: noise of one period runs round a loop that a one-pole filter dulls.

    K. Karplus, A. Strong, "Digital synthesis of plucked-string and drum timbres", CMJ 7 (1983). `damping` 0..0.9 is
    the pole; its delay of damping / (1 − damping) samples at low frequencies is taken off the loop, so that the
    string stays in tune, and gets smaller above 500 Hz. `place` 0..1 is where it is plucked: partials with a
    node there are missing.
    """
    rate = u.SampleRate.ir()
    # A high string has few partials to lose: the same pole would stop it at once.
    pole = (500 / freq).min_(1) * damping
    # The filter delays the fundamental less the higher it lies: exact phase delay of a one-pole at `freq`.
    angle = freq * (6.283185307 / rate)
    lag = ((angle.sin_() * pole) / (1 - angle.cos_() * pole)).arctan() / angle
    period = 1 / freq
    burst = u.LPF.ar(source=u.WhiteNoise.ar(), frequency=cutoff_hz)
    burst = burst - u.DelayL.ar(source=burst, maximum_delay_time=0.05, delay_time=period * place)
    plucked: Signal = u.Pluck.ar(
        source=burst, trigger=1, maximum_delay_time=0.06, delay_time=period - lag / rate, decay_time=ring_s,
        coefficient=pole,
    )  # fmt: skip
    return u.LeakDC.ar(source=plucked, coefficient=0.998)


def ringing(c: Controls, steeper: float = 0.5) -> Signal:
    """Return how long a string or bar rings, seconds: middle C for `decay`, low ones longer, high ones shorter."""
    seconds: Signal = c.decay * (261.6 / c.freq) ** steeper
    return seconds.clip(0.03, 12)


def bodied(source: Signal, body: tuple[tuple[float, float], ...], level: Number) -> Signal:
    """Return `source` with the resonances of a body added."""
    added: Signal = u.DC.ar(source=0)
    for hz, share in body:
        added = added + u.BPF.ar(source=source, frequency=hz, reciprocal_of_q=0.25) * share
    return source + added * level * 2.0


def picked(c: Controls) -> Signal:
    """Return where the string is plucked, 0..0.5 of its length: nearer to the bridge with more `pick`."""
    return 0.42 - part(c.pick) * 0.34


@instrument("electric_bass", trim_db=-5.8, noise=True)
def electric_bass(c: Controls) -> Sound:
    """A string under a pickup; slapped, it also hits the frets."""
    freq = gliding(c)
    bright = audible(smooth(c.cutoff) * (0.6 + part(c.pick)) * c.force)
    plucked = string(freq, ringing(c), 0.45 - part(c.pick) * 0.25, picked(c), bright)
    frets = u.BPF.ar(source=u.WhiteNoise.ar(), frequency=2600, reciprocal_of_q=0.6) * falling(0.025) * part(c.slap)
    tone = u.LPF.ar(source=plucked, frequency=audible(smooth(c.cutoff) * 1.5)) + frets * 0.9 * c.force
    weight = u.SinOsc.ar(frequency=freq) * falling(ringing(c) * 0.8, curve=-3.0) * 0.22
    return driven(tone * 0.5 + weight, c.drive) * adsr(c.gate, 0.001, 0.1, 1.0, c.release)


@instrument("upright_bass", trim_db=-5.7, noise=True)
def upright_bass(c: Controls) -> Sound:
    """A dull string that moves a large body; the finger's release slaps the board."""
    freq = gliding(c)
    plucked = string(freq, ringing(c, 0.4), 0.6, picked(c), audible(smooth(c.cutoff) * c.force))
    board = u.BPF.ar(source=u.WhiteNoise.ar(), frequency=1300, reciprocal_of_q=0.8) * falling(0.03) * part(c.slap)
    wood = bodied(u.LPF.ar(source=plucked, frequency=audible(smooth(c.cutoff))), BASS_BODY, part(c.body))
    weight = u.SinOsc.ar(frequency=freq) * falling(ringing(c, 0.4) * 0.7, curve=-3.0) * 0.3
    return (wood * 0.5 + weight + board * c.force) * adsr(c.gate, 0.002, 0.1, 1.0, c.release)


@instrument("nylon_guitar", trim_db=-6.2, noise=True)
def nylon_guitar(c: Controls) -> Sound:
    """Soft string, warm body."""
    plucked = string(c.freq, ringing(c), 0.5 - part(c.pick) * 0.3, picked(c), audible(smooth(c.cutoff) * c.force))
    return bodied(plucked, GUITAR_BODY, part(c.body)) * 0.6 * adsr(c.gate, 0.001, 0.1, 1.0, c.release)


@instrument("electric_guitar", trim_db=-9.8, noise=True)
def electric_guitar(c: Controls) -> Sound:
    """A steel string, muted by the palm if asked, through an amplifier and its speaker."""
    palm = part(c.mute)
    ring = ringing(c) * (1 - palm * 0.93)
    plucked = string(c.freq, ring, 0.2 + palm * 0.45, picked(c), audible(smooth(c.cutoff) * c.force))
    amplified = driven(u.HPF.ar(source=plucked, frequency=80) * 0.5, c.drive)
    speaker = u.LPF.ar(source=u.LPF.ar(source=amplified, frequency=5200), frequency=6000)
    return u.BPeakEQ.ar(source=speaker, frequency=2400, reciprocal_of_q=1.2, gain=3) * adsr(
        c.gate, 0.001, 0.1, 1.0, c.release
    )


@instrument("harp", trim_db=-5.4, noise=True)
def harp(c: Controls) -> Sound:
    """Plucked in the middle: round, with few even partials; wide."""
    sides = [string(c.freq, ringing(c, 0.6), 0.35, 0.46, audible(smooth(c.cutoff) * c.force)) * 0.6 for _ in range(2)]
    return _wider((sides[0], sides[1]), part(c.width), adsr(c.gate, 0.001, 0.1, 1.0, c.release))


@instrument("koto", trim_db=-10.0, noise=True)
def koto(c: Controls) -> Sound:
    """A silk string over a movable bridge: bends into the note, buzzes a little."""
    bent = c.freq * (falling(0.12, attack_s=0.001, curve=-4.0) * smooth(c.bend) * 0.01).midiratio()
    plucked = string(bent, ringing(c), 0.15, 0.12, audible(smooth(c.cutoff) * c.force))
    buzz = u.HPF.ar(source=(plucked * 4).tanh_(), frequency=1800) * part(c.buzz) * 0.3
    return (plucked * 0.6 + buzz) * adsr(c.gate, 0.001, 0.1, 1.0, c.release)


@instrument("harpsichord", trim_db=-8.3, noise=True)
def harpsichord(c: Controls) -> Sound:
    """Two strings, the second an octave up, plucked by quills close to the end; a click when the key comes up."""
    bright = audible(smooth(c.cutoff) * c.force**0.3)
    eight = string(c.freq, ringing(c), 0.08, 0.13, bright)
    four = string(c.freq * 2, ringing(c) * 0.7, 0.08, 0.11, bright) * part(c.octave)
    quill = u.HPF.ar(source=u.WhiteNoise.ar(), frequency=3000) * falling(0.006) * 0.15
    left, right = eight + four * 0.5, eight * 0.7 + four * 0.8
    amp = adsr(c.gate, 0.001, 0.1, 1.0, c.release) * 0.6
    return (left + quill) * amp, (right + quill) * amp


@instrument("clavinet", trim_db=-7.7, noise=True)
def clavinet(c: Controls) -> Sound:
    """A hammered string under two pickups, one out of phase: nasal, percussive."""
    struck = string(c.freq, ringing(c), 0.12, 0.18, audible(smooth(c.cutoff) * c.force))
    nasal = struck - u.DelayL.ar(source=struck, maximum_delay_time=0.01, delay_time=0.00055) * part(c.phase)
    sweep = (falling(0.25, curve=-4.0) * part(c.quack) * 36).midiratio()
    quack = u.BPF.ar(source=nasal, frequency=audible(500 * sweep), reciprocal_of_q=0.6) * part(c.quack) * 1.5
    return driven((nasal * 0.6 + quack) * 0.6, c.drive) * adsr(c.gate, 0.001, 0.1, 1.0, c.release)


@instrument("pizzicato", trim_db=-1.7, noise=True)
def pizzicato(c: Controls) -> Sound:
    """Several fiddles plucked together, each a moment apart."""
    bright = audible(smooth(c.cutoff) * c.force)
    sides: list[Signal] = []
    for side in range(2):
        players = string(c.freq, ringing(c), 0.55, 0.3, bright)
        late = u.DelayN.ar(source=string(c.freq, ringing(c), 0.5, 0.26, bright), maximum_delay_time=0.02,
                           delay_time=0.006 + 0.005 * side)  # fmt: skip
        sides.append(bodied(players + late * 0.8, ((290.0, 0.6), (460.0, 0.5), (700.0, 0.4)), part(c.body)) * 0.5)
    return _wider((sides[0], sides[1]), part(c.width), adsr(c.gate, 0.001, 0.1, 1.0, c.release))


def _wider(sound: Stereo, width: Signal, amp: Signal) -> Stereo:
    """Return two takes as stereo: one in the middle at width 0, far apart at 1."""
    middle = (sound[0] + sound[1]) * 0.7
    return (middle + (sound[0] - middle) * width) * amp, (middle + (sound[1] - middle) * width) * amp
