"""The user's profile: preferences and what was learned about them, by key. Values are what JSON can say."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hardcore.errors import UserError
from hardcore.paths import user_folder

if TYPE_CHECKING:
    from sqlite_utils import Database


def put(key: str, value: Any) -> None:
    """Remember a value. Raises UserError."""
    with _profile() as database:
        database.table("values").upsert({"key": key, "value": json.dumps(value)}, pk="key")


def get(key: str, default: Any = None) -> Any:
    """Return the value of a key, `default` when there is none. Raises UserError."""
    return everything().get(key, default)


def everything() -> dict[str, Any]:
    """Return all values by key. Raises UserError."""
    with _profile() as database:
        return {row["key"]: json.loads(row["value"]) for row in database.table("values").rows_where(order_by="key")}


def forget(key: str) -> None:
    """Remove a key; one that is not there is no error. Raises UserError."""
    with _profile() as database:
        database.table("values").delete_where("key = ?", [key])


@contextmanager
def _profile() -> Iterator["Database"]:
    """Yield the profile, its table made when it is new; what goes wrong in it becomes a UserError."""
    from sqlite_utils import Database

    path = user_folder() / "profile.db"
    try:
        with sqlite3.connect(path, timeout=10.0) as connection:
            database = Database(connection)
            database.table("values").create({"key": str, "value": str}, pk="key", if_not_exists=True)
            yield database
    except (sqlite3.Error, ValueError) as error:
        raise UserError(f"the profile cannot be used: {error}", f"it is {path}") from error
    finally:
        if "connection" in locals():
            connection.close()
