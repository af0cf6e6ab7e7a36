"""The sample player."""

from hardcore.engine.synthdefs.shared import Controls, Signal, Sound, adsr, instrument
from hardcore.engine.synthdefs.voices import audible, part, smooth, u


@instrument("sampler", trim_db=0.0)
def sampler(c: Controls) -> Sound:
    """One-shot or loop of the mono or stereo buffer `buffer`, repitched from `root_note`."""
    interval = (c.freq.cpsmidi() - c.root_note) * part(c.follow)
    rate = u.BufRateScale.kr(buffer_id=c.buffer) * smooth(c.rate) * c.speed * interval.midiratio()
    frames = u.BufFrames.kr(buffer_id=c.buffer)
    # Played backwards from the very start there would be nothing: begin at the end instead.
    start = (c.start * 0.01 + (c.rate < 0) * (c.start < 0.5)).min_(1) * (frames - 2)
    amp = adsr(c.gate, c.attack, 0.01, 1.0, c.release)
    left, right, ended = _played(c, rate, start)
    # A player that has ended holds its last sample: fade that out within 5 ms, then free the node. It says so up to a
    # block early, so wait for one.
    sounding = u.Slew.kr(source=1 - u.Delay1.kr(source=ended, x1=0), up=10000, down=200)
    u.FreeSelf.kr(trigger=ended * (sounding <= 0))
    amp = amp * sounding
    # With the cutoff at its top the samples pass untouched.
    open_ = smooth(c.cutoff > 19990)
    closed = [_closed(side, c.cutoff, open_) * amp for side in (left, right)]
    return closed[0], closed[1]


def _closed(side: Signal, cutoff: Signal, open_: Signal) -> Signal:
    filtered: Signal = u.LPF.ar(source=side, frequency=audible(smooth(cutoff)))
    return filtered + (side - filtered) * open_


def _played(c: Controls, rate: Signal, start: Signal) -> tuple[Signal, Signal, Signal]:
    """Return both sides of the buffer (a mono one on both) and 1 once it has ended."""
    arguments = {"buffer_id": c.buffer, "rate": rate, "trigger": 1, "start_position": start, "loop": c.loop}
    mono = u.PlayBuf.ar(channel_count=1, **arguments)
    stereo = u.PlayBuf.ar(channel_count=2, **arguments)
    is_stereo = u.BufChannels.kr(buffer_id=c.buffer) > 1
    left: Signal = u.Select.ar(selector=is_stereo, sources=[mono, stereo[0]])
    right: Signal = u.Select.ar(selector=is_stereo, sources=[mono, stereo[1]])
    # Only the player that fits the buffer can tell.
    ended: Signal = u.Select.kr(selector=is_stereo, sources=[u.Done.kr(source=mono), u.Done.kr(source=stereo[0])])
    return left, right, ended
