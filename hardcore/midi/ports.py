"""The MIDI input ports of this machine: every one is opened by name, and again when it comes back.

rtmidi tells of no change, so the list is asked for every POLL_S; that takes 0.15 ms.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

POLL_S = 0.5
CLIENT = "hardcore"
# What ALSA adds to a name, which is another after every start: "Keystation 49 MK3 20:0".
_NUMBERS = re.compile(r" \d+:\d+$")
Heard = Callable[[str, Sequence[int]], None]


class Input(Protocol):
    """A client of a MIDI system, as rtmidi has it."""

    def get_ports(self) -> list[str]:
        """Return the names of the ports there are."""

    def open_port(self, port: int, name: str) -> Any:
        """Connect to a port."""

    def set_callback(self, call: Callable[[tuple[Sequence[int], float], Any], None]) -> Any:
        """Let a function take each message."""

    def ignore_types(self, sysex: bool, timing: bool, active_sense: bool) -> Any:
        """Choose what is not told."""

    def delete(self) -> None:
        """Let go of it."""


def client() -> Input | None:
    """Return a client that hears, of the first MIDI system that answers here; None where there is none."""
    import rtmidi

    made: Input | None = _first(rtmidi.MidiIn)
    return made


def writer() -> Any:
    """Return a client that writes, of the first MIDI system that answers here; None where there is none."""
    import rtmidi

    return _first(rtmidi.MidiOut)


def _first(kind: Callable[[int, str], Any]) -> Any:
    import rtmidi

    for api in rtmidi.get_compiled_api():
        try:
            return kind(api, CLIENT)
        except rtmidi.RtMidiError:
            continue
    return None


def shown(names: Sequence[str]) -> list[str]:
    """Return the names of ports as people know them, in the same order; the second of a name is "NAME 2"."""
    found: list[str] = []
    for name in names:
        plain = _NUMBERS.sub("", " ".join(name.split()))[:70] or "port"
        same = [other for other in found if other == plain or re.fullmatch(re.escape(plain) + r" \d+", other)]
        found.append(f"{plain} {len(same) + 1}" if same else plain)
    return found


class Ports:
    """The input ports that are open. `heard` is given each message, in a thread of rtmidi's own."""

    def __init__(self, made: Callable[[], Input | None], heard: Heard) -> None:
        self._made, self._heard = made, heard
        self._probe: Input | None = None
        self._open: dict[str, Input] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the ports that are open."""
        return tuple(self._open)

    @property
    def available(self) -> bool:
        """Return whether there is a MIDI system at all."""
        return self._probe is not None

    def poll(self) -> tuple[list[str], list[str]]:
        """Open what has come and close what has gone; return the names of both."""
        if self._probe is None:
            self._probe = self._made()
        listed = self._listed()
        names = shown(listed)
        gone = [name for name in self._open if name not in names]
        for name in gone:
            self._open.pop(name).delete()
        come = [name for name in names if name not in self._open and self._opened(name, listed[names.index(name)])]
        return come, gone

    def close(self) -> None:
        """Close every port."""
        for one in (*self._open.values(), *([self._probe] if self._probe else [])):
            one.delete()
        self._open.clear()
        self._probe = None

    def _listed(self) -> list[str]:
        if self._probe is None:
            return []
        try:
            return [name for name in self._probe.get_ports() if not name.startswith(CLIENT)]
        except OSError:  # the MIDI system has ended; the next one that answers is asked
            self._probe.delete()
            self._probe = None
            return []

    def _opened(self, name: str, listed: str) -> bool:
        """Open a port and return whether that went well; one that has just gone is no error."""
        made = self._made()
        if made is None:
            return False
        try:
            made.ignore_types(True, False, True)
            made.set_callback(lambda event, _: self._heard(name, event[0]))
            made.open_port(made.get_ports().index(listed), name)
        except (OSError, ValueError):
            made.delete()
            return False
        self._open[name] = made
        return True
