"""What a short sound is: a kick, a hat, a bass note, a loop; its pitch, tempo and key; how bright and how loud.

The type comes from a rule that can be read here, and says its reason. It is right for sounds that are one thing, as
samples are; of a whole song it says no more than that it is a loop.
"""

from dataclasses import dataclass

import numpy as np
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.features import bands, centroid_hz
from hardcore.audio.loudness import measure
from hardcore.audio.onsets import onset_envelope, tempo
from hardcore.audio.pitch import fundamental_hz, likeness_of_periods, tail_hz
from hardcore.audio.samples import Audio
from hardcore.audio.tonality import key
from hardcore.errors import UserError
from hardcore.music.mode import key_name

TYPES = ("kick", "snare", "clap", "hat", "perc", "bass", "stab", "pad", "loop", "fx")
# Of a longer sound, the beginning says enough.
HEARD_S = 30.0

_STEP_S = 0.005
_START_DB = -50.0
_LOOP_S, _LOOP_ONSETS, _LOOP_BPM = 1.0, 4, (70.0, 190.0)
# A sound with more of its energy than this below 250 Hz is a low one.
_LOW = 0.6
_TEMPO_SURE, _TEMPO_MISS = 0.35, 0.03
_KEY_SURE = 0.3
# How like its next period a sound is from its beginning on: a steady tone, and one whose pitch falls.
_STEADY, _FALLS = 0.93, 0.65
# A tone below this is a bass.
_BASS_HZ = 125.0
# Below and above what centre of the spectrum a sound of a type is called dark or bright, Hz.
_BRIGHTNESS = {
    "kick": (400, 900), "bass": (140, 400), "snare": (5000, 8000), "clap": (5000, 8000), "hat": (9000, 11_800),
    "perc": (1200, 4000), "loop": (1500, 4500), "fx": (1500, 5000), "stab": (600, 1600), "pad": (600, 1600),
}  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a sound.

    type       one of TYPES, and `why` in words
    hz         the fundamental of what has one, else None
    key, bpm   of what has them
    words      what it is like: dark, bright, short, long, boomy, noisy, tonal, quiet
    """

    type: str
    why: str
    hz: float | None
    key: str | None
    bpm: float | None
    centroid_hz: float
    lufs: float | None
    peak_dbfs: float | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The figures that the type is told from.

    rise_s    from the beginning until it is first within 6 dB of its loudest
    fall_s    from its loudest until it is 20 dB below
    held      share of its time within 12 dB of its loudest
    flat_db   flatness of the spectrum from 200 Hz to 16 kHz: near 0 is noise, below −40 a tone
    level     energy of each band of features.BANDS_HZ, dB
    alike     likeness of its first period of `hz` to the next ones, 0–1
    """

    seconds: float
    rise_s: float
    fall_s: float
    held: float
    flat_db: float
    level: dict[str, float]
    hz: float | None
    alike: float = 0.0

    @property
    def is_steady(self) -> bool:
        """Return whether it is one pitch from its beginning on."""
        return self.alike >= _STEADY

    @property
    def falls(self) -> bool:
        """Return whether its pitch falls, as a kick's and a tom's do."""
        return self.hz is not None and self.alike < _FALLS

    @property
    def low(self) -> float:
        """Return the share of its energy below 250 Hz, 0–1."""
        return float(sum(10 ** (self.level[band] / 10) for band in ("sub", "low")))

    @property
    def high(self) -> float:
        """Return the share of its energy above 2 kHz, 0–1."""
        return float(sum(10 ** (self.level[band] / 10) for band in ("high", "air")))


def hear(audio: Audio, rate: int, *, seconds: float | None = None, bpm_said: float | None = None) -> Heard:
    """Return what a sound [channels, frames] is. Raises UserError for silence.

    `seconds`: how long the whole is, where this is its beginning; `bpm_said`: what its name claims.
    """
    whole = np.atleast_2d(audio)[:, : int(HEARD_S * rate)]
    length = np.atleast_2d(audio).shape[1] / rate if seconds is None else seconds
    sound = trimmed(mono(whole), rate)
    if sound.size == 0:
        raise UserError("it is silent")
    shape = shape_of(sound, rate)
    bpm, why_loop = (None, "") if _is_steady(sound, rate) else loop_tempo(whole, rate, length, bpm_said)
    kind, why = ("loop", why_loop) if bpm is not None else type_of(shape)
    centroid = centroid_hz(sound[np.newaxis].astype(np.float32), rate)
    loudness = measure(whole[:, : len(sound) + int(rate * 0.4)], rate)
    found = _key(sound, rate, shape) if kind in ("loop", "pad", "stab") else None
    pitched = kind in ("kick", "bass", "stab", "pad", "perc") or (kind == "fx" and shape.is_steady)
    return Heard(
        type=kind,
        why=why,
        hz=round(shape.hz, 2) if shape.hz and pitched else None,
        key=found,
        bpm=None if bpm is None else round(bpm, 2),
        centroid_hz=round(centroid, 1),
        lufs=_rounded(loudness.momentary_max_lufs),
        peak_dbfs=_rounded(loudness.peak_dbfs),
        words=_words(kind, shape, centroid, loudness.momentary_max_lufs),
    )


def shape_of(sound: Floats, rate: int) -> Shape:
    """Return the figures of one channel that begins with its sound."""
    step = max(1, round(_STEP_S * rate))
    count = -(-len(sound) // step)
    level = np.abs(np.pad(sound, (0, count * step - len(sound)))).reshape(count, step).max(axis=1)
    db = 20 * np.log10(np.maximum(level / level.max(), 1e-6))
    top = int(np.argmax(db))
    below = np.flatnonzero(db[top:] < -20)
    bands_db = bands(sound[np.newaxis].astype(np.float32), rate)
    hz = fundamental_hz(sound, rate, top * step)
    alike = likeness_of_periods(sound, rate, hz)
    is_low = sum(10 ** (bands_db[band] / 10) for band in ("sub", "low")) > _LOW
    if is_low and alike < _FALLS and (tail := tail_hz(sound, rate)) is not None:
        hz, alike = tail, likeness_of_periods(sound, rate, tail)
    return Shape(
        seconds=len(sound) / rate,
        rise_s=int(np.argmax(db > -6)) * _STEP_S,
        fall_s=(int(below[0]) if below.size else count - top) * _STEP_S,
        held=float((db > -12).mean()),
        flat_db=_flatness_db(sound[:rate], rate),
        level=bands_db,
        hz=hz,
        alike=alike,
    )


def type_of(s: Shape) -> tuple[str, str]:
    """Return the type of a sound that is no loop, and why."""
    tonal, noisy = s.flat_db < -40, s.flat_db > -18
    if s.rise_s >= 0.1 or (s.held > 0.4 and s.seconds > 1.5):
        if s.flat_db < -30:
            return "pad", f"a tone that swells for {s.rise_s:.2f} s and lasts {s.seconds:.1f} s"
        return "fx", f"no clear tone, swells for {s.rise_s:.2f} s"
    if s.low > _LOW:
        return _low_type(s, not s.falls and (tonal or s.is_steady or (s.held > 0.9 and s.hz is not None)))
    if s.high > 0.6 and s.level["low"] < -25 and not tonal:
        return "hat", f"{s.high:.0%} of it is above 2 kHz, nothing below 250 Hz"
    if noisy and s.fall_s < 0.6 and s.high > 0.15:
        if s.level["low"] < -22:
            return "clap", f"noise of the middle and above, gone in {s.fall_s:.2f} s, no body below 250 Hz"
        return "snare", f"noise over a body ({s.low:.0%} below 250 Hz), gone in {s.fall_s:.2f} s"
    if (tonal or s.is_steady) and s.hz is not None and s.hz < _BASS_HZ:
        return "bass", f"one steady tone at {s.hz:.0f} Hz"
    if tonal or s.is_steady or (s.flat_db < -28.5 and s.fall_s >= 0.2):
        return "stab", f"a tone that starts at once and lasts {s.seconds:.1f} s"
    if s.fall_s < 0.4 and s.seconds < 0.8:
        return "perc", f"struck, gone in {s.fall_s:.2f} s, neither low nor noise"
    return "fx", "neither a tone nor a hit"


def _low_type(s: Shape, tonal: bool) -> tuple[str, str]:
    share = f"{s.low:.0%} of it is below 250 Hz"
    if tonal and (s.hz is None or s.hz < _BASS_HZ):
        return "bass", f"{share}, one steady tone"
    if tonal:
        return "stab", f"one steady tone at {s.hz:.0f} Hz"
    if s.fall_s < 0.02:
        return "fx", f"{share}, crackles"
    if s.level["sub"] < -25 and (s.hz is None or s.hz > 75):
        return "perc", f"{share}, a drum above the kick's range"
    return "kick", f"{share}, its pitch falls, gone in {s.fall_s:.2f} s"


def loop_tempo(audio: Audio, rate: int, seconds: float, said: float | None) -> tuple[float | None, str]:
    """Return the tempo of a loop of `seconds` and why it is one, (None, "") for what is none.

    A loop has several onsets and fills whole beats; of the tempos that fit, the one that is heard, or that is said.
    """
    if seconds < _LOOP_S:
        return None, ""
    onsets = _onsets(audio, rate)
    if onsets < _LOOP_ONSETS:
        return None, ""
    heard, sure = tempo(audio, rate)
    fits = [60 * beats / seconds for beats in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256, 512)]
    fits = [bpm for bpm in fits if _LOOP_BPM[0] <= bpm <= _LOOP_BPM[1]]
    if said is not None:
        near = [bpm for bpm in fits if abs(bpm / said - 1) < _TEMPO_MISS]
        return (near[0] if near else said), f"{onsets} onsets, named {said:g} bpm"
    near = [bpm for bpm in fits if any(abs(bpm * times / heard - 1) < _TEMPO_MISS for times in (0.5, 1, 2) if heard)]
    if near and sure > 0.1:
        best = min(near, key=lambda bpm: abs(np.log2(bpm / heard)))
        return best, f"{onsets} onsets in {round(seconds * best / 60)} beats of {best:.1f} bpm"
    if heard and sure >= _TEMPO_SURE and onsets >= 8:
        return heard, f"{onsets} onsets at {heard:.1f} bpm"
    return None, ""


def mono(audio: Audio) -> Floats:
    """Return one channel: the middle, or the left side where the sides cancel."""
    middle: Floats = audio.mean(axis=0, dtype=np.float64)
    alone: Floats = audio[0].astype(np.float64)
    loud = float(np.abs(audio).max(initial=0.0))
    return middle if float(np.abs(middle).max(initial=0.0)) > 0.3 * loud else alone


def trimmed(sound: Floats, rate: int) -> Floats:
    """Return one channel from where it begins to sound to where it ends, a few seconds at most; nothing of silence."""
    level = np.abs(sound)
    loud = np.flatnonzero(level > level.max(initial=0.0) * 10 ** (_START_DB / 20))
    if loud.size == 0 or level.max() < 1e-5:
        return sound[:0]
    return sound[loud[0] : min(int(loud[-1]) + 1, int(loud[0]) + int(HEARD_S * rate))]


def _is_steady(sound: Floats, rate: int) -> bool:
    """Return whether a sound stays within 6 dB but for its beginning and end: then nothing is struck in it."""
    step = max(1, round(0.04 * rate))
    level = np.abs(sound[: len(sound) // step * step]).reshape(-1, step).max(axis=1)
    middle = level[2:-2]
    return bool(middle.size and middle.min() > 0.5 * level.max())


def _flatness_db(sound: Floats, rate: int) -> float:
    size = max(len(sound), 512)
    power = np.abs(fft.rfft(sound, size)) ** 2
    hz = fft.rfftfreq(size, 1 / rate)
    part = power[(hz > 200) & (hz < 16_000)]
    smooth = np.maximum(np.convolve(part, np.ones(5) / 5, "same"), 1e-12)
    return float(10 * np.log10(np.exp(np.log(smooth).mean()) / smooth.mean()))


def _onsets(audio: Audio, rate: int) -> int:
    curve, pace = onset_envelope(audio, rate)
    high = curve > 0.25 * curve.max(initial=0.0)
    starts = np.flatnonzero(high[1:] & ~high[:-1]) if high.any() else np.zeros(0, np.int64)
    gaps = np.diff(starts) > 0.06 * pace
    return int(gaps.sum()) + 1 if starts.size else int(high.any())


def _key(sound: Floats, rate: int, shape: Shape) -> str | None:
    if shape.flat_db > -25 or shape.seconds < 0.3:
        return None
    tonic, mode, sure = key(sound[np.newaxis].astype(np.float32), rate)
    return key_name(tonic, mode) if sure >= _KEY_SURE else None


def _words(kind: str, s: Shape, centroid: float, lufs: float | None) -> tuple[str, ...]:
    dark, bright = _BRIGHTNESS[kind]
    said = {
        "dark": centroid < dark,
        "bright": centroid > bright,
        "short": kind != "loop" and s.seconds < 0.15,
        "long": kind != "loop" and s.seconds > 1.0,
        "boomy": s.level["sub"] > -3,
        "noisy": s.flat_db > -12,
        "tonal": s.flat_db < -40,
        "quiet": lufs is not None and lufs < -35,
    }
    return tuple(word for word, holds in said.items() if holds)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
