"""More players of samples: by slice, by grain."""

from hardcore.engine.synthdefs.sampler import _closed
from hardcore.engine.synthdefs.shared import FREE, Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import Stereo, part, smooth, u

VOICES = 4


def played_from(c: Controls, rate: Signal, start: Signal, trigger: Signal | float, loop: int) -> Stereo:
    """Return both sides of the buffer (a mono one on both), from `start` (frames) at each trigger."""
    arguments = {"buffer_id": c.buffer, "rate": rate, "trigger": trigger, "start_position": start, "loop": loop}
    mono = u.PlayBuf.ar(channel_count=1, **arguments)
    stereo = u.PlayBuf.ar(channel_count=2, **arguments)
    is_stereo = u.BufChannels.kr(buffer_id=c.buffer) > 1
    left: Signal = u.Select.ar(selector=is_stereo, sources=[mono, stereo[0]])
    right: Signal = u.Select.ar(selector=is_stereo, sources=[mono, stereo[1]])
    return left, right


@instrument("slicer", trim_db=0.0)
def slicer(c: Controls) -> Sound:
    """Notes past the last slice begin again at the first."""
    number = c.slices.round_(1).max_(1)
    index = (c.freq.cpsmidi().round_(1) - c.first_note) % number
    frames = u.BufFrames.ir(buffer_id=c.buffer)
    rate = u.BufRateScale.kr(buffer_id=c.buffer) * smooth(c.rate)
    sound = played_from(c, rate, index / number * frames, 1, 0)
    length_s = u.BufDur.ir(buffer_id=c.buffer) / number / c.rate
    once = u.EnvGen.ar(
        envelope=u.Envelope(amplitudes=[1, 1, 0], durations=[(length_s - 0.004).max_(0.001), 0.004], curves=[0.0]),
        done_action=FREE,
    )
    amp = adsr(c.gate, c.attack, 0.01, 1.0, c.release) * once
    open_ = smooth(c.cutoff > 19990)
    closed = [_closed(side, c.cutoff, open_) * amp for side in sound]
    return closed[0], closed[1]


@instrument("granular", trim_db=0.0, noise=True)
def granular(c: Controls) -> Sound:
    """Four players in turn, each grain under a Hann window: at any time the windows add up to the same."""
    length_s = smooth(c.grain) * 0.001
    speed = 1 / length_s
    frames = u.BufFrames.kr(buffer_id=c.buffer)
    interval = (c.freq.cpsmidi() - c.root_note).midiratio()
    moving = u.Sweep.kr(trigger=1, rate=part(c.scan) / u.BufDur.kr(buffer_id=c.buffer))
    lefts: list[Signal] = []
    rights: list[Signal] = []
    for voice in range(VOICES):
        turn = (u.Phasor.ar(rate=speed / u.SampleRate.ir(), start=0, stop=1) + voice / VOICES) % 1.0
        window = 0.5 - (turn * 6.283185307).cos_() * 0.5
        begun = turn < 0.5
        tick = u.A2K.kr(source=begun)
        place = (part(c.position) + moving + u.TRand.kr(minimum=-0.5, maximum=0.5, trigger=tick) * part(c.spray)) % 1.0
        out = (u.TRand.kr(minimum=-1, maximum=1, trigger=tick) * smooth(c.scatter) * 0.01).midiratio()
        side = u.TRand.kr(minimum=-1, maximum=1, trigger=tick) * part(c.width)
        grain = played_from(c, u.BufRateScale.kr(buffer_id=c.buffer) * interval * out, place * frames, begun, 1)
        lefts.append(grain[0] * window * (1 - side).min_(1))
        rights.append(grain[1] * window * (1 + side).min_(1))
    amp = adsr(c.gate, c.attack, 0.1, 1.0, c.release) * 0.5
    open_ = smooth(c.cutoff > 19990)
    sides = [_closed(u.Mix.new(one) * amp, c.cutoff, open_) for one in (lefts, rights)]
    return sides[0], sides[1]
