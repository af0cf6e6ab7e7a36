"""Runs the examples of the documentation: console, python and hardcore blocks, each against what is printed under it.

In an expected answer a line `...` stands for any lines (or none) and `…` for anything within a line. An answer of which
nothing is shown must be empty.
"""

import functools
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardcore.app import open_project
from hardcore.surfaces.cli import main
from tests import forking
from tests.warm import warm

ROOT = Path(__file__).resolve().parents[1]
RUN = re.compile(r"\bmake (?:-s )?run\b(?: ARGS='([^']*)')?")
PROMPTS = {"console": "$ ", "hardcore": "> "}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the document it is in, the number of its first line, its language and its lines."""

    document: str
    line: int
    language: str
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return where it is, as `README.md:12`."""
        return f"{self.document}:{self.line}"

    def typed(self) -> Iterator[tuple[str, list[str]]]:
        """Yield what is typed, each with the answer shown under it."""
        prompt = PROMPTS[self.language]
        starts = [place for place, line in enumerate(self.lines) if line.startswith(prompt)]
        assert starts and starts[0] == 0, f"{self.name}: a {self.language} block begins with '{prompt}'"
        for start, end in zip(starts, [*starts[1:], len(self.lines)], strict=True):
            yield self.lines[start].removeprefix(prompt), list(self.lines[start + 1 : end])


def blocks(path: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a Markdown file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = 0
    for number, line in enumerate(lines, 1):
        if not line.startswith("```"):
            continue
        if start:
            language = lines[start - 1].removeprefix("```").strip()
            yield Block(path.relative_to(ROOT).as_posix(), start + 1, language, tuple(lines[start : number - 1]))
        start = 0 if start else number
    assert not start, f"{path.name}:{start}: a block is never closed"


def run(block: Block, folder: Path) -> None:
    """Run a block in `folder`. Raises AssertionError that says what differs."""
    runners = {"console": run_console, "python": run_python, "hardcore": run_hardcore}
    runners[block.language](block, folder)


def run_console(block: Block, folder: Path) -> None:
    """Run each command in a shell, where `hardcore` is this checkout's; `make run` is the same program.

    A command fails exactly where the answer shown is an error.
    """
    for command, shown in block.typed():
        words = RUN.sub(lambda match: f"hardcore {match.group(1) or ''}", command)
        done = forking.run(
            _without_shell(words) or [shutil.which("sh") or "sh", "-c", words], cwd=folder, env=environment(folder),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=100,
        )  # fmt: skip
        compare(block, command, shown, done.stdout)
        fails = any(line.startswith("error: ") for line in shown)
        assert (done.returncode != 0) == fails, f"{block.name}: '{command}' ended with status {done.returncode}"


def _without_shell(command: str) -> list[str]:
    """Return the words of a command that a shell would only split, none of one in which it has more to do."""
    name, *words = shlex.split(command)
    if name != "hardcore" or not re.fullmatch(r"(?:[^'|;&<>$`*?()\\~]|'[^']*')*", command):
        return []
    return [sys.executable, "-m", name, *words]


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which `hardcore` runs this checkout, from a folder beside `folder`."""
    programs = folder.with_name(f"{folder.name}-bin")
    programs.mkdir(exist_ok=True)
    program = programs / "hardcore"
    if not program.exists():
        program.write_text(f'#!/bin/sh\nexec "{Path(sys.executable).as_posix()}" -m hardcore "$@"\n', newline="\n")
        program.chmod(0o755)
    warm(Path(os.environ["HARDCORE_HOME"]))
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def run_python(block: Block, folder: Path) -> None:
    """Run the block as a script that must end well."""
    done = forking.run(
        [sys.executable, "-c", "\n".join(block.lines)], cwd=folder, env=environment(folder), timeout=100,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, f"{block.name}:\n{done.stderr}"


class Typist:
    """A stdin that is no terminal: gives the lines of a block one by one, and notes what each was answered."""

    def __init__(self, lines: list[str], out: io.StringIO) -> None:
        self._lines = lines
        self._out = out
        self._starts: list[int] = []

    def isatty(self) -> bool:
        """Return False."""
        return False

    def readline(self) -> str:
        """Return the next line, or nothing at the end."""
        if len(self._starts) == len(self._lines):
            return ""
        self._starts.append(self._out.tell())
        return f"{self._lines[len(self._starts) - 1]}\n"

    def answers(self) -> list[str]:
        """Return what was printed after each line that was read."""
        text = self._out.getvalue()
        return [text[start:end] for start, end in zip(self._starts, [*self._starts[1:], len(text)], strict=True)]


def run_hardcore(block: Block, folder: Path) -> None:
    """Give the lines to one studio that reads its stdin, and compare every answer; an error ends it."""
    typed = list(block.typed())
    out = io.StringIO()
    typist = Typist([line for line, _ in typed], out)
    before = Path.cwd()
    os.chdir(folder)
    try:
        status = main([], open_project, typist, out, out)  # type: ignore[arg-type]
    finally:
        os.chdir(before)
    for (line, shown), answer in zip(typed, typist.answers(), strict=False):
        compare(block, line, shown, answer)
    assert len(typist.answers()) == len(typed), f"{block.name}: the studio stopped early\n{out.getvalue()}"
    fails = any(line.startswith("error: ") for line in typed[-1][1])
    assert (status != 0) == fails, f"{block.name}: the studio ended with status {status}\n{out.getvalue()}"


def compare(block: Block, typed: str, shown: list[str], answer: str) -> None:
    """Raise AssertionError unless the answer is what is shown."""
    given = [line.rstrip() for line in answer.rstrip("\n").split("\n")] if answer.strip() else []
    if not matches([line.rstrip() for line in shown if line.strip() or line in given], given):
        raise AssertionError(f"{block.name}: '{typed}' is said to answer\n{_text(shown)}\nand answers\n{_text(given)}")


def _text(lines: list[str]) -> str:
    return "\n".join(f"    {line}" for line in lines) or "    (nothing)"


def matches(shown: list[str], given: list[str]) -> bool:
    """Return whether the lines `given` are what is `shown`, wildcards and all."""

    @functools.cache
    def match(at: int, place: int) -> bool:
        if at == len(shown):
            return place == len(given)
        if shown[at] == "...":
            return match(at + 1, place) or (place < len(given) and match(at, place + 1))
        return place < len(given) and _is(shown[at], given[place]) and match(at + 1, place + 1)

    return match(0, 0)


def _is(shown: str, given: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), given) is not None
