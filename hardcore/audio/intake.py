"""Samples of unknown origin: examined before anything else uses them, and decoded for the engine.

Whatever a header claims is only believed after reading; what cannot be a sample is refused in words.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from hardcore.artifacts import replacing
from hardcore.audio.oneshots import HEARD_S, hear
from hardcore.audio.reader import PLAYED, Sound, opened
from hardcore.audio.samples import Audio
from hardcore.audio.tags import Tags
from hardcore.audio.wavechunks import WaveForm, frame, missing_bytes
from hardcore.errors import UserError

# A float file may go over full scale, but not by 40 dB.
LOUDEST = 100.0
# What the engine's own reader takes (libsndfile without its codecs).
_ENGINE_FORMATS = ("WAV", "WAVEX", "AIFF", "AU", "CAF")
_ENGINE_SUBTYPES = ("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")


def examine(path: Path, bpm_said: float | None = None) -> dict[str, Any]:
    """Return what is in a sound file: frames, rate, channels, and what was heard. Raises UserError in words."""
    with opened(path, PLAYED, "it") as sound:
        beginning, frames = _heard(sound, round(HEARD_S * sound.rate))
        rate, channels = sound.rate, sound.channels
    heard = asdict(hear(beginning, rate, seconds=frames / rate, bpm_said=bpm_said))
    if missing_bytes(path):
        heard["why"] += "; the file is cut short"
    return {"frames": frames, "rate": rate, "channels": channels, **heard}


def measure(path: Path) -> tuple[int, int, int]:
    """Return frames, rate and channels of a sound file, having read all of it. Raises UserError in words."""
    with opened(path, PLAYED, "it") as sound:
        return sum(len(block) for block in _usable(sound)), sound.rate, sound.channels


def whole(path: Path) -> tuple[Audio, int]:
    """Return all of a sound file, float32 [channels, frames], each value looked at, and its rate. Raises UserError."""
    with opened(path, PLAYED) as sound:
        return np.ascontiguousarray(np.concatenate(list(_usable(sound))).T), sound.rate


def decode(path: Path, target: Path) -> bool:
    """Write a sound file as float WAV to `target`, whole or not at all; False when the engine reads it as it is.

    Raises UserError when it cannot be read.
    """
    with opened(path, PLAYED) as sound:
        is_plain = sound.format in _ENGINE_FORMATS and sound.subtype in _ENGINE_SUBTYPES
        if is_plain and path.suffix.isascii() and not sound.is_mended:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file:
            frames = 0
            # The header says how long it is, which is known at the end.
            file.write(bytes(len(_around(sound, 1)[0])))
            for block in sound.blocks():
                file.write(block.astype("<f4", copy=False).tobytes())
                frames += len(block)
            before, after = _around(sound, frames)
            file.write(after)
            file.seek(0)
            file.write(before)
    return True


def _around(sound: Sound, frames: int) -> tuple[bytes, bytes]:
    return frame(WaveForm(sound.rate, sound.channels, frames, 32), Tags())


def _usable(sound: Sound) -> Iterator[Audio]:
    """Yield the blocks of a sound, each looked at. Raises UserError for what no sample holds."""
    for block in sound.blocks():
        loudest = float(np.abs(block).max())
        if not np.isfinite(loudest):
            raise UserError("it holds values that are not numbers")
        if loudest > LOUDEST:
            raise UserError("it is far beyond full scale")
        yield block


def _heard(sound: Sound, wanted: int) -> tuple[Audio, int]:
    """Return the first `wanted` frames, float32 [channels, frames], and how many there are in all.

    A few more than wanted may come.
    """
    kept: list[Audio] = []
    frames = 0
    for block in _usable(sound):
        if frames < wanted:
            kept.append(block)
        frames += len(block)
    return np.ascontiguousarray(np.concatenate(kept).T), frames
