"""How a non-interactive surface answers: data on stdout, messages on stderr, JSON when asked, progress for eyes."""

import contextlib
import json
import sys
from dataclasses import dataclass
from typing import TextIO

from hardcore.bugs import log_bug
from hardcore.commands.core.results import Done, Result
from hardcore.errors import HardcoreError
from hardcore.escaping import escaped, escaped_json, escaped_line


class Error(Result):
    """What is answered in place of a result when something went wrong.

    code   what kind of thing it was, for programs: argument, not_found, invalid, denied, stale, conflict, locked,
           refused, engine, job, usage, bug
    hint   what would be right; empty where nothing is known
    field  the argument that was wrong; null where it was none
    line   of a script, from 1; null where there is none
    """

    code: str
    message: str
    hint: str
    field: str | None = None
    line: int | None = None

    def text(self) -> str:
        """Return it as one line."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.message}{hint}"


@dataclass(frozen=True, slots=True)
class Answers:
    """Where answers go, and in which form; `quiet` ones say nothing that was not asked for, `verbose` ones say more."""

    out: TextIO
    err: TextIO
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False

    def result(self, result: Result | None) -> None:
        """Print what a command answered."""
        if result is None or (self.quiet and not self.as_json and isinstance(result, Done)):
            return
        text = _json(result) if self.as_json else escaped(result.text())
        print(text, file=self.out, flush=True)

    def news(self, words: str) -> None:
        """Print what has to be known beside the answer, as one line for eyes; nothing when there is nothing."""
        if words and not self.quiet:
            print(f"note: {escaped_line(words)}", file=self.err, flush=True)

    def detail(self, words: str) -> None:
        """Print what only a verbose answer says."""
        if self.verbose:
            print(escaped(words), file=self.err, flush=True)

    def error(self, error: HardcoreError, line: int | None = None) -> None:
        """Print an error as one line, with its code where JSON was asked for: then as an object on stdout too."""
        where = f"line {line}: " if line is not None else ""
        code = ""
        if self.as_json:
            field = getattr(error, "field", "") or None
            said = Error(code=error.code, message=error.message, hint=error.hint, field=field, line=line)
            print(_json(said), file=self.out, flush=True)
            code = f" [{error.code}]"
        print(f"error: {where}{error.line()}{code}", file=self.err, flush=True)

    def bug(self, error: Exception) -> None:
        """Log an unexpected error with its traceback and say one line about it."""
        words, place = f"a bug in hardcore ({type(error).__name__}); nothing was lost", log_bug(error)
        if self.as_json:
            said = Error(code="bug", message=words, hint=place)
            print(_json(said), file=self.out, flush=True)
        print(f"error: {words}, {escaped_line(place)}", file=self.err, flush=True)

    def stopped(self, verb: str) -> None:
        """Say that a signal ended it, and what that means for files, on a line of its own, if anybody still reads."""
        start = "\r\x1b[K" if self.err.isatty() else ""
        # Files appear whole, at the very end; an album's pieces appear one by one.
        left = {"render": ", nothing was written", "demo": ", what was written before stays"}.get(verb, "")
        with contextlib.suppress(OSError):
            print(f"{start}stopped{left}", file=self.err, flush=True)

    def progress(self, share: float, words: str) -> None:
        """Draw a bar on a terminal's stderr; nothing anywhere else."""
        if self.as_json or self.quiet or not self.err.isatty():
            return
        full = round(share * 30)
        end = "\r\x1b[K" if share >= 1 else ""
        self.err.write(f"\r{escaped_line(words):<14} [{'#' * full}{'.' * (30 - full)}] {share:4.0%}{end}")
        self.err.flush()


def _json(result: Result) -> str:
    return escaped_json(json.dumps(result.data(), ensure_ascii=False))


def bug(error: Exception, err: TextIO) -> None:
    """Log an unexpected error with its traceback and say one line about it."""
    line = f"error: a bug in hardcore ({type(error).__name__}); nothing was lost, {escaped_line(log_bug(error))}"
    print(line, file=err or sys.stderr)
