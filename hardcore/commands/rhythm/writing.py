"""A rhythm into files: the MIDI file and the log, written as it is played: memory does not grow with the bars."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from hardcore.errors import UserError

if TYPE_CHECKING:
    from hardcore.rhythm.config import Rhythm

LOGS = (".csv", ".json")
_IN_MEMORY = 2**16  # bytes of a track before it goes to the disk


class Written(NamedTuple):
    """What was written: bars, seed, tempo, notes, and means of what the session was steered by."""

    bars: int
    seed: int
    bpm: float
    notes: int
    figures: dict[str, float]


def write_files(
    path: Path, log: Path | None, rhythm: "Rhythm", *, bars: int | None, seed: int | None, bpm: float | None
) -> Written:
    """Play a rhythm into a MIDI file and perhaps a log. Raises UserError; then neither has changed."""
    from tempfile import SpooledTemporaryFile

    from hardcore.rhythm.log import Logger
    from hardcore.rhythm.session import Session
    from hardcore.rhythm.smf import Writer

    session = Session(rhythm, seed=seed, bpm=bpm)
    count, notes = rhythm.bars if bars is None else bars, 0
    with contextlib.ExitStack() as stack:
        rows = stack.enter_context(_rows(log)) if log else None
        writer = Writer(session, lambda: stack.enter_context(SpooledTemporaryFile(_IN_MEMORY)))
        logger = Logger(session) if rows else None
        for piece, until in session.play(count):
            notes += len(piece)
            writer.add(piece, until)
            if logger and rows:
                rows.add(logger.add(piece, until))
        with _whole(path) as file:
            file.writelines(writer.finish(count))
        if logger and rows:
            rows.add(logger.finish(count))
    control = session.control
    means = {"E": sum(control.E) / count, "S": sum(control.S) / count, "rescues": float(len(control.rescues))}
    return Written(count, session.seed, session.bpm, notes, {name: round(mean, 4) for name, mean in means.items()})


class _Rows:
    """A log being written: CSV under a line of names, or JSON, a list of bars."""

    def __init__(self, file: BinaryIO, is_json: bool) -> None:
        self._file, self._json, self._any = file, is_json, False

    def add(self, rows: Iterable[dict[str, float]]) -> None:
        """Write more bars."""
        import json

        for row in rows:
            if self._json:
                text = ("[\n" if not self._any else ",\n") + json.dumps(row)
            else:
                head = "" if self._any else ",".join(row) + "\n"
                text = head + ",".join(f"{value:g}" for value in row.values()) + "\n"
            self._file.write(text.encode())
            self._any = True

    def end(self) -> None:
        """Write what closes the file."""
        if self._json:
            self._file.write(b"\n]\n" if self._any else b"[]\n")


@contextlib.contextmanager
def _rows(path: Path) -> Iterator[_Rows]:
    with _whole(path) as file:
        rows = _Rows(file, path.suffix.lower() == ".json")
        yield rows
        rows.end()


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file that appears whole or not at all: beside its place, then in it. Raises UserError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    except OSError as error:
        raise UserError(f"{path} could not be written: {error.strerror or error}", "check the folder") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
