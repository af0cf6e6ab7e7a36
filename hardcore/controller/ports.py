"""What the controller needs of surfaces and of slow work, as Protocols; adapters fit them by structure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable


class Stage(Protocol):
    """The full screen, for commands that change what is shown."""

    def show(self, view: str) -> None:
        """Show a view by name."""

    def save(self, path: Path) -> None:
        """Write a picture of the screen to an SVG file. Raises UserError when it cannot be written."""

    def rebind(self) -> None:
        """Take the keys anew from the user's file."""

    def frame(self) -> None:
        """Draw what has moved since the last time; call it in the screen's loop."""


class Jobs(Protocol):
    """Slow work that runs, waits and ran, as far as a surface has to know of it to end."""

    def going(self) -> Sequence[object]:
        """Return the jobs that run or wait."""

    async def stop(self) -> None:
        """Stop everything, and return when it has ended; what went on in the background is kept as interrupted."""

    def close(self) -> None:
        """Kill what is left of the workers and let go of the jobs."""


@runtime_checkable
class Closing(Protocol):
    """What has to be ended with the studio that keeps it."""

    def close(self) -> None:
        """End it."""


class Osc(Protocol):
    """What hears OSC for the studio that is open."""

    @property
    def address(self) -> tuple[str, int] | None:
        """Return host and port, None while it is closed."""

    @property
    def token(self) -> str | None:
        """Return what has to be said first, None while it is closed or for this machine unlocked."""

    async def open(self, host: str, port: int, *, unlocked: bool) -> None:
        """Listen on that address; `unlocked`: programs of this machine need no token. Raises UserError."""

    def close(self) -> None:
        """End it; where it is closed nothing happens."""


class Door(Protocol):
    """A server through which other programs reach the studio that is open."""

    @property
    def url(self) -> str | None:
        """Return the address, None while it is closed."""

    @property
    def token(self) -> str | None:
        """Return the token that callers give, None while it is closed."""

    async def open(
        self, host: str, port: int, folders: Sequence[Path], *, agents_write: bool = False, allow_eval: bool = False
    ) -> None:
        """Serve on that address, with file names confined to `folders`. Raises UserError.

        agents_write   whether agents may write files there too
        allow_eval     whether callers and agents may run Python
        """

    async def close(self) -> None:
        """End every connection and the server."""

    def abandon(self) -> None:
        """Let go of it where nobody can wait any more."""
