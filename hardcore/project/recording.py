"""A sound of the user's own that a project plays: what it is, and where it lay. The file itself is never stored.

A recording is known by the SHA-256 of its file, so it is found again wherever the file goes, and never mistaken for
another file of the same name.
"""

import hashlib
import stat
import wave
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from hardcore.artifacts import replacing
from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.paths import cache_folder
from hardcore.project.values import Name, Text

# More than that is no sample: a file that claims to be one is refused unread.
LARGEST_FILE = 1 << 30
_BLOCK = 1 << 20
# How files begin whose numbers are not packed: WAV, AIFF, AU, CAF.
_PLAIN = (b"RIFF", b"RIFX", b"FORM", b".snd", b"caff")

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Recording(Model):
    """A reference to a sound file: its content's hash, its name, where it lay, and the facts needed to play it.

    size        of the file, bytes
    root_note   MIDI note at which it plays at its own speed
    loop        whether its end runs on into its beginning
    bpm         its tempo, None when it has none that is known
    offset      the first of its bytes in a file that holds many sounds as plain 16-bit numbers, one channel each
    packed      how many bytes it has there as an Ogg stream instead; None: it is plain
    """

    sha256: Sha256
    name: Name
    path: Text
    size: Annotated[int, Field(ge=1, le=LARGEST_FILE)]
    frames: Annotated[int, Field(ge=1, le=1 << 40)]
    rate: Annotated[int, Field(ge=1, le=1_000_000)]
    channels: Annotated[int, Field(ge=1, le=2)]
    root_note: Annotated[int, Field(ge=0, le=127)] = 60
    loop: bool = False
    bpm: Annotated[float, Field(ge=10, le=1000)] | None = None
    offset: Annotated[int, Field(ge=0, le=LARGEST_FILE)] | None = None
    packed: Annotated[int, Field(ge=1, le=LARGEST_FILE)] | None = None

    @model_validator(mode="after")
    def _inside(self) -> Self:
        length = 2 * self.frames if self.packed is None else self.packed
        if self.offset is not None and (self.channels != 1 or self.offset + length > self.size):
            raise UserError(f"{self.name} lies beyond the end of its file")
        return self

    @property
    def key(self) -> str:
        """Return what names its content: the hash of its file, and its place in one that holds many."""
        return self.sha256 if self.offset is None else f"{self.sha256}-{self.offset}-{self.frames}-{self.rate}"

    @property
    def seconds(self) -> float:
        """Return its length at its own speed, seconds."""
        return self.frames / self.rate

    @property
    def controls(self) -> dict[str, float]:
        """Return the sampler's parameters that come with it, unless a track sets them itself."""
        return {"loop": float(self.loop), "root_note": float(self.root_note)}


def located(recording: Recording) -> Path | None:
    """Return the file to play: its decoded copy, else its own path, if the engine reads that as it is.

    None when neither holds the content that is meant.
    """
    decoded = decoded_path(recording.key)
    if decoded.is_file():
        return decoded
    own = Path(recording.path)
    if not holds(own, recording.sha256, recording.size):
        return None
    if recording.packed is not None:
        return None
    if recording.offset is not None:
        return cut_out(recording, own)
    return own if is_plain(own) else None


def is_plain(path: Path) -> bool:
    """Return whether a file holds its numbers as they are; one that unpacks could ask an engine for any amount."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _PLAIN
    except OSError:
        return False


def decoded_path(key: str) -> Path:
    """Return where the decoded copy of a sound is kept, for formats that the engine itself does not read."""
    return cache_folder() / "samples" / f"{key}.wav"


def cut_out(recording: Recording, file: Path) -> Path | None:
    """Return the copy of one sound of a file that holds many, made when it is not there; None when it cannot be.

    `file` is known to hold the content that is meant.
    """
    target = decoded_path(recording.key)
    if target.is_file():
        return target
    left = 2 * recording.frames
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as source, replacing(target) as made, wave.open(made, "wb") as sound:
            source.seek(recording.offset or 0)
            sound.setparams((1, 2, recording.rate, recording.frames, "NONE", ""))
            while left and (block := source.read(min(left, _BLOCK))):
                sound.writeframes(block)
                left -= len(block)
    except (OSError, UserError, wave.Error):
        return None
    return target


def holds(path: Path, sha256: str, size: int) -> bool:
    """Return whether a path is a file of that size and content; one that cannot be read is not."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != size:
            return False
        return _digest(str(path), found.st_size, found.st_mtime_ns) == sha256
    except (OSError, ValueError):
        return False


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal. Raises OSError."""
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            checkpoint()
            hasher.update(block)
    return hasher.hexdigest()


@lru_cache(maxsize=4096)
def _digest(path: str, size: int, modified_ns: int) -> str:
    # Size and date are part of the key: a file that was written anew is read anew.
    return file_digest(Path(path))
