"""The waveform of an audio clip: how loud it is from left to right, as it sounds over the clip."""

from collections.abc import Sequence
from functools import lru_cache

from hardcore.music.tempo import TempoMap
from hardcore.project import artifacts
from hardcore.project.clip import Clip
from hardcore.project.events import Span
from hardcore.project.region import AudioRegion
from hardcore.project.regionevents import pieces
from hardcore.project.timeline import Playing

BARS = " ▁▂▃▄▅▆▇█"
PLAIN = " .:-=+*#@"


def levels(tempo: TempoMap, clip: Clip, width: int) -> list[float]:
    """Return `width` peaks, 0 to 1, of what an audio clip plays from its start to its end at a tempo map's start."""
    found = [0.0] * width
    if clip.region is None or width < 1:
        return found
    known = peaks_of(clip.region.sound.artifact)
    item = Playing("", clip, 0, clip.length_ticks)
    for piece in pieces(tempo, item, Span(0, clip.length_ticks)):
        first, last = (tick * width // clip.length_ticks for tick in (piece.tick, piece.end_tick))
        for column in range(first, min(max(last, first + 1), width)):
            tick = max(piece.tick, column * clip.length_ticks // width)
            at = piece.at + (tempo.seconds(tick) - tempo.seconds(piece.tick)) * piece.speed
            if at < piece.frames:
                found[column] = max(found[column], _level(clip.region, piece.frames, at, known))
    return found


def _level(region: AudioRegion, frames: int, at: float, known: Sequence[int]) -> float:
    share = at / frames
    share = 1 - share if region.reverse else share
    place = (region.first + share * region.frames) / region.sound.frames
    return min(1.0, known[min(int(place * len(known)), len(known) - 1)] / 255 * 10 ** (region.gain_db / 20))


@lru_cache(maxsize=256)
def peaks_of(sha256: str) -> tuple[int, ...]:
    """Return the peaks of an artifact, 0 to 255, evenly along it; one of 0 for one that is not there."""
    known = artifacts.lookup(sha256)
    return known.peaks if known is not None and known.peaks else (0,)


def drawn(peaks: Sequence[float], height: int, signs: str = BARS) -> list[str]:
    """Return lines of characters, the loudest as high as `height` of them."""
    steps = len(signs) - 1
    full = [round(peak * height * steps) for peak in peaks]
    return [
        "".join(signs[min(max(level - row * steps, 0), steps)] for level in full) for row in reversed(range(height))
    ]
