"""The player process: `python -m hardcore.player.process OPTIONS`, with frames on standard input and output.

It starts an engine (or says in one line why there is none, and keeps time without), does what the frames ask, and sends
its state whenever that changes and ten times a second while it plays. It ignores Ctrl-C, ends when standard input
closes, and when its engine dies; the other side starts it again.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from math import ceil, log10
from pathlib import Path
from typing import Any, BinaryIO

from hardcore.engine.offline import find_embedded, find_external
from hardcore.engine.osc import message
from hardcore.engine.server import Server, boot, status_of
from hardcore.errors import EngineError, HardcoreError
from hardcore.player.host import LEAD_S, Host
from hardcore.player.wire import Receiver, Words, frame, frames
from hardcore.project.playback import Launched, Loop, Playback, Timing, next_on_grid

WAKE_S = 0.01
IDLE_S = 0.05
REPORT_S = 0.1
HEARTBEAT_S = 0.25
STATUS_S = 0.5
SILENT_S = 3.0


def start_engine(options: Words) -> tuple[Server | None, str, str]:
    """Return the engine, what it is in words, and the trouble when there is none."""
    kind = options["kind"]
    engine = find_external() if kind == "external" else find_embedded()
    if kind == "none":
        return None, "silent", ""
    if engine is None:
        return None, "silent", f"there is no {kind} engine on this machine: silent, but time is kept"
    try:
        server = boot(engine, rate=options["rate"], device=options["device"], buffer_frames=options["buffer_frames"])
    except EngineError as error:
        return None, "silent", error.line()
    return server, f"{kind} {server.rate} Hz", ""


class Player:
    """Answers frames and keeps the host running."""

    def __init__(self, out: BinaryIO, options: Words) -> None:
        self._out, self._log = out, Path(options["log"])
        self._server, self._sound, self._trouble = start_engine(options)
        self._host = Host(self._server)
        self._receiver = Receiver()
        self._quantum: Any = "1"
        self._reported_s = 0.0
        self._asked_s = self._heard_s = time.monotonic()
        self._status = (0.0, 0.0)

    def close(self) -> None:
        """Leave nothing of the engine behind."""
        if self._server is not None:
            self._server.close()

    @property
    def port(self) -> int | None:
        """Return the engine's port, None without an engine."""
        return self._server.port if self._server else None

    @property
    def sources(self) -> list[socket.socket]:
        """Return the sockets that wake the player."""
        return [self._server.socket] if self._server else []

    def wake_s(self) -> float:
        """Return how long nothing is due."""
        return WAKE_S if self._host.sequencer.playing else IDLE_S

    def run(self) -> None:
        """Do what is due. Raises EngineError when the engine is gone."""
        self._watch()
        self._host.run()
        pace = REPORT_S if self._host.sequencer.playing else HEARTBEAT_S
        if time.monotonic() - self._reported_s >= pace:
            self.say({"state": self._state()})

    def _watch(self) -> None:
        """Ask the engine how it fares, and notice when it does not answer."""
        now = time.monotonic()
        if self._server is None:
            return
        if not self._server.alive():
            raise EngineError("the engine ended")
        if now - self._asked_s >= STATUS_S:
            self._asked_s = now
            self._server.send(message("/status"))
        if now - self._heard_s > SILENT_S:
            raise EngineError("the engine does not answer")

    def say(self, words: Words) -> None:
        """Send a frame to the studio."""
        self._reported_s = time.monotonic()
        self._out.write(frame(words))
        self._out.flush()

    def _state(self) -> Words:
        return self.state().model_dump(mode="json")

    def state(self) -> Playback:
        """Return where we are and what sounds."""
        sequencer = self._host.sequencer
        now, ahead_s = self._host.clock.now(), 0.0
        if sequencer.course is not None and now < sequencer.first_sample:
            now, ahead_s = sequencer.first_sample, (sequencer.first_sample - now) / self._host.clock.rate
        peaks = self._host.peaks
        tracks = sequencer.project.tracks
        return Playback(
            playing=sequencer.playing,
            tick=sequencer.position(now),
            at_s=time.monotonic() + ahead_s,
            start_tick=sequencer.start_tick,
            loop=sequencer.loop,
            metronome=sequencer.metronome,
            quantum=self._quantum,
            clips=sequencer.session.clips,
            queue=sequencer.session.queue,
            sound=self._sound,
            trouble=self._trouble,
            peaks_db={
                track.id: round(20 * log10(max(peaks[number], 1e-6)), 1)
                for track in tracks
                if (number := int(track.id[1:])) in peaks
            },
        )

    def answer(self, words: Words) -> None:
        """Do what a frame asks and answer it."""
        try:
            said = self._do(words)
        except (HardcoreError, ValueError, KeyError) as error:
            self.say({"n": words.get("n"), "error": str(error), "state": self._state()})
            return
        if "n" in words:
            self.say({"n": words["n"], "state": self._state()} | (said or {}))

    def _do(self, words: Words) -> Words | None:
        name = words["do"]
        if name == "timing":
            return {"timing": self.timing().model_dump(mode="json")}
        getattr(self, f"do_{name}")(words)
        self._host.run()
        return None

    def do_project(self, words: Words) -> None:
        """Follow the project."""
        self._host.follow(self._receiver.project(words["project"]))

    def do_ask(self, words: Words) -> None:
        """Say the state, nothing else."""

    def do_play(self, words: Words) -> None:
        """Play from a tick, or from where the transport stands."""
        sequencer = self._host.sequencer
        if sequencer.playing and words["tick"] is None:
            return
        self._host.silence()
        if words["arrangement"]:
            sequencer.session.clips.clear()
        tick = sequencer.tick if words["tick"] is None else words["tick"]
        sequencer.play(self._host.soon(), tick, count_in_bars=words["count_in"])

    def do_stop(self, words: Words) -> None:
        """Stop; a second time go to the beginning."""
        sequencer = self._host.sequencer
        if not sequencer.playing:
            sequencer.start_tick = 0
        sequencer.stop()
        self._host.silence()

    def do_pause(self, words: Words) -> None:
        """Stop here."""
        self._host.sequencer.pause(self._host.clock.now())
        self._host.silence()

    def do_seek(self, words: Words) -> None:
        """Go elsewhere."""
        self._host.silence()
        self._host.sequencer.seek(self._host.soon(), words["tick"])

    def do_loop(self, words: Words) -> None:
        """Loop a stretch, or no longer."""
        self._host.sequencer.loop = Loop.model_validate(words["loop"]) if words["loop"] else None

    def do_launch(self, words: Words) -> None:
        """Launch clips by track on the grid; from standing, play at once."""
        sequencer = self._host.sequencer
        quantum = words["quantum"] or self._quantum
        meters = sequencer.project.meter_map
        sequencer.launch(words["clips"], lambda tick: next_on_grid(meters, tick, quantum))
        if not sequencer.playing and any(words["clips"].values()):
            sequencer.session.restart(sequencer.tick)
            sequencer.play(self._host.soon(), sequencer.tick)

    def do_quantum(self, words: Words) -> None:
        """Set the launch grid."""
        self._quantum = Playback(quantum=words["quantum"]).quantum

    def do_metronome(self, words: Words) -> None:
        """Click or not."""
        self._host.sequencer.metronome = bool(words["on"])

    def do_panic(self, words: Words) -> None:
        """Be silent at once."""
        self._host.panic()

    def do_resume(self, words: Words) -> None:
        """Go on where another player was: its last state tells where that is by now."""
        was = Playback.model_validate(words["state"])
        sequencer = self._host.sequencer
        sequencer.loop, sequencer.metronome, self._quantum = was.loop, was.metronome, was.quantum
        sequencer.start_tick = sequencer.tick = was.start_tick
        sequencer.session.clips = {track: Launched.model_validate(launched) for track, launched in was.clips.items()}
        sequencer.session.queue = dict(was.queue)
        if not was.playing:
            sequencer.tick = round(was.tick)
            return
        tempo, rate = sequencer.project.tempo_map, self._host.clock.rate
        here = was.tick_at(sequencer.project, time.monotonic() + LEAD_S)
        tick = ceil(here)
        rest_s = tempo.seconds(tick) - tempo.seconds(here)
        sequencer.resume(self._host.soon() + rest_s * rate, tick)

    def hear_status(self) -> None:
        """Take in the engine's answers, /status among them."""
        if self._server is None:
            return
        answers = self._server.received()
        self._heard_s = time.monotonic() if answers else self._heard_s
        for address, words in answers:
            if address == "/status.reply":
                status = status_of(words)
                self._status = status.load_percent, max(self._status[1], status.peak_percent)
        self._host.hear(answers)

    def timing(self) -> Timing:
        """Return how punctual we are."""
        punctuality, clock = self._host.punctuality, self._host.clock
        return Timing(
            sent=punctuality.count,
            late=self._late(),
            margins_ms=punctuality.histogram(),
            worst_margin_ms=round(punctuality.worst_s * 1000, 1) if punctuality.count else 0,
            load_percent=round(self._status[0], 1),
            peak_percent=round(self._status[1], 1),
            settled=bool(getattr(clock, "settled", True)),
        )

    def _late(self) -> int:
        """Return how many bundles the engine called late: it prints them, and C keeps a while what is printed."""
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).fflush(None)
        try:
            said = self._log.read_text("utf-8", errors="replace")
        except OSError:
            said = ""
        return max(self._host.punctuality.late, sum(line.startswith("late ") for line in said.splitlines()))


class Inbox:
    """Frames as they come in, read by a thread of its own, so that a closed pipe ends us whatever we are doing."""

    def __init__(self, source: BinaryIO) -> None:
        self.waiting: deque[Words] = deque()
        self.bell, self._ring = socket.socketpair()
        self.bell.setblocking(False)
        self.on_end: Callable[[], None] = lambda: None
        self._source = source
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for words in frames(self._source):
                self.waiting.append(words)
                self._ring.send(b"\0")
        finally:
            self.on_end()
            os._exit(0)

    def quiet(self) -> None:
        """Stop the bell."""
        with contextlib.suppress(BlockingIOError):
            self.bell.recv(4096)


def serve(player: Player, inbox: Inbox) -> None:
    """Run until the pipe closes. Raises EngineError when the engine is gone."""
    player.say({"ready": True, "port": player.port, "state": player.state().model_dump(mode="json")})
    while True:
        select.select([inbox.bell, *player.sources], [], [], player.wake_s())
        inbox.quiet()
        player.hear_status()
        while inbox.waiting:
            player.answer(inbox.waiting.popleft())
        player.run()


def _own_streams(log: Path) -> tuple[BinaryIO, BinaryIO]:
    """Return our pipes; from now on everything that prints, C code too, writes to the log."""
    source, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, there in ((nothing, 0), (sink, 1), (sink, 2)):
        os.dup2(here, there)
    return source, out


def main(arguments: list[str]) -> int:
    """Return the exit status: 1 when the engine is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    options = json.loads(arguments[0])
    source, out = _own_streams(Path(options["log"]))
    inbox = Inbox(source)
    player = Player(out, options)
    inbox.on_end = player.close
    try:
        serve(player, inbox)
    except (EngineError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        player.close()
    return 1


if __name__ == "__main__":
    # The engine has threads and destructors of its own: leave without running them.
    os._exit(main(sys.argv[1:]))
