"""The command line: `hardcore`, `hardcore do`, `render`, `demo`, `doctor`; without a terminal, lines from stdin."""

import argparse
import asyncio
import errno
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TextIO

from hardcore.commands import registry
from hardcore.commands.call import Caller, Studio
from hardcore.commands.compose import seed_of
from hardcore.commands.line import resolve, run_line
from hardcore.commands.transfer import ensure_writable
from hardcore.errors import HardcoreError, UserError
from hardcore.settings import with_engine
from hardcore.surfaces.answers import Answers, bug
from hardcore.surfaces.signals import until_ended
from hardcore.version import __version__
from hardcore.workers.thread import unattended

Open = Callable[[Path | None], AbstractContextManager[Studio]]
OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

DEMO = "dark warehouse techno, 138 bpm, F minor, rolling bass, 8 bars"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="answer with one JSON object a line")
    common.add_argument("--plain", action="store_true", help="no colour, no redrawing: for screen readers and logs")
    top = argparse.ArgumentParser(
        prog="hardcore", parents=[common], description="A music studio in the terminal: one sentence becomes a session."
    )
    top.add_argument("--version", action="version", version=f"hardcore {__version__}")
    top.add_argument("--project", type=Path, metavar="FILE.hcs", help="open this project")
    top.add_argument("--engine", choices=("embedded", "external", "none"), help="what plays, this time only")
    kinds = top.add_subparsers(dest="verb", metavar="VERB")
    do = kinds.add_parser("do", parents=[common], help="run one line: /track gain kick -3, or a prompt")
    do.add_argument("line")
    do.add_argument("--project", dest="file", type=Path, metavar="FILE.hcs", help="open it first, save it afterwards")
    do.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    render = kinds.add_parser("render", parents=[common], help="a sound or MIDI file from a prompt or a project")
    render.add_argument("source", metavar="PROMPT|song.hcs")
    render.add_argument("-o", "--output", required=True, metavar="FILE", help=".wav .flac .ogg .mp3 or .mid")
    for name, kind in (("bars", int), ("bpm", float), ("seed", int), ("rate", int), ("tail", float)):
        render.add_argument(f"--{name}", type=kind)
    render.add_argument("--key", help="such as 'F minor'")
    render.add_argument("--depth", choices=("16", "24", "32f"))
    render.add_argument("--stems", action="store_true", help="one file per track beside it")
    render.add_argument("--loop", action="store_true", help="exactly the bars, the tail laid over the beginning")
    demo = kinds.add_parser("demo", parents=[common], help="make and render a first piece")
    demo.add_argument(
        "-o", "--output", metavar="FILE", help="hardcore-demo.wav, or with --all the folder hardcore-demo"
    )
    demo.add_argument("--all", action="store_true", help="the album: a piece of every style, each a .flac in a folder")
    kinds.add_parser("doctor", parents=[common], help="check what the studio needs on this machine")
    kinds.add_parser("commands", parents=[common], help="list every command with its JSON Schema")
    return top


def main(arguments: Sequence[str], open_project: Open, stdin: TextIO, out: TextIO, err: TextIO) -> int:
    """Return the exit status: 0 done, 1 an error that was said, 2 a wrong command line.

    What ended from outside has 128 and the signal's number: 129 hung up, 130 interrupted (Ctrl-C), 143 terminated.
    """
    try:
        options = parser().parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    answers = Answers(out, err, options.json)
    try:
        status = asyncio.run(until_ended(_verb(options, open_project, answers, stdin)))
        if status > 128 and options.verb:
            answers.stopped(options.verb)
        return status
    except HardcoreError as error:
        answers.error(error)
        return FAILED
    except KeyboardInterrupt:
        answers.stopped(options.verb or "")
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            answers.error(UserError("there is no space left where the answer or a file is written"))
        else:
            bug(error, err)
        return FAILED


async def _verb(options: argparse.Namespace, open_project: Open, answers: Answers, stdin: TextIO) -> int:
    caller = Caller(progress=answers.progress)
    if options.verb == "do":
        return await _do(options, open_project, answers)
    if options.verb == "render":
        return await _render(options, open_project, answers, caller)
    if options.verb == "demo":
        return await _demo(options, open_project, answers, caller)
    if options.verb == "doctor":
        with open_project(None) as studio:
            result = await run_line(studio, "/doctor", caller)
        answers.result(result)
        return OK if getattr(result, "good", False) else FAILED
    if options.verb == "commands":
        return _commands(answers)
    with open_project(_named(options.project)) as studio:
        if options.engine:
            studio.settings = with_engine(studio.settings, options.engine)
        if stdin.isatty():
            from hardcore.surfaces.repl import prompt

            return await prompt.run(studio, plain=options.plain)
        status = await lines(studio, stdin, answers, caller)
        await _finish_jobs(studio, answers)
        studio.leaves = "few"
        return status


async def _finish_jobs(studio: Studio, answers: Answers) -> None:
    """Wait for what goes on in the background: a program that ends by itself ends with its work done."""
    if studio.jobs is None or not studio.jobs.going():
        return
    result = await run_line(studio, "/job wait", Caller(progress=answers.progress))
    answers.result(result)


def _named(path: Path | None) -> Path | None:
    return Caller().path(path) if path else None


async def _do(options: argparse.Namespace, open_project: Open, answers: Answers) -> int:
    path = _named(options.file or options.project)
    fresh = path is not None and not path.exists()
    resolved = resolve(options.line)
    if path is not None and fresh and resolved is not None and resolved[0].reads:
        raise UserError(f"no file {path.name}", "a prompt or an edit would make it; this line only looks")
    caller = Caller(dry_run=options.dry_run, progress=answers.progress)
    with open_project(None if fresh else path) as studio:
        # One line and the studio closes again: nothing could be heard.
        studio.player = None
        before = studio.controller.history.at
        result = await run_line(studio, options.line, caller)
        await _finish_jobs(studio, answers)
        if path is not None and not options.dry_run and (fresh or studio.controller.history.at != before):
            studio.controller.save(path)
        # The line was said, with its seed: whoever wants to keep what it makes names a file.
        studio.leaves = "nothing"
        answers.result(result)
        answers.news(studio.controller.news())
    return OK


async def _render(options: argparse.Namespace, open_project: Open, answers: Answers, caller: Caller) -> int:
    source = Path(options.source)
    is_project = source.suffix.lower() == ".hcs"
    if is_project and (options.bpm or options.key or options.seed is not None):
        raise UserError("a project has its own tempo, key and seed", "change them with: hardcore do '/tempo 140'")
    given = (name for name in ("stems", "loop", "rate", "depth", "tail") if getattr(options, name) not in (None, False))
    ensure_writable(caller.path(options.output), tuple(given))
    with open_project(source.absolute() if is_project else None) as studio:
        studio.leaves = "nothing"
        if not is_project:
            # A script that runs twice gets the same file; another --seed gives another piece.
            asked: dict[str, Any] = {"words": options.source, "new": True, "seed": seed_of(options.source)}
            asked |= {
                name: getattr(options, name)
                for name in ("bars", "bpm", "key", "seed")
                if getattr(options, name) is not None
            }
            composed = await registry.run(studio, registry.registry()["compose"], asked, caller, "compose")
            if not answers.as_json:
                print(composed.text(), file=answers.err)
        wanted = {"file": options.output, "loop": options.loop, "stems": options.stems}
        names = ("rate", "depth", "tail", *(("bars",) if is_project else ()))
        wanted |= {name: getattr(options, name) for name in names if getattr(options, name) is not None}
        answers.result(await registry.run(studio, registry.registry()["export"], wanted, caller, "export"))
    return OK


async def _demo(options: argparse.Namespace, open_project: Open, answers: Answers, caller: Caller) -> int:
    """Render the first piece, or with --all one of every style into a folder, which is made."""
    if not options.all:
        asked = ["render", DEMO, "--seed", "7", "-o", options.output or "hardcore-demo.wav"]
        return await _render(parser().parse_args([*asked, *_json(answers)]), open_project, answers, caller)
    from hardcore.commands.genre import album

    folder = Path(options.output or "hardcore-demo")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be made: {error.strerror}", "-o names another folder") from error
    for number, (genre_id, name) in enumerate(album(), 1):
        asked = ["render", name, "--seed", "7", "-o", str(folder / f"{number:02} {genre_id}.flac")]
        await _render(parser().parse_args([*asked, *_json(answers)]), open_project, answers, caller)
    return OK


def _json(answers: Answers) -> list[str]:
    return ["--json"] if answers.as_json else []


def _commands(answers: Answers) -> int:
    import json

    for known in registry.registry().values():
        if answers.as_json:
            described = {"name": known.name, "summary": known.summary, **_effects(known), "schema": known.schema()}
            print(json.dumps(described), file=answers.out)
        else:
            print(f"{known.usage:<60} {known.summary}", file=answers.out)
    return OK


def _effects(known: registry.Command) -> dict[str, Any]:
    effects = known.effects
    return {"effects": sorted(effects.all), "immediate": effects.immediate, "confirms": effects.confirms}


async def lines(studio: Studio, source: TextIO, answers: Answers, caller: Caller) -> int:
    """Run every line of `source`, one after the other; the first error stops: a script never runs on blindly."""
    number = 0
    # Whoever ends the program need not wait for another line.
    while not studio.closing and (line := await unattended(source.readline)):
        number += 1
        try:
            answers.result(await run_line(studio, line, caller))
            answers.news(studio.controller.news())
        except HardcoreError as error:
            answers.error(error, line=number)
            return FAILED
    return OK
