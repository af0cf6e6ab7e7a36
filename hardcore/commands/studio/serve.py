"""A server in the studio that is open: other programs, pages and agents use the same commands."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result
from hardcore.commands.core.types import FileName, Flag, Kind
from hardcore.controller.ports import Door
from hardcore.errors import UserError

HOST, PORT = "127.0.0.1", 7770
Host = Annotated[str, Field(min_length=1, max_length=253), Kind("host", "an address of this machine")]
Port = Annotated[int, Field(ge=0, le=65535), Kind("port", "1 to 65535; 0: any that is free")]


class Served(Result):
    """The server: its address, None while there is none. The token lies in a file that only its owner reads."""

    url: str | None
    token: str | None = None

    def text(self) -> str:
        """Return where it is."""
        if self.url is None:
            return "no server runs"
        link = f"\n  {self.url}/#token={self.token}" if self.token else ""
        return f"serving this studio at {self.url}{link}"


class Closed(Result):
    """The server that was ended: its address, None where none ran."""

    url: str | None

    def text(self) -> str:
        """Return what is so now."""
        return f"{self.url} is closed" if self.url else "no server runs"


def _door(call: Call) -> Door:
    if call.studio.door is None:
        raise UserError("a single line cannot serve: the studio closes after it", "hardcore serve")
    return call.studio.door


def served_folder(caller: Caller, folder: str | None) -> Path:
    """Return the folder that is served, the present one by default. Raises UserError when it is none."""
    root = caller.path(folder) if folder else Path.cwd()
    if not root.is_dir():
        raise UserError(f"{root} is no folder")
    return root


@command(
    "serve",
    "serve --port 0",
    effects={"settings"},
    about={
        "folder": "where callers may read and write files, the present folder by default",
        "agents_write": "agents may write files there",
        "allow_eval": "callers and agents may run Python",
        "token": "show the link with its token",
    },
)
async def serve(
    call: Call,
    *,
    port: Port = PORT,
    host: Host = HOST,
    folder: FileName | None = None,
    agents_write: Flag = False,
    allow_eval: Flag = False,
    token: Flag = False,
) -> Served:
    """Serve this studio to other programs on this machine: commands, sentences, events, a page.

    Callers give a token, which lies in the state folder (`servers/PORT.json`); --token shows a link that has it. File
    names of callers are confined to --folder, the present one by default. Agents (at /mcp) work on a branch of their
    own, `agent`, and write no files unless --agents-write. With --allow-eval callers and agents may run Python (/py),
    which can do whatever you can. It ends with the studio, or by /serve stop.
    """
    door = _door(call)
    root = served_folder(call.caller, folder)
    await door.open(host, port, (root,), agents_write=agents_write, allow_eval=allow_eval)
    return Served(url=door.url, token=door.token if token else None)


@command("serve stop", "serve stop", effects={"settings"})
async def serve_stop(call: Call) -> Closed:
    """End the server and every connection to it."""
    url = _door(call).url
    await _door(call).close()
    return Closed(url=url)


@command("serve show", "serve show", effects=())
def serve_show(call: Call) -> Served:
    """Say where the server is."""
    door = call.studio.door
    return Served(url=door.url if door else None)
