"""The kernel: `python -m hardcore.kernel.process BYTES`, started by kernel.py.

It says `{"ready": true}` first. A line of JSON comes in for each request, `{"code": …}` or `{"fire": name, "arguments":
[…]}`, and one goes out when it is done, `{"done": {kind, value, stdout, stderr, error, traceback}}`. Before that it may
ask the studio, `{"call": n, …}`, and gets `{"answer": n, "result": …}` or `{"answer": n, "error": …}`. SIGINT stops the
code that runs; names stay. It may take BYTES of memory more than it starts with, where the system can hold it to that,
and ends when its input does.
"""

import os
import sys
from collections.abc import Sequence

from hardcore.kernel.names import names
from hardcore.kernel.pipe import Pipe
from hardcore.kernel.session import Session
from hardcore.workers.host import limit_memory


def main(arguments: Sequence[str]) -> None:
    """Answer until the input ends."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # what code reads or prints by itself, or lets a program of its own do, must not get between the lines
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    limit_memory(int(arguments[0]))
    pipe = Pipe(source, sink)
    given, functions = names(pipe.ask)
    session = Session(pipe, given, functions)
    pipe.tell({"ready": True})
    while True:
        pipe.tell({"done": session.answer(pipe.requests.get())})


if __name__ == "__main__":
    main(sys.argv[1:])
