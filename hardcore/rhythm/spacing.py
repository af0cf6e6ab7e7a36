"""Refractory time: after a hit a layer is silent for some steps, over bar lines too."""

_LONG_AGO = 1 << 20


class Spacing:
    """Leaves out hits that come too soon after one that sounds; rows come in order, the last ones may come again."""

    def __init__(self, steps: int, refractory: int) -> None:
        self._steps, self._refractory = steps, refractory
        # For the latest rows: how many steps before the row the last hit was.
        self._since: dict[int, int] = {}

    def carry_on(self, before: "Spacing") -> None:
        """Go on after the hits of another, where the layer has kept its steps."""
        if before._steps == self._steps:
            self._since = dict(before._since)

    def spaced(self, row: int, hits: int) -> int:
        """Return the hits (bits of steps) of a row that are left."""
        since = self._since.get(row, _LONG_AGO)
        left, next_free = 0, self._refractory + 1 - since
        while hits:
            bit = hits & -hits
            hits ^= bit
            step = bit.bit_length() - 1
            if step >= next_free:
                left |= bit
                next_free = step + self._refractory + 1
        last = next_free - self._refractory - 1
        self._since[row + 1] = self._steps - last
        self._since.pop(row - 8, None)
        return left
