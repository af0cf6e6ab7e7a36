"""Firings of rules on a timeline: a line a rule, a column one bar or several."""

from collections.abc import Iterable, Sequence

MOST_COLUMNS = 64
# Numbered, every so many columns.
NUMBERED = 8


def draw_firings(rows: Sequence[tuple[str, Iterable[int]]], first: int, bars: int) -> str:
    """Return a picture of which bars rules fire in: how often, 1 to 9, `+` more, `.` never.

    rows    names, and the bars (from 0) of each firing
    first   the bar (from 0) that it begins with
    """
    a_column = -(-bars // MOST_COLUMNS)
    columns = -(-bars // a_column)
    width = max((len(name) for name, _ in rows), default=0)
    starts = (first + at * a_column + 1 for at in range(0, columns, NUMBERED))
    lines = [f"{'bar':<{width}}  " + "".join(f"{start:<{NUMBERED}}" for start in starts).rstrip()]
    for name, fired in rows:
        counts = [0] * columns
        for bar in fired:
            counts[(bar - first) // a_column] += 1
        lines.append(f"{name:<{width}}  " + "".join("." if not n else str(n) if n < 10 else "+" for n in counts))
    return "\n".join(lines)
