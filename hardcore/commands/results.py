"""What commands answer: typed values that know their plain text; `--json` prints them as data."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict


class Result(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(frozen=True)

    def text(self) -> str:
        """Return the answer as plain text, without a final newline."""
        raise NotImplementedError


class Done(Result):
    """An answer in words; `changes` lists what was done when it was more than one thing."""

    message: str
    changes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the message, then the changes, one a line."""
        return "\n".join([self.message, *(f"  {change}" for change in self.changes)])


class Table(Result):
    """Rows under headings. `note` is said after them, `empty` instead of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""
    empty: str = "nothing there"

    def text(self) -> str:
        """Return the table with aligned columns."""
        if not self.rows:
            return self.empty
        lines = align([self.columns, *([cell(value) for value in row] for row in self.rows)])
        return "\n".join([*lines, self.note] if self.note else lines)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as `1 bar` or `8 bars`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def cell(value: object) -> str:
    """Return a value as it stands in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows as lines whose columns line up; wide characters count as the two cells they take."""
    from rich.cells import cell_len

    if not rows:
        return []
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
