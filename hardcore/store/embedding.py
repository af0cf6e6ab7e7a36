"""Artifacts and project files: which artifacts a history names, and those that travel inside its file.

A working copy names artifacts and never holds them: their files lie in the user's folder. A saved file holds those that
can't be made again, in chunks, with what is known of them in `meta`; opening it puts them into the folder, each checked
against its hash.
"""

import sqlite3

from pydantic_core import from_json

from hardcore.errors import UserError
from hardcore.store import schema
from hardcore.store.objects import expand
from hardcore.store.working_copy import NAME, home

# Objects of this kind name an artifact; they are few and small.
NAMING = "region"


def in_use() -> set[str]:
    """Return the hashes of all artifacts that a step of any working copy names, open or left over.

    Raises UserError when a copy cannot be read: then nobody knows what it needs.
    """
    found: set[str] = set()
    for file in sorted(home().glob(f"*/{NAME}")):
        try:
            connection = schema.open_reading(file)
            try:
                found |= named(connection)
            finally:
                connection.close()
        except (sqlite3.Error, ValueError) as error:
            raise UserError(f"{file} cannot be read: {error}", "recover lists unsaved work") from error
    return found


def named(connection: sqlite3.Connection) -> set[str]:
    """Return the hashes of the artifacts that the objects of a database name. Raises ValueError, sqlite3.Error."""
    rows = connection.execute("SELECT payload FROM objects WHERE kind = ?", (NAMING,))
    return {str(from_json(expand(payload))["sound"]["artifact"]) for (payload,) in rows}
