"""More dynamics: noise gate, transient shaper, multiband compressor."""

from hardcore.engine.synthdefs.dynamics import _reduction, loudest
from hardcore.engine.synthdefs.effects import blended, effect
from hardcore.engine.synthdefs.shared import Controls, Signal
from hardcore.engine.synthdefs.voices import Stereo, audible, part, smooth, u


@effect("gate")
def gate(c: Controls, sound: Stereo) -> Stereo:
    """It opens over `attack`, stays open for `hold` after the last loud moment, shuts over `release`."""
    level = u.Amplitude.ar(source=loudest(sound), attack_time=0, release_time=0.005)
    over = level > smooth(c.threshold).dbamp()
    # An open moment decays to a thousandth within `hold`: until then it counts as loud.
    held = u.LagUD.ar(source=over, lag_time_up=0, lag_time_down=c.hold) > 0.001
    opened = u.LagUD.ar(source=held, lag_time_up=c.attack * 3, lag_time_down=c.release * 3)
    gain = ((opened - 1) * smooth(c.range)).dbamp()
    return sound[0] * gain, sound[1] * gain


@effect("transient")
def transient(c: Controls, sound: Stereo) -> Stereo:
    """A fast follower against a slow one: where it leads it is an attack, where it trails it is what follows."""
    level = loudest(sound)
    fast = u.Amplitude.ar(source=level, attack_time=0.001, release_time=0.06).max_(0.00001)
    slow = u.Amplitude.ar(source=level, attack_time=0.04, release_time=0.06).max_(0.00001)
    lasting = u.Amplitude.ar(source=level, attack_time=0.001, release_time=0.6).max_(0.00001)
    begins = ((fast.ampdb() - slow.ampdb()) / 12).clip(0, 1)
    follows = ((lasting.ampdb() - fast.ampdb()) / 12).clip(0, 1)
    gain_db = begins * smooth(c.attack) + follows * smooth(c.sustain) + smooth(c.level)
    gain = u.Lag.ar(source=gain_db, lag_time=0.002).dbamp()
    return sound[0] * gain, sound[1] * gain


@effect("multiband")
def multiband(c: Controls, sound: Stereo) -> Stereo:
    """Linkwitz-Riley splits of 24 dB/octave; the low band goes through the upper split's all-pass to stay in step."""
    low_hz, high_hz = audible(smooth(c.low_split)), audible(smooth(c.high_split))
    bands: list[list[Signal]] = [[], [], []]
    for source in sound:
        low, rest = _split(source, low_hz)
        middle, high = _split(rest, high_hz)
        again = _split(low, high_hz)
        for band, signal in zip(bands, (again[0] + again[1], middle, high), strict=True):
            band.append(signal)
    wet: list[Signal] = [u.DC.ar(source=0), u.DC.ar(source=0)]
    for band, gain_db in zip(bands, (c.low_gain, c.mid_gain, c.high_gain), strict=True):
        gain = (smooth(gain_db) - _reduction((band[0], band[1]), c, knee_db=6.0)).dbamp()
        wet = [total + signal * gain for total, signal in zip(wet, band, strict=True)]
    return blended(sound, (wet[0], wet[1]), part(c.mix))


def _split(source: Signal, frequency_hz: Signal) -> tuple[Signal, Signal]:
    low = high = source
    for _ in range(2):
        low = u.BLowPass.ar(source=low, frequency=frequency_hz, reciprocal_of_q=1.4142)
        high = u.BHiPass.ar(source=high, frequency=frequency_hz, reciprocal_of_q=1.4142)
    return low, high
