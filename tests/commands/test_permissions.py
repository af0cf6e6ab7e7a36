"""What each kind of caller may not do, tried by every option of every command.

Who works on a branch leaves the present, other branches and the open file alone; who is confined to folders neither
reads nor writes elsewhere and changes nothing that is the user's for every project; who may change nothing does not.
"""

import asyncio
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.clientschema import plain
from hardcore.commands.core.line import resolve
from hardcore.commands.core.registry import Command
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.paths import config_folder, state_folder, user_folder
from hardcore.project.history import MAIN
from hardcore.surfaces.gate import AGENT, PROGRAM
from tests.arguments import a_value, an_object
from tests.effort import IS_SOAK
from tests.player.listening import Listening
from tests.song import studio_with_song

OWN, OTHER = "agent", "other"
# What renders, hears or composes takes seconds, and what waits for a person does not end.
SLOW = {
    "analyse", "compare", "spectrogram", "waveform", "doctor", "critique", "mix check", "mix correct", "mix match",
    "restyle", "compose", "song", "export", "batch", "album", "generate", "generate clip", "track freeze",
    "track bounce", "resample", "samples add", "import", "groove learn", "samples find", "samples place",
    "session start", "plan make", "library find", "library audition",
}  # fmt: skip
ENDLESS = {"learn", "quit", "job wait", "serve", "ask"}
# What is there, where an example names what is not.
THERE: dict[str, tuple[dict[str, Any], ...]] = {
    "history drop": ({"branch": OTHER}, {"branch": OWN}),
    "history merge": ({"branch": OTHER}, {"branch": OWN}),
    "history goto": ({"step": 1},),
    "history compact": ({"days": 0},),
    "open": ({"file": "second.hcs"},),
    "recover": ({"number": 1}, {"number": 1, "discard": True}, {"all": True, "discard": True}),
    "rule fire": ({"rule": "lift"},),
    "undo": ({"times": 9},),
    "job retry": ({"job": 1},),
}
# Kinds of arguments that a file's name may stand for.
NAMES = {
    "file", "sound", "rhythm", "sample", "projects", "genre", "groove", "device", "clip", "name", "page", "preset",
    "item", "source",
}  # fmt: skip


@dataclass
class Place:
    """A studio with a file in a folder, two branches, and a folder beside it that is nobody's business."""

    folder: Path
    studio: Studio
    left: Path

    @property
    def inside(self) -> Path:
        return self.folder / "inside"

    @property
    def outside(self) -> Path:
        return self.folder / "outside"


def begun(folder: Path) -> Studio:
    (folder / "inside").mkdir(exist_ok=True)
    if not (folder / "inside" / "second.hcs").exists():
        other = studio_with_song(folder / "inside")
        other.controller.save(folder / "inside" / "second.hcs")
        other.close()
    studio = studio_with_song(folder / "inside")
    for name in (OWN, OTHER):
        studio.controller.branch(name)
        asked(studio, Caller(), "tempo", {"bpm": 141, "head": name})
    asked(studio, Caller(), "rule add", {"when": "every 8 bars", "what": "run track gain kick --by 1", "name": "lift"})
    asked(studio, Caller(), "library save", {"kind": "preset", "name": "rubber", "from": "bass"})
    for name in ("groove list", "samples list", "preset list", "rhythm seed list", "artifacts list"):
        asked(studio, Caller(), name, {})
    studio.controller.save()
    studio.player = Listening(studio.controller.project)  # type: ignore[assignment]
    return studio


def unsaved() -> Path:
    """Return the folder of a working copy that nobody saved."""
    before = {path for path in state_folder().rglob("*") if path.is_dir()}
    studio_with_song().close()
    return next(path for path in state_folder().rglob("*") if path.is_dir() and path not in before)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    outside = tmp_path / "outside"
    outside.mkdir()
    studio = studio_with_song(outside)
    asked(studio, Caller(), "export", {"file": str(outside / "song.mid")})
    studio.close()
    soundfile.write(outside / "sound.wav", np.zeros((4800, 2)), 48_000)
    for name in ("rhythm.yaml", "style.yaml", "map.toml", "words.txt"):
        (outside / name).write_text("name: x\n")
    left = unsaved()
    place = Place(tmp_path, begun(tmp_path), left)
    monkeypatch.chdir(place.inside)
    yield place
    place.studio.close()


def asked(studio: Studio, caller: Caller, name: str, arguments: dict[str, Any]) -> str:
    """Return what came of a call, in words; an error is one line, a bug begins with `bug`."""
    try:
        command = registry.registry()[name]
        return asyncio.run(asyncio.wait_for(registry.run(studio, command, arguments, caller), 60)).text()
    except HardcoreError as error:
        assert "\n" not in error.line()
        return f"error: {error.line()}"
    except Exception as error:
        return f"bug: {error!r}"


def calls(command: Command, files: list[Path], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield arguments: the example's, then with each option in turn, then files from elsewhere wherever one may be.

    The ordinary run draws one option and one file.
    """
    resolved = resolve(f"/{command.example}")
    assert resolved is not None
    known = {one.name: value for one in command.arguments if (value := resolved[1].get(one.name)) is not None}
    yield known
    nodes = plain(command.schema()).get("properties", {})
    options = [
        known | {one.name: True if one.flag else a_value(nodes[one.name], chance)}
        for one in command.arguments
        if one.flag or one.name not in known
    ]
    if command.edits:
        options += [{**known, "head": head} for head in (MAIN, OTHER)]
    named = [one.name for one in command.arguments if one.kind.name in NAMES]
    elsewhere = [known | {name: str(path)} for name in named for path in files]
    yield from options if IS_SOAK else chance.sample(options, min(1, len(options)))
    yield from elsewhere if IS_SOAK else chance.sample(elsewhere, min(1, len(elsewhere)))
    yield from THERE.get(command.name, ())


def listed(folder: Path) -> set[tuple[str, int, int]]:
    """Return the files of a folder with size and time, artifacts and the databases' own bookkeeping left out."""
    found = ((path, path.stat()) for path in folder.rglob("*") if path.is_file() and "artifacts" not in path.parts)
    return {(str(path), facts.st_size, facts.st_mtime_ns) for path, facts in found if _counts(path, facts.st_size)}


def _counts(path: Path, size: int) -> bool:
    return not path.name.endswith("-shm") and (size > 0 or not path.name.endswith("-wal"))


def present(place: Place) -> dict[str, Any]:
    """Return all that is not the branch `OWN`: the open project, its other branches and its file."""
    controller = place.studio.controller
    heads = {name: head.step for name, head in controller.history.heads.items() if name != OWN}
    return {
        "open": controller.path, "at": controller.history.at, "project": controller.project, "heads": heads,
        "oldest": min(controller.history.steps), "own branch": OWN in controller.history.heads,
    }  # fmt: skip


def the_users(place: Place) -> dict[str, Any]:
    """Return all that is the user's beyond a project and a folder."""
    folders = {"config": config_folder(), "library": user_folder(), "outside": place.outside}
    files = {name: listed(folder) for name, folder in folders.items()}
    return {"left": place.left.is_dir(), "settings": place.studio.settings, **files}


def beside(place: Place) -> dict[str, Any]:
    """Return all that an agent on its branch leaves alone."""
    return present(place) | the_users(place)


def everything(place: Place) -> dict[str, Any]:
    inside = {"inside": listed(place.inside), "last": place.studio.controller.history.last}
    return {**present(place), **the_users(place), **inside, "heads": dict(place.studio.controller.history.heads)}


Looked = Callable[[Place], dict[str, Any]]
CONFINED = Caller("program", roots=(Path(),), permissions=PROGRAM)
CALLERS: dict[str, tuple[Caller, Looked]] = {
    "agent": (Caller("agent", head=OWN, roots=(Path(),), permissions=AGENT), beside),
    "writing agent": (Caller("agent", head=OWN, roots=(Path(),), permissions=PROGRAM), beside),
    "agent without folders": (Caller("agent", head=OWN), present),
    "program": (CONFINED, the_users),
    "reader": (replace(CONFINED, permissions=frozenset()), everything),
}

_read: list[str] | None = None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _read is not None and event == "open" and isinstance(arguments[0], str | bytes):
        _read.append(arguments[0] if isinstance(arguments[0], str) else arguments[0].decode(errors="replace"))


@contextmanager
def opened() -> Iterator[list[str]]:
    """Yield a list of the files that this process opens meanwhile."""
    global _read
    if not _hooked:
        sys.addaudithook(_audit)
        _hooked.append(True)
    _read = []
    try:
        yield _read
    finally:
        _read = None


_hooked: list[bool] = []


def trespasses(place: Place, who: str, drawn: Iterator[tuple[Command, dict[str, Any]]]) -> list[str]:
    """Return a line for each call by which that caller did what it may not; the studio is made anew after one."""
    caller, look = CALLERS[who]
    caller = replace(caller, roots=(place.inside,)) if caller.roots is not None else caller
    found = []
    before = look(place)
    for command, arguments in drawn:
        with opened() as files:
            answer = asked(place.studio, caller, command.name, arguments)
        after = look(place)
        changed = [name for name in before if before[name] != after[name]]
        if caller.roots is not None:
            changed += [f"opened {one}" for one in files if one.startswith(str(place.outside))]
        if changed or answer.startswith("bug"):
            found.append(f"{who}: {command.name} {arguments} -> {', '.join(changed)}: {answer[:80]}")
            place.studio.close()
            place.studio = begun(place.folder)
            after = look(place)
        before = after
    return found


def every(place: Place, left_out: set[str]) -> Iterator[tuple[Command, dict[str, Any]]]:
    """Yield every command with each of its options."""
    chance, files = random.Random(3), sorted(place.outside.iterdir())
    for command in registry.registry().values():
        if command.name not in left_out:
            yield from ((command, arguments) for arguments in calls(command, files, chance))


def drawn(count: int) -> Iterator[tuple[Command, dict[str, Any]]]:
    """Yield so many calls of any command with any arguments."""
    chance = random.Random(None if IS_SOAK else 5)
    known = [command for command in registry.registry().values() if command.name not in ENDLESS | SLOW]
    for command in chance.choices(known, k=count):
        yield command, an_object(plain(command.schema()), chance)


EVERYBODY = [pytest.param(who, marks=() if who == "agent" else pytest.mark.soak) for who in CALLERS]


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_option_of_any_command_goes_further_than_its_caller_may(place: Place, who: str) -> None:
    assert trespasses(place, who, every(place, ENDLESS if IS_SOAK else ENDLESS | SLOW)) == []


@pytest.mark.soak
@pytest.mark.parametrize("who", CALLERS)
def test_nor_do_five_hundred_calls_at_random(place: Place, who: str) -> None:
    assert trespasses(place, who, drawn(500)) == []


@pytest.mark.soak
def test_what_a_job_of_the_background_brings_belongs_to_the_branch_it_was_asked_on(place: Place) -> None:
    studio, agent = place.studio, replace(CALLERS["agent"][0], roots=(place.inside,))
    before = present(place)

    step = studio.controller.history.place(OWN)

    async def session() -> None:
        for name, arguments in (("mix correct", {"background": True, "style": "techno"}), ("job wait", {})):
            await registry.run(studio, registry.registry()[name], arguments, agent)

    asyncio.run(session())
    assert present(place) == before and studio.controller.history.place(OWN) > step


def test_a_rule_reads_no_file_elsewhere(place: Place) -> None:
    secret = place.outside / "song.hcs"
    asked(
        place.studio, Caller(), "rule add", {"when": "every beat", "what": f"run session compare {secret}", "name": "r"}
    )
    with opened() as files:
        answer = asked(place.studio, Caller(), "rule fire", {"rule": "r"})
    assert answer.startswith("error") and not [one for one in files if one.startswith(str(place.outside))]
