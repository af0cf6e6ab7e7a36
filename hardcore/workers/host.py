"""The process that works beside the studio: `python -m hardcore.workers.host BYTES MODULE…`, started by worker.py.

A line of JSON comes in for each task: the function to run (`package.module:function`), its arguments by name, perhaps a
folder of its own and the file of a project. One line goes out for each, in the same order: `{"done": …}`,
`{"error": …, "hint": …, "kind": …}` for what the user should know, `{"failed": …, "hint": …}` for what is our fault or
the machine's. Before that `{"progress": [share, words]}` and `{"part": …}` may come. Standard error is the log.

It runs apart because a broken or hostile file can crash the libraries that read it, or make them ask for any amount of
memory: it may take BYTES more than it starts with (0: any), where the system can hold it to that. Nothing but the
standard library is loaded until a task needs it; the MODULEs, which take long, load while it waits; the task `load` is
done when they are. It ends when its input does, busy or not.
"""

import contextlib
import json
import os
import queue
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from hardcore.errors import HardcoreError
from hardcore.workers.context import Context, Tell, Words, named


def answer(line: str | bytes, tell: Tell = lambda words: None) -> Words:
    """Return the answer to one request; `tell` gets its progress and the parts of its result."""
    asked = json.loads(line)
    try:
        folder = _own_folder(asked.get("folder"))
        context = Context(tell, folder, asked.get("project"))
        return {"done": named(asked["run"])(context, **asked["arguments"])}
    except HardcoreError as error:
        return {"error": error.message, "hint": error.hint, "kind": type(error).__name__}
    except MemoryError:
        return {"failed": "it takes more memory than it may", "hint": "a shorter or smaller file"}
    except Exception as error:
        # The process goes on working; the log has the whole of it.
        traceback.print_exc()
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {Path(where.filename).name}, line {where.lineno}"
        return {"failed": f"a bug in hardcore ({place})", "hint": ""}


def _own_folder(name: str | None) -> Path | None:
    """Return a task's own folder; what it writes for a while lies there too, and is thrown away with it."""
    if name is not None:
        os.environ["TMPDIR"] = tempfile.tempdir = name
    return Path(name) if name is not None else None


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
    _end()


def _end() -> None:
    """End this process at once, and what it has started: it leads a group, unless a worker has started it itself."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
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
    if int(arguments[0]):
        limit_memory(int(arguments[0]))
    telling = threading.Lock()

    def tell(words: Words) -> None:
        line = json.dumps(words) + "\n"
        with telling:
            try:
                answers.write(line)
                answers.flush()
            except OSError:  # nobody is there any more
                _end()

    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    # Beside, so that what is refused at once need not wait for it.
    loading = threading.Thread(target=partial(_load, arguments[1:]), daemon=True)
    loading.start()
    while True:
        line = requests.get()
        if json.loads(line) == {"run": "load"}:
            loading.join()
            tell({"done": {}})
        else:
            tell(answer(line, tell))


if __name__ == "__main__":
    main(sys.argv[1:])
