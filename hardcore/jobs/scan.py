"""Scanning a folder of sounds: a worker process listens to what is new, and what it has heard is handed on at once.

A worker that dies is started again; the file it died on twice is noted and passed over. Cancelling the call ends the
worker and keeps what was heard so far.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardcore.errors import HardcoreError, JobFailed
from hardcore.jobs.foldersearch import Place, walk
from hardcore.project.soundfacts import SoundFacts, SoundFile, said_bpm
from hardcore.workers.thread import beside
from hardcore.workers.worker import Ended, Kind, TookTooLong, Worker

Progress = Callable[[float, str], None]
Take = Callable[[Sequence[SoundFile]], None]

# What is heard is handed on in lots of this many files, or after this long.
LOT, LOT_S = 64, 0.5
# A file that takes longer is passed over.
PATIENCE_S = 60.0
# The half minute that is listened to is 92 MB at the fastest rate (audio/reader.py), and its analysis five times that.
SCANNING = Kind("listening to the sounds", "hardcore.jobs.filetasks", ("hardcore.audio.intake",), 2 << 30, PATIENCE_S)
_TOO_LONG = "it took too long"
_TRIES = 2
# So many workers that end without a word are no fault of the files.
_HOPELESS = 3
# Files given to the worker ahead, so that it need not wait for us.
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan did: sounds heard, files refused or passed over (with the reason), files that were known already,
    and known ones that are gone."""

    heard: int
    refused: tuple[tuple[str, str], ...]
    unchanged: int
    gone: tuple[str, ...]


async def scan(
    folder: Path,
    known: Mapping[str, tuple[int, int]],
    take: Take,
    progress: Progress = lambda share, words: None,
    started: Callable[[int], None] = lambda pid: None,
    within: Sequence[Path] | None = None,
) -> Scanned:
    """Return what was found in a folder; `take` gets the files as they are heard.

    `known` holds the size and date of files that need no second hearing; `started` is told each worker's process id.
    Links are followed only `within` those folders, when any are given. Raises UserError when there is no such folder,
    JobFailed when no worker will start.
    """
    found = await beside(walk, folder, within)
    fresh = [place for place in found.files if known.get(place.path) != (place.size, place.modified_ns)]
    passed = [SoundFile(path, str(folder), 0, 0, None, why) for path, why in found.passed]
    take(passed)
    gone = tuple(sorted(set(known) - {place.path for place in found.files} - {file.path for file in passed}))
    listening = _Listening(str(folder), deque(fresh), take, progress, started)
    await listening.run()
    refused = (*found.passed, *listening.refused)
    return Scanned(listening.heard, refused, len(found.files) - len(fresh), gone)


class _Listening:
    """One scan under way: the files that wait, those the worker has in hand, and what was heard and not handed on."""

    def __init__(
        self, folder: str, waiting: deque[Place], take: Take, progress: Progress, started: Callable[[int], None]
    ) -> None:
        self.heard = 0
        self.refused: list[tuple[str, str]] = []
        self._folder = folder
        self._waiting = waiting
        self._total = len(waiting)
        self._hand: deque[Place] = deque()
        self._lot: list[SoundFile] = []
        self._tries: dict[str, int] = {}
        self._take, self._progress, self._started = take, progress, started
        self._handed_s = 0.0
        self._failures = 0

    async def run(self) -> None:
        """Listen to every file that waits; whatever ends it, what was heard is handed on."""
        try:
            while self._waiting or self._hand:
                await self._with_worker()
        finally:
            self._hand_on()

    async def _with_worker(self) -> None:
        """Let one worker listen until all is done or it dies. Raises JobFailed when none will start."""
        why = ""
        async with Worker(SCANNING) as worker:
            self._started(worker.pid)
            try:
                # What takes long to load is loaded before the first file, so that no file is blamed for it.
                await worker.load()
                self._failures = 0
                await self._exchange(worker)
            except Ended:
                why = "the worker died on it"
            except TookTooLong:
                why = _TOO_LONG
        if why and not self._hand:
            self._failures += 1
        if self._failures >= _HOPELESS:
            raise JobFailed("the worker that listens to sounds ends at once", "hardcore doctor says what is missing")
        if self._hand:
            self._ended_on(self._hand[0], why)

    async def _exchange(self, worker: Worker) -> None:
        """Give the worker files and note its answers until all is done. Raises Ended and TookTooLong."""
        while self._waiting or self._hand:
            while self._waiting and len(self._hand) < _AHEAD:
                place = self._waiting.popleft()
                self._hand.append(place)
                worker.give("examine", path=place.path, bpm=said_bpm(place.path))
            try:
                answer: Mapping[str, Any] = {"facts": await worker.answer(patience_s=PATIENCE_S)}
            except (Ended, TookTooLong):
                raise
            except HardcoreError as error:
                answer = {"refused": error.line()}
            self._note(self._hand.popleft(), answer)

    def _ended_on(self, first: Place, why: str) -> None:
        """Put back what the worker had in hand, less what it ended on if that is not the first time."""
        self._tries[first.path] = self._tries.get(first.path, 0) + 1
        if self._tries[first.path] >= _TRIES or why == _TOO_LONG:
            self._note(self._hand.popleft(), {"refused": why})
        self._waiting.extendleft(reversed(self._hand))
        self._hand.clear()

    def _note(self, place: Place, answer: Mapping[str, Any]) -> None:
        facts, problem = answer.get("facts"), str(answer.get("refused", ""))
        if facts is not None:
            facts = SoundFacts(**{**facts, "words": tuple(facts["words"])})
            self.heard += 1
        else:
            self.refused.append((place.path, problem))
        self._lot.append(SoundFile(place.path, self._folder, place.size, place.modified_ns, facts, problem))
        done = self.heard + len(self.refused)
        self._progress(min(1.0, done / max(1, self._total)), f"{done} of {self._total} sounds")
        now = asyncio.get_running_loop().time()
        if len(self._lot) >= LOT or now - self._handed_s >= LOT_S:
            self._hand_on()
            self._handed_s = now

    def _hand_on(self) -> None:
        lot, self._lot = self._lot, []
        if lot:
            self._take(lot)
