"""The OSC server of a studio: takes messages over UDP, answers who sent them, and tells subscribers what changes.

Without being told otherwise it listens on this machine alone, which other users may be on: nothing is done before the
token is said. Where it is `unlocked`, this machine need not say it.
"""

import asyncio
import hmac
import logging
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from typing import Any

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from hardcore.bugs import log_bug
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.performance.knobs import Knobs
from hardcore.commands.performance.maptarget import PERMISSIONS
from hardcore.controller.events import BeatReached, Changed, Event, HearingChanged, PlaybackChanged
from hardcore.controller.settling import Settling
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError, UserError
from hardcore.escaping import escaped
from hardcore.surfaces.osc.addresses import Answer, Move, Value, asked, moved
from hardcore.surfaces.osc.feedback import Feedback

Peer = tuple[str, int]
LARGEST, MOST_WAITING, MOST_KNOWN = 8192, 256, 64
# Who does not say so again is told nothing more after this long.
SUBSCRIBED_S = 3600.0
SETTLE_S = 0.03
# pythonosc warns of strange packets by the root logger, which would write into the screen.
logging.getLogger().addHandler(logging.NullHandler())


class OscServer(asyncio.DatagramProtocol):
    """Does one message after the other, in the order in which they come; of a flood what is too much is dropped."""

    def __init__(self, studio: Studio, *, unlocked: bool = False) -> None:
        self._unlocked = unlocked
        self._studio, self._loop = studio, asyncio.get_running_loop()
        self._waiting: deque[tuple[Peer, str, list[Any]]] = deque(maxlen=MOST_WAITING)
        self._admitted: OrderedDict[Peer, None] = OrderedDict()
        self._subscribers: OrderedDict[Peer, tuple[float, Feedback]] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._settling = Settling(self._loop, SETTLE_S, self._tell)
        self._stop: Callable[[], None] = lambda: None
        self.address: Peer = ("", 0)
        self.token: str | None = None if unlocked else secrets.token_urlsafe(12)

    def connection_made(self, transport: Any) -> None:
        """Take messages from now on."""
        self._transport: asyncio.DatagramTransport = transport
        self.address = transport.get_extra_info("sockname")[:2]
        if not _is_here(self.address[0]) and self.token is None:
            self.token = secrets.token_urlsafe(12)
        kinds = (Changed, HearingChanged, PlaybackChanged, BeatReached)
        self._stop = self._studio.controller.events.subscribe(kinds, self._happened)

    def end(self) -> None:
        """Take no more messages."""
        self._stop()
        self._settling.cancel()
        if self._task is not None:
            self._task.cancel()
        if not self._loop.is_closed():
            self._transport.close()

    def datagram_received(self, data: bytes, peer: tuple[Any, ...]) -> None:
        """Take in a packet; what is no OSC is dropped."""
        if len(data) > LARGEST:
            return
        try:
            messages = [timed.message for timed in OscPacket(data).messages]
        except Exception:  # bytes that anybody may send come to anything
            return
        for message in messages[:MOST_WAITING]:
            self._waiting.append(((str(peer[0]), int(peer[1])), message.address, list(message.params)))
        if self._waiting and (self._task is None or self._task.done()):
            self._task = self._loop.create_task(self._work())

    async def _work(self) -> None:
        while self._waiting:
            peer, address, values = self._waiting.popleft()
            try:
                await self._do(peer, address, values)
            except HardcoreError as error:
                self._send(peer, "/hardcore/error", address, error.line())
            except Exception as error:
                log_bug(error)

    async def _do(self, peer: Peer, address: str, values: list[Any]) -> None:
        """Do what a message asks, and answer. Raises HardcoreError."""
        if not self._may(peer, address, values):
            return
        if address == "/hardcore/subscribe":
            self._subscribe(peer, values)
            return
        if address == "/hardcore/unsubscribe":
            self._subscribers.pop(peer, None)
            return
        found = asked(self._studio.controller.project, address, values)
        if isinstance(found, Answer):
            self._send(peer, address, *found.values)
        elif isinstance(found, Move):
            knobs = self._studio.recall(Knobs)
            if knobs is not None:
                knobs.put(found.line, partial(moved, found))
        elif found is not None:
            answer = await run_line(self._studio, found.text, Caller("osc", permissions=PERMISSIONS))
            self._send(peer, "/hardcore/answer", address, escaped(answer.text())[:1000] if answer is not None else "")

    def _may(self, peer: Peer, address: str, values: list[Any]) -> bool:
        """Return whether a message counts: the token has to be said first, but from here where it is unlocked."""
        if address == "/hardcore/token":
            said = values[0] if values and isinstance(values[0], str) else ""
            if self.token is not None and hmac.compare_digest(said.encode(), self.token.encode()):
                self._admitted[peer] = None
                while len(self._admitted) > MOST_KNOWN:
                    self._admitted.popitem(last=False)
            return False
        if (self._unlocked and _is_here(peer[0])) or peer in self._admitted:
            return True
        raise UserError("say the token first", "/hardcore/token")

    def _subscribe(self, peer: Peer, values: list[Any]) -> None:
        """Tell a peer what changes, at once all of it; at another port of its machine, if it names one."""
        port = values[0] if values and isinstance(values[0], int) and 0 < values[0] < 65536 else peer[1]
        self._subscribers[peer[0], port] = (time.monotonic() + SUBSCRIBED_S, Feedback())
        while len(self._subscribers) > MOST_KNOWN:
            self._subscribers.popitem(last=False)
        self._tell()

    def _happened(self, event: Event) -> None:
        if self._subscribers:
            self._settling.ask()

    def _tell(self) -> None:
        now, player = time.monotonic(), self._studio.player
        for peer, (until_s, feedback) in tuple(self._subscribers.items()):
            if now > until_s:
                del self._subscribers[peer]
                continue
            playback = player.latest() if player is not None else None
            for address, values in feedback.changes(self._studio.controller.hearing.heard, playback, now):
                self._send(peer, address, *values)

    def _send(self, peer: Peer, address: str, *values: Value) -> None:
        builder = OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)
        self._transport.sendto(builder.build().dgram, peer)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
