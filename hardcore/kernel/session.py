"""Names that stay from one piece of code to the next, and what running a piece comes to, as data."""

import ast
import asyncio
import inspect
import io
import linecache
import traceback
from collections.abc import Callable, Coroutine
from contextlib import redirect_stderr, redirect_stdout
from itertools import count
from pathlib import Path
from types import CodeType
from typing import Any

from hardcore.kernel.pipe import Pipe, StudioError, Words

# Letters of each part of an answer; what is more is counted.
MOST_LETTERS = 20_000
_OURS = str(Path(__file__).parents[1])


class Output(io.TextIOBase):
    """Text that is printed: the beginning is kept, the rest only counted, so a flood takes no memory."""

    def __init__(self) -> None:
        self._kept, self._room, self._lost = io.StringIO(), MOST_LETTERS, 0

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Take in text."""
        kept = text[: self._room]
        self._kept.write(kept)
        self._room -= len(kept)
        self._lost += len(text) - len(kept)
        return len(text)

    def text(self) -> str:
        """Return what was kept, and how much was not."""
        return self._kept.getvalue() + (f"\n… {self._lost} letters more" if self._lost else "")


class Session:
    """The names, and the functions that rules call."""

    def __init__(self, pipe: Pipe, names: dict[str, Any], functions: dict[str, Callable[..., Any]]) -> None:
        self._pipe, self._names, self._functions = pipe, {"__name__": "__main__", **names}, functions
        self._numbers = count(1)
        self._loop = asyncio.new_event_loop()

    def answer(self, request: Words) -> Words:
        """Return what comes of a request: `code` is run, `fire` calls one of the functions with `arguments`."""
        if "code" in request:
            return self._run(lambda: self._evaluated(request["code"]))
        return self._run(lambda: self._fired(request["fire"], request["arguments"]))

    def _run(self, work: Callable[[], tuple[str, str | None]]) -> Words:
        """Return the kind and value of what `work` does, what it printed, and what went wrong."""
        out, err = Output(), Output()
        answer: Words = {"kind": "statement", "value": None, "error": None, "traceback": None}
        try:
            with redirect_stdout(out), redirect_stderr(err), self._pipe.interruptible():
                answer["kind"], answer["value"] = work()
        except BaseException as error:
            self._pipe.busy = False  # also where the interruption fell between the two
            answer |= told(error)
        return {**answer, "stdout": out.text(), "stderr": err.text()}

    def _evaluated(self, code: str) -> tuple[str, str | None]:
        """Run code: an expression at its end is its value, as text; None has none."""
        name = f"<py {next(self._numbers)}>"
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        self._valued(compile(tree, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
        if not isinstance(last, ast.Expr):
            return "statement", None
        value = self._valued(compile(ast.Expression(last.value), name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
        if value is None:
            return "expression", None
        self._names["_"] = value
        return "expression", cut(repr(value))

    def _valued(self, code: CodeType) -> Any:
        """Return what code is worth, having waited where it awaits."""
        value = eval(code, self._names)  # noqa: S307 it is what the person typed
        return self._awaited(value) if code.co_flags & inspect.CO_COROUTINE else value

    def _awaited(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return what comes of a coroutine; what it began and left, or an interruption left, is given up."""
        asyncio.set_event_loop(self._loop)
        try:
            return self._loop.run_until_complete(work)
        finally:
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    def _fired(self, name: str, arguments: list[Any]) -> tuple[str, str | None]:
        if name not in self._functions:
            raise StudioError(f"there is no function '{name}' any more")
        result = self._functions[name](*arguments)
        if inspect.iscoroutine(result):
            self._awaited(result)
        return "statement", None


def told(error: BaseException) -> Words:
    """Return an error as data: one line for eyes, and the traceback through the code of the user alone."""
    if isinstance(error, KeyboardInterrupt):
        return {"error": "stopped", "traceback": None}
    shown = traceback.TracebackException.from_exception(error)
    own = _only_theirs(shown)
    line = " ".join(list(shown.format_exception_only())[-1].split())
    kind, _, words = line.partition(": ")
    line = f"{kind.rpartition('.')[2]}: {words}" if words else kind.rpartition(".")[2]
    if isinstance(error, StudioError):
        line = str(error)
    place = f" (line {own})" if own > 1 else ""
    return {"error": cut(line + place), "traceback": cut("".join(shown.format()))}


def _only_theirs(shown: traceback.TracebackException) -> int:
    """Take our frames out of a traceback; return the number of the last line of code that it went through, or 0."""
    line = 0
    chain: list[traceback.TracebackException | None] = [shown]
    seen: set[int] = set()
    while chain:
        one = chain.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        frames = [frame for frame in one.stack if not frame.filename.startswith(_OURS)]
        one.stack = traceback.StackSummary.from_list(frames)
        if one is shown:
            lines = [frame.lineno for frame in frames if frame.filename.startswith("<py ")]
            line = (lines[-1] if lines else getattr(one, "lineno", None)) or 0
        chain += [one.__cause__, one.__context__]
    return int(line)


def cut(text: str) -> str:
    """Return a text, cut to what an answer may hold."""
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}… {len(text) - MOST_LETTERS} letters more"
