"""OSC: faders and buttons on a network move parameters and run commands."""

from typing import Annotated

from pydantic import Field

from hardcore.artifacts import write_whole
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import FileName, Flag, Kind
from hardcore.controller.ports import Osc
from hardcore.errors import UserError

HOST, PORT = "127.0.0.1", 9000
OscHost = Annotated[str, Field(min_length=1, max_length=253), Kind("host", "an address of this machine")]
OscPort = Annotated[int, Field(ge=0, le=65535), Kind("port", "1 to 65535; 0: any that is free")]


class LayoutWritten(Done):
    """The layout that was written."""

    file: str


class OscState(Done):
    """Where OSC is heard, None while it is not; the token that is said first."""

    host: str | None
    port: int | None
    token: str | None


@command("osc", "osc", effects=())
def osc(call: Call) -> OscState:
    """Say where OSC is heard."""
    return _answer(_osc(call))


@command(
    "osc start",
    "osc start --port 0",
    effects={"settings"},
    about={"unlocked": "every program of this machine may, whoever runs it, without the token"},
)
async def osc_start(call: Call, *, port: OscPort = PORT, host: OscHost = HOST, unlocked: Flag = False) -> OscState:
    """Hear OSC over UDP: /track/kick/gain -3, /transport/play, /hardcore/do "gain kick -3", and every command.

    An address without values answers with its value, /hardcore/subscribe tells what changes from then on, and what goes
    wrong comes as /hardcore/error. On this machine alone, unless --host names another address of it. Who sends says
    /hardcore/token with the token first; --unlocked lets programs of this machine do without. It may change the project
    and what plays, no files and no settings.
    """
    door = _osc(call)
    await door.open(host, port, unlocked=unlocked)
    return _answer(door)


@command("osc layout", "osc layout stage.tosc", effects={"files"}, about={"file": "the .tosc file"})
def osc_layout(call: Call, file: FileName) -> LayoutWritten:
    """Write a layout for TouchOSC: eight tracks by eight scenes to launch, mixer, transport and crossfader.

    Open it there, say this machine's address and the port of `osc start`, and that is all: names and addresses are
    those of the project as it is now.
    """
    from hardcore.exchange.touchosc import layout

    path = call.caller.file(file)
    path = path if path.suffix else path.with_suffix(".tosc")
    if path.suffix.casefold() != ".tosc":
        raise UserError(f"{path.name} is no layout", "its name ends in .tosc")
    write_whole(path, layout(call.project))
    return LayoutWritten(message=f"wrote {path}", file=str(path))


@command("osc stop", "osc stop", effects={"settings"})
def osc_stop(call: Call) -> OscState:
    """Hear OSC no longer."""
    door = _osc(call)
    door.close()
    return _answer(door)


def _osc(call: Call) -> Osc:
    if call.studio.osc is None:
        raise UserError("no OSC is heard here", "start `hardcore` in a terminal")
    return call.studio.osc


def _answer(door: Osc) -> OscState:
    if door.address is None:
        return OscState(message="no OSC is heard", host=None, port=None, token=None)
    host, port = door.address
    token = f"; say /hardcore/token {door.token} first" if door.token is not None else ""
    return OscState(message=f"OSC is heard at {host}, port {port}{token}", host=host, port=port, token=door.token)
