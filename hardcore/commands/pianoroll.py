"""A piano-roll in characters: one column a sixteenth, one row a pitch, bars between lines. Readable without colour."""

from collections.abc import Sequence

from hardcore.music.meter import MeterMap
from hardcore.music.pitch import note_name
from hardcore.music.tempo import PPQ
from hardcore.project.notes import Note

STEP_TICKS = PPQ // 4


def draw(notes: Sequence[Note], length_ticks: int, meter_map: MeterMap, *, width: int = 80, flats: bool = False) -> str:
    """Return the notes drawn, wrapped into as many systems as `width` columns need.

    `X` is an accented start (velocity 110 and up), `x` a start, `o` a ghost (below 60), `-` the note held, `.` a beat.
    """
    pitches = sorted({note.pitch for note in notes}, reverse=True)
    if not pitches:
        return "(empty)"
    label = max(len(note_name(pitch, flats)) for pitch in pitches) + 1
    systems = _systems(length_ticks, meter_map, max(16, width - label - 2))
    return "\n\n".join(_system(notes, pitches, start, end, meter_map, label, flats) for start, end in systems)


def _systems(length_ticks: int, meter_map: MeterMap, room: int) -> list[tuple[int, int]]:
    """Return the spans of ticks, whole bars each, that fit in `room` columns."""
    spans: list[tuple[int, int]] = []
    bar = start = 0
    while start < length_ticks:
        end_bar = bar + 1
        while _columns(start, meter_map.bar_start(end_bar + 1)) + (end_bar + 1 - bar) <= room:
            end_bar += 1
        end = min(meter_map.bar_start(end_bar), length_ticks)
        spans.append((start, end))
        start, bar = end, end_bar
    return spans


def _columns(start: int, end: int) -> int:
    return -(-(end - start) // STEP_TICKS)


def _system(
    notes: Sequence[Note], pitches: list[int], start: int, end: int, meter_map: MeterMap, label: int, flats: bool
) -> str:
    bars = {meter_map.bar_start(bar) for bar in range(meter_map.bar_of(start), meter_map.bar_of(end) + 2)}
    steps = range(start, end, STEP_TICKS)
    lines = [" " * label + "".join(_heading(tick, bars, meter_map) for tick in steps)]
    for pitch in pitches:
        row = [_ground(tick, bars, meter_map) for tick in steps]
        for note in notes:
            if note.pitch == pitch and note.end_ticks > start and note.start_ticks < end:
                _place(row, note, start)
        cells = "".join(("|" if tick in bars else "") + cell for tick, cell in zip(steps, row, strict=True))
        lines.append(note_name(pitch, flats).ljust(label) + cells + "|")
    return "\n".join(lines)


def _heading(tick: int, bars: set[int], meter_map: MeterMap) -> str:
    if tick not in bars:
        return "" if (tick - STEP_TICKS) in bars and meter_map.bar_of(tick) >= 9 else " "
    number = str(meter_map.bar_of(tick) + 1)
    return number if len(number) == 2 else number + " "


def _ground(tick: int, bars: set[int], meter_map: MeterMap) -> str:
    beat = 4 * PPQ // meter_map.position(tick).denominator if hasattr(meter_map.position(tick), "denominator") else PPQ
    start = max(bar for bar in bars if bar <= tick)
    return "." if (tick - start) % beat == 0 else " "


def _place(row: list[str], note: Note, start: int) -> None:
    first = (note.start_ticks - start + STEP_TICKS // 2) // STEP_TICKS
    last = max(first, (note.end_ticks - start - 1) // STEP_TICKS)
    for column in range(max(0, first), min(last + 1, len(row))):
        if column == first:
            row[column] = "X" if note.velocity >= 110 else "x" if note.velocity >= 60 else "o"
        elif row[column] in " .":
            row[column] = "-"
