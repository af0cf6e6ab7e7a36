"""MIDI clock: sent to other machines, or followed from one."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Kind
from hardcore.commands.performance.clockfollower import ClockFollower
from hardcore.commands.performance.linksession import LinkSession
from hardcore.errors import UserError
from hardcore.settings import change_setting

OFF = "off"
ClockPorts = Annotated[str, Field(max_length=400), Kind("ports", "parts of the names of MIDI outputs, or off")]
ClockPort = Annotated[str, Field(max_length=80), Kind("port", "a part of the name of a MIDI input, or off")]
Offset = Annotated[float, Field(ge=-200, le=200), Kind("ms", "-200 to 200, below 0 earlier")]


class ClockState(Done):
    """MIDI clock: the ports it is sent to and how much later; the port that is followed and the tempo from there."""

    out: tuple[str, ...]
    offset_ms: float
    follow: str | None
    bpm: float | None


@command("clock", "clock", effects=())
def clock(call: Call) -> ClockState:
    """Say where MIDI clock is sent to, and whose is followed."""
    return _answer(call)


@command(
    "clock out", "clock out Volca --offset -5", effects={"settings"}, about={"offset": "how much later it is sent"}
)
def clock_out(call: Call, ports: ClockPorts, *, offset: Offset | None = None) -> ClockState:
    """Send MIDI clock to other machines: pulses, start, stop and position, in step with what plays; `off` ends it.

    It is sent as soon as a port of that name is there, and again when it is plugged in once more.
    """
    _change(call, "clock.out", "" if ports.casefold() == OFF else ports)
    if offset is not None:
        _change(call, "clock.offset_ms", f"{offset:g}")
    return _synced(call)


@command("clock follow", "clock follow Digitakt", effects={"settings"})
def clock_follow(call: Call, port: ClockPort) -> ClockState:
    """Follow the MIDI clock of another machine: its tempo, start, stop and position; `off`: our own tempo counts.

    The project keeps its tempo: what is heard follows, and nothing of that is a step.
    """
    if port.casefold() != OFF and call.studio.recall(LinkSession) is not None:
        raise UserError("the Link session is followed", "/link off")
    _change(call, "clock.follow", "" if port.casefold() == OFF else port)
    follower = call.studio.recall(ClockFollower)
    if follower is not None:
        follower.let_go()
    return _synced(call)


def _change(call: Call, name: str, value: str) -> None:
    call.studio.settings = change_setting(call.studio.settings, name, value)


def _synced(call: Call) -> ClockState:
    settings, hands = call.studio.settings.clock, call.studio.hands
    if settings.follow and any(settings.follow.casefold() in port.casefold() for port in settings.ports):
        raise UserError(f"{settings.follow} would follow itself", "send the clock elsewhere, or clock follow off")
    if hands is not None:
        hands.sync(settings.ports, settings.offset_ms / 1000, settings.follow)
        if settings.ports or settings.follow:
            hands.listen()
    return _answer(call)


def _answer(call: Call) -> ClockState:
    settings = call.studio.settings.clock
    follower = call.studio.recall(ClockFollower)
    bpm = follower.bpm if follower is not None and settings.follow else None
    words = f"sent to {', '.join(settings.ports)}" if settings.ports else "sent to nobody"
    words += f", {settings.offset_ms:+g} ms" if settings.ports and settings.offset_ms else ""
    heard = f" at {bpm:g} bpm" if bpm is not None else ", which says nothing yet"
    words += f"; following {settings.follow}{heard}" if settings.follow else "; our own tempo counts"
    follow = settings.follow or None
    return ClockState(
        message=f"clock: {words}", out=settings.ports, offset_ms=settings.offset_ms, follow=follow, bpm=bpm
    )
