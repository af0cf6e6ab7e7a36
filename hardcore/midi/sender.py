"""The process that sends MIDI in time, from the studio's side: started when something is to be sent, and again."""

import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from hardcore.music.tempo import TempoMap
from hardcore.player.child import Ends, ended, spawned, tell
from hardcore.player.wire import Words
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState

ALL_NOTES_OFF = 123


class Sender:
    """Sends MIDI clock, and the notes of tracks. Its methods may be called from any thread and return at once.

    news  is told what the person at the studio ought to know
    """

    def __init__(self, log: Callable[[], Path], news: Callable[[str], None]) -> None:
        self._log, self._news = log, news
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()
        self._tempo = TempoMap()
        self._sync: Words = {"do": "sync", "out": [], "offset_s": 0.0}
        self._time: Words | None = None
        self._outs: dict[str, list[tuple[int, ...]]] = {}
        self._started = False
        self._ends = Ends()

    @property
    def process_id(self) -> int | None:
        """Return the process id while it runs."""
        process = self._process
        return process.pid if process is not None else None

    def sync(self, out: Sequence[str], offset_s: float) -> None:
        """Send the clock of the music to ports, earlier or later; to none: no longer."""
        with self._lock:
            self._sync = {"do": "sync", "out": list(out), "offset_s": offset_s}
            if self._process is not None:
                self._send(self._sync, self._ports())

    def start(self) -> None:
        """Begin to send as soon as there is anything to send to."""
        with self._lock:
            self._started = True
            self._begin_if_needed()

    def follow(self, project: ProjectState) -> None:
        """Count by its tempos and send to the outputs of its tracks from now on."""
        with self._lock:
            tempo, outs = project.tempo_map, _first_messages(project)
            if tempo is not self._tempo:
                self._tempo = tempo
                if self._process is not None:
                    self._send(self._tempos())
            if outs != self._outs:
                self._outs = outs
                if self._process is not None:
                    self._send(self._ports())
            self._begin_if_needed()

    def send(self, frames: Sequence[Words]) -> None:
        """Send messages at their times, or end the notes, as the player says."""
        with self._lock:
            if self._process is not None:
                self._send(*frames)

    def keep_time(self, now: Playback) -> None:
        """Take in where the music is."""
        with self._lock:
            place = {"playing": now.playing, "tick": now.tick, "at_s": now.at_s, "epoch": now.epoch}
            self._time = {"do": "time", **place}
            if self._process is not None:
                self._send(self._time)

    def close(self) -> None:
        """End it and wait for that."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            ended(process)

    def _ports(self) -> Words:
        return {"do": "ports", "ports": dict.fromkeys(self._sync["out"], ()) | self._outs}

    def _tempos(self) -> Words:
        return {"do": "tempo", "tempo": self._tempo.model_dump(mode="json")}

    def _begin_if_needed(self) -> None:
        if self._started and self._process is None and (self._sync["out"] or self._outs):
            self._begin()

    def _begin(self) -> None:
        self._process = spawned("hardcore.midi.sendprocess")
        self._send({"log": str(self._log())}, self._ports(), self._tempos(), self._sync)
        if self._time is not None:
            self._send(self._time)
        threading.Thread(target=self._watch, args=(self._process,), name="MIDI out", daemon=True).start()

    def _send(self, *messages: Words) -> None:
        assert self._process is not None
        tell(self._process, *messages)

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        """Start it again when it ends unasked, unless it keeps ending."""
        process.wait()
        with self._lock:
            if self._process is not process:
                return
            self._process = None
            if self._ends.too_many():
                self._started = False
                self._news(f"the process that sends MIDI keeps ending; its log is {self._log()}")
                return
            self._news("the process that sends MIDI ended: it is started again")
            self._begin()


def _first_messages(project: ProjectState) -> dict[str, list[tuple[int, ...]]]:
    """Return what each output of tracks is told when it opens, by port: no note is down, and the programs."""
    found: dict[str, list[tuple[int, ...]]] = {}
    for out in filter(None, (track.midi_out for track in project.tracks)):
        messages = found.setdefault(out.port, [])
        off = (0xB0 + out.channel - 1, ALL_NOTES_OFF, 0)
        messages += [] if off in messages else [off]
        messages += out.chosen
    return found
