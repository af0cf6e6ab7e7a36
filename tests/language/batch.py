"""Say a batch of sentences to their projects and print what each one did, so that a person can judge it at a glance.

    python -m tests.language.batch FILE [--bases FILE] [--only 3,17]

A batch is a list of entries in YAML: `say`, `base` (a name of `bases`, whose lines make the project; none: an empty
project), `after` (what is said before it) and `means` (what a reader should make of it, only shown).
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hardcore import open_studio
from hardcore.app import open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.errors import UserError
from hardcore.knowledge.loader import folder, read_yaml
from hardcore.project.difference import differences
from hardcore.project.state import ProjectState

_SHOWN = 12  # changes of one sentence


@cache
def base(lines: tuple[str, ...]) -> ProjectState:
    """Return the project that lines make."""
    with open_studio() as studio:
        for line in lines:
            studio.do(line)
        return studio.project


def said(lines: Sequence[str], before: Sequence[str], sentence: str) -> list[str]:
    """Return what a sentence answers and what it changes, as lines, after others said to the project of `lines`."""
    with open_project(None) as studio:
        if lines:
            studio.controller.edit("given", lambda _: base(tuple(lines)))
        for line in before:
            asyncio.run(run_line(studio, line, Caller()))
        old = studio.controller.project
        start = time.perf_counter()
        try:
            result = asyncio.run(run_line(studio, sentence, Caller()))
            answer = f"{type(result).__name__}: {result.text() if result is not None else ''}"
        except UserError as error:
            answer = f"REFUSED: {error.message} | {error.hint}"
        took = (time.perf_counter() - start) * 1000
        changes = differences(old, studio.controller.project)
    more = [f"… and {len(changes) - _SHOWN} more"] if len(changes) > _SHOWN else []
    return [f"{answer} ({took:.0f} ms)", *(f"  · {change}" for change in (*changes[:_SHOWN], *more))]


def main() -> None:
    """Print every sentence of a batch with what it did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--bases", type=Path, default=folder() / "phrases" / "bases.yaml")
    parser.add_argument("--only", default="", help="numbers of sentences with commas")
    given = parser.parse_args()
    bases, batch = read_yaml(given.bases), read_yaml(given.file)
    os.chdir(tempfile.mkdtemp())  # for what is exported
    only = {int(number) for number in given.only.split(",") if number}
    for number, entry in enumerate(batch, 1):
        if not only or number in only:
            print("\n".join(_judged(number, entry, bases)), end="\n\n")


def _judged(number: int, entry: dict[str, Any], bases: dict[str, list[str]]) -> list[str]:
    before = entry.get("after") or []
    before = [before] if isinstance(before, str) else before
    lines = said(bases[entry["base"]] if entry.get("base") else (), before, str(entry["say"]))
    notes = [f"after: {line}" for line in before] + ([f"means: {entry['means']}"] if "means" in entry else [])
    head = f"{number}. [{entry.get('base') or 'empty'}] {entry['say']}"
    return [head, *(f"  {line}" for text in (*notes, *lines) for line in text.splitlines())]


if __name__ == "__main__":
    main()
