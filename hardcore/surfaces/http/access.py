"""Who may come in: a token in a file of the state folder that only its owner reads, one file for each open server."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from hardcore.artifacts import PRIVATE, write_whole
from hardcore.errors import UserError
from hardcore.paths import state_folder

FOLDER = "servers"


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a server: its address and the token that it asks for."""

    host: str
    port: int
    token: str

    @property
    def url(self) -> str:
        """Return the address, without the token."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def _folder() -> Path:
    folder = state_folder() / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def granted(host: str, port: int) -> Access:
    """Return the access of a new server on that port, with a fresh token, and write it down (mode 0600).

    Raises UserError when it cannot be written.
    """
    access = Access(host, port, secrets.token_urlsafe(32))
    path = _folder() / f"{port}.json"
    facts = {"host": host, "port": port, "token": access.token, "pid": os.getpid()}
    write_whole(path, json.dumps(facts).encode(), PRIVATE)
    return access


def revoked(access: Access) -> None:
    """Take back the access of a server that has ended."""
    (_folder() / f"{access.port}.json").unlink(missing_ok=True)


def running() -> Access:
    """Return the access to the server of this user that was started last. Raises UserError when none runs."""
    files = sorted(_folder().glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if _lives(int(data["pid"])):
                return Access(str(data["host"]), int(data["port"]), str(data["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    raise UserError("no server of yours is running", "/serve in a studio starts one")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    return True
