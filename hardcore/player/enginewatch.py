"""The watch over the engine: started, or why not; whether it answers; how it fares; what it printed."""

import contextlib
import ctypes
import os
import re
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from hardcore.engine.boot import boot
from hardcore.engine.offline import find_embedded, find_external
from hardcore.engine.osc import Message, message
from hardcore.engine.sandbox import sweep
from hardcore.engine.server import ENDED, NONSENSE, Server, free_port, status_of
from hardcore.errors import EngineError, nearest
from hardcore.player.wire import Words

STATUS_S = 0.25
# An engine that leaves its status unanswered for this long has ended or hangs.
SILENT_S = 0.8
# A loop that was held up itself, as by a machine that slept, cannot say so of the engine.
HELD_UP_S = 0.3
LARGEST_LOG = 1 << 20
_DEVICE = re.compile(r"- (.+?)(?: \(device #\d+.*)?$")


class Watch:
    """An engine and what is known of it; `server` is None where there is none, and `trouble` says why."""

    def __init__(self, options: Words) -> None:
        self.log = Path(options["log"])
        self.server: Server | None = None
        self.sound, self.trouble = "silent", ""
        self.port = free_port()
        self.cue, self.click = options["cue"], options["click"]
        self.load = self.peak = 0.0
        self._asked_s = self._seen_s = time.monotonic()
        self._waiting_s: float | None = None
        self._options = options
        self._closing, self._closed = threading.Lock(), False

    def start(self) -> None:
        """Start the engine that the options name; without one `trouble` says in one line what would help."""
        kind = self._options["kind"]
        if kind == "none":
            return
        engine = find_external() if kind == "external" else find_embedded()
        if engine is None:
            cure = "install supercollider-server" if kind == "external" else "see /doctor"
            self.trouble = f"there is no {kind} engine on this machine: silent, but time is kept ({cure})"
            return
        sweep()
        wanted = {name: self._options[name] for name in ("rate", "device", "buffer_frames", "inputs", "outputs")}
        try:
            self.server = boot(engine, port=self.port, **wanted)
        except EngineError as error:
            self.trouble = error.line()
            return
        self.sound = f"{kind} {self.server.rate} Hz"
        self.trouble = self._other_device()

    def _other_device(self) -> str:
        """Return a complaint when the engine did not know the device and took the system's own instead."""
        device, known = self._options["device"], self.devices()
        if not device or not known or device in known:
            return ""
        return f"there is no sound device '{device}', the system's own plays ({nearest(device, known)})"

    @property
    def outputs(self) -> int:
        """Return how many hardware channels the engine has, 0 without one."""
        return self.server.outputs if self.server is not None else 0

    def devices(self) -> list[str]:
        """Return the sound devices that the embedded engine saw when it started; it prints them."""
        found: list[str] = []
        listed = False
        for line in self.printed().splitlines():
            if line.startswith("Device options:"):
                listed = True
            elif listed and not line.strip():
                break
            elif listed and (match := _DEVICE.match(line.strip())):
                found.append(match.group(1))
        return found

    def check(self) -> None:
        """Ask how the engine fares. Raises EngineError when it has ended or does not answer."""
        now, before = time.monotonic(), self._seen_s
        self._seen_s = now
        if self.server is None:
            return
        if not self.server.alive():
            raise EngineError(ENDED)
        if self._waiting_s is not None and now - before > HELD_UP_S:
            self._waiting_s = now
        if self._waiting_s is not None and now - self._waiting_s > SILENT_S:
            raise EngineError("the engine did not answer")
        if now - self._asked_s >= STATUS_S:
            self._asked_s = now
            self._shorten()
            self._waiting_s = self._waiting_s or now
            self.server.send(message("/status"))

    def hear(self) -> Sequence[Message]:
        """Return the engine's answers, its status taken out. Raises EngineError when it is gone."""
        if self.server is None:
            return ()
        answers = self.server.received()
        if answers:
            self._waiting_s = None
        for address, words in answers:
            if address == "/status.reply":
                with contextlib.suppress(*NONSENSE):
                    status = status_of(words)
                    self.load, self.peak = status.load_percent, max(self.peak, status.peak_percent)
        return answers

    def printed(self) -> str:
        """Return what the engine has printed: C keeps a while what is printed."""
        with contextlib.suppress(OSError, AttributeError):
            flush = ctypes.CDLL(None).fflush
            flush.argtypes = [ctypes.c_void_p]
            flush(None)
        try:
            return self.log.read_text("utf-8", errors="replace")
        except OSError:
            return ""

    def _shorten(self) -> None:
        """Empty a log that has grown too long: anybody can let an engine print without end."""
        with contextlib.suppress(OSError):
            if self.log.stat().st_size > LARGEST_LOG:
                os.truncate(self.log, 0)

    def late(self) -> int:
        """Return how many bundles the engine called late."""
        return sum(line.startswith("late ") for line in self.printed().splitlines())

    def close(self) -> None:
        """End an engine beside us, and leave nothing of one; of one that has not yet answered, a later sweep does."""
        # The end of the studio and that of the engine may be noticed at once.
        with self._closing:
            if self.server is not None and not self._closed:
                self._closed = True
                self.server.close()
