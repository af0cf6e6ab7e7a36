"""Sound files read: the one gate for everything that opens one.

What a header claims is held to limits before a sample is read, and what comes is counted, for a header may lie either
way. So a small file never takes more time or memory than the limits allow, whatever it says.
"""

import contextlib
import io
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf  # type: ignore[import-untyped]

from hardcore.audio.samples import Audio
from hardcore.audio.wavechunks import later_formats
from hardcore.checkpoint import checkpoint
from hardcore.errors import NotFound, UserError

# Nothing else is sound that people have: 2 kHz is under every telephone, 384 kHz the fastest converter.
RATES = (2000, 384_000)
_KINDS = "WAV, AIFF, FLAC, Ogg, Opus, MP3, CAF or AU"
_BLOCK = 1 << 16
# How libsndfile says that it does not know the length.
_UNKNOWN = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader takes.

    channels    at most
    longest_s   seconds, at most
    numbers     frames × channels, at most; four bytes each in memory
    rates       Hz, lowest and highest
    cuts        what is longer is read as far as the limits go, instead of being refused
    """

    channels: int
    longest_s: float
    numbers: int
    rates: tuple[int, int] = RATES
    cuts: bool = False

    def frames(self, rate: int, channels: int) -> int:
        """Return how many frames are taken of a sound of that rate and so many channels."""
        return int(min(self.longest_s * rate, self.numbers // channels))


# What the ears take in whole (1 GiB, and several times that while they work): half an hour of stereo up to 74 kHz.
# As many channels as we write.
HEARD = Limits(channels=64, longest_s=1800.0, numbers=1 << 28)
# A sample, as the engine holds it: 1 GiB, half of what an instrument of many may take (jobs/instrumentfile.py).
PLAYED = Limits(channels=2, longest_s=1200.0, numbers=1 << 28)
# Ten minutes tell a groove, of stereo up to 55 kHz; of what is faster, less.
LEARNED = Limits(channels=2, longest_s=600.0, numbers=1 << 26, cuts=True)
# What we wrote ourselves: all that a take may hold (jobs/rawtake.py), with the padding of codecs.
OURS = Limits(channels=64, longest_s=math.inf, numbers=(1 << 30) + (1 << 20), rates=(1, 1_000_000))


class Sound:
    """A sound file that has passed the gate: format, rate, channels, and the frames it claims, None if it can't say.

    `is_mended` is whether it is read otherwise than it lies there: others may not read it.
    """

    def __init__(self, file: sf.SoundFile, limits: Limits, called: str, *, is_mended: bool = False) -> None:
        self.is_mended = is_mended
        self.format, self.subtype = str(file.format), str(file.subtype)
        self.rate, self.channels = int(file.samplerate), int(file.channels)
        self.claimed = int(file.frames) if 0 <= file.frames < _UNKNOWN else None
        self._file, self._limits, self._called = file, limits, called
        if not 1 <= self.channels <= limits.channels:
            raise UserError(f"{called} has {self.channels} channels", f"at most {limits.channels}")
        low, high = limits.rates
        if not low <= self.rate <= high:
            raise UserError(f"{called} has a rate of {self.rate} Hz", f"{low} to {high}")
        self._most = limits.frames(self.rate, self.channels)
        if not limits.cuts and (self.claimed or 0) > self._most:
            raise self._too_long(self.claimed or 0)

    def _too_long(self, frames: int) -> UserError:
        most = f"at most {_long(self._most / self.rate)}"
        if self._most < self._limits.longest_s * self.rate - 1:
            most += f" of {self.channels} channels at {self.rate} Hz"
        return UserError(f"{self._called} is {_long(frames / self.rate)} long", most)

    @property
    def room(self) -> int:
        """Return how many frames to make room for: what it claims, as far as that is taken; a block where it doesn't.

        Fewer may come, and more, but never more than the limits allow.
        """
        return min(self._most, _BLOCK if self.claimed is None else self.claimed)

    def blocks(self) -> Iterator[Audio]:
        """Yield the samples, float32 [frames, channels]. Raises UserError for what breaks off, is too long or empty."""
        frames = 0
        while frames < self._most or not self._limits.cuts:
            checkpoint()
            try:
                block: Audio = self._file.read(_BLOCK, dtype="float32", always_2d=True)
            except (sf.SoundFileError, OSError) as error:
                if not frames:
                    raise _no_sound(self._called) from error
                raise UserError(f"{self._called} breaks off in the middle", "it is cut short or damaged") from error
            if not len(block):
                break
            checkpoint()
            frames += len(block)
            if frames > self._most and not self._limits.cuts:
                raise self._too_long(frames)
            yield block[: len(block) - max(0, frames - self._most)]
        if not frames:
            raise UserError(f"{self._called} is empty", "it holds no sound at all")


class _Forwards(sf.SoundFile):  # type: ignore[misc]
    """Reads from the beginning on: to seek, as soundfile does after each block, fails where a header lies."""

    def seekable(self) -> bool:
        return False


class _OneFormat(io.FileIO):
    """A WAV file in which chunks at some places are called `junk`: libsndfile refuses a second `fmt `."""

    def __init__(self, path: str | os.PathLike[str], places: list[int]) -> None:
        super().__init__(path)
        self._places = places

    def readinto(self, buffer: Any, /) -> int:
        start = self.tell()
        count = super().readinto(buffer) or 0
        view = memoryview(buffer).cast("B")
        for place in self._places:
            for at, letter in enumerate(b"junk", place - start):
                if 0 <= at < count:
                    view[at] = letter
        return count


@contextlib.contextmanager
def opened(path: str | os.PathLike[str], limits: Limits, called: str = "") -> Iterator[Sound]:
    """Yield a sound file whose header is within the limits; `called`: its name in errors. Raises UserError."""
    name = called or Path(path).name
    if not Path(path).is_file():
        raise NotFound(f"there is no file {path}")
    doubled = later_formats(Path(path))
    with contextlib.ExitStack() as stack:
        try:
            file = _Forwards(stack.enter_context(_OneFormat(path, doubled)) if doubled else path)
        except (sf.SoundFileError, OSError, ValueError, TypeError) as error:
            raise _no_sound(name) from error
        try:
            yield Sound(file, limits, name, is_mended=bool(doubled))
        finally:
            with contextlib.suppress(sf.SoundFileError):
                file.close()


def read(path: str | os.PathLike[str], limits: Limits = HEARD) -> tuple[Audio, int]:
    """Return the samples of a sound file as float32 [channels, frames], and its rate in Hz. Raises UserError."""
    with opened(path, limits) as sound:
        # Room that nothing is written to costs no memory.
        whole, frames = np.empty((sound.channels, max(1, sound.room)), np.float32), 0
        for block in sound.blocks():
            if frames + len(block) > whole.shape[1]:
                grown = np.empty((sound.channels, 2 * (frames + len(block))), np.float32)
                grown[:, :frames] = whole[:, :frames]
                whole = grown
            whole[:, frames : frames + len(block)] = block.T
            frames += len(block)
        return np.ascontiguousarray(whole[:, :frames]), sound.rate


def _no_sound(name: str) -> UserError:
    return UserError(f"{name} cannot be read as sound", f"{_KINDS} can")


def _long(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:,.0f} hours"
