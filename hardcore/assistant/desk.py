"""The desk: what a planner may use of the studio. This package knows no command; the commands give it a desk."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class Offer(NamedTuple):
    """A command as a tool: its name, what it does, its arguments as JSON Schema."""

    name: str
    about: str
    schema: dict[str, Any]


class Desk(Protocol):
    """Offers commands and takes calls; nothing of the project changes by it."""

    def core(self) -> Sequence[Offer]:
        """Return the commands that are wanted most, whatever the query is."""
        ...

    def offers(self, query: str, limit: int) -> Sequence[Offer]:
        """Return the commands that fit a query best."""
        ...

    async def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Take a call into the plan, tried out first, or answer one that only reads. Raises HardcoreError."""
        ...
