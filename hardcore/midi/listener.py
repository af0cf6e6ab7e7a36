"""The MIDI process from the studio's side: started when it is first needed, told of the project, started again."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hardcore.errors import HardcoreError
from hardcore.midi.journal import Played, forget, kept, left
from hardcore.midi.sender import Sender as OutSender
from hardcore.player.child import SPARE_S, Ends, Spare, ended, tell
from hardcore.player.wire import Sender, Words, frames
from hardcore.project.hands import NOTE_OFF, NOTE_ON, ClockSaid, DeviceLights, Heard, HeardNote, InputPorts, LinkAsked
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState

START_S = 10.0
CLOSE_S = 1.0


class Listener:
    """Listens to the MIDI inputs. Its methods may be called from any thread.

    heard, news, clock  are called in its own
    engine              gives the port and the hardware channels of the engine that plays, None while none does
    played              gives the folder in which what is played is kept; None: it is not
    """

    def __init__(
        self, project: ProjectState, log: Callable[[], Path], engine: Callable[[], tuple[int, int] | None],
        heard: Callable[[Heard], None], news: Callable[[str], None],
        clock: Callable[[ClockSaid], None] = lambda said: None, played: Callable[[], Path] | None = None,
    ) -> None:  # fmt: skip
        self._root = played
        self._kept: Played | None = None
        # Keys that are down, and when the latest note was told: what a process that is killed leaves open.
        self._down: dict[tuple[str, int, int], Heard] = {}
        self._told_s = 0.0
        self._nodes = 0
        self._project, self._log, self._engine = project, log, engine
        self._heard, self._news, self._clock = heard, news, clock
        self._out = OutSender(lambda: log().with_name("midi_out.log"), news)
        self._out.follow(project)
        self._synced: Words | None = None
        self._shared: Words = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._spare, self._begun_s = Spare("hardcore.midi.process"), 0.0
        self._sender = Sender()
        self._engine_met: tuple[int, int] | None = None
        self._lock = threading.RLock()
        self._listed = threading.Event()
        self._ends = Ends()
        self._ports = InputPorts()
        self._lights: tuple[DeviceLights, ...] = ()

    @property
    def running(self) -> bool:
        """Return whether it listens."""
        return self._process is not None

    @property
    def process_id(self) -> int | None:
        """Return the process id while it listens."""
        process = self._process
        return process.pid if process is not None else None

    def listen(self) -> None:
        """Begin to listen; where it does already, nothing happens. Returns at once."""
        self._out.start()
        with self._lock:
            if self._process is None:
                self._begin()

    def listed(self) -> InputPorts:
        """Listen, and return the ports as soon as they are known."""
        self.listen()
        self._listed.wait(START_S)
        return self._ports

    @property
    def ports(self) -> InputPorts:
        """Return the ports as they are known now; it costs nothing."""
        return self._ports

    def follow(self, project: ProjectState) -> None:
        """Play this version from now on. Returns at once."""
        with self._lock:
            self._project = project
            self._out.follow(project)
            if self._process is not None:
                self._send({"do": "project", "project": self._sender.delta(project)})
                self._meet()

    def light(self, devices: Sequence[DeviceLights]) -> None:
        """Show these lights, and no others; a controller that is plugged in later gets them then. Returns at once."""
        with self._lock:
            if self._lights != tuple(devices):
                self._lights = tuple(devices)
                if self._process is not None:
                    self._send({"do": "lights", "devices": self._lights})

    def strike(self, track: str, keys: Sequence[int], velocity: int, seconds: float) -> None:
        """Sound keys on a track at once, for so long. Returns at once."""
        with self._lock:
            if self._process is not None:
                words = {"track": track, "keys": list(keys), "velocity": velocity, "seconds": seconds}
                self._send({"do": "strike", **words})

    def feed(self, port: str, data: Sequence[int]) -> None:
        """Take in a MIDI message as if it had come from a port of that name. Returns at once."""
        with self._lock:
            if self._process is not None:
                self._send({"do": "feed", "port": port, "data": list(data)})

    def sync(self, out: Sequence[str], offset_s: float, follow: str) -> None:
        """Send the clock of the music to ports, earlier or later, and follow that of another one. Returns at once."""
        self._out.sync(out, offset_s)
        with self._lock:
            self._synced = {"do": "sync", "follow": follow}
            if self._process is not None:
                self._send(self._synced)

    def share(self, link: LinkAsked) -> None:
        """Join a Link session or leave it, or tell it what was done here. Returns at once."""
        with self._lock:
            self._shared = {"do": "link", **link._asdict()}
            if self._process is not None:
                self._send(self._shared)
            self._shared |= {"push": None, "start": None}

    def keep_time(self, now: Playback) -> None:
        """Take in where the music is. Returns at once."""
        self._out.keep_time(now)
        with self._lock:
            if self._process is not None:
                place = {"playing": now.playing, "tick": now.tick, "at_s": now.at_s}
                self._send({"do": "time", **place, "epoch": now.epoch, "laps": now.ran_ticks})

    def send(self, frames: Sequence[Words]) -> None:
        """Send to MIDI outputs what the player says. Returns at once."""
        self._out.send(frames)

    def meet(self) -> None:
        """Play on the engine that plays now, if it is another one."""
        with self._lock:
            if self._process is not None:
                self._meet()

    def silence(self) -> None:
        """Release what hands hold, pedals too. Returns at once."""
        with self._lock:
            if self._process is not None:
                self._send({"do": "silence"})

    def close(self) -> None:
        """End it and wait for that; where it does not listen nothing happens."""
        with self._lock:
            process, self._process = self._process, None
        self._out.close()
        self._spare.close()
        if process is None:
            return
        ended(process, CLOSE_S)
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def left(self, piece: Sequence[Any]) -> list[HeardNote]:
        """Return what was played in a piece in studios that were killed."""
        return left(self._root(), piece) if self._root is not None else []

    def forget_left(self, piece: Sequence[Any]) -> None:
        """Keep what `left` returns no longer: it is kept elsewhere."""
        if self._root is not None:
            forget(self._root(), piece)

    def _begin(self) -> None:
        self._process, self._begun_s = self._spare.take(), time.monotonic()
        self._sender, self._engine_met = Sender(), None
        self._send(
            {"log": str(self._log()), "played": self._journal(), "piece": list(self._project.piece)},
            {"do": "project", "project": self._sender.delta(self._project)},
        )
        if self._synced is not None:
            self._send(self._synced)
        if self._shared:
            self._send(self._shared)
        if self._lights:
            self._send({"do": "lights", "devices": self._lights})
        self._meet()
        threading.Thread(target=self._read, args=(self._process,), name="midi", daemon=True).start()

    def _journal(self) -> str:
        """Return the folder that what is played is kept in; empty: none can be made."""
        if self._kept is None and self._root is not None:
            with contextlib.suppress(OSError, HardcoreError):
                self._kept = Played(self._root())
                if lost := sum(one.heard.kind == NOTE_ON for one in self.left(self._project.piece)):
                    self._news(f"{lost} notes that were played before the studio was killed are kept: /capture")
        return str(self._kept.folder) if self._kept is not None else ""

    def _meet(self) -> None:
        engine = self._engine()
        if engine is not None and engine != self._engine_met:
            self._engine_met = engine
            self._send({"do": "engine", "port": engine[0], "outputs": engine[1], "nodes": self._nodes})
            self._nodes = 0

    def _send(self, *messages: Words) -> None:
        assert self._process is not None
        tell(self._process, *messages)

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        for words in frames(process.stdout):
            if "ports" in words:
                self._list(words)
            for heard in words.get("heard", ()):
                self._tell(Heard(*heard))
            for said in words.get("clock", ()):
                self._clock(ClockSaid(*said))
            if time.monotonic() - self._begun_s > SPARE_S:
                self._stand_by(process)
        process.wait()
        if process is self._process:
            self._tell_rest()
        self._again(process)

    def _stand_by(self, process: "subprocess.Popen[bytes]") -> None:
        """Have a spare process beside one that hands play on."""
        with self._lock:
            if process is self._process:
                self._spare.stand_by()

    def _tell(self, heard: Heard) -> None:
        if heard.kind in (NOTE_ON, NOTE_OFF):
            self._told_s = heard.at_s
            place = (heard.port, heard.channel, heard.number)
            self._down.pop(place, None)
            if heard.kind == NOTE_ON:
                self._down[place] = heard
        self._heard(heard)

    def _tell_rest(self) -> None:
        """Tell what a process that was killed has kept and not told, and let go of what it held."""
        rest = kept(self._kept.folder) if self._kept is not None else []
        self._nodes = max((one.nodes for one in rest[-1:]), default=0)
        for one in rest:
            if one.heard.at_s > self._told_s:
                self._tell(one.heard)
        for down in tuple(self._down.values()):
            self._tell(down._replace(kind=NOTE_OFF, value=0, at_s=time.monotonic()))

    def _list(self, words: Words) -> None:
        first = not self._listed.is_set()
        self._ports = InputPorts(tuple(words["ports"]), bool(words["available"]))
        self._listed.set()
        for port in words["gone"]:
            self._news(f"MIDI input {port} is gone; its notes are released")
        for port in () if first else words["come"]:
            self._news(f"MIDI input {port} is there")

    def _again(self, process: "subprocess.Popen[bytes]") -> None:
        """Start it again, unless it keeps ending."""
        too_many = self._ends.too_many()
        with self._lock:
            if self._process is not process:
                return
            self._process = None
            self._listed.clear()
            if too_many:
                self._news(f"the MIDI process keeps ending; its log is {self._log()}")
                self._listed.set()
                return
            self._news("the MIDI process ended: it is started again")
            self._begin()
