"""More movement and resonance: flanger, tremolo, auto-pan, ring, shift, rhythm; tape, springs, combs."""

from hardcore.engine.synthdefs.effects import blended, effect
from hardcore.engine.synthdefs.shared import Controls, Signal
from hardcore.engine.synthdefs.voices import Stereo, audible, part, smooth, u

# The rhythms of the trance gate: sixteen steps each.
PATTERNS = (
    "xxxxxxxxxxxxxxxx", "..xx..xx..xx..xx", "x.xxx.xxx.xxx.xx", "x..x..x.x..x..x.",
    "x.x.x.x.x.x.x.x.", "xxx.xxx.xx.xxx.x", "x..xx.x.x..xx.xx", "x...x.....x.x...",
)  # fmt: skip


@effect("flanger")
def flanger(c: Controls, sound: Stereo) -> Stereo:
    """The loop goes round through LocalIn, a block late, which the delay line gives back."""
    block = u.ControlDur.ir()
    back = u.LocalIn.ar(channel_count=2)
    depth, shortest = smooth(c.depth) * 0.001, smooth(c.delay) * 0.001
    lines = []
    for side, source in enumerate(sound):
        sway = 0.5 + u.SinOsc.kr(frequency=smooth(c.rate), phase=1.57 * side) * 0.5
        written = source + back[side] * part(c.feedback)
        lines.append(
            u.DelayC.ar(
                source=written, maximum_delay_time=0.03, delay_time=(shortest + sway * depth - block).max_(0.0002)
            )
        )
    u.LocalOut.ar(source=lines)
    wet = [u.DelayN.ar(source=line, maximum_delay_time=0.02, delay_time=block) for line in lines]
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("tremolo")
def tremolo(c: Controls, sound: Stereo) -> Stereo:
    """From a sine to a chop whose edges take five milliseconds."""
    mixed = part(c.square)
    wave = u.SinOsc.kr(frequency=smooth(c.rate)) * (1 - mixed)
    wave = wave + u.Lag.kr(source=u.LFPulse.kr(frequency=smooth(c.rate)) * 2 - 1, lag_time=0.008) * mixed
    gain = 1 - (0.5 - wave * 0.5) * part(c.depth)
    smoothed = u.K2A.ar(source=gain)
    return sound[0] * smoothed, sound[1] * smoothed


@effect("autopan")
def autopan(c: Controls, sound: Stereo) -> Stereo:
    """Equal power, scaled so that the centre is 1."""
    place = u.SinOsc.kr(frequency=smooth(c.rate)) * part(c.depth)
    angle = u.K2A.ar(source=(place + 1) * 0.7853981634)
    return sound[0] * angle.cos_() * 2**0.5, sound[1] * angle.sin_() * 2**0.5


@effect("ringmod")
def ringmod(c: Controls, sound: Stereo) -> Stereo:
    """The sides' sines are a quarter turn apart."""
    freq = smooth(c.freq) * (u.SinOsc.kr(frequency=smooth(c.rate)) * smooth(c.depth)).midiratio()
    wet = [source * u.SinOsc.ar(frequency=freq, phase=1.5708 * side) for side, source in enumerate(sound)]
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("freqshift")
def freqshift(c: Controls, sound: Stereo) -> Stereo:
    """Single-sideband modulation by a Hilbert pair; at full spread the right side goes the other way."""
    far = smooth(c.shift)
    shifts = (far, far * (1 - part(c.spread) * 2))
    wet = [u.FreqShift.ar(source=source, frequency=shift) for source, shift in zip(sound, shifts, strict=True)]
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("trance_gate")
def trance_gate(c: Controls, sound: Stereo) -> Stereo:
    """One clock counts sixteen steps; a step's place in the chosen rhythm says whether it sounds."""
    place = u.LFSaw.ar(frequency=smooth(c.rate) / 16, initial_phase=0) * 8
    step = place % 16
    index, within = step.floor_(), step - step.floor_()
    rows = [u.Select.ar(selector=index, sources=[u.DC.ar(source=float(s == "x")) for s in row]) for row in PATTERNS]
    sounding = u.Select.ar(selector=c.pattern, sources=rows) * (within < part(c.length).max_(0.02))
    shut = u.LagUD.ar(source=sounding, lag_time_up=0.006, lag_time_down=0.012)
    gain = 1 - (1 - shut) * part(c.depth)
    return sound[0] * gain, sound[1] * gain


@effect("beat_repeat")
def beat_repeat(c: Controls, sound: Stereo) -> Stereo:
    """A loop of a whole number of samples: what goes round is what came in since the switch, once; off, it is open."""
    rate, block = u.SampleRate.ir(), u.ControlDur.ir()
    frames = (c.time * rate).floor_()
    time, on = frames / rate, c.repeat > 0.5
    since = u.Sweep.ar(trigger=on, rate=1)
    holds = (since >= time) * on
    back = u.LocalIn.ar(channel_count=2)
    later = (time - block + 0.25 / rate).max_(0)
    round_ = [u.DelayN.ar(source=side, maximum_delay_time=2.1, delay_time=later) for side in back]
    kept = 1 - part(c.fade)
    u.LocalOut.ar(source=[side + (again * kept - side) * holds for side, again in zip(sound, round_, strict=True)])
    phase = since % time
    seam = (phase.min_(time - phase) / 0.002).clip(0, 1)
    heard = u.Slew.ar(source=holds, up=400, down=400)
    left, right = (side + (again * seam - side) * heard for side, again in zip(sound, round_, strict=True))
    return left, right


@effect("tape_delay")
def tape_delay(c: Controls, sound: Stereo) -> Stereo:
    """One tape for both sides' loops; wow and flutter are sums of sines, so every render is the same."""
    block, time = u.ControlDur.ir(), smooth(c.time, 0.15)
    unsteady = u.SinOsc.kr(frequency=0.53) * 0.6 + u.SinOsc.kr(frequency=1.27, phase=1) * 0.3
    unsteady = (unsteady + u.SinOsc.kr(frequency=7.3, phase=2) * 0.08) * part(c.wow) * 0.0022
    back, gain = u.LocalIn.ar(channel_count=2), smooth(c.drive).dbamp()
    lines = []
    for side, source in enumerate(sound):
        # Below full scale tanh turns down nothing, so that feedback under 100 % always dies away.
        pushed = ((source + back[side] * part(c.feedback)) * gain).tanh_() / gain.max_(1)
        toned = u.LPF.ar(source=u.HPF.ar(source=pushed, frequency=70), frequency=audible(smooth(c.tone)))
        seconds = (time * (1 + 0.004 * side) + unsteady - block).max_(0.002)
        lines.append(u.DelayC.ar(source=toned, maximum_delay_time=1.7, delay_time=seconds))
    u.LocalOut.ar(source=lines)
    wet = [u.DelayN.ar(source=line, maximum_delay_time=0.02, delay_time=block) for line in lines]
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("spring")
def spring(c: Controls, sound: Stereo) -> Stereo:
    """A chain of all-passes smears a pulse into the chirp of a spring; combs let it run to and fro."""
    tight, tone = 1.5 - part(c.tension), audible(smooth(c.tone))
    source = (sound[0] + sound[1]) * 0.5
    chirped = u.LPF.ar(source=u.HPF.ar(source=source, frequency=160), frequency=tone)
    for index in range(8):
        time = (0.0011 + 0.00023 * index) * tight
        chirped = u.AllpassL.ar(source=chirped, maximum_delay_time=0.01, delay_time=time, decay_time=0.05)
    wet = []
    for lengths in ((0.0331, 0.0413), (0.0353, 0.0439)):
        runs = [
            u.CombL.ar(source=chirped, maximum_delay_time=0.1, delay_time=one * tight, decay_time=smooth(c.decay))
            for one in lengths
        ]
        wet.append(u.LPF.ar(source=(runs[0] - runs[1]) * 0.4, frequency=tone))
    return blended(sound, (wet[0], wet[1]), part(c.mix))


@effect("resonator")
def resonator(c: Controls, sound: Stereo) -> Stereo:
    """Combs at the three notes, turned down by what they ring up."""
    tone, decay = audible(smooth(c.tone)), smooth(c.decay)
    wet: list[Signal] = []
    for side, source in enumerate(sound):
        total: Signal = u.DC.ar(source=0)
        for interval in (c.second * 0, c.second, c.third):
            freq = smooth(c.freq) * smooth(interval).midiratio() * (1 + 0.0012 * side)
            comb = u.CombC.ar(source=source, maximum_delay_time=0.05, delay_time=1 / freq, decay_time=decay)
            total = total + comb * (1 / (1 + decay * freq * 0.05)).sqrt_()
        wet.append(u.LeakDC.ar(source=u.LPF.ar(source=total * 0.35, frequency=tone), coefficient=0.998))
    return blended(sound, (wet[0], wet[1]), part(c.mix))
