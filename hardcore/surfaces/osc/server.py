"""The OSC server of a studio: takes messages over UDP, answers who sent them, and tells subscribers what changes.

Without being told otherwise it listens on this machine alone, which other users may be on: nothing is taken in before
the token is said. Where it is `unlocked`, this machine need not say it.
"""

import asyncio
import logging
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import partial
from typing import Any

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from hardcore.bugs import log_bug
from hardcore.commands.core.line import run_line
from hardcore.commands.performance.knobs import Knobs
from hardcore.commands.performance.maptarget import PERMISSIONS
from hardcore.controller.events import BeatReached, Changed, Event, HearingChanged, PlaybackChanged
from hardcore.controller.settling import Settling
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.escaping import escaped
from hardcore.surfaces.gate import Approach, Gate, Rights, TurnedAway, is_here
from hardcore.surfaces.osc.addresses import Answer, Move, Value, asked, moved
from hardcore.surfaces.osc.feedback import Feedback

Peer = tuple[str, int]
LARGEST, MOST_WAITING, MOST_KNOWN = 8192, 256, 64
# Messages a second over time, and at once: several hands on faders.
RATE, BURST = 4000.0, 8000.0
RIGHTS = Rights(None, PERMISSIONS)
# Who does not say so again is told nothing more after this long.
SUBSCRIBED_S = 3600.0
SETTLE_S = 0.03
# pythonosc warns of strange packets by the root logger, which would write into the screen.
logging.getLogger().addHandler(logging.NullHandler())


class OscServer(asyncio.DatagramProtocol):
    """Does one message after the other, in the order in which they come; of a flood what is too much is dropped."""

    def __init__(self, studio: Studio, *, unlocked: bool = False) -> None:
        self._gate = Gate(secrets.token_urlsafe(12), most_bytes=LARGEST, rate=RATE, burst=BURST, unlocked=unlocked)
        self._is_unlocked = unlocked
        self._studio, self._loop = studio, asyncio.get_running_loop()
        self._waiting: deque[tuple[Peer, str, list[Any]]] = deque(maxlen=MOST_WAITING)
        self._tokens: OrderedDict[Peer, str] = OrderedDict()
        self._subscribers: OrderedDict[Peer, tuple[float, Feedback]] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._settling = Settling(self._loop, SETTLE_S, self._tell)
        self._stop: Callable[[], None] = lambda: None
        self.address: Peer = ("", 0)

    def connection_made(self, transport: Any) -> None:
        """Take messages from now on."""
        self._transport: asyncio.DatagramTransport = transport
        self.address = transport.get_extra_info("sockname")[:2]
        kinds = (Changed, HearingChanged, PlaybackChanged, BeatReached)
        self._stop = self._studio.controller.events.subscribe(kinds, self._happened)

    @property
    def token(self) -> str | None:
        """Return what has to be said first; None where everybody who can come is let in without it."""
        return None if self._is_unlocked and is_here(self.address[0]) else self._gate.token

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
            self._take((str(peer[0]), int(peer[1])), message.address, list(message.params))

    def _take(self, peer: Peer, address: str, values: list[Any]) -> None:
        """Take in a message of somebody who may come in; a token that is said, and is right, is remembered."""
        is_token = address == "/hardcore/token"
        token = str(values[0]) if is_token and values else self._tokens.get(peer, "")
        try:
            with self._gate.admit(Approach(token, peer[0])):
                if is_token:
                    self._tokens[peer] = token
                    while len(self._tokens) > MOST_KNOWN:
                        self._tokens.popitem(last=False)
                    return
                self._waiting.append((peer, address, values))
                if self._task is None or self._task.done():
                    self._task = self._loop.create_task(self._work())
        except TurnedAway as error:
            if error.reason == "token" and not is_token:  # a flood gets no answers
                self._send(peer, "/hardcore/error", address, "say the token first (/hardcore/token)")

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
            answer = await run_line(self._studio, found.text, self._gate.caller(RIGHTS, "osc"))
            self._send(peer, "/hardcore/answer", address, escaped(answer.text())[:1000] if answer is not None else "")

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
