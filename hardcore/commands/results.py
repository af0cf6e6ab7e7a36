"""What commands answer: typed values that know their plain text; `--json` prints them as data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from hardcore.project.difference import Change, Difference, Thing


class Result(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(frozen=True)

    def text(self) -> str:
        """Return the answer as plain text, without a final newline."""
        raise NotImplementedError

    @property
    def artifacts(self) -> tuple[Path, ...]:
        """Return the files of sound, notes or pictures that were written."""
        return ()


class Done(Result):
    """An answer in words; `details` says it thing by thing where it was more than one."""

    message: str
    details: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the message, then the details, one a line."""
        return "\n".join([self.message, *(f"  {line}" for line in self.details)])


class Kept(Done):
    """Something outside the project that was kept or written, or taken away: what kind, its name, its file if any."""

    kind: Literal["groove", "picture", "preset", "rhythm", "rhythm seed", "sample", "style"]
    name: str
    file: str | None = None
    kept: bool = True


class Edited(Done):
    """What a call made of the project. The registry fills in all but the words, from the project before and after.

    step     the step that it made or went to; null: nothing changed, or it was only tried
    changes  the values that are others now: which thing, which field, before and after
    created, removed  the things that came and went, with their ids
    """

    step: int | None = None
    changes: tuple[Change, ...] = ()
    created: tuple[Thing, ...] = ()
    removed: tuple[Thing, ...] = ()

    def with_difference(self, step: int | None, found: Difference) -> Self:
        """Return the answer with what came of the call."""
        return self.model_copy(
            update={"step": step, "changes": found.changes, "created": found.created, "removed": found.removed}
        )


class PlanDone(Edited):
    """What a sentence was taken for, and what was done: a line and the command for each call."""

    commands: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what was done, each with the command that does it, then what is to be said of the reading."""
        lines = [f"{said}   {line}" for said, line in zip((self.message, *self.details), self.commands, strict=False)]
        return "\n".join([*(lines or [self.message]), *self.notes])


class Table(Result):
    """Rows under headings. `note` is said after them, `empty` instead of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""
    empty: str = "nothing there"

    def text(self) -> str:
        """Return the table with aligned columns."""
        return drawn(self)


class Row(BaseModel):
    """One thing of a listing, as data."""

    model_config = ConfigDict(frozen=True)

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table: its values, unless it says otherwise."""
        return tuple(getattr(self, name) for name in type(self).model_fields)


Item = TypeVar("Item", bound=Row)


class Listing(Result, Generic[Item]):
    """Things of one kind, as data; the table that is shown is drawn from them.

    headings   of the columns of that table
    note, empty   what the text says after the rows, and instead of them
    """

    headings: ClassVar[tuple[str, ...]] = ()

    items: tuple[Item, ...]
    note: str = Field("", exclude=True)
    empty: str = Field("nothing there", exclude=True)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the headings of the table."""
        return self.headings

    @property
    def rows(self) -> tuple[tuple[object, ...], ...]:
        """Return the cells of the table."""
        return tuple(item.cells() for item in self.items)

    def text(self) -> str:
        """Return the table with aligned columns."""
        return drawn(self)


Tabular = Table | Listing[Any]


def drawn(table: Tabular) -> str:
    """Return a table as text with aligned columns, its note below it; what it says when it is empty."""
    if not table.rows:
        return table.empty
    lines = align([table.columns, *([cell(value) for value in row] for row in table.rows)])
    return "\n".join([*lines, table.note] if table.note else lines)


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
