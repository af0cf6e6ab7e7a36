"""The command line: every command is a verb, and `do`, `render`, `demo`; without one a session, or lines from stdin."""

import asyncio
import errno
import json
from collections.abc import Sequence
from typing import Any, TextIO

from hardcore.commands.core import registry
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError, UserError
from hardcore.settings import with_engine
from hardcore.surfaces import oneshot
from hardcore.surfaces.answers import Answers
from hardcore.surfaces.gate import person
from hardcore.surfaces.opening import Open, Opening
from hardcore.surfaces.options import VERBS, Options, UsageError, split
from hardcore.surfaces.signals import until_ended
from hardcore.workers.thread import unattended

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str], open_project: Open, stdin: TextIO, out: TextIO, err: TextIO) -> int:
    """Return the exit status: 0 done, 1 an error that was said, 2 a wrong command line.

    What ended from outside has 128 and the signal's number: 129 hung up, 130 interrupted (Ctrl-C), 143 terminated.
    """
    answers = Answers(out, err, as_json="--json" in arguments)
    options = Options()
    try:
        options = split(arguments)
        answers = Answers(out, err, options.as_json, quiet=options.quiet, verbose=options.verbose)
        status = asyncio.run(until_ended(_verb(options, open_project, answers, stdin)))
        if status > 128 and options.verb:
            answers.stopped(options.verb)
        return status
    except SystemExit as stop:  # of the parser, when it has shown its help
        return stop.code if isinstance(stop.code, int) else USAGE
    except UsageError as error:
        answers.error(error)
        return USAGE
    except HardcoreError as error:
        answers.error(error)
        return FAILED
    except KeyboardInterrupt:
        answers.stopped(options.verb)
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            answers.error(UserError("there is no space left where the answer or a file is written"))
        else:
            answers.bug(error)
        return FAILED


async def _verb(options: Options, open_project: Open, answers: Answers, stdin: TextIO) -> int:
    opening = Opening(open_project, options, answers)
    if (not options.words and not options.help) or options.opens:
        return await _session(options, opening, answers, stdin)
    if options.verb in VERBS or options.verb.startswith("-") or not options.words:
        return await _own(options, opening, answers)
    if options.help:
        known, _, _ = oneshot.of_words(["help", *options.words])
        asked = oneshot.Asked(known, {"command": " ".join(options.words)}, "help")
    else:
        if options.verb == "doctor" and "--fix" in options.words and not options.dry_run:
            from hardcore.surfaces.consent import mend

            await mend(answers, stdin, sure="--yes" in options.words)
            options.words = [word for word in options.words if word not in ("--fix", "--yes")]
        asked = oneshot.of_words(options.words)
    return OK if await oneshot.carry_out([asked], options, opening, answers) else FAILED


async def _own(options: Options, opening: Opening, answers: Answers) -> int:
    """Return the exit status of a verb that is no command."""
    from hardcore.surfaces.verbs import parser

    given = parser().parse_args([*options.words, *(["--help"] if options.help else [])])
    if given.verb == "do":
        return OK if await oneshot.carry_out(oneshot.of_lines(given.lines), options, opening, answers) else FAILED
    if given.verb == "commands":
        _commands(answers)
        return OK
    if given.verb == "completion":
        _completion(given.shell, answers)
        return OK
    if given.verb in ("serve", "mcp", "live"):
        from hardcore.surfaces import serving

        await {"serve": serving.serve, "mcp": serving.mcp, "live": serving.live}[given.verb](given, opening, answers)
        return OK
    from hardcore.surfaces import rendering

    verbs = {"render": rendering.render, "demo": rendering.demo, "text": rendering.text}
    await verbs[given.verb](options, given, opening, answers)
    return OK


def _commands(answers: Answers) -> None:
    for known in registry.registry().values():
        if answers.as_json:
            described = {"name": known.name, "summary": known.summary, **_effects(known), "schema": known.schema()}
            print(json.dumps(described), file=answers.out)
        else:
            print(f"{known.usage:<60} {known.summary}", file=answers.out)


def _completion(shell: str, answers: Answers) -> None:
    from hardcore.surfaces.shelltable import script, table

    table()  # so that the first Tab need not
    answers.out.write(script(shell))


def _effects(known: registry.Command) -> dict[str, Any]:
    effects, kinds = known.effects, sorted(kind.__name__ for kind in known.answers)
    return {
        "effects": sorted(effects.all), "immediate": effects.immediate, "confirms": effects.confirms, "answers": kinds,
    }  # fmt: skip


async def _session(options: Options, opening: Opening, answers: Answers, stdin: TextIO) -> int:
    """Return the exit status of a session at the terminal, or of the lines that stdin has."""
    at_terminal = stdin.isatty()
    if at_terminal and (options.dry_run or options.seed is not None):
        raise UsageError("--seed and --dry-run are of a command, or of lines from stdin")
    path = opening.path()
    async with opening.studio(path) as studio:
        if path is not None and not path.exists():
            studio.controller.save(path)
        if options.engine:
            studio.settings = with_engine(studio.settings, options.engine)
        if at_terminal:
            from hardcore.surfaces.repl import prompt

            return await prompt.run(studio, plain=options.plain)
        from hardcore.commands.reactive.reactions import start_reacting

        start_reacting(studio)
        status = await lines(studio, stdin, answers, options)
        await oneshot.finish_jobs(studio, answers)
        studio.leaves = "few"
        return status


async def lines(studio: Studio, source: TextIO, answers: Answers, options: Options) -> int:
    """Run every line of `source`, one after the other; the first error stops: a script never runs on blindly."""
    caller, number = person(dry_run=options.dry_run, profile=options.profile, progress=answers.progress), 0
    # Whoever ends the program need not wait for another line.
    while not studio.closing and (line := await unattended(source.readline)):
        number += 1
        try:
            for known, values, label in (one.seeded(options.seed) for one in oneshot.of_lines([line])):
                answers.result(await registry.run(studio, known, values, caller, label))
            answers.news(studio.controller.news())
        except HardcoreError as error:
            answers.error(error, line=number)
            return FAILED
    return OK
