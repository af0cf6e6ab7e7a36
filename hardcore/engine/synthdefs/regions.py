"""The player of audio clips: so many frames of a buffer, to the sample."""

from nanosynth.ugens import OffsetOut

from hardcore.engine.synthdefs.mixer import mixer_def
from hardcore.engine.synthdefs.multisamples import stereo_of
from hardcore.engine.synthdefs.shared import FREE, Controls
from hardcore.engine.synthdefs.voices import u

RELEASE_S = 0.005


@mixer_def(
    "region", out=0, buffer=0, at=0, speed=1, gain_db=0, frames=1, begun=0, left=1, fade_in=0, fade_out=0, gate=1
)
def region(c: Controls) -> None:
    """Play `frames` frames of a buffer from `at` on, `speed` of its frames each; a gate of 0 ends it within 5 ms.

    `begun` and `left` are the frames of the whole region before this and from here on: by them it fades in and out.
    """
    count = u.Phasor.ar(trigger=0, rate=1, start=0, stop=1 << 24, reset_pos=0)
    coming = ((c.begun + count) / c.fade_in.max_(1) + (c.fade_in < 1)).min_(1)
    going = ((c.left - count) / c.fade_out.max_(1)).min_(1)
    shape = u.Envelope(amplitudes=[1, 1, 0], durations=[0, RELEASE_S], curves=[0.0, 0.0], release_node=1)
    held = u.EnvGen.ar(envelope=shape, gate=c.gate, done_action=FREE)
    level = (count < c.frames) * coming * going * held * c.gain_db.dbamp()
    u.FreeSelf.kr(trigger=u.A2K.kr(source=count) >= c.frames)
    left, right = stereo_of(c.buffer, c.speed, trigger=1, start=c.at, loop=0)
    OffsetOut.ar(bus=c.out, source=[left * level, right * level])
