"""What runs in processes of its own: a writer that is killed, a holder of locks, a writer whose disk is full."""

import asyncio
import contextlib
import hashlib
import os
import random
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import registry
from hardcore.controller.controller import Controller
from hardcore.errors import HardcoreError, UserError
from hardcore.profile.model import Observation
from hardcore.project.history import MAIN, History
from hardcore.project.integrity import problems
from hardcore.project.libraryitem import Facts
from hardcore.project.state import ProjectState, new_project
from hardcore.store import library, schema
from hardcore.store.lock import Lock
from hardcore.store.opened import Opened
from hardcore.store.profile import UserProfile
from hardcore.store.project_file import create, open_project, recover, recoverable
from hardcore.store.projects import Projects
from tests.project.edits import random_edit
from tests.store.samples import noisy, song

SMALL_BYTES = 500_000


def fingerprint(state: ProjectState) -> str:
    """Return a digest of all that a project is, made without the store's own."""
    return hashlib.sha256(state.model_dump_json().encode()).hexdigest()


def act(opened: Opened, rng: random.Random, told: Callable[[], None] = lambda: None) -> None:
    """Do one random thing to an open project, as the controller does it; `told` is called before it is journaled."""
    history, journal, chance = opened.history, opened.journal, rng.random()
    head = rng.choice((MAIN, MAIN, "a", "b"))
    if head != MAIN and (head not in history.heads or chance > 0.96):
        made = history.end(head) and None if head in history.heads else history.branch(head)
        told()
        journal.headed(head, made)
    elif chance < 0.75:
        state = history.state(history.place(head)).evolve(next_id=history.highest_id)
        label, state = random_edit(state, rng)
        step = history.push(state, label, head, float(history.last), head)
        told()
        journal.append(step)
    else:
        with contextlib.suppress(UserError):
            if head == MAIN and chance > 0.93:
                history.goto(rng.randrange(history.last + 1))
            elif head != MAIN and chance > 0.93:
                history.rejoin(head, history.step.parent or 0)
            else:
                history.undo(head) if chance < 0.85 else history.redo(head)
        told()
        journal.moved(history.at) if head == MAIN else journal.headed(head, history.heads[head])


def placed(history: History) -> str:
    """Return where everybody stands and where redo leads, as text."""
    redo = {number: step.redo for number, step in history.steps.items() if step.redo is not None}
    return repr((history.at, sorted(history.heads.items()), sorted(redo.items())))


def work(home: str, file: str, seed: int, wire: Connection) -> None:
    """Edit until killed; every step is told on the wire once it is acknowledged, every save before and after.

    Where the heads stand is told before it is journaled ("place", its number), and when it is acknowledged ("placed").
    """
    os.environ["HARDCORE_HOME"] = home
    rng, left = random.Random(seed), recoverable()
    opened = recover(left[0]) if left else create()
    told = opened.history.last
    places = 0

    def tell() -> None:
        nonlocal places
        places += 1
        wire.send(("place", places, placed(opened.history)))

    tell()
    while True:
        for _ in range(rng.choice((1, 1, 1, 2, 8))):
            act(opened, rng, tell)
        if rng.random() < 0.1:
            opened.save(Path(file))
            wire.send(("saved", opened.history.last, ""))
        opened.flush()
        wire.send(("placed", places, ""))
        for number in range(told + 1, opened.history.last + 1):
            wire.send(("step", number, fingerprint(opened.history.state(number))))
        told = opened.history.last


def crowd(home: str, file: str, seed: int, wire: Connection) -> None:
    """Edit a project that is soon full, save and compact it, until killed; tells every step that is acknowledged."""
    os.environ["HARDCORE_HOME"] = home
    schema.MAX_FILE_BYTES = SMALL_BYTES
    rng, store, now = random.Random(seed), Projects(), iter(range(10**6))
    controller = Controller(store, lambda: float(next(now)))
    left = store.recoverable()
    if left:
        controller.adopt(store.recover(left[0]))
    elif Path(file).exists():
        controller.open(Path(file))
    else:
        controller.edit("song", lambda _: song())
    while True:
        chance = rng.random()
        with contextlib.suppress(UserError):
            if chance < 0.1:
                controller.undo()
            elif chance < 0.2:
                controller.save(Path(file))
            elif chance < 0.4 and controller.path is not None:
                compaction = controller.compaction(0.0001)
                compaction.prepare()
                wire.send(("compacting", 0, ""))
                controller.compact(compaction)
                wire.send(("compacted", 0, ""))
            else:
                controller.edit("noise", lambda project: noisy(project, 300, rng.randrange(2**32)))
                controller.flush()
                wire.send(("step", controller.history.last, fingerprint(controller.project)))


def command(home: str, file: str, seed: int, wire: Connection) -> None:
    """Run the examples of all commands that are a step, undo and redo, until killed; tells what is acknowledged.

    "ran" is told with the name of a command that made a step, before the step.
    """
    os.environ["HARDCORE_HOME"] = home
    os.chdir(Path(file).parent)
    rng, studio = random.Random(seed), build_studio()
    left = studio.store.recoverable()
    if left:
        studio.controller.adopt(studio.store.recover(left[0]))
    else:
        studio.controller.edit("a song", lambda _: song())
    steps = {f"/{known.example}": name for name, known in registry().items() if known.is_step}
    history, told = studio.controller.history, 0
    while True:
        line = rng.choice((*steps, "/undo", "/redo"))
        if rng.random() < 0.02:  # or there would be nothing left to work on
            studio.controller.edit("a song", lambda project: song().evolve(next_id=project.next_id + 100))
        with contextlib.suppress(HardcoreError):
            asyncio.run(run_line(studio, line, Caller()))
        assert not (problem := next(problems(studio.controller.project), "")), f"{line}: {problem}"
        studio.controller.flush()
        if history.last > told:
            wire.send(("ran", 0, steps.get(line, line)))
            wire.send(("step", history.last, fingerprint(history.state(history.last))))
            told = history.last


def hold(path: str, wire: Connection) -> None:
    """Hold the lock of a path until killed."""
    lock = Lock.acquire(Path(path))
    wire.send(os.getpid())
    signal.pause()
    lock.release()


def hold_project(home: str, path: str, wire: Connection) -> None:
    """Hold an open project until killed."""
    os.environ["HARDCORE_HOME"] = home
    opened = open_project(Path(path))
    wire.send(os.getpid())
    signal.pause()
    opened.close()


def fill(home: str, file: str, wire: Connection) -> None:
    """Edit until no file may grow, save all the same, then make room and go on; tells what happened."""
    import resource

    os.environ["HARDCORE_HOME"] = home
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    opened, rng = create(), random.Random(3)
    opened.flush()
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, most))
    words = []
    for _ in range(1000):
        act(opened, rng)
        try:
            opened.flush()
        except UserError as error:
            words.append(error.line())
            if len(words) == 3:
                break
    kept = {number: fingerprint(opened.history.state(number)) for number in opened.history.steps}
    wire.send((words, opened.journal.acknowledged, opened.history.last, kept))
    opened.save(Path(file))
    wire.send(opened.unsaved)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    opened.flush()
    wire.send(opened.journal.acknowledged)
    label, state = random_edit(opened.history.state().evolve(next_id=opened.history.highest_id), rng)
    opened.append(opened.history.push(state, label, "you", 0.0))
    opened.close()


def keep_things(home: str, seed: int, wire: Connection) -> None:
    """Keep and tag things in the library one after the other, telling of each once that has returned."""
    os.environ["HARDCORE_HOME"] = home
    rng, number = random.Random(seed), 0
    while True:
        number += 1
        project = new_project("a" * rng.randrange(1, 80))
        item = library.save("preset", f"{seed}-{number % 5}", project, float(number), facts=Facts())
        library.tag(item, (str(number),))
        wire.send((item.name, number))


def observation(at: int) -> Observation:
    """Return what was made of a piece."""
    offsets = {part: {"gain": -3.0, "pan": 0.0} for part in ("hat_closed", "kick", "bass")}
    return Observation(piece=f"{at:016x}", style="house", at=at, offsets=offsets)


def learn(file: str, wire: Connection) -> None:
    """Learn from one piece after the other until killed; each is told on the wire once it is acknowledged."""
    known, count = UserProfile(lambda: Path(file)), 0
    while True:
        found = observation(count)
        known.change(lambda profile: profile.with_piece(found))  # noqa: B023 it is called at once
        count += 1
        wire.send(count)
