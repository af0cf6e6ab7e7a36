"""The gate: where every surface gets the Callers of what it is asked, and nowhere else (tests/surfaces/test_gate.py).

Who can reach a surface is a stranger until they have said its token: other users of this machine reach each of its
ports, and so do pages in a browser on it. Only what comes by this process's own input, or from its own code, is its
user's.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from hardcore.commands.core.call import Caller
from hardcore.commands.core.effects import Effect
from hardcore.errors import Denied
from hardcore.project.history import MAIN

# What a program that has the token may change: nothing of the user's beyond the project and one folder.
PROGRAM: frozenset[Effect] = frozenset({"project", "player", "jobs", "files"})
# An agent that read the wrong page must not write files, unless a person allowed it.
AGENT: frozenset[Effect] = PROGRAM - {"files"}
_CODE: frozenset[Effect] = frozenset({"code"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_BYTES = 1_000_000
Reason = Literal["host", "origin", "rate", "token", "size"]


def permitted(*, files: bool, code: bool) -> frozenset[Effect]:
    """Return what a program or an agent may change that may write files, or run Python."""
    return (PROGRAM if files else AGENT) | (_CODE if code else frozenset())


@dataclass(frozen=True, slots=True)
class Rights:
    """What callers of a surface may do.

    roots        folders that file names are confined to, the first being the one they start from; None: they name none
    permissions  the effects that they may have
    head         the branch that they work on; main: beside everybody else
    """

    roots: tuple[Path, ...] | None
    permissions: frozenset[Effect] = PROGRAM
    head: str = MAIN


@dataclass(frozen=True, slots=True)
class Approach:
    """Somebody who wants something, by what they say of it themselves.

    token   the token that they give
    peer    the address that they come from
    host    the name by which they call us, with or without a port; None: the protocol has none
    origin  the address of the page that asks, where a browser says so
    size    bytes that they want to send
    """

    token: str = ""
    peer: str = ""
    host: str | None = None
    origin: str | None = None
    size: int = 0


class TurnedAway(Denied):
    """Somebody was not let in; nothing was done. `reason` says why, for protocols that have a number for it."""

    def __init__(self, reason: Reason, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.reason = reason


class Bucket:
    """A token bucket: `rate` requests a second over time, `burst` at once."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._at = burst, clock()

    def takes(self) -> bool:
        """Return whether one more may come now, and count it."""
        now = self._clock()
        self._left, self._at = min(self._burst, self._left + (now - self._at) * self._rate), now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Gate:
    """Lets in who says the token, within limits, and makes the Callers of who was let in.

    token        what has to be said
    hosts        names that it may be called by: a page elsewhere whose name is made to point here (DNS rebinding) has
                 another; None: the protocol has no such names
    most_bytes   what may be sent at once
    rate, burst  how often one may ask, a second and at once; strangers have a measure of their own, so that their
                 knocking keeps nobody out
    unlocked     whoever comes from this machine need not say the token
    """

    def __init__(
        self, token: str, hosts: frozenset[str] | None = None, *, most_bytes: int = MOST_BYTES, rate: float = 200.0,
        burst: float = 400.0, unlocked: bool = False, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.token, self.most_bytes = token, most_bytes
        self._hosts, self._unlocked = hosts, unlocked
        self._known, self._strangers = Bucket(rate, burst, clock), Bucket(rate, burst, clock)

    def knows(self, asked: Approach) -> bool:
        """Return whether somebody has said the token, or need not."""
        if self._unlocked and is_here(asked.peer):
            return True
        import hmac

        return bool(self.token) and hmac.compare_digest(asked.token.encode(), self.token.encode())

    @contextmanager
    def admit(self, asked: Approach, *, public: bool = False) -> Iterator[None]:
        """Let somebody in: what runs inside may ask for Callers. Raises TurnedAway.

        public   what they want says nothing of the project: strangers may have it, and are no Callers
        """
        known = self.knows(asked)
        self._ensure_addressed(asked)
        if not (self._known if known else self._strangers).takes():
            raise TurnedAway("rate", "too many requests: wait a second")
        if not known and not public:
            raise TurnedAway("token", "a token is needed", "/serve show and /osc say where it is")
        if asked.size > self.most_bytes:
            raise self.too_large()
        mark = _INSIDE.set(self if known else None)
        try:
            yield
        finally:
            _INSIDE.reset(mark)

    def too_large(self) -> TurnedAway:
        """Return what to raise for more than may be sent at once."""
        return TurnedAway("size", f"more than {self.most_bytes // 1000} kB")

    def caller(self, rights: Rights, author: str, **facts: Any) -> Caller:
        """Return the Caller of who was let in: signed `author`, with those rights and what else a Caller has.

        Raises Denied where nobody was.
        """
        self._ensure_inside()
        return Caller(
            author, head=rights.head, roots=rights.roots, permissions=rights.permissions, outside=True, **facts
        )

    def _ensure_inside(self) -> None:
        if _INSIDE.get() is not self:
            raise Denied("nobody was let in here")

    def _ensure_addressed(self, asked: Approach) -> None:
        if self._hosts is None:
            return
        if _name(asked.host or "") not in self._hosts:
            raise TurnedAway("host", "this server does not go by that name")
        if asked.origin is not None and _name(urlsplit(asked.origin).netloc) not in self._hosts:
            raise TurnedAway("origin", "pages from elsewhere may not call this server")


# Through which gate came whoever is worked for in this context; tasks that begin there are in it, too.
_INSIDE: ContextVar[Gate | None] = ContextVar("inside", default=None)


class OwnInput(Gate):
    """The gate of a surface that only the program reaches that started this process: its standard input and output."""

    def __init__(self) -> None:
        super().__init__("")

    def _ensure_inside(self) -> None:
        """Let everybody be in: there is nobody else."""


def person(**facts: Any) -> Caller:
    """Return the Caller that is this process's user, with every right: for their terminal, command line and code."""
    return Caller(**facts)


def is_here(host: str) -> bool:
    """Return whether an address is one of this machine alone."""
    from ipaddress import ip_address

    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """Return a host's name without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
