"""The live engine's own clock, the metronome's click, and what hears the outputs. None of them is in a render."""

from hardcore.engine.synthdefs.effects import bus_pair
from hardcore.engine.synthdefs.mixer import mixer_def
from hardcore.engine.synthdefs.shared import FREE, Controls
from hardcore.engine.synthdefs.voices import u

# Samples after which the count starts again: float32 counts that far exactly.
COUNT_SAMPLES = 1 << 22


@mixer_def("clock", bus=0)
def clock(c: Controls) -> None:
    """Count samples from the start; answer a probe on `bus` with `/probe node -1 id sample fraction`.

    It belongs after the probes. `sample` is the count where the probe began, less than `COUNT_SAMPLES`.
    """
    probe, fraction = u.In.ar(bus=c.bus, channel_count=2)
    count = u.Phasor.ar(rate=1, start=0, stop=COUNT_SAMPLES)
    u.SendReply.ar(trigger=probe, command_name="/probe", reply_id=-1, source=[probe, count, fraction])


@mixer_def("probe", bus=0, id=1)
def probe(c: Controls) -> None:
    """Write `id` and where within its sample the bundle's time lies (0–1) to `bus`, for one sample; then end."""
    first = u.Impulse.ar(frequency=0)
    u.OffsetOut.ar(bus=c.bus, source=[first * c.id, first * u.SubsampleOffset.ir()])
    u.Line.kr(start=0, stop=0, duration=0.01, done_action=FREE)


@mixer_def("click", out=0, freq=1000, level_db=-12)
def click(c: Controls) -> None:
    """A short sine: one beat of the metronome."""
    envelope = u.Envelope(amplitudes=[0, 1, 0], durations=[0.001, 0.03], curves=[0.0, -4.0])
    sound = u.SinOsc.ar(frequency=c.freq) * u.EnvGen.ar(envelope=envelope, done_action=FREE) * c.level_db.dbamp()
    u.OffsetOut.ar(bus=c.out, source=[sound, sound])


@mixer_def("split", bus=0, cue=0)
def split(c: Controls) -> None:
    """Put the sum of `bus` and the next one on `bus`, and the sum of `cue` and the next one on the one beside it.

    Each is as loud as its louder half at most, so that two halves that are alike keep their level.
    """
    sums = [(left + right) * 0.5 for left, right in (bus_pair(c.bus), bus_pair(c.cue))]
    u.ReplaceOut.ar(bus=c.bus, source=sums)


@mixer_def("broadcast", buffer=0, place=0, bus=0)
def broadcast(c: Controls) -> None:
    """Write `bus` and the next one round and round into `buffer`; the control bus `place` has the next frame's number.

    It belongs after everything that sounds.
    """
    frame = u.Phasor.ar(rate=1, start=0, stop=u.BufFrames.kr(buffer_id=c.buffer))
    u.BufWr.ar(source=u.In.ar(bus=c.bus, channel_count=2), buffer_id=c.buffer, phase=frame)
    u.Out.kr(bus=c.place, source=u.A2K.kr(source=frame))
