"""The RIFF side of a WAV file: format, data, and the chunks that say what the sound is.

`acid` (tempo, beats, root), `smpl` (loop points), `cue ` (marks, named in
`LIST adtl`), `bext` (description; its date fields stay empty), `LIST INFO` (text).
Written whole and in one pass, because libsndfile dates the PEAK chunk of its float files.
"""

import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from hardcore.audio.tags import Tags, clean
from hardcore.errors import UserError

MIDDLE_C = 60
_PCM, _FLOAT = 1, 3
_ONE_SHOT, _ROOT_SET, _STRETCH = 1, 2, 4
_SIZE_LIMIT = 0xFFFFFFFF
_UNKNOWN_SIZE = 0x7FFF0000


@dataclass(frozen=True)
class WaveForm:
    """The shape of the samples: `bits` are 16, 24, or 32 for float."""

    rate: int
    channels: int
    frames: int
    bits: int

    @property
    def block_bytes(self) -> int:
        """Return the bytes of one frame."""
        return self.channels * self.bits // 8

    @property
    def data_bytes(self) -> int:
        """Return the bytes of all samples, without padding."""
        return self.frames * self.block_bytes


def frame(form: WaveForm, tags: Tags) -> tuple[bytes, bytes]:
    """Return what stands before and after the sample bytes of a WAV file.

    Raises UserError when the file would pass RIFF's limit of 4 GiB.
    """
    before = _format(form) + (_fact(form) if form.bits == 32 else b"") + _bext(form, tags)
    after = b"\0" * (form.data_bytes % 2) + _smpl(form, tags) + _acid(tags) + _cues(form, tags) + _info(tags)
    data = struct.pack("<4sI", b"data", min(form.data_bytes, _SIZE_LIMIT))
    size = 4 + len(before) + len(data) + form.data_bytes + len(after)
    if size > _SIZE_LIMIT:
        raise UserError("the file would be larger than the 4 GiB a WAV file can hold", "write .flac, or fewer bars")
    return struct.pack("<4sI4s", b"RIFF", size, b"WAVE") + before + data, after


def loop_of(path: Path, frames: int) -> tuple[int, int] | None:
    """Return the first loop that a WAV file says, from its first frame to the one after its last; None without one.

    `frames` is what the file holds; a loop that does not fit into it is none.
    """
    try:
        with path.open("rb") as file:
            head = file.read(12)
            if head[:4] != b"RIFF" or head[8:] != b"WAVE":
                return None
            for _ in range(64):
                name, size = struct.unpack("<4sI", file.read(8))
                if name == b"smpl":
                    loops, first, last = struct.unpack("<28xI4x8xII", file.read(52))
                    return (first, last + 1) if loops and first < last < frames else None
                file.seek(size + size % 2, 1)
    except (OSError, struct.error):
        pass
    return None


def later_formats(path: Path) -> list[int]:
    """Return where in a WAV file, before its sound, further `fmt ` chunks stand: the first one counts."""
    found: list[int] = []
    try:
        with path.open("rb") as file:
            head = file.read(12)
            if head[:4] != b"RIFF" or head[8:] != b"WAVE":
                return []
            for _ in range(64):
                name, size = struct.unpack("<4sI", file.read(8))
                if name == b"data":
                    break
                found += [file.tell() - 8] if name == b"fmt " else []
                file.seek(size + size % 2, 1)
    except (OSError, struct.error):
        pass
    return found[1:]


def missing_bytes(path: Path) -> int:
    """Return how many bytes of sound a WAV file says and lacks, because it was cut short; 0 for any other file.

    A size that a stream could not know when it began says nothing.
    """
    try:
        whole = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(12)
            if head[:4] != b"RIFF" or head[8:] != b"WAVE":
                return 0
            for _ in range(64):
                name, size = struct.unpack("<4sI", file.read(8))
                if name == b"data":
                    return max(0, file.tell() + size - whole) if size < _UNKNOWN_SIZE else 0
                file.seek(size + size % 2, 1)
    except (OSError, struct.error):
        pass
    return 0


def chunk(name: bytes, body: bytes) -> bytes:
    """Return one RIFF chunk, padded to an even length (the size field does not count the padding)."""
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)


def _format(form: WaveForm) -> bytes:
    kind = _FLOAT if form.bits == 32 else _PCM
    speed = form.rate * form.block_bytes
    body = struct.pack("<HHIIHH", kind, form.channels, form.rate, speed, form.block_bytes, form.bits)
    return chunk(b"fmt ", body + (b"\0\0" if kind == _FLOAT else b""))


def _fact(form: WaveForm) -> bytes:
    return chunk(b"fact", struct.pack("<I", form.frames))


def _bext(form: WaveForm, tags: Tags) -> bytes:
    """Return the broadcast extension, version 1 (EBU Tech 3285); date, time and UMID are left empty."""
    history = (
        f"A=PCM,F={form.rate},W={form.bits},M={'mono' if form.channels == 1 else 'stereo'},T={_ascii(tags.software)}"
    )
    fixed = struct.pack(
        "<256s32s32s10s8sIIH64s190s",
        _ascii(tags.comment or tags.title).encode()[:256],
        _ascii(tags.software).encode()[:32],
        *(b"", b"", b"", 0, 0, 1, b"", b""),
    )
    return chunk(b"bext", fixed + history.encode() + b"\r\n")


def _smpl(form: WaveForm, tags: Tags) -> bytes:
    """Return the sampler chunk: root note, and the whole file as one forward loop when it is one."""
    period_ns = round(1e9 / form.rate)
    loops = int(tags.loop)
    head = struct.pack("<9I", 0, 0, period_ns, root_note(tags), 0, 0, 0, loops, 0)
    # the end is the last frame played, not the one after it
    return chunk(b"smpl", head + struct.pack("<6I", 0, 0, 0, form.frames - 1, 0, 0) * loops)


def _acid(tags: Tags) -> bytes:
    """Return the chunk that loop browsers read, or nothing without a tempo.

    flags, root, two words nobody documents, beats, meter (denominator first), tempo.
    """
    if tags.tempo_bpm is None:
        return b""
    flags = (_STRETCH if tags.loop else _ONE_SHOT) | (0 if tags.tonic is None else _ROOT_SET)
    beats = round(tags.quarters or 0)
    upper, lower = tags.meter
    fields = (flags, root_note(tags), 0x8000, 0.0, beats, lower, upper, tags.tempo_bpm)
    return chunk(b"acid", struct.pack("<IHHfIHHf", *fields))


def _cues(form: WaveForm, tags: Tags) -> bytes:
    """Return the cue points and their names, or nothing where nothing is marked."""
    points, names = b"", b""
    for number, (seconds, name) in enumerate(tags.marks, 1):
        frame = min(round(seconds * form.rate), form.frames - 1)
        points += struct.pack("<II4sIII", number, frame, b"data", 0, 0, frame)
        names += chunk(b"labl", struct.pack("<I", number) + clean(name).encode() + b"\0")
    if not points:
        return b""
    return chunk(b"cue ", struct.pack("<I", len(tags.marks)) + points) + chunk(b"LIST", b"adtl" + names)


def _info(tags: Tags) -> bytes:
    texts = (
        (b"INAM", tags.title), (b"IART", tags.artist), (b"IPRD", tags.album),
        (b"ITRK", "" if tags.track is None else str(tags.track)), (b"ICMT", tags.comment), (b"ISFT", tags.software),
    )  # fmt: skip
    parts = [chunk(name, clean(text).encode() + b"\0") for name, text in texts if clean(text)]
    return chunk(b"LIST", b"INFO" + b"".join(parts)) if parts else b""


def root_note(tags: Tags) -> int:
    """Return the MIDI note of the key's tonic in the octave of middle C; middle C without a key."""
    return MIDDLE_C + (tags.tonic or 0)


def _ascii(text: str) -> str:
    # bext is ASCII; the exact text is in LIST INFO
    plain = unicodedata.normalize("NFKD", clean(text).replace(" · ", ", "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return letters.encode("ascii", "replace").decode()
