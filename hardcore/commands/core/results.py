"""What commands answer: typed values that know their plain text; `--json` prints them as data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from hardcore.escaping import escaped
from hardcore.project.difference import Change, Difference, Thing


class Result(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    def text(self) -> str:
        """Return the answer as plain text, without a final newline."""
        raise NotImplementedError

    def data(self) -> dict[str, Any]:
        """Return the answer as JSON has it: the name of its kind under `result`, its escaped text under `text`."""
        return {"result": type(self).__name__, **self.model_dump(mode="json"), "text": escaped(self.text())}

    @classmethod
    def data_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of `data`."""
        schema = cls.model_json_schema(mode="serialization")
        words: dict[str, Any] = {"type": "string"}
        fields = {"result": {**words, "const": cls.__name__}, **schema.get("properties", {}), "text": words}
        shown: dict[str, Any] = _of_answers({**schema, "properties": fields})
        return shown

    @property
    def failed(self) -> bool:
        """Return whether it is bad news: a program that asked for it ends with a status that says so."""
        return False

    @property
    def artifacts(self) -> tuple[Path, ...]:
        """Return the files of sound, notes or pictures that were written."""
        return ()

    @property
    def uses(self) -> tuple[str, ...]:
        """Return what of the user's library came into the project, each as `kind:name:version`."""
        return ()


def _of_answers(schema: Any) -> Any:
    """Return a schema as it is true of answers: they hold every field, and may hold more in a later version."""
    if isinstance(schema, list):
        return [_of_answers(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in ("title", "default")}
    if kept.get("additionalProperties") is False:
        del kept["additionalProperties"]
    for key in ("properties", "$defs"):
        if key in kept:
            kept[key] = {name: _of_answers(part) for name, part in kept[key].items()}
    if "properties" in kept:
        kept["required"] = list(kept["properties"])
    return {key: value if key in ("properties", "$defs") else _of_answers(value) for key, value in kept.items()}


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


class Row(BaseModel):
    """One thing of a listing, as data."""

    model_config = ConfigDict(frozen=True, defer_build=True)

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


def drawn(table: Listing[Any]) -> str:
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
