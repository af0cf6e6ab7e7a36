"""Ableton Link: the tempo, the beat, start and stop of a session that programs of a network share."""

from importlib.util import find_spec

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, counted
from hardcore.commands.performance.clock import Offset
from hardcore.commands.performance.clockfollower import ClockFollower
from hardcore.commands.performance.linksession import LinkSession
from hardcore.errors import UserError, without_extra


class LinkState(Done):
    """Whether we are in a Link session, with how many others, its tempo, and how much later our music is."""

    on: bool
    peers: int
    bpm: float | None
    offset_ms: float


@command("link", "link", effects=())
def link(call: Call) -> LinkState:
    """Say whether the studio is in an Ableton Link session, with how many others, and at which tempo."""
    return _state(call)


def _state(call: Call) -> LinkState:
    session = call.studio.recall(LinkSession)
    if session is None:
        return LinkState(message="Link: off", on=False, peers=0, bpm=None, offset_ms=0.0)
    who = f"with {counted(session.peers, 'other')}" if session.peers else "alone"
    offset_ms = round(session.offset_s * 1000, 3)
    words = f"Link: {who}, {session.bpm:g} bpm" + (f", {offset_ms:+g} ms" if offset_ms else "")
    return LinkState(message=words, on=True, peers=session.peers, bpm=session.bpm, offset_ms=offset_ms)


@command("link on", "link on", effects={"settings"}, about={"offset": "how much later our music is than theirs"})
def link_on(call: Call, *, offset: Offset = 0.0) -> LinkState:
    """Share tempo, beat, start and stop with every program of the network that has Ableton Link on.

    Joining changes nobody's tempo: ours becomes theirs, as long as we are there, and the project keeps its own. A tempo
    that is set here is everybody's; play begins on a bar of the session.
    """
    if find_spec("link") is None:
        raise without_extra("Link", ModuleNotFoundError(name="link"), "link")
    if call.studio.settings.clock.follow:
        raise UserError(f"the clock of {call.studio.settings.clock.follow} is followed", "/clock follow off")
    if call.studio.hands is None:
        raise UserError("nothing is shared here", "start `hardcore` in a terminal")
    session = call.studio.recall(LinkSession)
    if session is None:
        call.studio.keep(LinkSession(call.studio, offset / 1000))
        call.studio.hands.listen()
    else:
        session.offset_s = offset / 1000
        session.tell()
    return _state(call)


@command("link off", "link off", effects={"settings"})
def link_off(call: Call) -> LinkState:
    """Leave the Link session: our own tempo counts again."""
    session, follower = call.studio.recall(LinkSession), call.studio.recall(ClockFollower)
    if session is None:
        raise UserError("Link is off already", "/link on")
    session.close()
    call.studio.forget(LinkSession)
    if follower is not None:
        follower.let_go()
    return _state(call)
