"""Real processes for tests, forked from a clean one that has imported everything: they start in milliseconds."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

PATIENCE_S = 30.0


@contextmanager
def running(target: Callable[..., None], *arguments: Any) -> Iterator[tuple[Any, Connection]]:
    """Yield a process and the wire it talks on; it is killed at the end, if it is still there."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.child"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join(PATIENCE_S)
        ours.close()


def heard(wire: Connection) -> Any:
    """Return the next thing a process says. Raises AssertionError when it says nothing, EOFError when it is gone."""
    assert wire.poll(PATIENCE_S), "the process says nothing"
    return wire.recv()
