"""The prompt's loop: read a line, run it, show the answer; Ctrl-C cancels what runs, and nothing is ever lost."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any

from hardcore.commands.clips.stretching import keep_stretched
from hardcore.commands.composing.profilelearner import ProfileLearner
from hardcore.commands.core import registry
from hardcore.commands.core.call import Progress
from hardcore.commands.core.line import resolve
from hardcore.commands.core.results import Result
from hardcore.commands.mixing import automix
from hardcore.commands.performance.overload import OverloadWatch
from hardcore.commands.studio.jobs import listed
from hardcore.commands.tracks.pluginsound import keep_rendered
from hardcore.controller.controller import PERSON
from hardcore.controller.events import CommandRan, JobChanged, Notified, RuleFired
from hardcore.controller.storeports import Recoverable
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.paths import state_folder
from hardcore.surfaces.gate import person
from hardcore.surfaces.repl.reader import Display, PlainReader, Reader
from hardcore.surfaces.repl.show import Screen, allows_color, can_draw
from hardcore.surfaces.signals import ENDING, SIGHUP, HangUp, handled

RECENT = 5  # files that are named at the start
# The first prompt comes before the rules are loaded: nobody has played anything by then.
RULES_S = 0.3
# The name of a command, and what it answered.
Answer = tuple[str, Result]
WELCOME = """Welcome. Press Enter to hear what one sentence makes, or type your own, such as:
dark warehouse techno, 138 bpm, F minor, 8 bars
Change it in words (darker, more swing), keep it with /save song.hcs.
/tour shows the way, F1 the keys."""
PLAIN_WELCOME = """Welcome. Type a sentence to make music, such as:
dark warehouse techno, 138 bpm, F minor, 8 bars
Then change it in words (darker, more swing), hear it with /play,
keep it with /save song.hcs. /tour shows the way, /help lists the commands,
/undo takes a step back, Ctrl-C stops what runs, Ctrl-D leaves"""


async def run(studio: Studio, *, plain: bool) -> int:
    """Return the exit status of a session at the terminal: 0, or 128 and the number of the signal that ended it."""
    is_first = not (state_folder() / "welcomed").exists()
    if plain or not can_draw(sys.stdout, os.environ):
        screen = Screen(sys.stdout, lambda: False, plain=True)
        return await Session(studio, screen, PlainReader(screen.out)).run(is_first=is_first)
    from hardcore.surfaces.repl.fullscreen import FullScreen

    full = FullScreen(studio, lambda: allows_color(studio.settings, os.environ))
    return await Session(studio, full, full).run(is_first=is_first)


class Session:
    """One person at one terminal."""

    def __init__(self, studio: Studio, screen: Display, reader: Reader) -> None:
        self._studio = studio
        self._screen = screen
        self._reader = reader
        self._running: asyncio.Future[Answer | None] | None = None
        self._beside: set[asyncio.Future[None]] = set()
        self._mix: automix.AutoMix | None = None
        self._overload: OverloadWatch | None = None
        self._shown = ExitStack()
        self._progress: Progress | None = None
        self._ended_by = 0
        self._hang_up = HangUp()

    async def run(self, *, is_first: bool) -> int:
        """Return the exit status once the user has left, or the terminal has."""
        events = self._studio.controller.events
        stops = (
            events.subscribe(JobChanged, self._mixing),
            events.subscribe(JobChanged, self._job_changed),
            events.subscribe(CommandRan, self._others),
            events.subscribe(Notified, self._notified),
            events.subscribe(RuleFired, self._ruled),
            keep_stretched(self._studio),
        )
        keep_rendered(self._studio)
        self._mix = automix.AutoMix(self._studio)
        ProfileLearner(self._studio)
        self._overload = OverloadWatch(self._studio)
        reacting = asyncio.get_running_loop().call_later(RULES_S, self._start_reacting)
        with handled(self._acts()):
            try:
                async with self._reader.opened(self._at_once, self._interrupt):
                    self._greet(is_first)
                    await self._lines()
            except OSError:
                if not self._hang_up:
                    raise
            finally:
                reacting.cancel()
                await self._stop_all()
                for stop in stops:
                    stop()
        # The signal that says so may come a moment later than what reads and writes notices by itself.
        ended_by = self._ended_by or (SIGHUP if self._hang_up else 0)
        return 128 + ended_by if ended_by else 0

    def _start_reacting(self) -> None:
        from hardcore.commands.reactive.reactions import start_reacting

        start_reacting(self._studio)

    async def _lines(self) -> None:
        while not self._studio.closing:
            line = await self._reader.line()
            if self._ended_by or self._hang_up:
                return
            await self._do("/quit" if line is None else line)

    async def _stop_all(self) -> None:
        """Stop what goes on, beside and in the background, and return once it has: nothing of it is left behind."""
        every: tuple[asyncio.Future[Any] | None, ...] = (self._running, *self._beside)
        going = [task for task in every if task is not None and not task.done()]
        for task in going:
            task.cancel()
        if going:
            await asyncio.wait(going)
        if self._mix is not None:
            await self._mix.end()
        if self._overload is not None:
            await self._overload.end()
        if self._studio.jobs is not None:
            await self._studio.jobs.stop()

    def _job_changed(self, event: JobChanged) -> None:
        """Say what came of a job of the background."""
        if event.state in ("waiting", "running") or self._ended_by or self._studio.closing:
            return
        for job in listed(self._studio):
            if str(job.job) == event.job and job.background:
                self._screen.say(job.text())

    def _greet(self, is_first: bool) -> None:
        if is_first:
            self._screen.say(PLAIN_WELCOME if self._screen.plain else WELCOME)
            with suppress(OSError, HardcoreError):  # where it cannot be noted, they are welcome once more
                (state_folder() / "welcomed").touch(0o600)
        try:
            before = set(self._studio.store.damaged())
            left = self._studio.store.recoverable()
            damaged = set(self._studio.store.damaged()) - before
        except HardcoreError as error:
            self._screen.error(error)
            return
        self._offer_left(left)
        if stopped := [str(job.job) for job in listed(self._studio) if job.state == "interrupted"]:
            self._screen.say(f"interrupted: job {', '.join(stopped)}; /jobs shows them, /job retry begins one anew")
        for folder in sorted(damaged):
            self._screen.say(f"unsaved work was damaged and is kept in {folder}: /recover offers what can be read")

    def _offer_left(self, left: Sequence[Recoverable]) -> None:
        """Say what was left unsaved, offer what the opened file lacks of it, and say which files there are."""
        path = self._studio.controller.path
        for number, each in enumerate(left, 1):
            if path is not None and each.path == path:
                steps = f"{each.steps} unsaved step{'' if each.steps == 1 else 's'}"
                how = f"/recover {number} opens it with them"
                self._screen.say(f"{path.name} was left with {steps}, the last of {each.when}: {how}")
                if self._reader.offer(f"/recover {number}"):
                    self._screen.say("Enter runs that line: it stands in the prompt")
        others = sum(path is None or each.path != path for each in left)
        if others:
            self._screen.say(f"{others} unsaved project{'' if others == 1 else 's'}: /recover")
        if path is None and (recent := self._studio.store.recent()):
            names = [f"{number} {each.name}" for number, each in enumerate(recent[:RECENT], 1)]
            self._screen.say(f"open again with /open NUMBER: {', '.join(names)}")

    def _at_once(self, line: str) -> None:
        """Run a line beside what runs: a key that plays or stops waits for nothing."""
        task = asyncio.ensure_future(self._do_beside(line))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _do_beside(self, line: str) -> None:
        """Run a line and show what it answers; among what runs it is seen only when it says that it takes a while."""
        with ExitStack() as held:
            shown: list[Progress] = []

            def progress(share: float, words: str) -> None:
                if not shown:
                    shown.append(held.enter_context(self._screen.running(line)))
                shown[0](share, words)

            await self._show(line, asyncio.ensure_future(self._answer(line, progress)))

    async def _do(self, line: str) -> None:
        """Run a line and show what it answers. An error is shown, too, and stops the lines pasted after it."""
        with self._screen.running(line) as progress:
            self._running = asyncio.ensure_future(self._answer(line, progress))
            try:
                await asyncio.wait([self._running])
            finally:
                running, self._running = self._running, None
        await self._show(line, running)

    async def _show(self, line: str, running: "asyncio.Future[Answer | None]") -> None:
        try:
            answer = await running
        except asyncio.CancelledError:
            self._failed(lambda: self._screen.say("cancelled"))
        except HardcoreError as error:
            self._failed(lambda error=error: self._screen.error(error))  # type: ignore[misc]
        except Exception as error:
            self._failed(lambda error=error: self._screen.bug(error))  # type: ignore[misc]
        else:
            if answer is not None:
                self._screen.result(answer[1], self._studio.controller.project)
                if news := self._studio.controller.news():
                    self._screen.say(news)
                if self._studio.tour:
                    self._guide(*answer)

    def _mixing(self, event: JobChanged) -> None:
        """Show the producer's listening among what runs."""
        if event.label != automix.LABEL or event.state == "waiting":
            return
        if event.state != "running":
            self._shown.close()
            self._progress = None
        elif self._progress is None:
            self._progress = self._shown.enter_context(self._screen.running(event.label))
        elif not self._screen.plain:  # what is only printed would come between what one types
            self._progress(event.share, event.words)

    def _others(self, event: CommandRan) -> None:
        """Show what somebody else changed, such as the producer."""
        if event.author == PERSON or event.error == "cancelled":
            return
        if event.error and event.author.startswith("rule "):
            return  # the rule says so
        if event.error:
            about = "the mix is as it was made" if event.name == automix.COMMAND else f"{event.author}: {event.name}"
            self._screen.say(f"{about}: {event.error}")
        elif isinstance(event.answer, Result) and getattr(event.answer, "changes", None):
            self._screen.result(event.answer, self._studio.controller.project)

    def _notified(self, event: Notified) -> None:
        """Say what a rule has to say."""
        if not self._ended_by and not self._studio.closing:
            self._screen.say(f"{event.author}: {event.message}")

    def _ruled(self, event: RuleFired) -> None:
        """Say why a rule could not do what it should."""
        if event.error and not self._ended_by and not self._studio.closing:
            self._screen.say(f"rule {event.name}: {event.error}")

    def _failed(self, say: Callable[[], None]) -> None:
        """Say what went wrong, and that the lines pasted after it are not run."""
        dropped = self._reader.drop()
        if self._ended_by:
            return  # the terminal may be gone
        say()
        if dropped:
            self._screen.say(f"{dropped} more pasted line{'' if dropped == 1 else 's'} not run")

    async def _answer(self, line: str, progress: Progress) -> Answer | None:
        """Return a line's command and its answer; drawings are as wide as the terminal."""
        resolved = resolve(line)
        if resolved is None:
            return None
        known, values = resolved
        if any(argument.name == "width" for argument in known.arguments):
            values.setdefault("width", self._screen.columns)
        label = line.strip().removeprefix("/")[:200]
        return known.name, await registry.run(self._studio, known, values, person(progress=progress), label)

    def _guide(self, done: str, result: Result) -> None:
        """Say the next step of the tour after one was done, and offer its line."""
        from hardcore.commands.studio.tour import Tour, following

        step = result if isinstance(result, Tour) else following(self._studio, done)
        if step is not None and step is not result:
            self._screen.say(step.text())
        if step is not None and step.line:
            offered = self._reader.offer(step.line)
            self._screen.say("Enter runs that line: it stands in the prompt" if offered else "type that line")

    def _interrupt(self) -> None:
        """Clear the line that is typed; without one, cancel the command that runs, or what runs beside."""
        if self._reader.clear():
            return
        if self._running is not None:
            self._running.cancel()
        elif self._beside or (self._mix is not None and self._mix.going):
            self._cancel_beside()
        else:
            self._reader.interrupted()

    def _end(self, number: int) -> None:
        """Leave in order when the system asks: the terminal is put right and the project let go."""
        self._ended_by = number
        self._studio.closing = True
        if self._running is not None:
            self._running.cancel()
        self._cancel_beside()
        self._reader.leave()

    def _cancel_beside(self) -> None:
        for task in self._beside:
            task.cancel()
        if self._mix is not None:
            self._mix.cancel()

    def _acts(self) -> dict[int, Callable[[], None]]:
        """Return what to do at each signal: Ctrl-C from outside, the requests to end, and Ctrl-Z from outside."""
        acts: dict[int, Callable[[], None]] = {signal.SIGINT: self._interrupt}
        acts |= {number: partial(self._end, number) for number in ENDING}
        if not self._screen.plain and (stop := getattr(signal, "SIGTSTP", None)):
            acts[stop] = self._reader.suspend
        return acts
