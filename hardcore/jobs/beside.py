"""Work beside the event loop: in a thread that can be stopped, and files that appear together at its end."""

import asyncio
import contextlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from hardcore.errors import UserError
from hardcore.jobs.request import Progress, RenderRequest

T = TypeVar("T")


class Stopped(Exception):
    """Raised in the thread, where it reports progress, when nobody wants its result any more."""


async def beside(work: Callable[[Progress], T], progress: Progress) -> T:
    """Return what `work` returns; it runs in a thread. When this is cancelled it ends at its next report.

    The cancelled call returns only once the thread has ended, so that what the thread uses may be thrown away.
    """
    loop, stop = asyncio.get_running_loop(), threading.Event()

    def told(share: float, words: str) -> None:
        if stop.is_set():
            raise Stopped
        loop.call_soon_threadsafe(progress, share, words)

    task = loop.run_in_executor(None, work, told)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([task])
        task.exception()  # looked at, so that nobody complains that it was not
        raise


@contextlib.contextmanager
def staged(request: RenderRequest) -> Iterator[RenderRequest]:
    """Yield the request with a folder of its own to write to, whose files take their places when all went well.

    What was there before stays until then. Raises UserError when they cannot be put there.
    """
    place = request.path.parent
    if not place.is_dir():
        raise UserError(f"there is no folder {place}", "make it first, or choose another")
    if request.path.is_dir():
        raise UserError(f"{request.path} is a folder", "name a file in it")
    try:
        folder = Path(tempfile.mkdtemp(prefix=".hardcore-", suffix=".part", dir=place))
    except OSError as error:
        raise _refused(request.path, error) from error
    try:
        stems = folder / "stems" if request.stems else None
        yield replace(request, path=folder / request.path.name, stems=stems)
        if stems is not None and request.stems is not None:
            request.stems.mkdir(parents=True, exist_ok=True)
            for stem in stems.iterdir():
                stem.replace(request.stems / stem.name)
        (folder / request.path.name).replace(request.path)
    except OSError as error:
        raise _refused(request.path, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refused(path: Path, error: OSError) -> UserError:
    return UserError(f"{path} could not be written: {error}", "check the disk and the permissions")
