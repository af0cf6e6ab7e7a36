"""What the function of a task gets besides its arguments: its project, a folder, and whom to tell how far it is."""

import json
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

Words = dict[str, Any]
Tell = Callable[[Words], None]
# Progress is told this often at most.
_STEP_S = 0.05


def named(function: str) -> Callable[..., Any]:
    """Return the function that is named as `package.module:function`."""
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


class Context:
    """The first argument of every task.

    folder   a folder of the task's own, which is thrown away afterwards; None for a task that has none
    """

    def __init__(self, tell: Tell, folder: Path | None = None, snapshot: Mapping[str, str] | None = None) -> None:
        self._tell, self._folder, self._snapshot = tell, folder, snapshot
        self._told_s = 0.0
        self._words = ""

    @property
    def folder(self) -> Path:
        """Return the task's own folder. Raises RuntimeError for a task that was given none."""
        if self._folder is None:
            raise RuntimeError("this task was given no folder")
        return self._folder

    def project(self) -> Any:
        """Return the project as it was when the job was asked for. Raises RuntimeError when it was asked without."""
        if self._snapshot is None:
            raise RuntimeError("this task was given no project")
        return named(self._snapshot["reader"])(Path(self._snapshot["file"]))

    def progress(self, share: float, words: str) -> None:
        """Tell how far it is (0–1) and what is being done."""
        now = time.monotonic()
        if words != self._words or now - self._told_s >= _STEP_S or share >= 1.0:
            self._told_s, self._words = now, words
            self._tell({"progress": [share, words]})

    def part(self, part: Words) -> None:
        """Hand over a part of the result: it stays even when the task is stopped afterwards."""
        self._tell({"part": part})


def request(
    function: str, arguments: Words, folder: Path | None = None, snapshot: Mapping[str, str] | None = None
) -> bytes:
    """Return the line of JSON that asks a host for a task."""
    words = {"run": function, "arguments": arguments, "folder": str(folder) if folder else None, "project": snapshot}
    return json.dumps(words).encode() + b"\n"
