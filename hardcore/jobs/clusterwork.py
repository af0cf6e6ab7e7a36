"""What a machine of a cluster does: Dask's worker hands jobs to processes of ours, which can be killed.

A job comes as the line of JSON that a worker beside the studio gets, and answers in JSON; its files stay in a folder
that bears its key until the studio has fetched them. When nobody waits for a job any more (it was cancelled, the studio
has ended, its files are fetched), Dask releases its key: then its process is killed and its folder removed.
"""

import asyncio
import json
import platform
import shutil
import time
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from distributed import Worker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from hardcore.errors import HardcoreError
from hardcore.jobs.kinds import KINDS
from hardcore.paths import data_folder
from hardcore.version import __version__
from hardcore.workers.context import Words
from hardcore.workers.pool import Pool

# What a machine must offer as a resource of Dask's: how many jobs it does at once.
RESOURCE = "hardcore"
# Progress is told to the scheduler this often at most.
TELL_S = 2.0
BLOCK = 8 << 20
_PLUGIN = "hardcore-jobs"


@cache
def fingerprint() -> str:
    """Return a digest of what decides how a piece comes out: program, knowledge, synths, engine, kind of processor."""
    digest = sha256(repr((__version__, version("nanosynth"), version("numpy"), platform.machine())).encode())
    for folder in map(data_folder, ("knowledge_base", "synthdefs", "samples")):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(path.relative_to(folder).as_posix().encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class Jobs(WorkerPlugin):  # type: ignore[misc, unused-ignore]
    """The jobs of a machine: its pool of processes, what runs, and a folder for each job."""

    name = _PLUGIN
    idempotent = True

    def setup(self, worker: Worker) -> None:
        """Begin with a machine."""
        self._pool = Pool()
        self._running: dict[str, asyncio.Task[Words]] = {}
        self._folder = Path(worker.local_directory) / RESOURCE

    def teardown(self, worker: Worker) -> None:
        """Kill what runs, as the machine leaves."""
        self._pool.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def transition(self, key: Any, start: str, finish: str, **kwargs: Any) -> None:
        """Stop a job whose key is released and remove its files; called by Dask at every change of a key."""
        if finish not in ("released", "forgotten"):
            return
        if key in self._running:
            self._running[key].cancel()
        elif isinstance(key, str) and key.startswith(RESOURCE):
            shutil.rmtree(self._folder / key, ignore_errors=True)

    async def do(self, key: str, kind: str, line: str) -> Words:
        """Return the answer to a line of `context.request`, worked on in a folder of the key's, and its files."""
        asked = json.loads(line)
        scratch, stage = self._folder / key / "scratch", self._folder / key / "stage"
        scratch.mkdir(parents=True, exist_ok=True)
        asked["folder"], asked["arguments"]["stage"] = str(scratch), str(stage)
        worker, told_s = get_worker(), 0.0

        def progress(share: float, words: str) -> None:
            nonlocal told_s
            if time.monotonic() - told_s >= TELL_S:
                told_s = time.monotonic()
                worker.log_event(key, {"share": share, "words": words})

        running = asyncio.ensure_future(self._pool.run(KINDS[kind], json.dumps(asked).encode() + b"\n", progress))
        self._running[key] = running
        try:
            await asyncio.wait([running])
            done = running.result()
        finally:
            running.cancel()
            del self._running[key]
            shutil.rmtree(scratch, ignore_errors=True)
        files = sorted(path for path in stage.rglob("*") if path.is_file())
        listed = [{"file": path.relative_to(stage).as_posix(), "bytes": path.stat().st_size} for path in files]
        return {"done": done, "files": listed, "machine": worker.address}

    def read(self, key: str, name: str, offset: int) -> bytes:
        """Return a block of a file that a job made. Raises OSError."""
        with (self._folder / key / "stage" / name).open("rb") as file:
            file.seek(offset)
            return file.read(BLOCK)


async def run(key: str, kind: str, line: str, print_of_studio: str) -> bytes:
    """Return the answer to a job as JSON: like `host.answer`, with the files that it made and the machine's address."""
    if print_of_studio != fingerprint():
        return _said({"unfit": "it has another version of the program or its data"})
    try:
        return _said(await _jobs().do(key, kind, line))
    except HardcoreError as error:
        return _said({"error": error.message, "hint": error.hint, "kind": type(error).__name__})
    except asyncio.CancelledError:  # nobody waits for it any more
        return _said({"unfit": "it was stopped"})


def read(key: str, name: str, offset: int) -> bytes:
    """Return a block of a file that a job made on this machine. Raises OSError."""
    return _jobs().read(key, name, offset)


def _jobs() -> Jobs:
    found = get_worker().plugins[_PLUGIN]
    assert isinstance(found, Jobs)
    return found


def _said(words: Words) -> bytes:
    return json.dumps(words).encode()
