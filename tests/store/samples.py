"""Projects and files to test the store with."""

import json
import random
import sqlite3
import zlib
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from hardcore.project import tracks
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.clips import add_clip, edit_notes
from hardcore.project.notes import Note
from hardcore.project.placing import place
from hardcore.project.state import ProjectState, new_project
from hardcore.store.objects import digest, expand
from hardcore.store.opened import Opened
from hardcore.store.project_file import create
from tests.project.edits import random_edit


def song() -> ProjectState:
    """Return a project with one of everything that points at something."""
    project, kick = tracks.add_track(new_project("song", 7), "kick", instrument="kick909")
    project, bass = tracks.add_track(project, "bass", instrument="sub")
    project, drums = tracks.add_track(project, "drums", "group")
    project, space = tracks.add_track(project, "space", "return")
    project = tracks.route(project, kick, drums)
    project = tracks.set_send(project, bass, space, -9)
    project, _ = tracks.add_effect(project, space, "reverb")
    project, pump = tracks.add_effect(project, bass, "sidechain", side=kick)
    scene = project.scenes[0].id
    project, _ = add_clip(project, kick, scene, 7680, [Note(at, 240, 36) for at in range(0, 7680, 1920)])
    moving = Automation(owner=bass, parameter="pan", points=(AutomationPoint(tick=0, value=0.5),))
    notes = [Note(960, 480, 33, slide=True), Note(2880, 480, 36, probability=50, offset_ticks=-12)]
    project, line = add_clip(project, bass, scene, 7680, notes, automation=(moving,))
    assert pump
    return place(project, line, 7680, 15360)


def noisy(project: ProjectState, count: int, seed: int) -> ProjectState:
    """Return the project with other notes, which hardly pack."""
    rng = random.Random(seed)
    notes = [Note(rng.randrange(2**24), rng.randrange(1, 999), rng.randrange(128)) for _ in range(count)]
    return edit_notes(project, project.find_track("bass").clips[0].id, lambda _: notes)


def wander(opened: Opened, rng: random.Random, steps: int) -> None:
    """Make random edits, each a step."""
    for _ in range(steps):
        history = opened.history
        label, state = random_edit(history.state().evolve(next_id=history.highest_id), rng)
        opened.append(history.push(state, label, "you", 1000.0 + history.last))


def saved(path: Path, steps: int = 6, seed: int = 1) -> Path:
    """Return `path` with a project and a short history in it."""
    opened = create(state=song())
    wander(opened, random.Random(seed), steps)
    opened.save(path)
    opened.close()
    return path


def forge(path: Path, number: int, **changes: Any) -> None:
    """Change fields of the root of a step in a file, with a true digest; raw JSON comes as bytes."""
    with sqlite3.connect(path) as connection:
        root, payload, refs = connection.execute(
            "SELECT root, payload, refs FROM objects JOIN steps ON root = hash WHERE number = ?", (number,)
        ).fetchone()
        fields = json.loads(expand(payload)) | changes
        content = b",".join(
            to_json(key) + b":" + (value if isinstance(value, bytes) else to_json(value))
            for key, value in fields.items()
        )
        connection.execute(
            "UPDATE steps SET root = ? WHERE root = ?", (put(connection, b"{" + content + b"}", refs), root)
        )
    connection.close()


def put(
    connection: sqlite3.Connection, content: bytes, refs: bytes = b"", kind: str = "project", version: int = 1
) -> bytes:
    """Return the true digest of an object that is written to a file, whatever it holds."""
    address = digest(kind, version, content, refs)
    row = (address, kind, version, zlib.compress(content, 1), refs)
    connection.execute(
        "INSERT OR REPLACE INTO objects (hash, kind, version, payload, refs) VALUES (?, ?, ?, ?, ?)", row
    )
    return address


ODD: tuple[Any, ...] = (
    None, True, -1, 0, 0.5, 1, 2**31, 2**63, 10**30, -0.0, 1e308, "", "x", "t1", "t2", "c9", "e1", "s2", "\x00",
    "\x1b[2J", "é" * 3, [], [[]], {}, {"a": 1}, [1, 2], "return", "group", "master", "midi", "reverb", "sub",
)  # fmt: skip


def mutate(path: Path, rng: random.Random) -> None:
    """Change one random value in one random object that the last step reaches; every digest is true again."""
    connection = sqlite3.connect(path, isolation_level=None)
    rows = {row[0]: row for row in connection.execute("SELECT hash, kind, version, payload, refs FROM objects")}
    at, root = connection.execute("SELECT number, root FROM steps ORDER BY number DESC LIMIT 1").fetchone()
    reached, waiting = [], [root]
    while waiting:
        reached.append(waiting.pop())
        refs = rows[reached[-1]][4]
        waiting += [refs[i : i + 20] for i in range(0, len(refs), 20)]
    chosen = rng.choice(reached)

    def again(address: bytes) -> bytes:
        _, kind, version, payload, refs = rows[address]
        content = expand(payload)
        children = [again(refs[i : i + 20]) for i in range(0, len(refs), 20)]
        if address == chosen:
            content, children = _changed(content, children, kind, rng)
        return put(connection, content, b"".join(children), kind, version)

    connection.execute("UPDATE steps SET root = ? WHERE number = ?", (again(root), at))
    connection.close()


def _changed(content: bytes, children: list[bytes], kind: str, rng: random.Random) -> tuple[bytes, list[bytes]]:
    if children and rng.random() < 0.3:
        picked = rng.sample(children, rng.randrange(len(children) + 1)) + rng.choices(children, k=rng.randrange(2))
        return content, picked
    if kind == "chunk":
        raw = bytearray(content)
        for _ in range(rng.randrange(1, 4)):
            if raw:
                raw[rng.randrange(len(raw))] = rng.randrange(256)
        return bytes(raw), children
    if not content:
        return rng.choice((b"", b"x")), children
    value = json.loads(content)
    spots: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        here = waiting.pop()
        for key in list(here) if isinstance(here, dict) else range(len(here)):
            spots.append((here, key))
            if isinstance(here[key], dict | list):
                waiting.append(here[key])
    if spots:
        here, key = rng.choice(spots)
        here[key] = rng.choice(ODD)
    return to_json(value), children
