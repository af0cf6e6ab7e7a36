"""A session without an end: bars one after another as they are settled, and words that change it between two.

    stream = Stream(rhythm("warehouse"), seed=3)
    stream.next().figures["E"]

As long as nothing changes it, the bars are those of `perform`, note for note.
"""

from collections import deque
from typing import NamedTuple

from hardcore.rhythm.config import Rhythm
from hardcore.rhythm.log import Logger
from hardcore.rhythm.notes import NONE, DrumNote, Notes, Settling, joined
from hardcore.rhythm.session import Session


class StreamedBar(NamedTuple):
    """A bar as it stays: its number from 0, its notes by layer in ticks from its start, and its row of the log."""

    number: int
    parts: dict[str, tuple[DrumNote, ...]]
    figures: dict[str, float]


class Stream:
    """A rhythm being played bar by bar. `rhythm` is what the bars that are decided next follow."""

    def __init__(self, rhythm: Rhythm, *, seed: int | None = None, bpm: float | None = None) -> None:
        self.rhythm, self.seed = rhythm, rhythm.seed if seed is None else seed
        self._session = Session(rhythm, seed=self.seed, bpm=bpm)
        self.bpm = self._session.bpm
        self._settling, self._logger = Settling(self._session.rhythm), Logger(self._session)
        self._decided = self._given = 0
        self._held: Notes = NONE
        self._ready: deque[StreamedBar] = deque()

    @property
    def layers(self) -> tuple[str, ...]:
        """Return the names of the layers."""
        return tuple(self._session.rhythm.layers)

    def next(self) -> StreamedBar:
        """Return the next bar. The engine decides about a bar more than it gives: later ones may still choke it."""
        while not self._ready:
            session = self._session
            block = session.block(self._decided, 1)
            self._decided += 1
            notes, until = self._settling.add(block, self._decided * session.rhythm.bar_ticks - session.reach_ticks)
            self._take(notes, self._logger.add(notes, until))
        return self._ready.popleft()

    def become(self, rhythm: Rhythm, bpm: float | None = None) -> int:
        """Go on as another rhythm of the same meter, and return the number of its first bar. Its leanings go on."""
        end = self._decided * self._session.rhythm.bar_ticks
        rest = self._settling.rest(NONE, end)
        self._take(rest, [*self._logger.add(rest, end), *self._logger.finish(self._decided)])
        before, self.rhythm = self._session, rhythm
        self.bpm = self.bpm if bpm is None else bpm
        self._session = Session(rhythm, seed=self.seed, bpm=self.bpm)
        self._session.carry_on(before)
        self._settling = Settling(self._session.rhythm)
        self._logger = Logger(self._session, self._decided)
        return self._decided

    def _take(self, notes: Notes, rows: list[dict[str, float]]) -> None:
        """Keep the notes, and make the bars of which the log has rows ready."""
        self._held = joined([self._held, notes])
        size = self._session.rhythm.bar_ticks
        for row in rows:
            inside = self._held.take(self._held.grid < (self._given + 1) * size)
            parts = {
                name: tuple(_from(note, self._given * size) for note in inside.of_layer(number))
                for number, name in enumerate(self.layers)
            }
            self._ready.append(StreamedBar(self._given, parts, row))
            self._held = self._held.take(self._held.grid >= (self._given + 1) * size)
            self._given += 1


def _from(note: DrumNote, begin: int) -> DrumNote:
    return note._replace(grid_ticks=note.grid_ticks - begin, start_ticks=note.start_ticks - begin)
