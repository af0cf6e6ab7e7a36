"""What the screen is about to show, gathered from the studio: the state that views are drawn from."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from hardcore.commands.performance.typingkeys import TypingKeys
from hardcore.commands.studio.jobs import listed
from hardcore.commands.studio.keymap import Keymap
from hardcore.controller.studio import Studio
from hardcore.project import artifacts
from hardcore.project.libraryitem import Item
from hardcore.project.playback import Playback
from hardcore.project.retiming import retimed
from hardcore.project.state import ProjectState
from hardcore.surfaces.screen.view import CellWork, Focus, Running, Shown, View
from hardcore.surfaces.screen.views import FIRST, NOTHING, Views

if TYPE_CHECKING:
    from hardcore.commands.performance.setlist import SetEntry
    from hardcore.commands.rhythm.pane import Pane


class Board:
    """The view in sight, the focus, and what runs. `clock` is the steady clock that the player reads.

    `preview` is the project as a gesture of keys is about to leave it; knobs have one of their own.
    """

    def __init__(
        self,
        studio: Studio,
        keymap: Keymap,
        *,
        ascii_only: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.studio = studio
        self.keymap = keymap
        self.views = Views()
        self.view: View = self.views[FIRST]
        self.focus = Focus()
        self.preview: ProjectState | None = None
        self.waiting: tuple[str, ...] = ()
        self._ascii_only = ascii_only
        self._clock = clock
        self._running: dict[int, Running] = {}
        self._number = 0

    def show(self, view: str) -> None:
        """Put a view in sight; the one in sight makes room for the session."""
        self._leave()
        self.view = self.views[FIRST if view == self.view.name else view]

    def hide(self) -> None:
        """Leave the screen to the transcript: the view in sight cannot be drawn."""
        self._leave()
        self.view = self.views[NOTHING]

    def _leave(self) -> None:
        """Hear the present again: a step is heard in its view only, a branch until one says otherwise."""
        if self.view.name == "history" and not isinstance(self.studio.heard, str):
            self.studio.hear(None)

    @property
    def typing(self) -> TypingKeys | None:
        """Return what plays the computer's keys; None: they type."""
        return self.studio.recall(TypingKeys)

    def begin(self, line: str) -> int:
        """Note that a line runs, and return its number."""
        self._number += 1
        self._running[self._number] = Running(line)
        return self._number

    def progress(self, number: int, share: float, words: str) -> None:
        """Note how far it is: its share done, 0–1, and what it is doing."""
        if number in self._running:
            self._running[number] = Running(self._running[number].line, min(max(share, 0.0), 1.0), words)

    def end(self, number: int) -> None:
        """Note that it has ended."""
        self._running.pop(number, None)

    @property
    def is_busy(self) -> bool:
        """Return whether a line runs."""
        return bool(self._running)

    @property
    def playback(self) -> Playback:
        """Return what the player said last."""
        return self.studio.player.latest() if self.studio.player is not None else Playback()

    def news(self) -> str:
        """Return what the player did unasked since the last time, one line, or nothing."""
        return self.studio.player.news() if self.studio.player is not None else ""

    @property
    def moves(self) -> bool:
        """Return whether the screen changes by itself: it plays, something runs, or meters fall."""
        playback = self.playback
        runs = bool(self._running) or any(not job.is_over for job in listed(self.studio))
        return playback.playing or runs or any(peak > -60 for peak in playback.peaks_db.values())

    def shown(self) -> Shown:
        """Return the state to draw, now."""
        controller, playback = self.studio.controller, self.playback
        project = self.preview or self._moved_by_knobs() or controller.project
        project = retimed(project, playback.retimings)
        return Shown(
            project=project,
            history=controller.history,
            keys=self.keymap,
            playback=playback,
            tick=playback.tick_at(project, self._clock()),
            focus=self.focus,
            running=(*self._running.values(), *self._jobs(), *(Running(line, waits=True) for line in self.waiting)),
            state=self._state(),
            ascii_only=self._ascii_only,
            view=self.view.name,
            heard=self.studio.heard,
            cells=self._cells(),
            rhythm=self._rhythm(),
            artifacts=artifacts.listing() if self.view.name == "artifacts" else (),
            library=self._library() if self.view.name == "library" else (),
            setlist=self._setlist() if self.view.name == "stage" else (),
        )

    def _library(self) -> tuple[Item, ...]:
        from hardcore.commands.library.things import SAVED, row_of

        return tuple(self.studio.library.listing(list(map(row_of, SAVED))))

    def _setlist(self) -> "tuple[SetEntry, ...]":
        from hardcore.commands.performance.setlist import entries

        return entries(self.studio)

    def _moved_by_knobs(self) -> ProjectState | None:
        if not self.studio.controller.project.maps:
            return None
        from hardcore.commands.performance.knobs import Knobs

        knobs = self.studio.recall(Knobs)
        return knobs.preview if knobs else None

    def _jobs(self) -> list[Running]:
        """Return what goes on in the background."""
        going = [job for job in listed(self.studio) if job.background and not job.is_over]
        return [Running(f"job {job.job}: {job.line}", job.share, f"job {job.job}, {job.doing_words}") for job in going]

    def _cells(self) -> dict[tuple[str, str], CellWork]:
        """Return the jobs that fill cells of the grid, the latest of each, while they go on, and where they failed."""
        latest = {cell: job for job in listed(self.studio) for cell in job.cells}
        return {
            cell: CellWork(job.state, job.share)
            for cell, job in latest.items()
            if job.state in ("waiting", "running", "failed")
        }

    def _rhythm(self) -> "Pane | None":
        if self.view.name != "rhythm":
            return None
        from hardcore.commands.rhythm.pane import pane

        return pane(self.studio)

    def _state(self) -> str:
        controller = self.studio.controller
        if controller.path is None:
            return "unsaved" if controller.history.at else "new"
        return "saved" if controller.saved else "unsaved"
