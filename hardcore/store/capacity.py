"""Capacity: how much of what a project file may hold is taken.

What held more could be saved no more, or not be opened again. So edits are refused when it is full, a sixteenth before
the end: undo goes on. A step that would go past the end in one go is never acknowledged.
"""

from typing import NamedTuple

from hardcore.store import schema

FULL = 15 / 16
TOLD = (0.95, 0.8, 0.5)
CURE = "/history compact makes room"


class Room(NamedTuple):
    """What is taken: bytes of the file, bytes of its objects unpacked, objects, steps."""

    file: int = 0
    content: int = 0
    objects: int = 0
    steps: int = 0

    @property
    def share(self) -> float:
        """Return how full it is: 1 is where edits are refused, at the first limit that is met."""
        return max(self._taken()) / FULL

    @property
    def is_over(self) -> bool:
        """Return whether it is more than a project file may hold."""
        return max(self._taken()) > 1

    def _taken(self) -> tuple[float, ...]:
        return (
            self.file / schema.MAX_FILE_BYTES,
            self.content / schema.MAX_CONTENT_BYTES,
            self.objects / schema.MAX_OBJECTS,
            self.steps / schema.MAX_STEPS,
        )

    def told_since(self, before: "Room") -> str:
        """Return what a user should know when it grew past one of TOLD since `before`, else nothing."""
        passed = next((share for share in TOLD if before.share < share <= self.share), None)
        return "" if passed is None else f"{self.words}: {CURE}"

    @property
    def words(self) -> str:
        """Return how full it is in words."""
        size, most = self.file / 1e6, schema.MAX_FILE_BYTES * FULL / 1e6
        return f"the project is {self.share:.0%} full ({size:.0f} of {most:.0f} MB, {self.steps} steps)"
