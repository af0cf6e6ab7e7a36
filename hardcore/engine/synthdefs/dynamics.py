"""Compressor, side-chain compressor, limiter."""

from hardcore.engine.synthdefs.effects import blended, bus_pair, effect
from hardcore.engine.synthdefs.shared import Controls, Number, Signal
from hardcore.engine.synthdefs.voices import Stereo, part, smooth, u


@effect("compressor")
def compressor(c: Controls, sound: Stereo) -> Stereo:
    """Feed-forward peak compressor with a soft knee, both sides together."""
    reduction_db = _reduction(sound, c, knee_db=6.0)
    gain = (smooth(c.makeup) - reduction_db).dbamp()
    return blended(sound, (sound[0] * gain, sound[1] * gain), part(c.mix))


@effect("sidechain")
def sidechain(c: Controls, sound: Stereo) -> Stereo:
    """Compressor that ducks the bus while `side` (the kick) is loud; never by more than `range`."""
    reduction_db = _reduction(bus_pair(c.side), c, knee_db=6.0, range_db=smooth(c.range))
    gain = (-reduction_db).dbamp()
    return blended(sound, (sound[0] * gain, sound[1] * gain), part(c.mix))


@effect("limiter")
def limiter(c: Controls, sound: Stereo) -> Stereo:
    """Brick wall without delay: the gain drops with the very sample that is too loud, then recovers in `release`."""
    gain, ceiling = smooth(c.gain).dbamp(), smooth(c.ceiling).dbamp()
    hot = (sound[0] * gain, sound[1] * gain)
    level = u.Amplitude.ar(source=loudest(hot), attack_time=0, release_time=smooth(c.release))
    reduced = (ceiling / level.max_(0.00001)).min_(1)
    # The clip only takes off what rounding left above the ceiling.
    return (hot[0] * reduced).clip2(ceiling), (hot[1] * reduced).clip2(ceiling)


def loudest(sound: Stereo) -> Signal:
    """Return the magnitude of the louder side."""
    return abs(sound[0]).max_(abs(sound[1]))


def _reduction(key: Stereo, c: Controls, knee_db: float, range_db: Number = 60.0) -> Signal:
    """Return how many dB to turn down for `key` (≥ 0), smoothed so that 90 % is reached in `attack` or `release`.

    Soft knee: Giannoulis, Massberg, Reiss, "Digital dynamic range compressor design", JAES 60 (2012), eq. 4.
    """
    level_db = u.Amplitude.ar(source=loudest(key), attack_time=0, release_time=0.03).max_(0.00001).ampdb()
    over = level_db - smooth(c.threshold)
    # 0 below the knee, a parabola inside it, `over` above it.
    bent = (over + knee_db / 2).clip(0, knee_db)
    excess = bent * bent / (2 * knee_db) + (over - knee_db / 2).max_(0)
    wanted = (excess * (1 - 1 / smooth(c.ratio))).min_(range_db)
    # LagUD's times are for 60 dB, three times those for 90 %.
    signal: Signal = u.LagUD.ar(source=wanted, lag_time_up=c.attack * 3, lag_time_down=c.release * 3)
    return signal
