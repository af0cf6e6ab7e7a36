"""Delay and reverb."""

from hardcore.engine.synthdefs.effects import blended, effect
from hardcore.engine.synthdefs.shared import Controls, Signal
from hardcore.engine.synthdefs.voices import Stereo, audible, part, smooth, u

# Feedback goes round through LocalIn, which is one block late: every loop here is shortened by that much.
DELAY_LIMIT_S = 2.5
# Lengths of the reverb's eight lines at full size, seconds, mutually prime in samples at 48 kHz.
LINES_S = (0.04323, 0.05156, 0.05910, 0.06648, 0.07477, 0.08248, 0.09173, 0.10048)
DIFFUSERS_S = ((0.00477, 0.00360, 0.01273, 0.00931), (0.00453, 0.00397, 0.01190, 0.00989))


@effect("delay")
def delay(c: Controls, sound: Stereo) -> Stereo:
    """Stereo echoes that cross from side to side (`pingpong`), each one darker than the one before."""
    block = u.ControlDur.ir()
    time = smooth(c.time, 0.1)
    cross, feedback = part(c.pingpong), part(c.feedback)
    back = u.LocalIn.ar(channel_count=2)
    mono = (sound[0] + sound[1]) * 0.5
    into = (sound[0] + (mono - sound[0]) * cross, sound[1] * (1 - cross))
    lines = []
    for side in range(2):
        returned = back[side] * (1 - cross) + back[1 - side] * cross
        written = into[side] + returned * feedback
        toned = u.HPF.ar(
            source=u.LPF.ar(source=written, frequency=audible(smooth(c.tone))), frequency=smooth(c.low_cut)
        )
        lines.append(u.DelayC.ar(source=toned, maximum_delay_time=DELAY_LIMIT_S, delay_time=time - block))
    u.LocalOut.ar(source=lines)
    wet = [u.DelayN.ar(source=line, maximum_delay_time=0.02, delay_time=block) for line in lines]
    mix = part(c.mix)
    return blended(sound, (wet[0], wet[1]), mix)


@effect("reverb")
def reverb(c: Controls, sound: Stereo) -> Stereo:
    """A hall: eight damped, slowly moving delay lines mixed by a Hadamard matrix, behind diffusing all-passes.

    J.-M. Jot, "Digital delay networks for designing artificial reverberators", AES 1991: a line of d seconds that
    loses 60·d/decay dB per pass gives every line the same decay time.
    """
    size = 0.15 + part(c.size) * 0.85
    decay = smooth(c.decay)
    diffused = [_diffused(_predelayed(source, c), DIFFUSERS_S[side], size) for side, source in enumerate(sound)]
    back = u.LocalIn.ar(channel_count=8)
    block = u.ControlDur.ir()
    lines: list[Signal] = []
    for index, length in enumerate(LINES_S):
        seconds = size * length
        sway = u.SinOsc.kr(frequency=0.31 + 0.13 * index, phase=index * 0.8) * part(c.modulation) * 0.0004
        written = back[index] + diffused[index % 2]
        moved = u.DelayC.ar(source=written, maximum_delay_time=0.13, delay_time=seconds + sway + 0.0004 - block)
        damped = u.LPF.ar(source=moved, frequency=audible(smooth(c.damp)))
        lines.append(damped * 0.001 ** (seconds / decay))
    u.LocalOut.ar(source=hadamard(lines))
    # The diffused input itself stands in for the early reflections, each side's own.
    wet = [
        lines[side] - lines[side + 2] + lines[side + 4] - lines[side + 6] + diffused[side] * 0.3 for side in range(2)
    ]
    cut = smooth(c.low_cut)
    left, right = [u.HPF.ar(source=side, frequency=cut) * 0.5 for side in wet]
    return blended(sound, (left, right), part(c.mix))


def _predelayed(source: Signal, c: Controls) -> Signal:
    # The predelay control is in milliseconds.
    signal: Signal = u.DelayN.ar(source=source, maximum_delay_time=0.3, delay_time=smooth(c.predelay) * 0.001)
    return signal


def _diffused(source: Signal, lengths_s: tuple[float, ...], size: Signal) -> Signal:
    for length in lengths_s:
        # Decay chosen for a coefficient of 0.6: g = 0.001 ** (delay / decay).
        seconds = length * (0.4 + size * 0.6)
        source = u.AllpassL.ar(source=source, maximum_delay_time=0.02, delay_time=seconds, decay_time=seconds * 13.5)
    return source


def hadamard(lines: list[Signal]) -> list[Signal]:
    """Return `lines` (a power of two of them) through an orthonormal Hadamard matrix: fully mixed, same energy."""
    if len(lines) == 1:
        return lines
    half = len(lines) // 2
    upper, lower = hadamard(lines[:half]), hadamard(lines[half:])
    sums = [(a + b) * 0.70710678 for a, b in zip(upper, lower, strict=True)]
    return sums + [(a - b) * 0.70710678 for a, b in zip(upper, lower, strict=True)]
