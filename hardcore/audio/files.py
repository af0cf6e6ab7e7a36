"""Sound files written: whole or not at all, the same bytes every time. They are read by audio/reader.py."""

import contextlib
import itertools
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import mutagen
import numpy as np
import soundfile as sf  # type: ignore[import-untyped]
import soxr  # type: ignore[import-untyped]

from hardcore.audio import aiffchunks, oggpages, wavechunks
from hardcore.audio import tags as tagging
from hardcore.audio.formats import DEPTHS, MP3_RATES, Format, by_ending, sound_format
from hardcore.audio.samples import BLOCK, Audio, ByteOrder, Quantizer, blocks, floats, pack, peak, planar
from hardcore.audio.tags import Tags
from hardcore.errors import EngineError, NotFound, UserError, nearest

# libsndfile 1.2.2 crashes when Vorbis gets a minute in one call
_VORBIS_BLOCK = 4096
# compression level: 0.0 is 320 kbit/s for MP3 (1.0 fails), 0.2 is quality 8 (about 256 kbit/s) for Vorbis
_CODECS = {"ogg": ("OGG", "VORBIS", 0.2), "mp3": ("MP3", "MPEG_LAYER_III", 0.0), "flac": ("FLAC", "", 0.5)}
# what surrounds plain samples, and the order of their bytes
_CHUNKS: dict[str, tuple[ModuleType, ByteOrder]] = {"wav": (wavechunks, "<"), "aiff": (aiffchunks, ">")}
_count = itertools.count()

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Written:
    """What was written: `clipped` samples were beyond full scale; `note` says what differs from what was asked."""

    path: Path
    format: str
    rate: int
    frames: int
    channels: int
    clipped: int = 0
    note: str = ""


def write(
    path: str | os.PathLike[str],
    audio: Audio,
    rate: int,
    *,
    format: str | None = None,
    depth: str = "24",
    tags: Tags | None = None,
    on_progress: Progress | None = None,
) -> Written:
    """Return what was written to `path`: wav, flac, ogg, mp3 or aiff by its suffix, unless `format` says.

    `audio` is [channels, frames] or one channel; `depth` is 16 (dithered), 24 or 32f and does not concern ogg and mp3.
    `on_progress` gets fractions up to 1.0. The file appears whole: a temporary one beside it is synced and renamed.
    mp3 is resampled when its standard lacks the rate. Raises UserError, and EngineError when samples are not finite.
    """
    target = Path(path)
    kind = _format_of(target, format)
    _check_folder(target)
    samples = _checked(audio, kind, rate, depth)
    rate, samples, note = _fit_rate(samples, rate) if kind.name == "mp3" else (rate, samples, "")
    report = on_progress or (lambda fraction: None)
    # silence stays silence; everything else at 16 bits is dithered
    quantizer = Quantizer(DEPTHS[depth], dither=depth == "16" and peak(samples) > 0)
    with _replacing(target) as temporary:
        if kind.name in _CHUNKS:
            _write_chunks(temporary, samples, rate, kind.name, quantizer, tags or Tags(), report)
        else:
            _write_coded(temporary, samples, rate, kind.name, quantizer, report)
            tagging.embed(temporary, kind.name, tags or Tags())
        if kind.name == "ogg":
            temporary.write_bytes(oggpages.fix_serial(temporary.read_bytes()))
    return Written(target, kind.name, rate, samples.shape[1], samples.shape[0], quantizer.clipped, note)


def _format_of(path: Path, format: str | None) -> Format:
    word = format or path.suffix
    if not word:
        raise UserError(f"{path.name} has no ending that says its format", f"one of: {', '.join(by_ending())}")
    return sound_format(word)


def _check_folder(path: Path) -> None:
    if path.is_dir():
        raise UserError(f"{path} is a folder", "name a file in it")
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", "make it first, or choose another")


def _checked(audio: Audio, kind: Format, rate: int, depth: str) -> Audio:
    if depth not in DEPTHS:
        raise NotFound(f"no depth '{depth}'", nearest(depth, DEPTHS))
    if kind.depth(depth) != depth:
        raise UserError(f"{kind.name.upper()} cannot hold float samples", "depth 24, or .wav")
    low, high = kind.rates
    if not low <= rate <= high:
        raise UserError(f"{kind.name} cannot hold {rate} Hz", f"{low} to {high}")
    samples = np.atleast_2d(np.asarray(audio, np.float32))
    channels, frames = samples.shape
    if frames == 0:
        raise UserError("there is no sound to write", "at least one frame")
    if channels > kind.channels:
        raise UserError(f"{kind.name} cannot hold {channels} channels", f"at most {kind.channels}")
    if not math.isfinite(peak(samples)):
        raise EngineError("the sound has samples that are not numbers", "nothing was written")
    return samples


def _fit_rate(audio: Audio, rate: int) -> tuple[int, Audio, str]:
    """Return rate and audio as MP3 can hold them: the next rate of its standard, 48 kHz at most."""
    if rate in MP3_RATES:
        return rate, audio, ""
    fitting = next((known for known in MP3_RATES if known >= rate), MP3_RATES[-1])
    return fitting, resampled(audio, rate, fitting), f"resampled from {rate} to {fitting} Hz, which mp3 can hold"


def resampled(audio: Audio, rate: int, wanted: int) -> Audio:
    """Return `audio` [channels, frames] at another rate, Hz, by soxr's very high quality."""
    if rate == wanted:
        return audio
    stream = soxr.ResampleStream(rate, wanted, audio.shape[0], dtype="float32", quality="VHQ")
    parts = [stream.resample_chunk(block) for block in blocks(audio, BLOCK)]
    parts.append(stream.resample_chunk(np.zeros((0, audio.shape[0]), np.float32), last=True))
    return planar(parts, audio.shape[0], sum(map(len, parts)))


def _write_chunks(
    path: Path, audio: Audio, rate: int, kind: str, quantizer: Quantizer, tags: Tags, report: Progress
) -> None:
    """Write a file that is chunks of plain samples and facts."""
    module, order = _CHUNKS[kind]
    before, after = module.frame(wavechunks.WaveForm(rate, audio.shape[0], audio.shape[1], quantizer.bits), tags)
    with path.open("wb") as file:
        file.write(before)
        for number, block in enumerate(blocks(audio, BLOCK), 1):
            whole = quantizer.bits < 32
            file.write(pack(quantizer.quantize(block), quantizer.bits, order) if whole else floats(block, order))
            report(min(1.0, number * BLOCK / audio.shape[1]))
        file.write(after)


def _write_coded(path: Path, audio: Audio, rate: int, kind: str, quantizer: Quantizer, report: Progress) -> None:
    container, subtype, level = _CODECS[kind]
    bits = quantizer.bits
    size = _VORBIS_BLOCK if kind == "ogg" else BLOCK
    options: dict[str, object] = {"format": container, "subtype": subtype or f"PCM_{bits}", "compression_level": level}
    if kind == "mp3":
        options["bitrate_mode"] = "CONSTANT"
    with sf.SoundFile(path, "w", rate, audio.shape[0], **options) as file:
        for number, block in enumerate(blocks(audio, size), 1):
            file.write(quantizer.quantize(block) << (32 - bits) if kind == "flac" else block)
            report(min(1.0, number * size / audio.shape[1]))


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Yield a path beside `target` that takes its place when all went well, and is removed when not."""
    temporary = target.with_name(f".hardcore-{os.getpid()}-{next(_count)}.part")
    try:
        yield temporary
        _sync(temporary, os.O_RDWR)
        temporary.replace(target)
        if os.name == "posix":
            _sync(target.parent, os.O_RDONLY)
    except (OSError, sf.SoundFileError, mutagen.MutagenError) as error:
        raise UserError(f"{target} could not be written: {error}", "check the disk and the permissions") from error
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
