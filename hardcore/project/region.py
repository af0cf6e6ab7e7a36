"""Audio regions: what an audio clip plays, a stretch of an artifact, and how it goes with the tempo."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.music.scale import Key
from hardcore.music.tempo import MAX_TICKS, Bpm, Ticks
from hardcore.project.artifact import SoundRef
from hardcore.project.artifacts import recording_of
from hardcore.project.multisample import Load
from hardcore.project.values import GainDb

# off: at its own speed whatever the tempo. repitch: as fast as the music, like tape. stretch: so, at its own pitch.
Warp = Literal["off", "repitch", "stretch"]
FadeS = Annotated[float, Field(ge=0, le=60)]
Transpose = Annotated[float, Field(ge=-36, le=36)]
# A buffer of the engine holds so much of a sound. An engine counts frames exactly in a float for far longer than this.
SEGMENT_S = 8
# Interpolation reads a frame before and two after; a few more cost nothing.
MARGIN = 8


class Stretched(Model):
    """A sound that was made of a region so that it is in time at a tempo of the project; `gain_db` as of artifacts."""

    sound: SoundRef
    bpm: Bpm
    gain_db: GainDb = 0.0


class AudioRegion(Model):
    """A stretch of an artifact: `frames` of it from `first`, at its own rate.

    start_ticks  where in its clip it begins; below 0 when the clip begins inside it
    loop_ticks   it begins anew every so many ticks of its clip; 0: once in each pass of that
    fade_in_s, fade_out_s  how long it comes in and goes out, as it is heard
    reverse      it plays from its end to its beginning
    transpose    semitones; without warp it is faster for that, with `repitch` the tempo alone decides
    bpm, key     its own, as heard or said; what follows the tempo has one
    stretched    what was made of it for tempos: only in what is heard (stretching.py, pluginsound.py), never in a step
    """

    sound: SoundRef
    first: Annotated[int, Field(ge=0, le=1 << 40)] = 0
    frames: Annotated[int, Field(ge=1, le=1 << 40)]
    start_ticks: Annotated[int, Field(ge=-MAX_TICKS, le=MAX_TICKS)] = 0
    loop_ticks: Ticks = 0
    gain_db: GainDb = 0.0
    fade_in_s: FadeS = 0.0
    fade_out_s: FadeS = 0.0
    reverse: bool = False
    transpose: Transpose = 0.0
    warp: Warp = "off"
    bpm: Bpm | None = None
    key: Key | None = None
    stretched: Annotated[tuple[Stretched, ...], Field(max_length=16)] = ()

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.first + self.frames > self.sound.frames:
            raise UserError("a region plays no more than its sound holds", f"{self.sound.frames} frames")
        if self.warp != "off" and self.bpm is None:
            raise UserError("what follows the tempo has one of its own", "clip warp CLIP stretch --bpm 120")
        return self

    @property
    def seconds(self) -> float:
        """Return how long it plays at its own speed, seconds."""
        return self.frames / self.sound.rate

    @property
    def speed(self) -> float:
        """Return how many times its own speed it plays without warp."""
        return float(2 ** (self.transpose / 12)) if self.warp == "off" else 1.0

    def over(self, length_ticks: int, offset_ticks: int, size_ticks: int) -> Self:
        """Return it as it sounds over `size_ticks`, `offset_ticks` into a clip that loops every `length_ticks`.

        Raises UserError where the clip's loop and its own do not go together.
        """
        into = offset_ticks % length_ticks
        period = self.loop_ticks or length_ticks
        start = (self.start_ticks - into) % period
        if into + size_ticks <= length_ticks:
            if not self.loop_ticks:
                return self.evolve(start_ticks=self.start_ticks - into)
        elif length_ticks % period or (not self.loop_ticks and self.start_ticks):
            raise UserError("this audio clip cannot be repeated inside a longer one", "let the clip itself loop")
        return self.evolve(start_ticks=start - period if start else 0, loop_ticks=period)

    @cached_property
    def loads(self) -> dict[str, Load]:
        """Return every segment of its sound that the engine needs, by key."""
        first, last = self.first, self.first + self.frames - 1
        made = [*_segments(self.sound, first, last)]
        for other in self.stretched:
            made += _segments(other.sound, 0, other.sound.frames - 1)
        return {load.key: load for load in made}


def _segments(sound: SoundRef, first: int, last: int) -> Iterator[Load]:
    size = SEGMENT_S * sound.rate
    return (segment(sound, place) for place in range(first // size, last // size + 1))


def segment(sound: SoundRef, place: int) -> Load:
    """Return a segment of a sound as the engine holds it: `SEGMENT_S` from so many of those on, with a margin around.

    Segments lie on a grid of their own, so regions that begin elsewhere in one sound share them.
    """
    size = SEGMENT_S * sound.rate
    first = max(0, place * size - MARGIN)
    frames = min((place + 1) * size + MARGIN, sound.frames) - first
    return Load(f"{sound.artifact}:{first}+{frames}", None, recording_of(sound), first, frames)
