"""A performance drawn as steps: one line a layer."""

from hardcore.rhythm.session import Performance

SOFT, LOUD = 0.75, 1.1


def drawn(play: Performance, bars: int) -> tuple[tuple[str, str], ...]:
    """Return each layer's name and its first bars: X loud, x plain, o soft, . nothing, 2–8 a roll, | between bars.

    A layer with a bar of its own is drawn on the session's grid, each hit on the nearest step.
    """
    rhythm, found = play.rhythm, []
    for number, (name, layer) in enumerate(rhythm.layers.items()):
        own = layer.bar is not None
        steps = rhythm.grid_steps if own else layer.steps
        cells = [["."] * steps for _ in range(bars)]
        rolls: dict[tuple[int, int], int] = {}
        for note in play.notes.of_layer(number):
            bar, rest = divmod(note.grid_ticks, rhythm.bar_ticks)
            step = (
                (rest * steps + rhythm.bar_ticks // 2) // rhythm.bar_ticks
                if own
                else (rest + 1) * steps // rhythm.bar_ticks
            )
            if bar >= bars or step >= steps:
                continue
            rolls[bar, step] = rolls.get((bar, step), 0) + 1
            force = note.velocity / layer.velocity
            mark = "X" if force >= LOUD else "o" if force <= SOFT else "x"
            cells[bar][step] = str(min(9, rolls[bar, step])) if rolls[bar, step] > 1 else mark
        found.append((name, "|".join("".join(row) for row in cells)))
    return tuple(found)
