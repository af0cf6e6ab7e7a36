"""The journal of what hands play: every note is on the disk before anybody else is told of it.

    played/XXXXXXXX/    0700, of one studio, which holds its lock for as long as it lives
        0, 1            0600, lines of JSON; when one is full, the other one is begun anew

A studio that is left removes its folder; that of one that was killed is what `left` finds.
"""

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hardcore.lockedfolder import abandoned, locked_folder
from hardcore.project.hands import NOTE_OFF, NOTE_ON, Heard, HeardNote

# A note takes some 90 bytes: so many are at least kept as fit into one segment.
SEGMENT_BYTES = 1 << 20
SEGMENTS = ("0", "1")
MOST_LEFT = 8
Piece = Sequence[Any]


class Journal:
    """Writes notes of a piece into a folder, from the process that hears them; any thread may call a method."""

    def __init__(self, folder: Path, piece: Piece, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._folder, self._piece, self._most = folder, list(piece), segment_bytes
        self._handle: int | None = None
        self._size = 0
        self._lock = threading.Lock()
        latest = max(_segments(folder), key=lambda one: one[0], default=None)
        self._number = -1 if latest is None else latest[0]
        if latest is not None and json.loads(latest[1][0]).get("piece") == self._piece:
            self._open(os.O_APPEND)  # another process has begun it and was killed
            self._write("")
        else:
            self._begin()

    def belong(self, piece: Piece) -> None:
        """Note what follows as played in that piece."""
        with self._lock:
            if list(piece) != self._piece:
                self._piece = list(piece)
                self._begin()

    def note(self, note: HeardNote) -> None:
        """Keep a note that began or ended; a disk that is full keeps none, and harms nobody."""
        if note.heard.kind in (NOTE_ON, NOTE_OFF):
            with self._lock:
                if self._handle is None or self._size > self._most:
                    self._begin()
                self._write([*note.heard, note.tick, note.nodes])

    def _begin(self) -> None:
        """Begin the other segment."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        self._number += 1
        self._open(os.O_TRUNC)
        self._write({"number": self._number, "piece": self._piece})

    def _open(self, how: int) -> None:
        path = self._folder / SEGMENTS[self._number % len(SEGMENTS)]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        with contextlib.suppress(OSError):
            self._handle = os.open(path, flags | how, 0o600)
            self._size = os.fstat(self._handle).st_size

    def _write(self, words: object) -> None:
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._size += os.write(self._handle, json.dumps(words, separators=(",", ":")).encode() + b"\n")


def kept(folder: Path, piece: Piece | None = None) -> list[HeardNote]:
    """Return the notes in a folder in the order in which they came, those of one piece; what was cut is left out."""
    found: list[HeardNote] = []
    for _, lines in sorted(_segments(folder), key=lambda one: one[0]):
        head = json.loads(lines[0])
        if piece is not None and head.get("piece") != list(piece):
            continue
        for line in lines[1:]:
            with contextlib.suppress(ValueError, TypeError):
                *heard, tick, nodes = json.loads(line)
                found.append(HeardNote(_heard(*heard), None if tick is None else float(tick), int(nodes)))
    return found


def _heard(port: str, kind: int, channel: int, number: int, value: int, at_s: float) -> Heard:
    return Heard(str(port), int(kind), int(channel), int(number), int(value), float(at_s))


def _segments(folder: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Yield (number, lines) of each segment that there is."""
    for name in SEGMENTS:
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, IndexError):
            lines = (folder / name).read_bytes()[: 2 * SEGMENT_BYTES].splitlines()
            yield int(json.loads(lines[0])["number"]), lines


class Played:
    """What is kept of what hands play in one studio, from its side. `root` holds the folders of all studios."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.folder, self._lock = locked_folder(root, "")

    def close(self) -> None:
        """Remove it: the studio is left."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def left(root: Path, piece: Piece) -> list[HeardNote]:
    """Return what was played in a piece in studios that were killed, the latest of them last."""
    return [note for folder in _ended(root) for note in kept(folder, piece)]


def forget(root: Path, piece: Piece) -> None:
    """Remove what `left` returns; what was played in other pieces stays, up to MOST_LEFT studios of them."""
    ended = _ended(root)
    for folder in ended:
        if kept(folder, piece) or not kept(folder) or folder in ended[:-MOST_LEFT]:
            shutil.rmtree(folder, ignore_errors=True)


def _ended(root: Path) -> list[Path]:
    """Return the folders whose studio has ended, the oldest first."""
    found = []
    for folder in abandoned(root):
        with contextlib.suppress(OSError):
            found.append((folder.stat().st_mtime, folder))
    return [folder for _, folder in sorted(found)]
