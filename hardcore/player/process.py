"""The player process: `python -m hardcore.player.process`, with frames on standard input and output.

The first frame names the engine and the log; until then it only waits. Then it starts the engine (or says in one line
why there is none, and keeps time without), does what the frames ask, and sends its state when that changes: twenty
times a second while it plays or rings, else only a heartbeat. It ignores Ctrl-C, ends when standard input closes, and
when its engine dies; the other side starts it again.
"""

import contextlib
import os
import select
import socket
import sys
import time
from collections.abc import Sequence
from typing import BinaryIO

from hardcore.errors import EngineError, HardcoreError
from hardcore.player.enginewatch import Watch
from hardcore.player.host import Host
from hardcore.player.inbox import Inbox, opened
from hardcore.player.overload import Overload
from hardcore.player.transport import Transport
from hardcore.player.wire import Words, frame
from hardcore.project.playback import Playback, Timing

WAKE_S = 0.01
IDLE_S = 0.04
REPORT_S = 0.05
HEARTBEAT_S = 0.25
PLAY, SILENCE = ("play", "launch"), ("stop", "pause", "panic")


class Player:
    """Answers frames, keeps the host running and says what changed."""

    def __init__(self, out: BinaryIO, watch: Watch) -> None:
        self._out, self._watch = out, watch
        self._host = Host(watch.server, watch.cue, watch.click)
        self._transport = Transport(self._host)
        self._said = Playback()
        self._said_s = self._looked_s = 0.0
        self._overload = Overload()

    @property
    def sources(self) -> list[socket.socket]:
        """Return the sockets that wake the player."""
        return [self._watch.server.socket] if self._watch.server else []

    def wake_s(self) -> float:
        """Return how long nothing is due."""
        return WAKE_S if self._host.sequencer.playing else IDLE_S

    def greet(self) -> None:
        """Say that we are there, on which engine, and which sound devices it saw."""
        self.say(
            {
                "ready": True,
                "port": self._watch.port,
                "outputs": self._watch.outputs,
                "devices": self._watch.devices(),
                **self._state(),
            }
        )

    def run(self) -> None:
        """Do what is due. Raises EngineError when the engine is gone."""
        self._host.hear(self._watch.hear())
        self._watch.check()
        self._host.run()
        self._say_midi()
        if fired := list(self._host.sequencer.arms.heard(self._host.clock.now())):
            self.say({"fired": fired})
        now = time.monotonic()
        if now - self._looked_s >= REPORT_S:
            self._looked_s = now
            self._overload.take(self._watch.load, self._host.clock.dropouts, now)
            state = self.state()
            # The load always wavers a little: that alone is no news.
            same = {"at_s": self._said.at_s, "load_percent": self._said.load_percent}
            if state.playing or state.evolve(**same) != self._said:
                self.say(self._state(state))
        if now - self._said_s >= HEARTBEAT_S:
            self.say({})

    def say(self, words: Words) -> None:
        """Send a frame to the studio."""
        self._said_s = time.monotonic()
        self._out.write(frame(words))
        self._out.flush()

    def _say_midi(self) -> None:
        if self._host.midi:
            self.say({"midi": self._host.midi})
            self._host.midi = []

    def _state(self, state: Playback | None = None) -> Words:
        self._said = state or self.state()
        return {"state": self._said.model_dump(mode="json")}

    def state(self) -> Playback:
        """Return where we are and what sounds."""
        host, sequencer = self._host, self._host.sequencer
        now, ahead_s = host.clock.now(), 0.0
        if sequencer.course is not None and now < sequencer.first_sample:
            now, ahead_s = sequencer.first_sample, (sequencer.first_sample - now) / host.clock.rate
        tracks = sequencer.project.tracks
        session, waiting = sequencer.session, host.waiting
        clips, queue = session.clips, session.queue
        if waiting is not None:
            # The studio shows the piece that comes: what still plays is not in it.
            clips, queue = {}, waiting
        clips, queue = session.without_apart(clips), session.without_apart(queue)
        epoch = sequencer.epoch(now)
        return Playback(
            epoch=epoch.number, lap=epoch.lap,
            playing=sequencer.playing, paused=sequencer.paused,
            tick=sequencer.position(now), at_s=time.monotonic() + ahead_s, start_tick=sequencer.start_tick,
            loop=sequencer.loop, metronome=sequencer.metronome.on, quantum=self._transport.quantum,
            clips=clips, queue=queue, retimings=sequencer.retimings,
            **({} if waiting is not None else session.scenes(sequencer.project, sequencer.tick)),
            song_at=sequencer.song_at[0] if sequencer.song_at is not None else None,
            sound=self._watch.sound, silent=self._watch.server is None, trouble=self._watch.trouble,
            load_percent=round(self._watch.load), overloaded=self._overload.on,
            peaks_db=host.meters.peaks_db(tracks), rms_db=host.meters.rms_db(tracks),
            clipped=host.meters.clipped(tracks), cue=host.heard_on_cue(),
        )  # fmt: skip

    def can_answer(self, waiting: Sequence[Words]) -> bool:
        """Return whether the first frame can be answered yet: what is to play waits until the engine has it.

        Silence waits for nothing, nor does what stands before it.
        """
        return not (self._host.loading and waiting[0].get("do") in PLAY) or any(
            words.get("do") in SILENCE for words in waiting
        )

    def answer(self, words: Words) -> None:
        """Do what a frame asks and answer it."""
        said: Words = {}
        try:
            if words["do"] == "project":
                # The engine loads what it has not: the studio must not take that for silence.
                self.say({"busy": True})
            if words["do"] == "timing":
                said = {"timing": self.timing().model_dump(mode="json")}
            else:
                said = self._transport.do(words)
        except (HardcoreError, ValueError, KeyError) as error:
            said = {"error": str(error)}
        self._say_midi()
        if "n" in words:
            self.say({"n": words["n"], **self._state(), **said})
        elif words["do"] == "project":
            self.say({})

    def timing(self) -> Timing:
        """Return how punctual we are."""
        punctuality, clock = self._host.punctuality, self._host.clock
        return Timing(
            sent=punctuality.count,
            late=max(punctuality.late, self._watch.late()),
            margins_ms=punctuality.histogram(),
            worst_margin_ms=round(punctuality.worst_s * 1000, 1) if punctuality.count else 0,
            load_percent=round(self._watch.load, 1),
            peak_percent=round(self._watch.peak, 1),
            settled=clock.settled,
            dropouts=clock.dropouts,
        )


def serve(player: Player, inbox: Inbox) -> None:
    """Run until the pipe closes. Raises EngineError when the engine is gone."""
    player.greet()
    while True:
        select.select([inbox.bell, *player.sources], [], [], player.wake_s())
        inbox.quiet()
        player.run()
        while inbox.waiting and player.can_answer(tuple(inbox.waiting)):
            player.answer(inbox.waiting.popleft())


def main() -> int:
    """Return the exit status: 1 when the engine is gone."""
    options, source, out = opened()
    if options is None:
        return 0
    watch = Watch(options)
    inbox = Inbox(source, watch.close)
    try:
        watch.start()
        serve(Player(out, watch), inbox)
    except (EngineError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        with contextlib.suppress(OSError):
            out.write(frame({"ended": str(error)}))
            out.flush()
    watch.close()
    return 1


if __name__ == "__main__":
    # The engine has threads and destructors of its own: leave without running them.
    os._exit(main())
