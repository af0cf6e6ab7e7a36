"""The loader: gives the engine the sounds that a project plays, from the pool, on a thread of its own.

Copying and hashing take as long as they take: what keeps time goes on meanwhile, and hears `/synced` when all is there.
"""

import contextlib
import os
import threading
import traceback
from collections.abc import Collection, Mapping
from queue import Queue
from typing import NamedTuple

from hardcore.engine import nodes
from hardcore.engine.osc import message
from hardcore.engine.pool import Pool
from hardcore.engine.server import Connection, Server
from hardcore.engine.structure import SILENT_FRAMES
from hardcore.errors import HardcoreError
from hardcore.project.multisample import Load
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState

# So many sounds are asked for before the engine's answers are read.
AT_ONCE = 64
# An engine that takes longer for them has ended, and we are about to.
LONGEST_S = 600.0
# The thread gives way to whatever keeps time, which is at less where the system allows it.
NICE = 0


class _Job(NamedTuple):
    """Sounds by buffer, and the number of the `/sync` that says they are there; a later job of its kind replaces it.

    frees   the keys of sounds that the engine may let go of where they are not among these
    """

    sounds: tuple[tuple[int, Load], ...]
    sync: int
    kind: str
    frees: Collection[str] = ()


class Loader:
    """Loads what it is asked for, in order. Its methods never wait, but for `finish`."""

    def __init__(self, server: Server) -> None:
        self._server, self._pool = server, Pool(server.sandbox.pool)
        self._jobs: Queue[_Job] = Queue()
        self._latest: dict[str, int] = {}
        self._asked: Mapping[str, Load] = {}
        # By buffer: the key of what the engine has there. Only the thread looks at it.
        self._loaded: dict[int, str] = {}
        self._kept: dict[str, tuple[Load, ...]] = {}
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def busy(self) -> bool:
        """Return whether something asked for has not been loaded yet."""
        return self._jobs.unfinished_tasks > 0

    @property
    def asked(self) -> Mapping[str, Load]:
        """Return what it was asked for last, of a project."""
        return self._asked

    def lacks(self, loads: Mapping[str, Load]) -> bool:
        """Return whether the engine may not have all of these sounds."""
        return self.busy or not loads.keys() <= self._asked.keys()

    def load(self, project: ProjectState, loads: Mapping[str, Load], sync: int, *, frees: Collection[str] = ()) -> None:
        """Let the engine load these of a project's sounds, then answer `/synced` with a number. Raises EngineError.

        frees   the keys of sounds that it may let go of, where they are not among these
        """
        sounds = [(nodes.load_buffer(project, load), load) for load in loads.values()]
        self._asked = loads
        self._put(_Job(tuple(sounds), sync, "project", frees))

    def load_ahead(self, project: ProjectState, loads: Mapping[str, Load], present: ProjectState, sync: int) -> None:
        """Load these sounds of another project, but for those whose buffer the present one needs."""
        places = {nodes.load_buffer(present, load) for load in present.loads.values()}
        sounds = [(nodes.load_buffer(project, load), load) for load in loads.values()]
        free = tuple((buffer, load) for buffer, load in sounds if buffer not in places)
        self._put(_Job(free, sync, "ahead"))

    def load_one(self, buffer: int, load: Load, sync: int) -> None:
        """Let the engine load one sound, which is not kept, then answer `/synced` with a number."""
        self._put(_Job(((buffer, load),), sync, "audition"))

    def finish(self) -> None:
        """Return when everything asked for is loaded."""
        self._jobs.join()

    def _put(self, job: _Job) -> None:
        self._latest[job.kind] = job.sync
        self._jobs.put(job)

    def _run(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        engine = Connection(self._server.port)
        while True:
            job = self._jobs.get()
            try:
                self._load(engine, job)
                self._server.send(message("/sync", job.sync))
            except HardcoreError:
                pass  # the engine has ended: noticed elsewhere
            except Exception:  # a bug: what was asked for may be silent, but nothing waits for it for ever
                traceback.print_exc()
            self._jobs.task_done()

    def _load(self, engine: Connection, job: _Job) -> None:
        """Load what the engine has not, and return when it has it; what is no longer played leaves the pool."""
        asked = 0
        for buffer, load in job.sounds:
            if self._latest[job.kind] != job.sync:
                break
            if self._loaded.get(buffer) != load.key:
                engine.send(self._request(buffer, load))
                asked += 1
                if asked % AT_ONCE == 0:
                    engine.sync(asked, LONGEST_S)
        engine.sync(asked, LONGEST_S)
        played = {buffer for buffer, _ in job.sounds}
        for buffer in [one for one, key in self._loaded.items() if key in job.frees and one not in played]:
            engine.send(message("/b_free", buffer))
            del self._loaded[buffer]
        if job.kind in ("project", "ahead"):
            self._kept[job.kind] = tuple(load for _, load in job.sounds)
        self._pool.keep([load for kept in self._kept.values() for load in kept])

    def _request(self, buffer: int, load: Load) -> bytes:
        """Return what loads a sound; one that is nowhere is silence, and looked for again another time."""
        path = self._pool.hold(load)
        if path is not None:
            self._loaded[buffer] = load.key
            return message("/b_allocRead", buffer, str(path), load.first, load.frames)
        self._loaded.pop(buffer, None)
        known = load.recording or sample(load.sample or "")
        return message("/b_alloc", buffer, SILENT_FRAMES, known.channels)
