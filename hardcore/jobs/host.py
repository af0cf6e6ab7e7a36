"""The process that works beside the studio: `python -m hardcore.jobs.host BYTES MODULE…`, started by jobs/worker.py.

A line of JSON comes in for each task, `{"task": "hear", …}` with its arguments, and one goes out for each, in the same
order: `{"done": …}`, `{"error": …, "hint": …}` for what the user should know, `{"failed": …, "hint": …}` for what is
our fault or the machine's. Before that `{"progress": [share, words]}` may come.

It runs apart because a broken or hostile file can crash the libraries that read it, or make them ask for any amount of
memory: it may take BYTES more than it starts with, where the system can hold it to that. The MODULEs, which take long
to load, load while it waits; the task `load` is done when they are. It ends when its input does, busy or not.
"""

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from hardcore.errors import HardcoreError

Words = dict[str, Any]
Answer = Callable[[Words], None]

# Where each task is: a function that takes what is asked by name and returns data that JSON can hold.
TASKS = {
    "hear": "listener", "draw": "listener", "paint": "listener", "levels": "listener",
    "examine": "filetasks", "learn": "filetasks", "instrument": "filetasks", "presets": "filetasks",
    "playable": "filetasks",
}  # fmt: skip


def answer(line: str | bytes, tell: Answer = lambda words: None) -> Words:
    """Return the answer to one request; `tell` gets the progress of one that asks for it with `"progress": true`."""
    request = json.loads(line)
    try:
        name = request.pop("task")
        task = getattr(import_module(f"hardcore.jobs.{TASKS[name]}"), name)
        if request.pop("progress", False):
            request["progress"] = lambda share, words: tell({"progress": [share, words]})
        return {"done": task(**request)}
    except HardcoreError as error:
        return {"error": error.message, "hint": error.hint}
    except MemoryError:
        return {"failed": "it takes more memory than it may", "hint": "a shorter or smaller file"}
    except Exception as error:
        # the process goes on working; what went wrong is told with its place, for there is no other log
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {Path(where.filename).name}, line {where.lineno}"
        return {"failed": f"a bug in hardcore ({place})", "hint": ""}


def limit_memory(more: int) -> None:
    """Let this process take so many bytes more than it has, where the system can say and hold that (Linux)."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _listen(requests: "queue.SimpleQueue[bytes]") -> None:
    """Take in requests until the input ends; then this process does, in the middle of whatever it does."""
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


def _load(modules: Sequence[str]) -> None:
    for module in modules:
        import_module(module)


def main(arguments: Sequence[str]) -> None:
    """Answer until the input ends."""
    # Ctrl-C is for the studio, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    limit_memory(int(arguments[0]))

    def tell(words: Words) -> None:
        answers.write(json.dumps(words) + "\n")
        answers.flush()

    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    # Beside, so that what is refused at once need not wait for it.
    loading = threading.Thread(target=partial(_load, arguments[1:]), daemon=True)
    loading.start()
    while True:
        line = requests.get()
        if json.loads(line) == {"task": "load"}:
            loading.join()
            tell({"done": {}})
        else:
            tell(answer(line, tell))


if __name__ == "__main__":
    main(sys.argv[1:])
