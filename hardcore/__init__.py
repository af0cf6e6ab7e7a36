"""hardcore: a terminal-first music studio. `open_studio()` gives Python every command, `connect()` those of one that
serves."""

from typing import TYPE_CHECKING

from hardcore.version import __version__

if TYPE_CHECKING:
    from hardcore.surfaces.connection import Connection
    from hardcore.surfaces.live import LiveStudio

__all__ = ["__version__", "connect", "open_studio"]


def open_studio(path: str | None = None, *, create: bool = False, profile: bool = False) -> "LiveStudio":
    """Return an open studio: the project in `path`, or a new one. Close it, or use it in a `with`. Raises UserError.

    create   make the file when there is none; without it that is an error
    profile  pieces are made as the user's profile has it, and what is changed about them is learned
    """
    from hardcore.app import live_studio

    return live_studio(path, create, profile)


def connect(url: str | None = None, token: str | None = None, *, author: str = "python") -> "Connection":
    """Return the studio of this user that serves (`/serve`), from another process, or one by address and token.

    Raises UserError when none does, StudioError when it does not answer.
    """
    from hardcore.surfaces.connection import connect as connected

    return connected(url, token, author=author)
