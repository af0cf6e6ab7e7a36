"""What a performance was like, bar by bar and in all: the log, and the figures styles are compared by."""

from collections.abc import Mapping, Sequence

import numpy as np

from hardcore.checkpoint import checkpoint
from hardcore.music.ticks import PPQ
from hardcore.rhythm import metrics
from hardcore.rhythm.config import Rhythm, meter_point
from hardcore.rhythm.masks import packed
from hardcore.rhythm.notes import NONE, Notes, joined
from hardcore.rhythm.session import Performance, Session

COLUMNS = ("bar", "E", "E_table", "S", "S_lhl", "H", "D", "T_ms", "swing", "thin_bias", "lean", "rescue")


def log(performance: Performance) -> list[dict[str, float]]:
    """Return one row a bar: COLUMNS, then of each layer its hits, rolls counted whole, and its density, 0–1.

    T_ms is the timing beyond the swing; a density is the share of the layer's steps that sound.

    H is that of the closed hat (else of all layers together), D that of all onsets, `bar` counts from 1.
    """
    return _rows(performance.session, performance.notes, 0, performance.bars)


class Logger:
    """Takes a session's notes in order and gives the log's rows, each as soon as its bar is over.

    `first` is the bar that the session begins with.
    """

    def __init__(self, session: Session, first: int = 0) -> None:
        self._session, self._held, self._next = session, NONE, first

    def add(self, notes: Notes, until_ticks: int) -> list[dict[str, float]]:
        """Return the rows of the bars that nothing that begins at `until_ticks` or later can still belong to."""
        over = (until_ticks - self._session.reach_ticks) // self._session.rhythm.bar_ticks
        return self._upto(max(over, self._next), notes)

    def finish(self, bars: int) -> list[dict[str, float]]:
        """Return the rows that are left."""
        return self._upto(bars, NONE)

    def _upto(self, bar: int, notes: Notes) -> list[dict[str, float]]:
        first, self._next, size = self._next, bar, self._session.rhythm.bar_ticks
        whole = joined([self._held, notes])
        # The last hits of a roll may be nearest to the first step of the next bar.
        near = bar * size - self._session.rhythm.grid_ticks // 2
        self._held = whole.take((whole.start >= bar * size) | (whole.grid >= near))
        inside = (whole.grid // size < bar) | (whole.start // size < bar)
        return _rows(self._session, whole.take(inside), first, bar - first)


def _rows(session: Session, notes: Notes, first: int, bars: int) -> list[dict[str, float]]:
    """Return the rows of `bars` bars from `first` on; `notes` are all that stand or sound in them."""
    if not bars:
        return []
    rhythm, names = session.rhythm, list(session.rhythm.layers)
    unions, counts = masks(notes, rhythm, first, bars), _counts(notes, rhythm, first, bars)
    densities = _densities(notes, rhythm, first, bars)
    hat = names.index("hat_c") if "hat_c" in names else None
    hats = unions if hat is None else masks(notes.of_layer(hat), rhythm, first, bars)
    where = np.arange(first, first + bars)
    edges = np.searchsorted(notes.start, np.append(where, first + bars) * rhythm.bar_ticks).tolist()
    swing = session.motions.series("swing", rhythm.swing, where).tolist()
    thin = session.motions.series("thin_bias", rhythm.thin_bias, where).tolist()
    rescued = set(session.control.rescues)
    offsets, starts = (notes.start - notes.swung).tolist(), notes.start.tolist()
    rows = []
    for place in range(bars):
        checkpoint()
        here = slice(edges[place], edges[place + 1])
        row = _bar_figures(unions[place], hats[place], rhythm.grid_steps, PPQ // rhythm.grid_ticks)
        row |= {
            "bar": float(first + place + 1),
            "D": metrics.dispersion(sorted(set(starts[here]))),
            "T_ms": metrics.micro_timing(offsets[here], session.bpm),
            "swing": swing[place],
            "thin_bias": thin[place],
            "lean": session.control.lean[first + place],
            "rescue": float(first + place in rescued),
        }
        hits = {f"{name} hits": float(count) for name, count in zip(names, counts[place], strict=True)}
        density = {f"{name} density": round(share, 4) for name, share in zip(names, densities[place], strict=True)}
        rows.append({name: round(row[name], 4) for name in COLUMNS} | hits | density)
    return rows


def _counts(notes: Notes, rhythm: Rhythm, first: int, bars: int) -> list[list[int]]:
    """Return how many hits each layer has in each bar."""
    found = np.zeros((bars, len(rhythm.layers)), np.int64)
    bar = notes.grid // rhythm.bar_ticks - first
    inside = (bar >= 0) & (bar < bars)
    np.add.at(found, (bar[inside], notes.layer[inside]), 1)
    counted: list[list[int]] = found.tolist()
    return counted


def _densities(notes: Notes, rhythm: Rhythm, first: int, bars: int) -> list[list[float]]:
    """Return the share of its steps that each layer sounds on in each bar, 0–1."""
    shares = []
    for number, layer in enumerate(rhythm.layers.values()):
        own = meter_point(layer.bar).bar_ticks if layer.bar else rhythm.bar_ticks
        # the hits of a roll lie between the steps
        steps = np.unique((notes.of_layer(number).grid.astype(np.int64) + 1) * layer.steps // own)
        bar = steps * own // layer.steps // rhythm.bar_ticks - first
        counted = np.bincount(bar[(bar >= 0) & (bar < bars)], minlength=bars)
        shares.append(counted * own / (layer.steps * rhythm.bar_ticks))
    by_bar: list[list[float]] = np.transpose(shares).tolist()
    return by_bar


def _bar_figures(union: int, hats: int, steps: int, beat: int) -> dict[str, float]:
    return {
        "E": metrics.entrainment(union, steps, beat),
        "E_table": metrics.entrainment_table(union, steps, beat),
        "S": metrics.syncopation(union, steps, beat),
        "S_lhl": float(metrics.syncopation_lhl(union, steps, max(1, steps // beat))),
        "H": metrics.entropy(hats.bit_count() / steps),
    }


def masks(notes: Notes, rhythm: Rhythm, first: int, bars: int) -> list[int]:
    """Return each bar's hits as bits, every hit on the step nearest to where it is written."""
    steps, unit = rhythm.grid_steps, rhythm.grid_ticks
    found = np.zeros(bars * steps, np.bool_)
    places = (notes.grid.astype(np.int64) + unit // 2) // unit - first * steps
    found[places[(places >= 0) & (places < len(found))]] = True
    return packed(found.reshape(bars, steps))


def figures(grid: Sequence[int], starts: Sequence[int], bar_ticks: int, bpm: float) -> dict[str, float]:
    """Return E, E_table, S, S_lhl, H, D and T_ms of onsets: means over bars that have any; T against sixteenths.

    `grid` holds the ticks nearest to which step each onset counts; `starts` where it sounds.
    """
    unit = PPQ // 4 if bar_ticks % (PPQ // 4) == 0 else PPQ // 8
    steps, beat = bar_ticks // unit, PPQ // unit
    bars: dict[int, int] = {}
    for tick in grid:
        checkpoint()
        place = (tick + unit // 2 - 1) // unit  # as late as swing goes, a hit still belongs to its step
        bars[place // steps] = bars.get(place // steps, 0) | 1 << place % steps
    rows = []
    for mask in bars.values():
        checkpoint()
        rows.append(_bar_figures(mask, mask, steps, beat))
    found = {name: sum(row[name] for row in rows) / len(rows) if rows else 0.0 for name in rows[0]} if rows else {}
    checkpoint()
    away = [(start + unit // 2) % unit - unit // 2 for start in starts]
    checkpoint()
    found["D"] = metrics.dispersion(sorted(set(starts)))
    checkpoint()
    found["T_ms"] = metrics.micro_timing(away, bpm)
    return found


def summary(performance: Performance) -> dict[str, float]:
    """Return what the performance is like in all: the means of its log."""
    return means(log(performance))


def means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each column of the log's rows, `bar` left out."""
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0] if name != "bar"}
