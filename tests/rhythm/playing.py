"""Short ways to play a rhythm in a test and to look at what came out."""

from typing import Any

from hardcore.rhythm.config import Rhythm, load
from hardcore.rhythm.session import Performance, perform

BAR = 7680


def play(data: dict[str, Any] | Rhythm, bars: int = 16, **options: Any) -> Performance:
    """Return the performance of a rhythm, given as plain data too."""
    return perform(data if isinstance(data, Rhythm) else load(data), bars=bars, **options)


def layer_of(play: Performance, name: str) -> list[tuple[int, int, int, int, int]]:
    """Return a layer's notes as (grid, start, length, pitch, velocity)."""
    return [tuple(note) for note in play.notes.of_layer(list(play.rhythm.layers).index(name))]  # type: ignore[misc]


def steps(play: Performance, name: str, bar: int) -> list[int]:
    """Return the steps of a layer's own grid that are hit in a bar, in order, once each."""
    count = play.rhythm.layers[name].steps
    size = play.rhythm.bar_ticks
    inside = [note[0] - bar * size for note in layer_of(play, name) if note[0] // size == bar]
    return sorted({(tick + 1) * count // size for tick in inside})


def counts(play: Performance, name: str) -> list[int]:
    """Return how many steps of a layer are hit in each bar."""
    return [len(steps(play, name, bar)) for bar in range(play.bars)]
