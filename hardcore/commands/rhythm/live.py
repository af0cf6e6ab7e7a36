"""A drum session that steers itself while it plays: a ring of a few bars in clips, refilled ahead of what is heard.

The clips of the session loop over RING bars; whenever a bar begins, the one after the next is put in place of one that
is over. That is a layer over the project, no edit: the history stays as it is, the player is told only of those clips,
and where this thread is held up the last bars go round: the music does not stop for it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from hardcore.commands.rhythm.clips import made_from, notes_of
from hardcore.commands.rhythm.kit import DrumKit
from hardcore.controller.hearing import Hearing
from hardcore.controller.playingports import Player
from hardcore.project.clip import Provenance
from hardcore.project.notes import Note

if TYPE_CHECKING:
    from hardcore.rhythm.stream import Stream, StreamedBar

LAYER = "rhythm session"
RING, AHEAD = 4, 2
# Bars that can be kept afterwards, and bars that the figures are means of.
KEPT, RECENT = 64, 32
LOOK_S = 0.15


class RhythmSession:
    """A stream of bars on a drum kit. `bar` is the one that is heard, from 0; `last` how many there are at most.

    `over` says why it ended unasked, and `trouble` is the bug that ended it, if it was one.
    """

    def __init__(self, stream: "Stream", title: str, version: str, last: int | None = None) -> None:
        self.stream, self.title, self.version, self.last = stream, title, version, last
        self.bar, self.over, self.playing = 0, "", False
        self.trouble: Exception | None = None
        self.words: list[str] = []
        self.rescues: list[int] = []
        self.size = min(RING, last or RING)
        self.bar_ticks = stream.rhythm.bar_ticks
        self._bars: deque[StreamedBar] = deque(maxlen=KEPT + RING)
        self._shifts: dict[str, int] = {}
        self._lock, self._ended = threading.RLock(), threading.Event()
        self._kit: DrumKit | None = None
        for _ in range(self.size):
            self._add()

    @property
    def kit(self) -> DrumKit:
        """Return the kit it plays on, with what it plays now."""
        assert self._kit is not None, "a session is put on a kit first"
        return self._kit

    @property
    def made(self) -> int:
        """Return how many bars there are so far."""
        return self._bars[-1].number + 1

    @property
    def running(self) -> bool:
        """Return whether it goes on."""
        return not self._ended.is_set()

    def take(self, kit: DrumKit) -> DrumKit:
        """Play on a kit from now on, and return it with what is to be heard."""
        with self._lock:
            self._kit = kit
            return self._fill()

    def start(self, hearing: Hearing, player: Player, clock: Callable[[], float] = time.monotonic) -> None:
        """Go on by itself, in a thread, until `stop` or until its clips are gone."""

        def run() -> None:
            try:
                while self.running and self.follow(hearing, player, clock):
                    self._ended.wait(LOOK_S)
            except Exception as error:  # a bug: whoever asks next is told of it
                self.trouble, self.over = error, "it broke off"
            finally:
                self._ended.set()

        hearing.lay(LAYER, self.kit.refreshed)
        threading.Thread(target=run, name=LAYER, daemon=True).start()

    def is_on(self, hearing: Hearing) -> bool:
        """Return whether it is part of what is heard: not after its start was undone, or another project opened."""
        return hearing.has(LAYER) and self.kit.is_on(hearing.project)

    def stop(self) -> None:
        """Generate no more; what was heard last goes on."""
        with self._lock:
            self._ended.set()

    close = stop  # with the studio that keeps it

    def follow(self, hearing: Hearing, player: Player, clock: Callable[[], float]) -> bool:
        """Make what is to be heard next, and return whether the session goes on: not without its clips."""
        with self._lock:
            if not self.running:
                return False
            state, project = player.latest(), hearing.project
            if not self.is_on(hearing):
                self.over = "its clips are gone"
                self._ended.set()
                hearing.lift(LAYER)
                return False
            origins = self.kit.origins(state)
            origin = min(origins.values(), default=0)
            tick = state.tick_at(project, clock())
            self.playing = bool(state.playing and origins and tick >= origin)
            if not self.playing:
                return True
            on = (int(tick - origin) // self.bar_ticks - self.bar) % self.size
            # A bar back is none forward: the player's word may be a moment older than what was reckoned before.
            self.bar += on if on <= max(1, self.size // 2) else 0
            # A clip that was launched later than the others is as many bars behind.
            shifts = {layer: (start - origin) // self.bar_ticks % self.size for layer, start in origins.items()}
            if self._go_on() or shifts != self._shifts:
                self._shifts = shifts
                hearing.replace(LAYER, self._fill().refreshed)
            return True

    def tell(self, become: Callable[["Stream"], int], words: str) -> int:
        """Let the stream become another rhythm, and return the first bar of it (from 0)."""
        with self._lock:
            self.words.append(words)
            return become(self.stream)

    def heard(self, bars: int) -> list["StreamedBar"]:
        """Return at most so many bars: the last ones that were heard, without the one that is heard now."""
        with self._lock:
            return [bar for bar in self._bars if bar.number < self.bar][-bars:]

    def ring(self) -> list["StreamedBar"]:
        """Return the bars that go round, in order."""
        with self._lock:
            return list(self._bars)[-self.size :]

    def about(self, bars: int, first: int | None = None) -> Callable[[str], Provenance]:
        """Return what a layer's clip comes from; `first` is the bar it begins with."""
        more = {} if first is None else {"from bar": str(first + 1)}
        more |= {"words": ", ".join(self.words)[:200]} if self.words else {}
        rhythm, seed = self.stream.rhythm, self.stream.seed
        return lambda layer: made_from(rhythm, seed, bars, self.title, layer, self.version, **more)

    def _go_on(self) -> bool:
        """Make bars as far as they are wanted, and return whether there were any to make."""
        wanted = self.bar + AHEAD + 1 if self.last is None else min(self.bar + AHEAD + 1, self.last)
        before = self.made
        while self.made < wanted:
            self._add()
        return self.made > before

    def _add(self) -> None:
        bar = self.stream.next()
        if bar.figures["rescue"]:
            self.rescues.append(bar.number)
        self._bars.append(bar)

    def _fill(self) -> DrumKit:
        """Put the ring into the kit: bar n lies n bars after the clip's launch, modulo the ring."""
        notes: dict[str, list[Note]] = {layer: [] for layer in self.kit.parts}
        for bar in self.ring():
            for layer, drums in bar.parts.items():
                if layer in notes:
                    slot = (bar.number - self._shifts.get(layer, 0)) % self.size
                    notes[layer] += notes_of(drums, slot * self.bar_ticks)
        self._kit = self.kit.filled(notes, self.about(self.size))
        return self._kit


def in_a_row(bars: list["StreamedBar"], bar_ticks: int) -> dict[str, list[Note]]:
    """Return the notes of bars one after another, by layer."""
    notes: dict[str, list[Note]] = {}
    for place, bar in enumerate(bars):
        for layer, drums in bar.parts.items():
            notes.setdefault(layer, []).extend(notes_of(drums, place * bar_ticks))
    return notes
