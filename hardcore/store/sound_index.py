"""The index of the user's own sounds: where each file is and what was heard in it. The files stay where they are."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import NotFound, UserError, near, nearest
from hardcore.paths import user_folder
from hardcore.project.recording import holds
from hardcore.project.soundfacts import SoundFacts, SoundFile, is_there

if TYPE_CHECKING:
    from sqlite_utils import Database

_FILES = {
    "path": str, "folder": str, "name": str, "sha256": str, "size": int, "modified_ns": int, "problem": str
}  # fmt: skip
_JOINED = "select files.*, sounds.facts from files left join sounds using (sha256)"
# SQLite takes only so many values in one statement.
_MANY = 500


def record(files: Sequence[SoundFile]) -> None:
    """Keep what a scan found, in place of what was known of those paths. Raises UserError."""
    if not files:
        return
    sounds = [
        {"sha256": file.facts.sha256, "facts": json.dumps(asdict(file.facts))}
        for file in files
        if file.facts is not None
    ]
    rows = [
        {
            "path": file.path, "folder": file.folder, "name": file.name, "size": file.size,
            "sha256": file.facts.sha256 if file.facts else None, "modified_ns": file.modified_ns,
            "problem": file.problem,
        }
        for file in files
    ]  # fmt: skip
    with _index() as database:
        database.table("sounds").upsert_all(sounds, pk="sha256")
        database.table("files").upsert_all(rows, pk="path")


def files() -> list[SoundFile]:
    """Return every file, by path, those that could not be used as well. Raises UserError."""
    with _index() as database:
        return [_file(row) for row in database.query(f"{_JOINED} order by path")]


def known(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the size and date of the known files in a folder and below, by path."""
    below = str(folder).rstrip("/\\")
    with _index() as database:
        rows = database.query(
            "select path, size, modified_ns from files where path = ? or substr(path, 1, ?) in (?, ?)",
            (below, len(below) + 1, f"{below}/", f"{below}\\"),
        )
        return {row["path"]: (row["size"], row["modified_ns"]) for row in rows}


def find(reference: str) -> SoundFile:
    """Return the sound with that name, id (the beginning of its hash) or path. Raises UserError, naming the nearest.

    Files of one content are one sound; of those, one that is still there.
    """
    wanted = reference.strip()
    digits = wanted.casefold() if len(wanted) >= 6 and not set(wanted.casefold()) - set("0123456789abcdef") else "-"
    with _index() as database:
        rows = database.query(
            f"{_JOINED} where sha256 is not null and (name = ? collate nocase or path = ? or substr(sha256, 1, ?) = ?)",
            (wanted, wanted, len(digits), digits),
        )
        found = [_file(row) for row in rows]
        if not found:
            names = _names(database)
            found_near = near(wanted, names)
            raise NotFound(f"no sound '{reference}' in your library", nearest(wanted, names), found_near)
    exact = [file for file in found if file.path == wanted] or found
    if len({file.id for file in exact}) > 1:
        ids = ", ".join(f"{file.id} ({Path(file.path).parent.name})" for file in exact[:5])
        raise UserError(f"there are several sounds named '{reference}'", f"say the id: {ids}")
    return next((file for file in exact if is_there(file)), exact[0])


def starting(text: str, most: int = 50) -> list[SoundFile]:
    """Return the sounds whose names begin with `text`, the first by name: what completion offers."""
    with _index() as database:
        rows = database.query(
            f"{_JOINED} where sha256 is not null and substr(name, 1, ?) = ? collate nocase group by name "
            "order by name collate nocase limit ?",
            (len(text), text, most),
        )
        return [_file(row) for row in rows]


def paths(hashes: Iterable[str]) -> dict[str, Path]:
    """Return where each content lies now, by hash; what is nowhere is left out. A touched file is read again."""
    wanted = list(hashes)
    found: dict[str, Path] = {}
    with _index() as database:
        for at in range(0, len(wanted), _MANY):
            part = wanted[at : at + _MANY]
            marks = ",".join("?" * len(part))
            for row in database.query(f"{_JOINED} where sha256 in ({marks}) order by path", part):
                file = _file(row)
                if row["sha256"] not in found and (is_there(file) or holds(Path(file.path), row["sha256"], file.size)):
                    found[row["sha256"]] = Path(file.path)
    return found


def forget(paths: Iterable[str]) -> int:
    """Return how many files were taken out of the index; the files themselves stay."""
    with _index() as database:
        gone = 0
        for path in paths:
            gone += database.execute("delete from files where path = ?", (path,)).rowcount
        database.execute("delete from sounds where sha256 not in (select sha256 from files where sha256 is not null)")
        return gone


def _names(database: "Database") -> list[str]:
    rows = database.query("select distinct name from files where sha256 is not null order by name limit 20000")
    return [str(row["name"]) for row in rows]


def _file(row: dict[str, Any]) -> SoundFile:
    facts = None
    if row["facts"] is not None:
        values = json.loads(row["facts"])
        facts = SoundFacts(**{**values, "words": tuple(values["words"])})
    return SoundFile(row["path"], row["folder"], row["size"], row["modified_ns"], facts, row["problem"] or "")


@contextmanager
def _index() -> Iterator["Database"]:
    """Yield the index, made when it is new, in one transaction; what goes wrong in it becomes a UserError."""
    from sqlite_utils import Database

    path = user_folder() / "sounds.db"
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=10.0)
        with connection:
            database = Database(connection)
            if not database.table("files").exists():
                database.table("sounds").create({"sha256": str, "facts": str}, pk="sha256", if_not_exists=True)
                database.table("files").create(_FILES, pk="path", if_not_exists=True)
                database.table("files").create_index(["sha256"], if_not_exists=True)
                database.table("files").create_index(["name"], if_not_exists=True)
            yield database
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        raise UserError(f"the library of sounds cannot be used: {error}", f"it is {path}") from error
    finally:
        if connection is not None:
            connection.close()
