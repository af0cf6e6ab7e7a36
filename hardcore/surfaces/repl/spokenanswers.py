"""Answers for the ear: rows as sentences and notes in words, without columns, drawings or colour."""

from collections.abc import Sequence
from typing import Any

from hardcore.commands.core.results import Listing, Result, cell
from hardcore.music.pitch import note_name
from hardcore.project.state import ProjectState


def spoken(result: Result, project: ProjectState) -> str:
    """Return an answer about `project` as short lines that can be read aloud."""
    if isinstance(result, Listing):
        return spoken_table(result)
    said = getattr(result, "spoken", None)
    if isinstance(said, str) and said:
        return said
    notes, roll = getattr(result, "notes", None), getattr(result, "roll", None)
    if isinstance(roll, str) and notes is not None:
        heading = result.text().partition("\n")[0]
        return "\n".join([heading, *spoken_notes(notes, project)])
    return result.text()


def spoken_table(table: Listing[Any]) -> str:
    """Return a table as a count and one line a row."""
    if not table.rows:
        return table.empty
    rows = [[cell(value) for value in row] for row in table.rows]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return "\n".join([count, *spoken_rows(table.columns, rows), *([table.note] if table.note else [])])


def spoken_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return each row as `column value, column value`, leaving out what is empty."""
    return [
        ", ".join(
            f"{name} {value}" if name.strip("#") else value for name, value in zip(columns, row, strict=True) if value
        )
        for row in rows
    ]


def spoken_notes(notes: Sequence[dict[str, Any]], project: ProjectState) -> list[str]:
    """Return a line a bar: `bar 1: F2 at 1, C3 at 2.3`, by beat and sixteenth."""
    bars: dict[int, list[str]] = {}
    for note in notes:
        place = project.meter_map.position(note["start_ticks"])
        beat = f"{place.beat}.{place.sixteenth}" if place.sixteenth > 1 else str(place.beat)
        accent = " accented" if note["velocity"] >= 110 else " soft" if note["velocity"] < 60 else ""
        bars.setdefault(place.bar, []).append(f"{note_name(note['pitch'])}{accent} at {beat}")
    return [f"bar {bar}: {', '.join(said)}" for bar, said in sorted(bars.items())] or ["empty"]
