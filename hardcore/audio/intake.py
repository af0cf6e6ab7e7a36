"""Sound files of unknown origin: examined before anything else uses them, and decoded for the engine.

Whatever a header claims is only believed after reading; what cannot be a sample is refused in words.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf  # type: ignore[import-untyped]

from hardcore.audio.oneshots import HEARD_S, hear
from hardcore.audio.samples import Audio
from hardcore.audio.wavechunks import WaveForm, frame, missing_bytes
from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError

LONGEST_S = 20 * 60
RATES = (2000, 384_000)
# A float file may go over full scale, but not by 40 dB.
LOUDEST = 100.0
# What the engine's own reader takes (libsndfile without its codecs).
_ENGINE_FORMATS = ("WAV", "WAVEX", "AIFF", "AU", "CAF")
_ENGINE_SUBTYPES = ("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")

_BLOCK = 1 << 16


def examine(path: Path, bpm_said: float | None = None) -> dict[str, Any]:
    """Return what is in a sound file: frames, rate, channels, and what was heard. Raises UserError in words."""
    try:
        with sf.SoundFile(path) as file:
            rate, channels = int(file.samplerate), int(file.channels)
            _ensure_usable(rate, channels)
            beginning, frames = _read(file, rate, round(HEARD_S * rate))
    except (sf.SoundFileError, OSError, ValueError, MemoryError) as error:
        raise UserError("it cannot be read as sound") from error
    heard = asdict(hear(beginning, rate, seconds=frames / rate, bpm_said=bpm_said))
    if missing_bytes(path):
        heard["why"] += "; the file is cut short"
    return {"frames": frames, "rate": rate, "channels": channels, **heard}


def measure(path: Path) -> tuple[int, int, int]:
    """Return frames, rate and channels of a sound file, having read all of it. Raises UserError in words."""
    try:
        with sf.SoundFile(path) as file:
            rate, channels = int(file.samplerate), int(file.channels)
            _ensure_usable(rate, channels)
            return _read(file, rate, 1)[1], rate, channels
    except (sf.SoundFileError, OSError, ValueError, MemoryError) as error:
        raise UserError("it cannot be read as sound") from error


def decode(path: Path, target: Path) -> bool:
    """Write a sound file as float WAV to `target`, whole or not at all; False when the engine reads it as it is.

    Raises UserError when it cannot be read.
    """
    try:
        known = sf.info(path)
        if known.format in _ENGINE_FORMATS and known.subtype in _ENGINE_SUBTYPES and path.suffix.isascii():
            return False
        with sf.SoundFile(path) as file:
            rate, channels = int(file.samplerate), int(file.channels)
            _ensure_usable(rate, channels)
            whole = []
            for block in file.blocks(_BLOCK, dtype="float32", always_2d=True):
                checkpoint()
                whole.append(block.copy())
    except (sf.SoundFileError, OSError, ValueError, MemoryError) as error:
        raise UserError(f"{path.name} cannot be read as sound") from error
    audio = np.concatenate(whole) if whole else np.zeros((0, channels), np.float32)
    _write(target, np.ascontiguousarray(audio), rate)
    return True


def _write(target: Path, interleaved: Audio, rate: int) -> None:
    from hardcore.artifacts import write_whole
    from hardcore.audio.tags import Tags

    before, after = frame(WaveForm(rate, interleaved.shape[1], len(interleaved), 32), Tags())
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, before + interleaved.astype("<f4").tobytes() + after)


def _ensure_usable(rate: int, channels: int) -> None:
    if channels not in (1, 2):
        raise UserError(f"it has {channels} channels; a sample is mono or stereo")
    if not RATES[0] <= rate <= RATES[1]:
        raise UserError(f"its rate is {rate} Hz; a sample has {RATES[0]} to {RATES[1]}")


def _read(file: Any, rate: int, wanted: int) -> tuple[Audio, int]:
    """Return the first `wanted` frames of an open file, float32 [channels, frames], and how many there really are.

    A few more than wanted may come.
    """
    kept: list[Audio] = []
    frames = 0
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        checkpoint()
        loudest = float(np.abs(block).max())
        if not np.isfinite(loudest):
            raise UserError("it holds values that are not numbers")
        if loudest > LOUDEST:
            raise UserError("it is far beyond full scale")
        if frames < wanted:
            kept.append(block)
        frames += len(block)
        if frames > LONGEST_S * rate:
            raise UserError(f"it is longer than {LONGEST_S // 60} minutes")
    if frames == 0:
        raise UserError("it is empty")
    return np.ascontiguousarray(np.concatenate(kept).T), frames
