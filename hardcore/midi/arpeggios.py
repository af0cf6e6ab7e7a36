"""Arpeggios and note repeat: keys that are down sound again and again, in step with the music."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from hardcore.midi.livevoices import LiveVoices
from hardcore.midi.ticker import Ticker
from hardcore.project.midieffects import MidiEffects

# So long before its time a step is sent, with its time on it.
AHEAD_S = 0.04
# Steps that a process held up by the machine missed by more than this are left out.
LATE_S = 0.05


@dataclass
class _Running:
    """The keys that are down on a track, in the order they were pressed, with their velocities; the step that comes."""

    effects: MidiEffects
    keys: dict[int, int] = field(default_factory=dict)
    next_tick: int = 0
    number: int = 0
    epoch: int = 0


class Arpeggios:
    """The arpeggios of all tracks, and what is struck for a while. `voices` start and end their notes."""

    def __init__(self, voices: LiveVoices, ticker: Ticker) -> None:
        self.voices, self._ticker = voices, ticker
        self._running: dict[str, _Running] = {}
        self._ends: list[tuple[float, str, int]] = []

    @property
    def active(self) -> bool:
        """Return whether something is due sooner or later."""
        return bool(self._running or self._ends)

    def press(self, track: str, effects: MidiEffects, keys: Iterable[int], velocity: int, now_s: float) -> None:
        """Take up keys; the first ones begin the arpeggio on the next place of its grid."""
        running = self._running.get(track)
        if running is None or running.effects != effects:
            if not self._running:
                self._ticker.rest(now_s)
            running = self._running[track] = _Running(effects, epoch=self._ticker.epoch)
            self._aim(running, now_s)
        for key in keys:
            running.keys.pop(key, None)
            running.keys[key] = velocity

    def lift(self, track: str, keys: Iterable[int]) -> None:
        """Let go of keys; the last one ends it."""
        running = self._running.get(track)
        if running is None:
            return
        for key in keys:
            running.keys.pop(key, None)
        if not running.keys:
            del self._running[track]

    def stop(self, track: str) -> None:
        """Forget what is down on a track."""
        self._running.pop(track, None)

    def strike(self, track: str, keys: Iterable[int], velocity: int, end_s: float) -> list[bytes]:
        """Return what starts keys now; they end by themselves."""
        requests: list[bytes] = []
        for key in keys:
            requests += self.voices.press(track, key, velocity)
            self._ends.append((end_s, track, key))
        return requests

    def due(self, now_s: float) -> list[tuple[float, list[bytes]]]:
        """Return what is to sound or to end soon: times of the steady clock, and requests for the engine."""
        until = now_s + AHEAD_S
        found: list[tuple[float, list[bytes]]] = []
        for track, running in self._running.items():
            if running.epoch != self._ticker.epoch:  # the music began, stopped or went elsewhere
                running.epoch = self._ticker.epoch
                self._aim(running, now_s)
            while (at := self._ticker.time_of(running.next_tick)) <= until:
                if at > now_s - LATE_S:
                    found += self._struck(track, running, at)
                running.next_tick += running.effects.rate_ticks
                running.number += 1
        found += self._ended(until)
        return sorted(found, key=lambda entry: entry[0])

    def _aim(self, running: _Running, now_s: float) -> None:
        rate = running.effects.rate_ticks
        running.next_tick = ceil(self._ticker.tick_at(now_s) / rate - 0.05) * rate

    def _struck(self, track: str, running: _Running, at_s: float) -> list[tuple[float, list[bytes]]]:
        effects = running.effects
        length_s = self._ticker.time_of(running.next_tick + effects.gate * effects.rate_ticks) - at_s
        found = self._ended(at_s)
        velocity = max(running.keys.values())
        for key in effects.step(list(running.keys), running.number):
            found.append((at_s, self.voices.press(track, key, running.keys.get(key, velocity))))
            self._ends.append((at_s + length_s, track, key))
        return found

    def _ended(self, until_s: float) -> list[tuple[float, list[bytes]]]:
        over = sorted(end for end in self._ends if end[0] <= until_s)
        self._ends = [end for end in self._ends if end[0] > until_s]
        return [(at, self.voices.lift(track, key)) for at, track, key in over]
