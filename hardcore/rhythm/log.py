"""What a performance was like, bar by bar and in all: the log, and the figures styles are compared by."""

import json
from collections.abc import Mapping, Sequence

import numpy as np

from hardcore.music.ticks import PPQ
from hardcore.rhythm import metrics
from hardcore.rhythm.masks import packed
from hardcore.rhythm.notes import Notes
from hardcore.rhythm.session import Performance

COLUMNS = ("bar", "E", "E_table", "S", "S_lhl", "H", "D", "T_ms", "swing", "thin_bias", "lean", "rescue")


def log(performance: Performance) -> list[dict[str, float]]:
    """Return one row a bar: COLUMNS, then the hits of each layer; T_ms is the timing beyond the swing.

    H is that of the closed hat (else of all layers together), D that of all onsets, `bar` counts from 1.
    """
    rhythm, notes, bars = performance.rhythm, performance.notes, performance.bars
    unions, edges = masks(notes, rhythm.bar_ticks, rhythm.grid_ticks, bars), _edges(notes, rhythm.bar_ticks, bars)
    names = list(rhythm.layers)
    counts = np.zeros((len(names), bars), np.int64)
    np.add.at(counts, (notes.layer, np.minimum(notes.grid // rhythm.bar_ticks, bars - 1)), 1)
    hat = names.index("hat_c") if "hat_c" in names else None
    hats = unions if hat is None else masks(notes.of_layer(hat), rhythm.bar_ticks, rhythm.grid_ticks, bars)
    where = np.arange(bars)
    swing = performance.motions.series("swing", rhythm.swing, where).tolist()
    thin = performance.motions.series("thin_bias", rhythm.thin_bias, where).tolist()
    rescued, lean = set(performance.control.rescues), performance.control.lean
    offsets = (notes.start - notes.swung).tolist()
    starts = notes.start.tolist()
    rows = []
    for bar in range(bars):
        here = slice(edges[bar], edges[bar + 1])
        row = _bar_figures(unions[bar], hats[bar], rhythm.grid_steps, PPQ // rhythm.grid_ticks)
        row |= {
            "D": metrics.dispersion(sorted(set(starts[here]))),
            "T_ms": metrics.micro_timing(offsets[here], performance.bpm),
            "swing": swing[bar],
            "thin_bias": thin[bar],
            "lean": lean[bar],
            "rescue": float(bar in rescued),
        }
        hits = {f"{name} hits": float(counts[number, bar]) for number, name in enumerate(names)}
        rows.append({"bar": float(bar + 1)} | {name: round(row[name], 4) for name in COLUMNS[1:]} | hits)
    return rows


def _bar_figures(union: int, hats: int, steps: int, beat: int) -> dict[str, float]:
    return {
        "E": metrics.entrainment(union, steps, beat),
        "E_table": metrics.entrainment_table(union, steps, beat),
        "S": metrics.syncopation(union, steps, beat),
        "S_lhl": float(metrics.syncopation_lhl(union, steps, max(1, steps // beat))),
        "H": metrics.entropy(hats.bit_count() / steps),
    }


def masks(notes: Notes, bar_ticks: int, grid_ticks: int, bars: int) -> list[int]:
    """Return each bar's hits as bits, every hit on the step nearest to where it is written."""
    steps = bar_ticks // grid_ticks
    found = np.zeros(bars * steps, np.bool_)
    places = (notes.grid.astype(np.int64) + grid_ticks // 2) // grid_ticks
    found[places[places < len(found)]] = True
    return packed(found.reshape(bars, steps))


def _edges(notes: Notes, bar_ticks: int, bars: int) -> list[int]:
    edges: list[int] = np.searchsorted(notes.start, np.arange(bars + 1) * bar_ticks).tolist()
    return edges


def figures(grid: Sequence[int], starts: Sequence[int], bar_ticks: int, bpm: float) -> dict[str, float]:
    """Return E, E_table, S, S_lhl, H, D and T_ms of onsets: means over bars that have any; T against sixteenths.

    `grid` holds the ticks nearest to which step each onset counts; `starts` where it sounds.
    """
    unit = PPQ // 4 if bar_ticks % (PPQ // 4) == 0 else PPQ // 8
    steps, beat = bar_ticks // unit, PPQ // unit
    bars: dict[int, int] = {}
    for tick in grid:
        place = (tick + unit // 2 - 1) // unit  # as late as swing goes, a hit still belongs to its step
        bars[place // steps] = bars.get(place // steps, 0) | 1 << place % steps
    rows = [_bar_figures(mask, mask, steps, beat) for mask in bars.values()]
    found = {name: sum(row[name] for row in rows) / len(rows) if rows else 0.0 for name in rows[0]} if rows else {}
    away = [(start + unit // 2) % unit - unit // 2 for start in starts]
    found["D"] = metrics.dispersion(sorted(set(starts)))
    found["T_ms"] = metrics.micro_timing(away, bpm)
    return found


def summary(performance: Performance) -> dict[str, float]:
    """Return what the performance is like in all: means of the log's E, S, H, D, T, swing, and hits a bar by layer."""
    rows = log(performance)
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0] if name != "bar"}


def as_csv(rows: Sequence[Mapping[str, float]]) -> str:
    """Return the log as CSV."""
    lines = [",".join(rows[0])] if rows else []
    lines += [",".join(f"{value:g}" for value in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


def as_json(rows: Sequence[Mapping[str, float]]) -> str:
    """Return the log as JSON, a list of bars."""
    return json.dumps(list(rows), indent=0) + "\n"
