"""Parts that tonal sounds and effects are made of: oscillators, filters, stereo.

`u` is the engine package with its unit generators; their classes get `ar` and `kr` at run time, so it is untyped.
"""

from collections.abc import Sequence
from typing import Any

from hardcore.engine.synthdefs.filters import Units
from hardcore.engine.synthdefs.shared import Number, Signal

u: Any = Units()
Stereo = tuple[Signal, Signal]

SMOOTH_S = 0.02  # a parameter that changes while sounding glides this long, so it does not click


def smooth(value: Signal, time_s: Number = SMOOTH_S) -> Signal:
    """Return a control that moves to a new value within `time_s` (60 dB) instead of jumping."""
    signal: Signal = u.Lag.kr(source=value, lag_time=time_s)
    return signal


def part(percent: Signal) -> Signal:
    """Return a smoothed percentage as 0..1."""
    return smooth(percent) * 0.01


def any_phase(span: float = 2.0) -> Signal:
    """Return a random starting phase for `saw` and `pulse`, drawn once per note from the note's seed.

    The phase is within ± `span` / 2. A short span keeps the voices near each other, so that their fundamentals do
    not cancel at the start of a note.
    """
    signal: Signal = u.Rand.ir(minimum=-span / 2, maximum=span / 2)
    return signal


def detuned(freq: Signal, cents: Number) -> Signal:
    """Return `freq` raised by `cents`."""
    return freq * 2.0 ** (cents * (1 / 1200))


def saw(freq: Signal, phase: Number = 0.0) -> Signal:
    """Return a sawtooth of ±1 that starts at `phase` (−1..1): a differentiated parabola, which aliases far less.

    Välimäki, "Discrete-time synthesis of the sawtooth waveform with reduced aliasing", IEEE SPL 12 (2005).
    Unlike the engine's own Saw it can start anywhere, so that stacked voices do not begin as one loud click.
    """
    ramp = u.LFSaw.ar(frequency=freq, initial_phase=phase)
    return _differentiated(ramp, freq)


def pulse(freq: Signal, width: Number = 0.5, phase: Number = 0.0) -> Signal:
    """Return a pulse wave of mean 0 (±1 at width 0.5): two sawtooths, `width` of a period apart."""
    ramp = u.LFSaw.ar(frequency=freq, initial_phase=phase)
    other = (ramp + width * 2).wrap2(1)
    return _differentiated(ramp, freq) - _differentiated(other, freq)


def _differentiated(ramp: Signal, freq: Signal) -> Signal:
    # HPZ1 is half the difference of neighbouring samples; a ramp of slope 2f/SR makes that 2f/SR times itself.
    signal: Signal = u.HPZ1.ar(source=ramp * ramp) * (u.SampleRate.ir() * 0.5 / freq)
    return signal


def audible(freq_hz: Signal) -> Signal:
    """Return a filter frequency kept where every filter is stable: 20 Hz to 18 kHz, or 0.45 of a low sample rate."""
    return freq_hz.clip(20, (u.SampleRate.ir() * 0.45).min_(18000))


def low_pass(source: Signal, cutoff_hz: Signal, resonance: Number) -> Signal:
    """Return `source` through two 12 dB/octave low-passes in a row, the second one with `resonance` 0..1.

    Resonance takes level away below, so that a peak that meets a partial does not jump out.
    """
    reciprocal_of_q = 1.4142 * 0.09**resonance
    gentle = u.RLPF.ar(source=source / (1 + resonance * 1.5), frequency=cutoff_hz, reciprocal_of_q=1.2)
    signal: Signal = u.RLPF.ar(source=gentle, frequency=cutoff_hz, reciprocal_of_q=reciprocal_of_q)
    return signal


def falling(time_s: Number, attack_s: Number = 0.001, curve: float = -5.0) -> Signal:
    """Return a control-rate envelope 0 → 1 → 0 that ignores the gate, for filters and modulation."""
    shape = u.Envelope(amplitudes=[0, 1, 0], durations=[attack_s, time_s], curves=[0.0, curve])
    signal: Signal = u.EnvGen.kr(envelope=shape)
    return signal


def drift(rate_hz: Number, depth: Number) -> Signal:
    """Return slow smooth random movement around 0, at most ± `depth`."""
    signal: Signal = u.LFNoise2.kr(frequency=rate_hz).clip(-1, 1) * depth
    return signal


def placed(voices: Sequence[tuple[Signal, Number]]) -> Stereo:
    """Return the sum of (signal, position −1..1) in stereo, equal power."""
    panned = [u.Pan2.ar(source=signal, position=position) for signal, position in voices]
    mixed = u.Mix.new(panned)
    return mixed[0], mixed[1]


def chorused(sound: Stereo, rate_hz: Number, depth_s: Number, delay_s: Number = 0.009) -> Stereo:
    """Return the wet sound of two modulated delay taps a side; `depth_s` (below `delay_s`) is the swing."""
    wet = []
    for side, source in enumerate(sound):
        taps = []
        for tap in range(2):
            sway = u.SinOsc.kr(frequency=rate_hz * (1.0, 1.31)[tap], phase=1.57 * side + 2.1 * tap)
            time = delay_s * (1.0, 1.37)[tap] + sway * depth_s
            taps.append(u.DelayC.ar(source=source, maximum_delay_time=0.06, delay_time=time))
        wet.append((taps[0] + taps[1]) * 0.7)
    return wet[0], wet[1]


def mono_below(sound: Stereo, frequency_hz: Number) -> Stereo:
    """Return `sound` with its sides removed below `frequency_hz`, 24 dB/octave."""
    mid, side = (sound[0] + sound[1]) * 0.5, (sound[0] - sound[1]) * 0.5
    for _ in range(2):
        side = u.HPF.ar(source=side, frequency=frequency_hz)
    return mid + side, mid - side


def driven(source: Signal, drive_db: Signal, level: float = 0.3) -> Signal:
    """Return `source` through tanh at `drive_db`, made up so that a signal of `level` keeps its level."""
    gain = smooth(drive_db).dbamp()
    shaped = (source * gain).tanh_() * (level / (gain * level).tanh_())
    # What is not symmetric gets a DC offset from tanh: take it out below 8 Hz.
    signal: Signal = u.LeakDC.ar(source=shaped, coefficient=0.999)
    return signal
