"""Salvage: a sound working copy made from what can be read of a damaged one, and the damaged files put aside.

A step is kept when all that it reaches is there; it follows the last one kept before it where its parent is lost.
Nothing is ever written to the damaged files.
"""

import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from hardcore.paths import state_folder
from hardcore.project.history import Head
from hardcore.store import heads, schema, working_copy
from hardcore.store.objects import expand
from hardcore.store.recoverable import UNREADABLE, Remains
from hardcore.store.working_copy import NOTHING_SAVED, Saved, WorkingCopy

Rows = list[tuple[Any, ...]]


def salvage(damaged: WorkingCopy) -> WorkingCopy | None:
    """Return a new, locked working copy of what can be read, None when nothing can; the damaged one is put aside.

    Its `work.damage` says in words what is lost. Raises UserError, OSError, sqlite3.Error when it cannot be written:
    then all stays as it is.
    """
    copy = working_copy.fresh()
    try:
        connection = schema.make(copy.making)
        try:
            connection.execute("BEGIN")
            remains = Remains(lambda stored: schema.add_objects(connection, [stored]))
            remains.search(damaged.file)
            rows, damage = _history(remains)
            if rows:
                connection.executemany(schema.ADD_STEP, rows)
                _write_meta(connection, remains, rows, damage)
            connection.execute("COMMIT")
        finally:
            connection.close()
        copy.settle()
    except BaseException:
        copy.discard()
        raise
    _put_aside(damaged)
    if rows:
        return copy
    copy.discard()
    return None


def put_aside() -> list[Path]:
    """Return the folders of damaged working copies that are kept; nothing ever removes them."""
    folder = _place()
    return sorted(folder.iterdir()) if folder.exists() else []


def _place() -> Path:
    return state_folder() / "damaged"


def _history(remains: Remains) -> tuple[Rows, str]:
    """Return the rows of `steps` to keep, and in words which are known to be lost."""
    kept = remains.kept()
    there, rows, before = set(kept), [], 0
    lost = remains.steps.keys() - there
    for number in kept:
        _, parent, *rest = remains.steps[number]
        if number and (parent not in there or parent >= number):
            lost |= {parent} if parent is not None and 0 <= parent < number else set()
            parent = before
        rows.append((number, parent if number else None, *rest))
        before = number
    if rows and 0 not in there:  # there has to be a beginning
        lost.add(0)
        rows.insert(0, (0, None, UNREADABLE, *rows[0][3:6], None))
    parents = {row[0]: row[1] for row in rows}
    # redo leads to a child or nowhere
    rows = [(*row[:6], row[6] if parents.get(row[6], -1) == row[0] else None) for row in rows]
    every = len(there | lost)
    words = f"{len(lost)} of its {every} steps cannot be read" if lost else f"its {every} steps could be read"
    return rows, f"damaged: {words}{', the newest may be gone' if remains.cut else ''}"


def _write_meta(connection: sqlite3.Connection, remains: Remains, rows: Rows, damage: str) -> None:
    at, highest, origin, saved, mark = (
        remains.meta.get(key) for key in ("at", "highest_id", "work.origin", "work.saved", "work.mark")
    )
    numbers = {row[0] for row in rows}
    roots = connection.execute("SELECT payload FROM objects WHERE hash IN (SELECT root FROM steps)")
    ids = [_next_id(payload) for (payload,) in roots]
    at = at if isinstance(at, int) and at in numbers else rows[-1][0]
    highest = max([highest, *ids] if isinstance(highest, int) and 0 < highest <= schema.MAX_NUMBER else ids)
    connection.execute(schema.SET_PLACE, (str(at), str(highest)))
    connection.executemany(schema.SET_META, _heads(remains, numbers))
    known = NOTHING_SAVED
    with suppress(ValueError, TypeError, AttributeError):
        known = Saved.parse(saved)
    working_copy.set_meta(
        connection,
        origin=origin if known != NOTHING_SAVED and isinstance(origin, str) else None,
        saved=known,
        mark=mark,
        damage=damage,
    )


def _heads(remains: Remains, numbers: set[int]) -> list[tuple[str, str]]:
    """Return the rows of `meta` for the heads that stand on steps that are kept, and for steps made on any."""
    named: dict[str, Head] = {}
    made_on: dict[int, str] = {}
    content = remains.meta.get(heads.KEY)
    for name, value in content.items() if isinstance(content, dict) else ():
        with suppress(ValueError):
            named |= heads.parse(json.dumps({name: value}), numbers)
    for key, name in remains.made_on.items():
        with suppress(ValueError):
            made_on[heads.parse_maker(key, name, numbers)] = name
    return heads.rows(named or None, made_on)


def _next_id(payload: bytes) -> int:
    """Return the next id of a project; 1 for what is none."""
    with suppress(ValueError, RecursionError):
        fields = from_json(expand(payload))
        number = fields.get("next_id") if isinstance(fields, dict) else None
        return number if isinstance(number, int) and 0 < number <= schema.MAX_NUMBER else 1
    return 1


def _put_aside(damaged: WorkingCopy) -> None:
    """Move a damaged working copy to where nothing looks for work to recover."""
    folder, number = _place(), 1
    folder.mkdir(mode=0o700, exist_ok=True)
    while (place := folder / f"{damaged.folder.name}-{number}").exists():
        number += 1
    damaged.lock.release()
    with suppress(OSError):  # then it stays where it is, and is salvaged once more
        damaged.folder.rename(place)
