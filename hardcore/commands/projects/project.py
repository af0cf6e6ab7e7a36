"""Projects: new, open, save, save-as, info, recover."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Result, Row, align, counted
from hardcore.commands.core.types import Count, Flag, ProjectFile, Title
from hardcore.commands.edits.timing import MeterAt, TempoAt, meters, tempos
from hardcore.controller.storeports import Recoverable
from hardcore.errors import UserError
from hardcore.music.pitch import note_name
from hardcore.project.pluginsound import absences
from hardcore.project.timeline import end_ticks, timeline
from hardcore.project.track import Track
from hardcore.project.values import clean_name


class TrackSummary(BaseModel):
    """What a track is and plays; the lowest and highest of its notes are MIDI notes, null where it has none."""

    id: str
    name: str
    kind: str
    role: str | None
    instrument: str | None
    notes: int
    lowest: int | None
    highest: int | None
    gain_db: float


class ProjectInfo(Result):
    """What the open project is; `file`, `groove` and `prompt` are null where it has none.

    tempos, meters   all of them, with the bars in which they begin; `bpm` and `meter` are the first
    """

    title: str
    file: str | None
    saved: bool
    step: int
    bpm: float
    meter: str
    key: str
    groove: str | None
    seed: int
    bars: int
    length_s: float
    tracks: tuple[TrackSummary, ...]
    scenes: tuple[str, ...]
    prompt: str | None
    tempos: tuple[TempoAt, ...]
    meters: tuple[MeterAt, ...]

    def text(self) -> str:
        """Return the project in a few lines."""
        place = self.file or "not saved in a file yet"
        lines = [
            f"{self.title}: {self.bpm:g} bpm, {self.meter}, {self.key}, {self.groove or 'straight'}, {self.bars} bars, "
            f"{self.length_s:.1f} s, seed {self.seed}",
            f"{place}{'' if self.saved or not self.file else ', with unsaved changes'}; step {self.step}",
        ]
        if len(self.tempos) > 1:
            lines.append(f"tempo: {', '.join(point.text() for point in self.tempos)}")
        if len(self.meters) > 1:
            lines.append(f"meter: {', '.join(f'{point.meter} from bar {point.bar}' for point in self.meters)}")
        if self.prompt:
            lines.append(f"from '{self.prompt}'")
        if self.tracks:
            lines += align([("track", "kind", "plays", "notes", "range", "gain"), *map(_columns, self.tracks)])
        return "\n".join(lines)


@command("info", "info", effects=())
def info(call: Call) -> ProjectInfo:
    """Say what the project is: tempo, key, length, tracks and what they play."""
    project, controller = call.project, call.controller
    playing = timeline(project)
    end = end_ticks(playing)
    return ProjectInfo(
        title=project.title,
        file=str(controller.path) if controller.path else None,
        saved=controller.saved,
        step=controller.history.at,
        bpm=project.tempo_map.bpm,
        meter=project.meter_map.text,
        key=project.key.name,
        groove=project.groove.name if project.groove else None,
        seed=project.seed,
        bars=project.meter_map.bar_of(end),
        length_s=project.tempo_map.seconds(end),
        tracks=tuple(_track(track) for track in project.tracks),
        scenes=tuple(scene.name for scene in project.scenes),
        prompt=(project.provenance.prompt or None) if project.provenance else None,
        tempos=tempos(project),
        meters=meters(project),
    )


def _track(track: Track) -> TrackSummary:
    pitches = [note.pitch for clip in track.clips for note in clip.notes]
    return TrackSummary(
        id=track.id,
        name=track.name,
        kind=track.kind,
        role=track.role,
        instrument=track.instrument.device if track.instrument else None,
        notes=len(pitches),
        lowest=min(pitches, default=None),
        highest=max(pitches, default=None),
        gain_db=track.mixer.gain_db,
    )


def _columns(track: TrackSummary) -> list[str]:
    notes = "" if not track.notes else str(track.notes)
    low, high = track.lowest, track.highest
    span = "" if low is None or high is None else f"{note_name(low)}-{note_name(high)}"
    return [track.name, track.kind, track.instrument or "", notes, span, f"{track.gain_db:g}"]


@command("title", "title night-shift", about={"name": "what the project is called"})
def title(call: Call, name: Title) -> Done:
    """Name the project."""
    tidy = clean_name(name)
    call.edit(lambda project: project.evolve(title=tidy))
    return Done(message=f"this is {tidy}")


class Opened(Done):
    """The project that is open now: its file (null: none yet), the step it is at, and how many there are."""

    title: str
    file: str | None
    step: int
    steps: int


class Saved(Done):
    """A project that was saved: its file, the step that is in it, and where someone else's version was put."""

    file: str
    step: int
    theirs: str | None


class Discarded(Done):
    """An unsaved project that is gone for good."""

    title: str


class LeftRow(Row):
    """An unsaved project that was left behind: how many steps no file has, its file, and what is damaged."""

    number: int
    title: str
    steps: int
    when: str
    file: str | None
    damage: str | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.number, self.title, self.steps, self.when, self.file or "never saved", self.damage)


class LeftList(Listing[LeftRow]):
    """What was left unsaved; `damaged` are the folders of files that are too damaged to be opened as they are."""

    damaged: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the headings: damage has a column where there is any."""
        named = ("#", "project", "unsaved steps", "last change", "file")
        return (*named, "") if any(item.damage for item in self.items) else named

    @property
    def rows(self) -> tuple[tuple[object, ...], ...]:
        """Return the cells of the table."""
        return tuple(item.cells()[: len(self.columns)] for item in self.items)


class RecentRow(Row):
    """A project file that was opened or saved before."""

    number: int
    name: str
    folder: str


class RecentList(Listing[RecentRow]):
    """The project files that were opened or saved last."""

    headings = ("#", "project", "folder")


@command("new", "new", moves=True, shared=True, aliases=("close",))
def new(call: Call) -> Opened:
    """Close the project and start an empty one; it stays where it was saved, and unsaved steps stay recoverable."""
    unsaved = not call.controller.saved and call.controller.history.at > 0
    path = call.controller.path
    call.controller.new()
    closed = f"{path.name} is closed: " if path is not None else ""
    return _opened(call, f"{closed}a new project" + ("; the unsaved one is kept: recover" if unsaved else ""))


def _opened(call: Call, words: str, details: tuple[str, ...] = ()) -> Opened:
    history, path = call.controller.history, call.controller.path
    return Opened(
        message=words, details=(*details, *absences(call.project)), title=call.project.title,
        file=str(path) if path else None, step=history.at, steps=len(history.steps) - 1,
    )  # fmt: skip


@command(
    "open",
    "open song.hcs",
    effects=(),
    where={"file": {"project"}},
    moves=True,
    shared=True,
    aliases=("session load",),
    about={
        "file": "a project file, such as song.hcs, or the number of a recent one",
        "read_only": "look at it without a lock; edits need save-as",
    },
)
def open_project(call: Call, file: ProjectFile | None = None, *, read_only: Flag = False) -> RecentList | Opened:
    """Open a project file, with its whole history; without a name list the last ones, which open by number, too."""
    if file is None:
        return recent_list(call.studio.store.recent())
    path = project_path(call, file)
    call.controller.open(path, read_only=read_only)
    history = call.controller.history
    steps = counted(len(history.steps) - 1, "step")
    return _opened(call, f"opened {path.name}: {call.project.title}, {steps} of history")


def project_path(call: Call, file: str) -> Path:
    """Return the path of a project file, named or by its number among the recent ones. Raises UserError."""
    recent = call.studio.store.recent()
    path = with_suffix(call.caller.file(file), ".hcs")
    if file.isdecimal() and not path.exists() and 1 <= int(file) <= len(recent):
        return call.caller.file(recent[int(file) - 1])
    return path


def recent_list(recent: Sequence[Path]) -> RecentList:
    """Return the files that were opened or saved last, as a table."""
    rows = (RecentRow(number=n, name=path.name, folder=str(path.parent)) for n, path in enumerate(recent, 1))
    return RecentList(items=tuple(rows), note="open NUMBER opens one", empty="none was opened or saved yet")


def with_suffix(path: Path, suffix: str) -> Path:
    """Return the path, with `suffix` when it has none. Raises UserError for the root folder."""
    if not path.name:
        raise UserError(f"{path} is a folder, not a file name", f"NAME{suffix}")
    return path if path.suffix else path.with_name(path.name + suffix)


@command(
    "save",
    "save",
    effects={"files"},
    shared=True,
    about={"file": "where to, such as song.hcs; without it, its own file"},
)
def save(call: Call, file: ProjectFile | None = None) -> Saved:
    """Save the project with its history to its file, or to a new one; the version before is kept with a ~."""
    return _saved(call, file)


@command(
    "save-as",
    "save-as copy.hcs",
    effects={"files"},
    shared=True,
    about={"file": "another file, such as copy.hcs, which edits go to from now on"},
)
def save_as(call: Call, file: ProjectFile) -> Saved:
    """Save the project to another file and go on there."""
    return _saved(call, file)


def _saved(call: Call, file: str | None) -> Saved:
    path = with_suffix(call.caller.file(file), ".hcs") if file else None
    if path is not None and path.suffix.lower() != ".hcs":
        raise UserError(
            f"{path.name} is not a project file name", "projects end in .hcs; `export` writes audio and MIDI"
        )
    saved, theirs = call.controller.save(path), call.controller.theirs
    words = f"saved {saved}"
    if theirs is not None:
        words = f"{words}; someone else had changed it: their version is kept as {theirs.name}"
    kept = str(theirs) if theirs is not None else None
    return Saved(message=words, file=str(saved), step=call.controller.history.at, theirs=kept)


@command(
    "recover",
    "recover",
    effects=(),
    # what was left behind is the user's, wherever its file is
    where={"number": {"project", "settings"}, "discard": {"files", "settings"}, "all": {"files", "settings"}},
    moves=True,
    shared=True,
    confirms=True,
    about={
        "number": "which one, as /recover lists them",
        "discard": "throw it away for good",
        "all": "every one of them, with --discard",
    },
)
def recover(
    call: Call, number: Count | None = None, *, discard: Flag = False, all: Flag = False
) -> LeftList | Opened | Discarded:
    """List unsaved projects that were left behind, open one by its number, or --discard it, or --all of them."""
    found = call.studio.store.recoverable()
    if all:
        return _discarded(call, found, is_sure=discard and number is None)
    if number is None and discard:
        raise UserError("say which one", "/recover lists them; /recover NUMBER --discard, /recover --all --discard")
    if number is None:
        return _left(found, call.studio.store.damaged())
    if not 1 <= number <= len(found):
        raise UserError(f"no unsaved project {number}", f"1 to {len(found)}" if found else "there is none")
    chosen = found[number - 1]
    if discard:
        call.studio.store.discard(chosen)
        return Discarded(message=f"discarded {chosen.title}", title=chosen.title)
    if chosen.path is not None and chosen.path == call.controller.path:
        call.controller.new()  # the file has to be let go of before it can be opened with what it lacks
    opened = call.studio.store.recover(chosen)
    call.controller.adopt(opened)
    if opened.damage:
        where = _aside(call.studio.store.damaged())
        return _opened(call, f"recovered {chosen.title}; {opened.damage}", (where,))
    return _opened(call, f"recovered {chosen.title}, {counted(chosen.steps, 'unsaved step')}")


def _discarded(call: Call, found: Sequence[Recoverable], *, is_sure: bool) -> Discarded:
    if not is_sure:
        raise UserError("--all goes with --discard and without a number", "/recover --all --discard")
    if not found:
        raise UserError("nothing was left unsaved")
    for each in found:
        call.studio.store.discard(each)
    named = ", ".join(each.title for each in found)
    return Discarded(message=f"discarded {counted(len(found), 'unsaved project')}: {named}", title=named)


def _left(found: Sequence[Recoverable], damaged: list[Path]) -> LeftList:
    """Return what can be recovered; what is damaged is said, and where its files are."""
    rows = tuple(
        LeftRow(
            number=place, title=each.title, steps=each.steps, when=each.when,
            file=str(each.path) if each.path else None, damage=each.damage or None,
        )
        for place, each in enumerate(found, 1)
    )  # fmt: skip
    note, empty = "recover NUMBER opens one", "nothing was left unsaved"
    if damaged:
        note, empty = f"{note}; {_aside(damaged)}", f"nothing is left to recover; {_aside(damaged)}"
    return LeftList(items=rows, damaged=tuple(map(str, damaged)), note=note, empty=empty)


def _aside(damaged: list[Path]) -> str:
    """Return where the files lie that are too damaged to be opened as they are."""
    return f"damaged files are kept in {damaged[0].parent}: {', '.join(folder.name for folder in damaged)}"
