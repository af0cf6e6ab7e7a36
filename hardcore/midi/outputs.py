"""MIDI outputs that are written to: opened by a part of their name when they are there, and when they return."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from hardcore.midi.ports import CLIENT, shown


class Output(Protocol):
    """A client of a MIDI system that writes, as rtmidi has it."""

    def get_ports(self) -> list[str]:
        """Return the names of the ports there are."""

    def open_port(self, port: int, name: str) -> Any:
        """Connect to a port."""

    def send_message(self, message: Sequence[int]) -> Any:
        """Send a message."""

    def delete(self) -> None:
        """Let go of it."""


class Outputs:
    """Output ports by what somebody calls them: a whole name, or a part of one. `made` makes a client of a system.

    Any thread may send, one polls; what takes a while is done without holding others up.
    """

    def __init__(self, made: Callable[[], Output | None]) -> None:
        self._made = made
        self._probe: Output | None = None
        self._open: dict[str, tuple[str, Output]] = {}
        self._lock = threading.Lock()

    def poll(self, wanted: Mapping[str, str]) -> list[str]:
        """Open what is wanted and there, close everything else; return what was opened just now.

        wanted   a part of a name, and another one that will do where no port is called so
        """
        listed = self._listed() if wanted else []
        names = shown(listed)
        for part, (name, one) in tuple(self._open.items()):
            if part not in wanted or name not in names:
                with self._lock:
                    del self._open[part]
                one.delete()
        come = []
        for part, otherwise in wanted.items():
            there = named(part, names) or named(otherwise or part, names)
            if part not in self._open and there is not None and self._opened(part, there, listed[names.index(there)]):
                come.append(part)
        return come

    def close(self, part: str) -> None:
        """Close a port; it is opened anew when that is asked next."""
        with self._lock:
            if part in self._open:
                self._open.pop(part)[1].delete()

    def send(self, part: str, messages: Iterable[Sequence[int]]) -> None:
        """Send messages to a port; where it is not there, nothing happens."""
        with self._lock, suppress(OSError, ValueError):
            if part in self._open:
                for message in messages:
                    self._open[part][1].send_message(message)

    def __contains__(self, part: str) -> bool:
        return part in self._open

    def _listed(self) -> list[str]:
        self._probe = self._probe or self._made()
        if self._probe is None:
            return []
        try:
            return [name for name in self._probe.get_ports() if not name.startswith(CLIENT)]
        except OSError:  # the MIDI system has ended
            self._probe.delete()
            self._probe = None
            return []

    def _opened(self, part: str, name: str, listed: str) -> bool:
        """Open a port and return whether that went well; one that has just gone is no error."""
        made = self._made()
        if made is None:
            return False
        try:
            made.open_port(made.get_ports().index(listed), "out")
        except (OSError, ValueError):
            made.delete()
            return False
        with self._lock:
            self._open[part] = (name, made)
        return True


def named(part: str, names: Sequence[str]) -> str | None:
    """Return the port that is called so, else the first whose name holds it; None where there is none."""
    low = part.casefold()
    holding = [name for name in names if low in name.casefold()]
    return next((name for name in holding if name.casefold() == low), holding[0] if holding else None)
