"""Named heads in a file: where each stands is one row of `meta`, on which head a step was made another each.

`heads`      {"bass": [step, fork, since]}
`head:NUMBER` the name of the head that a step was made on; those of main have no row
"""

import json
import sqlite3
from collections.abc import Container, Mapping
from typing import Any

from hardcore.project.history import MAX_HEADS, Head, is_head_name
from hardcore.store.schema import MAX_NUMBER

KEY, MADE_ON = "heads", "head:"
# what `heads` may take: each has a name of 40 letters at most, and three numbers
MAX_TEXT = MAX_HEADS * 512


def dump(heads: Mapping[str, Head]) -> str:
    """Return the heads as the text of their row."""
    return json.dumps(heads, sort_keys=True)


def parse(text: str, steps: Container[int]) -> dict[str, Head]:
    """Return the heads of a row, all of which stand on one of `steps`. Raises ValueError."""
    content = json.loads(text) if len(text) <= MAX_TEXT else None
    if not isinstance(content, dict) or len(content) > MAX_HEADS:
        raise ValueError("its branches cannot be read")
    return {name: _head(name, value, steps) for name, value in content.items()}


def _head(name: str, value: Any, steps: Container[int]) -> Head:
    whole = isinstance(value, list) and len(value) == 3 and all(type(number) is int for number in value)
    if not is_head_name(name) or not whole:
        raise ValueError("a branch cannot be read")
    head = Head(*value)
    if head.step not in steps or head.fork not in steps or not 0 <= head.fork <= head.since <= MAX_NUMBER:
        raise ValueError(f"the branch {name} has no place in history")
    return head


def parse_maker(key: str, name: str, steps: Container[int]) -> int:
    """Return the number of the step that a row `head:NUMBER` means. Raises ValueError."""
    text = key.removeprefix(MADE_ON)
    if not (text.isascii() and text.isdecimal() and len(text) <= 16 and int(text) in steps and is_head_name(name)):
        raise ValueError("the branch of a step cannot be read")
    return int(text)


def read(connection: sqlite3.Connection) -> tuple[str, dict[int, str]]:
    """Return the text of the heads of a working copy, and the heads that steps were made on."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    made = connection.execute("SELECT key, value FROM meta WHERE key LIKE ?", (f"{MADE_ON}%",))
    return (row[0] if row else "{}"), {int(key.removeprefix(MADE_ON)): name for key, name in made}


def rows(heads: Mapping[str, Head] | None, made_on: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return the rows of `meta` for heads that have moved, None when none has, and for steps made on them."""
    made = [(f"{MADE_ON}{number}", name) for number, name in made_on.items()]
    return made if heads is None else [*made, (KEY, dump(heads))]
