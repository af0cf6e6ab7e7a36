"""The cursor of a list: which of it has the focus, by its key, and which of it are in sight."""

from collections.abc import Sequence

MOVES = {"up": -1, "down": 1, "far-up": -10, "far-down": 10, "first": -1 << 30, "last": 1 << 30}


class ListCursor:
    """The focus and the window of a list whose things are known by keys; where the focused one is gone, the first is.

    top, rows   the first in sight, from 0, and how many
    """

    def __init__(self) -> None:
        self.focus = ""
        self.top, self.rows = 0, 1

    def place(self, keys: Sequence[str]) -> int:
        """Return where the focused one stands."""
        return next((place for place, key in enumerate(keys) if key == self.focus), 0)

    def moved(self, action: str, keys: Sequence[str]) -> bool:
        """Move the focus if an action does that; return whether it does."""
        if action not in MOVES:
            return False
        self.focus = keys[min(max(self.place(keys) + MOVES[action], 0), len(keys) - 1)]
        return True

    def window(self, keys: Sequence[str], room: int) -> slice:
        """Return which of the list are in sight where there is room for so many: the focused one is among them."""
        place = self.place(keys)
        self.rows = max(1, min(len(keys), room))
        self.top = max(0, min(max(self.top, place - self.rows + 1), place, len(keys) - self.rows))
        return slice(self.top, self.top + self.rows)

    def clicked(self, row: int, keys: Sequence[str]) -> bool:
        """Focus the one in a row of the window, from 0; return whether it had the focus already."""
        place = self.top + row
        if not (0 <= row < self.rows and place < len(keys)):
            return False
        before, self.focus = self.focus, keys[place]
        return self.focus == before
