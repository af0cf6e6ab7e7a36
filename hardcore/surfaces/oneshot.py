"""One command, or a few lines, on a project: it is opened, changed, saved and closed again."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from hardcore.commands.core import registry
from hardcore.commands.core.line import resolve, resolve_words, run_line
from hardcore.commands.core.registry import Command
from hardcore.commands.core.results import Edited, Result
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError, NotFound
from hardcore.surfaces.answers import Answers
from hardcore.surfaces.gate import person
from hardcore.surfaces.opening import Opening
from hardcore.surfaces.options import Options, UsageError


class Asked(NamedTuple):
    """A command, its arguments as text, and the line that stands for it in the history."""

    known: Command
    values: dict[str, Any]
    label: str

    @property
    def draws(self) -> bool:
        """Return whether it takes a seed."""
        return any(argument.name == "seed" for argument in self.known.arguments)

    def seeded(self, seed: str | None) -> "Asked":
        """Return it with a seed, if it takes one and has none."""
        if seed is None or not self.draws:
            return self
        return self._replace(values={"seed": seed, **self.values})


def of_words(words: Sequence[str]) -> Asked:
    """Return the command that words of a shell are. Raises UsageError where they are none, UserError."""
    try:
        return Asked(*resolve_words(words))
    except NotFound as error:
        a_prompt = f"a sentence: hardcore do '{words[0]}'"
        raise UsageError(error.message, a_prompt if " " in words[0] else error.hint) from error


def of_lines(lines: Sequence[str]) -> list[Asked]:
    """Return the commands of lines as they are typed; comments and blank ones are none. Raises UserError."""
    found = ((resolve(line), line.strip().removeprefix("/")[:200]) for line in lines)
    return [Asked(*resolved, label) for resolved, label in found if resolved is not None]


async def carry_out(asked: Sequence[Asked], options: Options, opening: Opening, answers: Answers) -> bool:
    """Run commands one after the other, and return whether all is well; what they made is saved if all were done.

    Raises UserError, EngineError or JobFailed.
    """
    if options.seed is not None and asked and not any(one.draws for one in asked):
        raise UsageError(f"{asked[0].known.name} draws nothing by chance: it takes no --seed")
    asked = [one.seeded(options.seed) for one in asked]
    path = opening.path()
    caller = person(dry_run=options.dry_run, profile=options.profile, progress=answers.progress)
    results: list[Result] = []
    async with opening.studio(path) as studio:
        # A few lines and the studio closes again: nothing could be heard.
        studio.player = studio.hands = None
        before, started = dict(studio.controller.history.places), time.monotonic()
        try:
            for known, values, label in asked:
                results.append(await registry.run(studio, known, values, caller, label))
            await finish_jobs(studio, answers)
            changed = studio.controller.history.places != before
            if path is not None and not options.dry_run and (changed or not path.exists()):
                studio.controller.save(path)
        except HardcoreError as error:
            for result in results:
                answers.result(result)
            answers.error(error, line=len(results) + 1 if len(asked) > 1 else None)
            return False
        finally:
            # The lines were said, with their seeds: whoever wants to keep what they make names a file.
            studio.leaves = "nothing"
        for result in results:
            answers.result(result)
            answers.detail(told(result, time.monotonic() - started))
        answers.news(studio.controller.news())
    return not any(result.failed for result in results)


def told(result: Result, seconds: float) -> str:
    """Return what --verbose says of a result."""
    took = f"{seconds:.2f} s"
    if not isinstance(result, Edited):
        return took
    step = f"step {result.step}" if result.step is not None else "no step"
    counts = (("changed", result.changes), ("created", result.created), ("removed", result.removed))
    return ", ".join([step, *(f"{len(things)} {what}" for what, things in counts if things), took])


async def finish_jobs(studio: Studio, answers: Answers) -> None:
    """Wait for what goes on in the background: a program that ends by itself ends with its work done."""
    if studio.jobs is None or not studio.jobs.going():
        return
    answers.result(await run_line(studio, "/job wait", person(progress=answers.progress)))
