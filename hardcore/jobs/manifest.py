"""The manifest of a batch: a line of JSON a piece that is there. A piece is done when its line is, and its files match.

Lines are added as pieces are done, each synced before it counts; a line that a kill cut short is none.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hardcore.artifacts import write_whole
from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.project.recording import file_digest

Row = dict[str, Any]


class Manifest:
    """The manifest in a file of a folder; the files that its rows name lie in that folder."""

    def __init__(self, path: Path, kind: str = "jsonl") -> None:
        self.path, self.kind = path, kind

    @property
    def table(self) -> Path:
        """Return the same as a table of Parquet."""
        return self.path.with_suffix(".parquet")

    @property
    def result(self) -> Path:
        """Return the file to look at when the batch is done."""
        return self.table if self.kind == "parquet" else self.path

    def rows(self, source: Path | None = None) -> dict[str, Row]:
        """Return every whole row by its key, in the order of the file. Raises UserError when it cannot be read.

        source   where the lines are, when they are elsewhere
        """
        try:
            lines = (source or self.path).read_bytes().split(b"\n")
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise UserError(f"{source or self.path} cannot be read: {error.strerror}") from error
        found = (_row(line) for line in lines)
        return {row["key"]: row for row in found if row is not None}

    def done(self, source: Path | None = None) -> dict[str, Row]:
        """Return the rows whose files are there and what they were, by key. Raises UserError."""
        return {key: row for key, row in self.rows(source).items() if self._holds(row)}

    def add(self, row: Row) -> None:
        """Add the row of a piece that is done, on a line of its own; it is on the disk when this returns."""
        with self.path.open("ab+") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(line_of(row))
            file.flush()
            os.fsync(file.fileno())

    def settle(self, rows: Mapping[str, Row], order: Iterable[str]) -> None:
        """Write the file anew: rows in the order of their keys there, then all others. Raises UserError."""
        first = [rows[key] for key in order if key in rows]
        known = {row["key"] for row in first}
        rest = [rows[key] for key in sorted(rows) if key not in known]
        write_whole(self.path, b"".join(map(line_of, [*first, *rest])))

    def _holds(self, row: Row) -> bool:
        checkpoint()
        try:
            return all(file_digest(self.path.parent / file["file"]) == file["sha256"] for file in row["files"])
        except (OSError, KeyError, TypeError):
            return False


def line_of(row: Row) -> bytes:
    """Return a row as a line: the same row gives the same bytes."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def described(path: Path, folder: Path) -> Row:
    """Return what a manifest says of a file: its name in the folder, bytes and SHA-256. Raises OSError."""
    return {"file": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": file_digest(path)}


def _row(line: bytes) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("key"), str) else None
