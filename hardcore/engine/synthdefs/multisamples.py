"""The players of multisamples: one zone of one note, with or without a loop inside its sound, or a slice."""

from collections.abc import Callable
from dataclasses import replace

from hardcore.engine.synthdefs.sampler import _closed
from hardcore.engine.synthdefs.shared import (
    FREE,
    Controls,
    Signal,
    Sound,
    build_instrument,
    catalogue_instrument,
    define,
    instrument,
)
from hardcore.engine.synthdefs.voices import Stereo, smooth, u

TRIM_DB = 0.0


def _rate(c: Controls) -> Signal:
    semitones = (c.freq.cpsmidi() - c.root_note) * c.tracking * 0.01 + smooth(c.transpose)
    rate: Signal = u.BufRateScale.kr(buffer_id=c.buffer) * semitones.midiratio()
    return rate


def stereo_of(buffer: Signal, rate: Signal, *, trigger: Signal | int, start: Signal | int, loop: int) -> Stereo:
    """Return both sides of a buffer (a mono one on both); the player that does not fit the buffer costs little."""
    arguments = {"buffer_id": buffer, "rate": rate, "trigger": trigger, "start_position": start, "loop": loop}
    mono = u.PlayBuf.ar(channel_count=1, **arguments)
    stereo = u.PlayBuf.ar(channel_count=2, **arguments)
    is_stereo = u.BufChannels.kr(buffer_id=buffer) > 1
    left: Signal = u.Select.ar(selector=is_stereo, sources=[mono, stereo[0]])
    right: Signal = u.Select.ar(selector=is_stereo, sources=[mono, stereo[1]])
    return left, right


def _amplitude(c: Controls) -> Signal:
    """Return attack, hold, decay, sustain, release; a gate below −1 ends the note at once, whatever its mode."""
    held = c.gate.max_(c.once)
    gate = u.Select.kr(selector=c.gate < 0, sources=[held, c.gate])
    shape = u.Envelope(
        amplitudes=[0, 1, 1, smooth(c.sustain) * 0.01, 0],
        durations=[c.attack, c.hold, c.decay, c.release],
        curves=[-2.0, 0.0, -4.0, -4.0],
        release_node=3,
    )
    amplitude: Signal = u.EnvGen.ar(envelope=shape, gate=gate, done_action=FREE)
    return amplitude


def _ending(position: Signal, c: Controls, unless: Signal | int = 0) -> Signal:
    """Return 1 until the sound has ended (`position` counts its frames), then 0 within 5 ms; then it frees the node.

    A player that has ended holds its last sample, which may be far from 0.
    """
    ended = (u.A2K.kr(source=position) > u.BufFrames.kr(buffer_id=c.buffer)) * (1 - unless)
    sounding: Signal = u.Slew.kr(source=1 - ended, up=10000, down=200)
    u.FreeSelf.kr(trigger=ended * (sounding <= 0))
    return sounding


def _out(c: Controls, sides: Stereo, amplitude: Signal) -> Sound:
    level = amplitude * c.zone_db.dbamp()
    open_ = smooth(c.cutoff > 19990)
    left, right = [_closed(side, c.cutoff, open_) * level for side in sides]
    # A balance: turned to one side, that side keeps its level, so two halves of a stereo sound stay what they were.
    return left * (1 - c.zone_pan).min_(1), right * (1 + c.zone_pan).min_(1)


def _travelled(rate: Signal) -> Signal:
    """Return how many frames have been played."""
    frames: Signal = u.Sweep.ar(trigger=0, rate=rate * u.SampleRate.ir())
    return frames


@instrument("multisample", trim_db=TRIM_DB)
def multisample(c: Controls) -> Sound:
    """Once through the buffer, from its first frame."""
    rate = _rate(c)
    sides = stereo_of(c.buffer, rate, trigger=1, start=0, loop=0)
    return _out(c, sides, _amplitude(c) * _ending(_travelled(rate), c))


def looped(c: Controls) -> Sound:
    """Through the buffer to its loop, which is a buffer of its own, and round that.

    Both players run from the start in step, so that inside the loop's first round they play the same, and changing
    from one to the other is not heard. A zone that goes on to its end (`onward`) leaves the loop at the release: the
    first player is put where the loop is.
    """
    rate = _rate(c)
    position = _travelled(rate)
    around = u.BufFrames.kr(buffer_id=c.loop_buffer).max_(1)
    inside = position > c.loop_at + around * 0.5
    released = (c.gate <= 0) * c.onward
    left_loop = released * u.Latch.kr(source=u.A2K.kr(source=inside), trigger=released)
    place = u.A2K.kr(source=c.loop_at + (position - c.loop_at) % around)
    first = stereo_of(c.buffer, rate, trigger=left_loop, start=place * left_loop, loop=0)
    second = stereo_of(c.loop_buffer, rate, trigger=0, start=(0 - c.loop_at) % around, loop=1)
    # Who is released before the loop never enters it.
    share = inside * (1 - released)
    sides = [one + (other - one) * share for one, other in zip(first, second, strict=True)]
    # After the loop was left, the first player has gone on from `place` while the count went on from `position`.
    behind = u.Latch.kr(source=u.A2K.kr(source=position) - place, trigger=left_loop)
    ending = _ending(position - behind, c, unless=u.A2K.kr(source=share))
    return _out(c, (sides[0], sides[1]), _amplitude(c) * ending)


def sliced(c: Controls) -> Sound:
    """Once through the buffer, each of its frames as it is and none beyond the last.

    The key ends it sooner. It does so at a block's beginning, which may lie before the slice's own end: it waits two
    blocks before it fades, so that a slice whose key is held as long as it lasts is whole.
    """
    rate = _rate(c)
    count = u.Phasor.ar(trigger=0, rate=rate, start=0, stop=1 << 24, reset_pos=0)
    frames = u.BufFrames.kr(buffer_id=c.buffer)
    wait = 2 * u.ControlDur.ir()
    shape = u.Envelope(amplitudes=[1, 1, 1, 0], durations=[0, wait, c.release], curves=[0.0] * 3, release_node=1)
    held = u.EnvGen.ar(envelope=shape, gate=c.gate, done_action=FREE)
    u.FreeSelf.kr(trigger=u.A2K.kr(source=count) >= frames)
    sides = stereo_of(c.buffer, rate, trigger=1, start=0, loop=0)
    return _out(c, sides, held * (count < frames))


def _define(name: str, graph: Callable[[Controls], Sound]) -> None:
    """Define another player of the multisample's zones, with its controls."""
    device = replace(catalogue_instrument("multisample"), id=name)
    define(name, lambda: build_instrument(device, graph, TRIM_DB, noise=False))


_define("multisample_loop", looped)
_define("multisample_slice", sliced)
