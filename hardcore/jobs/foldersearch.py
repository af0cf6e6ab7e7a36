"""Finding sound files in a folder: links that go round, folders that are closed and odd names do no harm."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hardcore.checkpoint import checkpoint
from hardcore.errors import NotFound, UserError
from hardcore.escaping import escaped_line
from hardcore.project.recording import LARGEST_FILE

SUFFIXES = (
    ".wav", ".wave", ".aif", ".aiff", ".aifc", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".au", ".snd", ".caf", ".w64",
    ".rf64", ".voc", ".sd2", ".iff", ".svx", ".wve",
)  # fmt: skip
MOST_FILES = 200_000
LONGEST_PATH = 4000


@dataclass(frozen=True, slots=True)
class Place:
    """A sound file as the folder shows it: path, size in bytes, time of its last change in nanoseconds."""

    path: str
    size: int
    modified_ns: int


@dataclass(slots=True)
class Walk:
    """What a walk found: the files, and what was passed over, with the reason."""

    files: list[Place] = field(default_factory=list)
    passed: list[tuple[str, str]] = field(default_factory=list)
    within: Sequence[Path] | None = None
    suffixes: tuple[str, ...] = SUFFIXES

    def may_follow(self, entry: "os.DirEntry[str]") -> bool:
        """Return whether an entry is no link, or one that stays where it may."""
        if self.within is None or not entry.is_symlink():
            return True
        there = Path(entry.path).resolve()
        return any(there.is_relative_to(root.resolve()) for root in self.within)


def walk(root: Path, within: Sequence[Path] | None = None, suffixes: tuple[str, ...] = SUFFIXES) -> Walk:
    """Return the sound files in a folder and below, in the order of their paths, or the one file it is.

    Hidden files and folders are left out; each folder is entered once, however many links lead to it, and links out of
    the folders `within` are not followed. Raises UserError when there is no such folder or it holds too many.
    """
    found = Walk(within=within, suffixes=suffixes)
    try:
        kind = root.stat()
    except (OSError, ValueError) as error:
        raise NotFound(f"there is no folder {root}", "name one that holds sounds") from error
    if stat.S_ISREG(kind.st_mode):
        _take(found, str(root), kind)
        return found
    if not stat.S_ISDIR(kind.st_mode):
        raise UserError(f"{root} is no folder", "name one that holds sounds")
    entered: set[tuple[int, int]] = set()
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        waiting += reversed(list(_folder(found, folder, entered)))
        if len(found.files) > MOST_FILES:
            raise UserError(f"{root} holds more than {MOST_FILES:,} sounds", "add the folders in it one by one")
    found.files.sort(key=lambda place: place.path)
    return found


def _folder(found: Walk, folder: str, entered: set[tuple[int, int]]) -> Iterator[str]:
    """Take the files of one folder; yield the folders in it."""
    try:
        here = Path(folder).stat()
        if (here.st_dev, here.st_ino) in entered:
            return
        entered.add((here.st_dev, here.st_ino))
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        found.passed.append((escaped_line(folder), f"the folder cannot be read: {error.strerror or error}"))
        return
    for entry in entries:
        checkpoint()
        if entry.name.startswith("."):
            continue
        try:
            if not found.may_follow(entry):
                continue
            kind = entry.stat()
        except OSError as error:
            if entry.name.lower().endswith(found.suffixes):
                found.passed.append((escaped_line(entry.path), f"it cannot be read: {error.strerror or error}"))
            continue
        if stat.S_ISDIR(kind.st_mode):
            yield entry.path
        elif entry.name.lower().endswith(found.suffixes):
            _take(found, entry.path, kind)


def _take(found: Walk, path: str, kind: os.stat_result) -> None:
    reason = ""
    if not path.isprintable() or len(path) > LONGEST_PATH:
        reason = "its name holds letters that no text can show"
    elif not stat.S_ISREG(kind.st_mode):
        reason = "it is no plain file"
    elif kind.st_size == 0:
        reason = "it is empty"
    elif kind.st_size > LARGEST_FILE:
        reason = f"it is larger than {LARGEST_FILE >> 30} GiB"
    if reason:
        found.passed.append((escaped_line(path), reason))
    else:
        found.files.append(Place(path, kind.st_size, kind.st_mtime_ns))
