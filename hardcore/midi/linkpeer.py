"""Ableton Link: a tempo, a beat and start and stop that programs of a network share.

Alone in its session, a peer lets the session follow the music, so that whoever joins finds it there. With others the
music follows the session: its tempo is theirs, whose it was first; ours is pushed only when it is changed by hand.
"""

import threading
import time
from collections.abc import Callable
from math import ceil
from typing import Any

from hardcore.midi.ticker import Ticker
from hardcore.music.ticks import PPQ
from hardcore.project.hands import ClockSaid

POLL_S = 0.02
TELL_S = 0.25
# Alone, the session is put right where it is farther from the music than this.
NEAR_BPM, NEAR_BEATS = 0.001, 0.02
# So much later than it was asked for the music may begin at the earliest.
LEAD_S = 0.1


class LinkPeer:
    """A peer of a session from now on, until `close`. Raises ImportError where the package is missing.

    bpm      the tempo to begin a session with; where there is one, that one counts
    quantum  beats after which music may begin: a bar
    tell     is called with what is worth telling, in a thread of its own
    """

    def __init__(self, ticker: Ticker, tell: Callable[[ClockSaid], None], bpm: float, quantum: float) -> None:
        import link

        self._ticker, self._tell, self.quantum = ticker, tell, quantum
        self.offset_s = 0.0
        self._link: Any = link.Link(bpm)
        self._link.startStopSyncEnabled = True
        self._link.enabled = True
        # The music's epoch: another one is another beginning or end, also of what was over between two looks.
        self._epoch, self._theirs = ticker.epoch, False
        self._peers, self._told_s = -1, 0.0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go, name="Link", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Leave the session."""
        self._ended.set()
        self._thread.join()
        self._link.enabled = False

    def push(self, bpm: float) -> None:
        """Give the session a tempo: somebody has set it here."""
        with self._lock:
            state = self._link.captureSessionState()
            state.setTempo(bpm, self._micros(time.monotonic()))
            self._link.commitSessionState(state)

    def start(self, beat: float = 0.0) -> None:
        """Let the music of all begin where the session comes to a beat of its bar; when that is, is told."""
        with self._lock:
            state = self._link.captureSessionState()
            at = self._at(state, time.monotonic() + LEAD_S, beat)
            state.setIsPlaying(True, self._micros(at))
            self._link.commitSessionState(state)
            self._theirs = True
            self._say(state, at, "start", beat)

    def _go(self) -> None:
        while not self._ended.wait(POLL_S):
            with self._lock:
                self._poll()

    def _poll(self) -> None:
        now, peers = time.monotonic(), self._link.numPeers()
        state = self._link.captureSessionState()
        if peers != self._peers:
            self._peers, self._told_s = peers, now
            self._theirs = state.isPlaying() if peers else self._theirs
            self._say(state, now, "")
        if peers:
            self._follow(state, now)
        else:
            self._lead(state, now)
        self._epoch = self._ticker.epoch

    def _follow(self, state: Any, now: float) -> None:
        playing = self._ticker.playing
        if state.isPlaying() != self._theirs:
            self._theirs = state.isPlaying()
            if self._theirs and not playing:
                self._say(state, self._at(state, now + LEAD_S, 0.0), "start")
            elif playing and not self._theirs:
                self._say(state, now, "stop")
        elif self._ticker.epoch != self._epoch and playing != self._theirs:
            self._theirs = playing
            state.setIsPlaying(playing, self._micros(now))
            self._link.commitSessionState(state)
        if now - self._told_s >= TELL_S:
            self._told_s = now
            self._say(state, now, "")

    def _lead(self, state: Any, now: float) -> None:
        """Let a session in which nobody else is follow the music."""
        bpm, playing, micros = self._ticker.bpm_at(now), self._ticker.playing, self._micros(now)
        beat = self._ticker.tick_at(now) / PPQ
        wrong = abs(state.tempo() - bpm) > NEAR_BPM
        if wrong:
            state.setTempo(bpm, micros)
        if playing and abs(_apart(state.phaseAtTime(micros, self.quantum), beat, self.quantum)) > NEAR_BEATS:
            state.forceBeatAtTime(beat, micros, self.quantum)
            wrong = True
        if playing != state.isPlaying():
            state.setIsPlaying(playing, micros)
            wrong = True
        if wrong:
            self._link.commitSessionState(state)
        self._theirs = playing

    def _say(self, state: Any, at_s: float, did: str, beat: float = 0.0) -> None:
        """Tell where our music ought to be at a time: as near to where it is as the session's bar allows."""
        ours = beat if did == "start" else self._ticker.tick_at(at_s) / PPQ
        apart = _apart(state.phaseAtTime(self._micros(at_s), self.quantum), ours, self.quantum)
        tick = ours * PPQ if did == "start" else (ours + apart) * PPQ
        self._tell(ClockSaid(state.tempo(), self._ticker.playing, tick, at_s, did, max(0, self._peers)))

    def _at(self, state: Any, from_s: float, beat: float) -> float:
        """Return the first time from one on at which the session comes to a beat of its bar."""
        here = state.beatAtTime(self._micros(from_s), self.quantum)
        bars = ceil((here - beat) / self.quantum - 1e-6)
        micros = state.timeAtBeat(beat + bars * self.quantum, self.quantum)
        return float(from_s + (micros - self._micros(from_s)) / 1e6)

    def _micros(self, at_s: float) -> int:
        """Return a time of the steady clock as the session counts it, for music that is `offset_s` later."""
        return int(self._link.clock().micros()) + round((at_s - self.offset_s - time.monotonic()) * 1e6)


def _apart(phase: float, beat: float, quantum: float) -> float:
    """Return how far a beat is before a phase, the nearer way round."""
    return (phase - beat + quantum / 2) % quantum - quantum / 2
