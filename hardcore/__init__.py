"""hardcore: a terminal-first music studio. `open_studio()` gives Python every command."""

from typing import TYPE_CHECKING

from hardcore.version import __version__

if TYPE_CHECKING:
    from hardcore.surfaces.live import LiveStudio

__all__ = ["__version__", "open_studio"]


def open_studio(path: str | None = None, *, create: bool = False) -> "LiveStudio":
    """Return an open studio: the project in `path`, or a new one. Close it, or use it in a `with`. Raises UserError.

    create   make the file when there is none; without it that is an error
    """
    from hardcore.app import live_studio

    return live_studio(path, create)
