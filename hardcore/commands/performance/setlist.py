"""Set lists: projects that are played one after the other; the next one's sounds are there before it is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import Count, ProjectFile
from hardcore.commands.performance.playing import asked, ready_for
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.workers.thread import beside

MOST = 256
_NAME = "set"
Files = Annotated[tuple[ProjectFile, ...], Field(min_length=1, max_length=MOST)]


@dataclass
class SetList:
    """The project files of a set, in order, and what the next one plays once it was made ready.

    studio.keep(SetList((Path("one.hcs"),)))
    """

    files: tuple[Path, ...] = ()
    ready: tuple[Path, ProjectState] | None = None

    def place(self, path: Path | None) -> int | None:
        """Return where a file stands, from 0; None where it does not."""
        known = path.resolve() if path is not None else None
        return next((at for at, one in enumerate(self.files) if one.resolve() == known), None)


class SetEntry(Row):
    """A project of the set: its place from 1, its name, its file; how it stands: now, ready, gone or empty.

    state   now: it is open; ready: its sounds are loaded; missing: its file is gone
    """

    number: int
    name: str
    file: str
    state: str


class SetListView(Listing[SetEntry]):
    """The set list."""

    headings = ("#", "project", "file", "")


class SetMoved(Done):
    """The project of the set that plays from the next bar on, and the one after it."""

    number: int
    name: str
    following: str | None
    ready: bool


def set_list_of(studio: Studio) -> SetList:
    """Return the set list: the one in use, else the one that was kept."""
    found = studio.recall(SetList)
    if found is None:
        kept = [entry for entry in studio.library.entries("setlist") if entry.name == _NAME]
        found = SetList(tuple(Path(name) for name in kept[0].content["files"]) if kept else ())
        studio.keep(found)
    return found


@command("setlist", "setlist", effects=())
def setlist(call: Call) -> SetListView:
    """Show the set list: the projects of a set in order, which one is open, and whether the next is ready."""
    return _view(call)


@command("setlist add", "setlist add song.hcs", effects={"settings"}, about={"at": "its place from 1; the end"})
def setlist_add(call: Call, file: ProjectFile, *, at: Count | None = None) -> SetListView:
    """Put a project file into the set list. It is kept for the next session."""
    from hardcore.commands.projects.project import project_path

    known, path = set_list_of(call.studio), project_path(call, file).resolve()
    if not path.is_file():
        raise UserError(f"no file {path}", "save it first")
    place = len(known.files) if at is None else min(max(at - 1, 0), len(known.files))
    _keep(call, (*known.files[:place], path, *known.files[place:]))
    return _view(call)


@command("setlist remove", "setlist remove 1", effects={"settings"}, about={"number": "its place in the list, from 1"})
def setlist_remove(call: Call, number: Count) -> SetListView:
    """Take a project out of the set list; its file stays."""
    known = set_list_of(call.studio)
    at = _place(known, number)
    _keep(call, (*known.files[:at], *known.files[at + 1 :]))
    return _view(call)


@command(
    "setlist go",
    "setlist go 1",
    effects={"project", "player"},
    about={"number": "its place in the list, from 1"},
    moves=True,
    shared=True,
)
async def setlist_go(call: Call, number: Count) -> SetMoved:
    """Go to a project of the set list: what plays goes on until its sounds are loaded, and it begins on the bar.

    What was unsaved stays recoverable. The project after it is made ready meanwhile.
    """
    return await _go(call, _place(set_list_of(call.studio), number))


@command("setlist next", "setlist next", effects={"project", "player"}, moves=True, shared=True)
async def setlist_next(call: Call) -> SetMoved:
    """Go to the next project of the set list, on the bar; from one that is not in it, to the first."""
    known = set_list_of(call.studio)
    here = known.place(call.controller.path)
    at = 0 if here is None else here + 1
    if at >= len(known.files):
        raise UserError("that was the last one of the set list" if known.files else "the set list is empty", _ADD)
    return await _go(call, at)


_ADD = "setlist add song.hcs"


async def _go(call: Call, at: int) -> SetMoved:
    known = set_list_of(call.studio)
    path = known.files[at]
    before = call.controller.path
    if before is None or before.resolve() != path:
        call.controller.open(path)
    following = known.files[at + 1] if at + 1 < len(known.files) else None
    known.ready = None
    if following is not None:
        await _make_ready(call, known, following)
    playing = call.player.latest().playing
    words = f"{at + 1}: {path.stem}{', from the next bar' if playing else ''}"
    words += f"; then {following.stem}" if following else "; it is the last"
    after = following.stem if following else None
    return SetMoved(message=words, number=at + 1, name=path.stem, following=after, ready=known.ready is not None)


async def _make_ready(call: Call, known: SetList, path: Path) -> None:
    """Let the engine load what a project plays, so that the change to it waits for nothing but the bar."""
    try:
        state = await beside(call.controller.read, path)
    except UserError:
        return
    await ready_for(call, state)
    if call.player.latest().sound:
        await asked(call, lambda player: player.prepare(state))
    known.ready = (path, state)


def _place(known: SetList, number: int) -> int:
    if not 1 <= number <= len(known.files):
        raise UserError(f"no project {number} in the set list", f"1 to {len(known.files)}" if known.files else _ADD)
    return number - 1


def _keep(call: Call, files: Sequence[Path]) -> None:
    if len(files) > MOST:
        raise UserError(f"a set list has {MOST} projects at most")
    content = {"files": [str(path) for path in files]}
    call.studio.library.add("setlist", _NAME, content, call.controller.now(), over=True)
    known = set_list_of(call.studio)
    known.files = tuple(files)


def entries(studio: Studio) -> tuple[SetEntry, ...]:
    """Return the set list as it stands; nothing is read but what is known."""
    known = studio.recall(SetList)
    if known is None:
        return ()
    here, ready = known.place(studio.controller.path), known.ready[0] if known.ready else None
    return tuple(
        SetEntry(
            number=number,
            name=path.stem,
            file=str(path),
            state="now" if number - 1 == here else "ready" if path == ready else "",
        )
        for number, path in enumerate(known.files, 1)
    )


def _view(call: Call) -> SetListView:
    set_list_of(call.studio)
    rows = tuple(
        row if row.state == "now" or Path(row.file).is_file() else row.model_copy(update={"state": "missing"})
        for row in entries(call.studio)
    )
    return SetListView(items=rows, empty="the set list is empty; setlist add song.hcs begins one")
