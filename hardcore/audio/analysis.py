"""Everything the ears hear in a sound, at once: `analyse` returns an Analysis, which is plain data."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from hardcore.audio import features, tonality
from hardcore.audio.beats import beat_times, onset_times, steadiness
from hardcore.audio.chords import Chord, chords
from hardcore.audio.evidence import LEAST_KEY, LEAST_ONSETS, LEAST_TEMPO, is_tonal
from hardcore.audio.faults import Fault, faults, finite
from hardcore.audio.loudness import MAX_CHANNELS, measure, measured
from hardcore.audio.onsets import TEMPO_RANGE, flux, pulse, tempo_of
from hardcore.audio.samples import Audio
from hardcore.audio.seam import Seam, seam
from hardcore.audio.stereo import Stereo, stereo
from hardcore.errors import UserError
from hardcore.music.mode import accidentals, key_name

MIN_RATE = 4000


@dataclass(frozen=True)
class Rhythm:
    """Tempo in BPM (0: nothing repeats), confidence 0–1, beats and onsets in seconds, how far beats stray in ms."""

    tempo_bpm: float
    confidence: float
    beats_s: tuple[float, ...]
    onsets_s: tuple[float, ...]
    onsets_per_s: float
    jitter_ms: float


@dataclass(frozen=True)
class Harmony:
    """The key's tonic (0–11, C is 0), `major` or `minor`, its name, confidence 0–1 (0: no key), and the chords."""

    tonic: int
    mode: str
    name: str
    confidence: float
    chords: tuple[Chord, ...]


@dataclass(frozen=True)
class Level:
    """Loudness (BS.1770, EBU Tech 3342), peaks and crest; None in silence and in what is too short."""

    integrated_lufs: float | None
    momentary_max_lufs: float | None
    short_term_max_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None
    peak_dbfs: float | None
    crest_db: float


@dataclass(frozen=True)
class Spectrum:
    """Brightness in Hz, tilt in dB per octave (pink −3), bands in dB of the whole sound's energy."""

    centroid_hz: float
    tilt_db_per_octave: float
    bands_db: dict[str, float]


@dataclass(frozen=True)
class Analysis:
    """What was heard in a sound of `channels` channels, `length_s` seconds at `rate`."""

    length_s: float
    rate: int
    channels: int
    rhythm: Rhythm
    harmony: Harmony
    level: Level
    spectrum: Spectrum
    stereo: Stereo | None
    seam: Seam | None
    faults: tuple[Fault, ...]

    def data(self) -> dict[str, Any]:
        """Return it as data that JSON can hold."""
        return asdict(self)


def analyse(audio: Audio, rate: int, bpm_range: tuple[float, float] = TEMPO_RANGE) -> Analysis:
    """Return what is heard in `audio` [channels, frames]. Samples that are not numbers are a fault, and count as 0.

    More channels than loudness is defined for have none. Raises UserError for a rate under 4000.
    """
    samples = np.atleast_2d(np.asarray(audio, np.float32))
    if rate < MIN_RATE:
        raise UserError(f"{rate} frames a second are too few to hear anything in", f"at least {MIN_RATE}")
    broken = tuple(faults(samples, rate))
    samples = finite(samples)
    # numpy and soxr let go of the interpreter: three parts side by side
    with ThreadPoolExecutor(3) as beside:
        level = beside.submit(_level, samples, rate)
        colour = beside.submit(_spectrum, samples, rate)
        rhythm = rhythm_of(samples, rate, bpm_range)
        harmony = harmony_of(samples, rate, rhythm)
        return Analysis(
            length_s=samples.shape[1] / rate,
            rate=rate,
            channels=samples.shape[0],
            rhythm=rhythm,
            harmony=harmony,
            level=level.result(),
            spectrum=colour.result(),
            stereo=stereo(samples, rate),
            seam=seam(samples, rate),
            faults=broken,
        )


def rhythm_of(samples: Audio, rate: int, bpm_range: tuple[float, float] = TEMPO_RANGE) -> Rhythm:
    """Return the tempo, beats and onsets of a sound whose samples are all numbers."""
    rises = flux(samples, rate)
    bpm, confidence = tempo_of(rises, bpm_range)
    onsets = onset_times(rises.sum(axis=1))
    if len(onsets) < LEAST_ONSETS or confidence < LEAST_TEMPO:
        bpm, confidence = 0.0, 0.0
    beats = beat_times(pulse(rises), bpm)
    # the beat on which a loop begins again is not inside it
    beats = beats[beats < samples.shape[1] / rate - 0.02]
    return Rhythm(
        tempo_bpm=bpm,
        confidence=confidence,
        beats_s=_rounded(beats),
        onsets_s=_rounded(onsets),
        onsets_per_s=len(onsets) / max(samples.shape[1] / rate, 1e-9),
        jitter_ms=steadiness(beats),
    )


def harmony_of(samples: Audio, rate: int, rhythm: Rhythm) -> Harmony:
    """Return the key and the chords, which change on the beats of `rhythm`."""
    low = tonality.lowered(samples, rate)
    lines, length_s = tonality.lines(low), samples.shape[1] / rate
    nothing = Harmony(0, "minor", "", 0.0, (Chord(0.0, length_s, ""),) if length_s else ())
    if not is_tonal(low, tonality.RATE, lines.hz, lines.height):
        return nothing
    upper, bass = tonality.chroma_of(lines), tonality.bass_frames(low)
    tonic, mode, confidence = tonality.key_of(upper.sum(axis=0), bass.sum(axis=0), tonality.opening_bass(low))
    if confidence < LEAST_KEY:
        return nothing
    flats = accidentals(tonic, mode) < 0
    found = chords(upper, bass, np.array(rhythm.beats_s), length_s, flats)
    return Harmony(tonic, mode, key_name(tonic, mode), confidence, tuple(found))


def _level(samples: Audio, rate: int) -> Level:
    if len(samples) > MAX_CHANNELS:
        # loudness is not defined for so many: their peaks alone
        peaks = [measure(samples[at : at + MAX_CHANNELS], rate) for at in range(0, len(samples), MAX_CHANNELS)]
        true = max((one.true_peak_dbtp for one in peaks if one.true_peak_dbtp is not None), default=None)
        peak = max((one.peak_dbfs for one in peaks if one.peak_dbfs is not None), default=None)
        return Level(None, None, None, None, true, peak, features.crest_db(samples))
    loud, moves = measured(samples, rate)
    return Level(
        integrated_lufs=loud.integrated_lufs,
        momentary_max_lufs=loud.momentary_max_lufs,
        short_term_max_lufs=moves.short_term_max_lufs,
        range_lu=moves.range_lu,
        true_peak_dbtp=loud.true_peak_dbtp,
        peak_dbfs=loud.peak_dbfs,
        crest_db=features.crest_db(samples),
    )


def _spectrum(samples: Audio, rate: int) -> Spectrum:
    return Spectrum(
        centroid_hz=features.centroid_hz(samples, rate),
        tilt_db_per_octave=features.tilt_db_per_octave(samples, rate),
        bands_db=features.bands(samples, rate),
    )


def _rounded(times: Any) -> tuple[float, ...]:
    return tuple(round(float(at), 4) for at in times)
