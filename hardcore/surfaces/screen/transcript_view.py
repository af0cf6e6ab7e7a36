"""The view `transcript`: none at all, so that all rows are for what was typed and answered."""

from collections.abc import Sequence

from hardcore.surfaces.screen.cells import Line
from hardcore.surfaces.screen.view import Shown


class TranscriptView:
    """Leaves the screen to the answers."""

    name = "transcript"

    def wanted(self, width: int, shown: Shown) -> int:
        """Return 0."""
        return 0

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return no lines."""
        return []

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Return nothing: it has no keys of its own."""
        return []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Return nothing."""
        return []
