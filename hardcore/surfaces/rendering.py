"""`hardcore render`, `demo` and `text`: a file from a prompt or a project, a project as text; nothing stays open."""

import argparse
from pathlib import Path
from typing import Any

from hardcore.commands.core import registry
from hardcore.commands.core.seeds import seed_of
from hardcore.commands.exchange.transfer import ensure_writable
from hardcore.errors import UserError
from hardcore.escaping import escaped
from hardcore.surfaces.answers import Answers
from hardcore.surfaces.gate import person
from hardcore.surfaces.opening import Opening
from hardcore.surfaces.options import Options
from hardcore.surfaces.verbs import parser

DEMO = "dark warehouse techno, 138 bpm, F minor, rolling bass, 8 bars"
DEMO_SEED = "7"
# of `export`, that `render` hands on
_OPTIONS = ("stems", "loop", "rate", "depth", "tail", "for", "also", "sidecar")


async def render(options: Options, given: argparse.Namespace, opening: Opening, answers: Answers) -> None:
    """Write a sound or MIDI file of a prompt or a project. Raises UserError, EngineError or JobFailed."""
    source, caller = Path(given.source), person(profile=options.profile, progress=answers.progress)
    is_project = source.suffix.lower() == ".hcs"
    if is_project and (given.bpm or given.key or options.seed is not None):
        raise UserError("a project has its own tempo, key and seed", "change them with: hardcore tempo 140")
    wanted = {name: value for name in _OPTIONS if (value := getattr(given, name)) not in (None, False)}
    output = caller.path(given.output)
    if output.suffix or "for" not in wanted:
        ensure_writable(output, tuple(wanted))
    async with opening.studio(source.absolute() if is_project else None) as studio:
        studio.leaves = "nothing"
        if not is_project:
            # A script that runs twice gets the same file; another --seed gives another piece.
            asked: dict[str, Any] = {"words": given.source, "new": True, "seed": seed_of(given.source)}
            chosen = {"bars": given.bars, "bpm": given.bpm, "key": given.key, "seed": options.seed}
            asked |= {name: value for name, value in chosen.items() if value is not None}
            composed = await registry.run(studio, registry.registry()["compose"], asked, caller, "compose")
            if not answers.as_json and not answers.quiet:
                print(escaped(composed.text()), file=answers.err)
        wanted |= {"file": given.output} | ({"bars": given.bars} if is_project and given.bars is not None else {})
        answers.result(await registry.run(studio, registry.registry()["export"], wanted, caller, "export"))


async def text(options: Options, given: argparse.Namespace, opening: Opening, answers: Answers) -> None:
    """Print a project as text; its file is only read, wherever it lies. Raises UserError."""
    caller = person(head=given.head)
    async with opening.studio(None) as studio:
        studio.leaves = "nothing"
        studio.controller.open(caller.path(given.source), read_only=True)
        answers.result(await registry.run(studio, registry.registry()["project text"], {}, caller, "project text"))


async def demo(options: Options, given: argparse.Namespace, opening: Opening, answers: Answers) -> None:
    """Render the first piece, or with --all one of every style into a folder, which is made."""
    options.seed = options.seed or DEMO_SEED
    if not given.all:
        await render(options, _asked(DEMO, given.output or "hardcore-demo.wav"), opening, answers)
        return
    from hardcore.commands.composing.genre import album

    folder = Path(given.output or "hardcore-demo")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be made: {error.strerror}", "-o names another folder") from error
    for number, (genre_id, name) in enumerate(album(), 1):
        await render(options, _asked(name, str(folder / f"{number:02} {genre_id}.flac")), opening, answers)


def _asked(words: str, output: str) -> argparse.Namespace:
    return parser().parse_args(["render", words, "-o", output])
