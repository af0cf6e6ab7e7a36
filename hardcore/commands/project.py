"""Projects: new, open, save, save-as, info, recover."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Result, Table, align, counted
from hardcore.commands.types import Count, FileName, Flag, NewName
from hardcore.controller.ports import Recoverable
from hardcore.errors import UserError
from hardcore.music.pitch import note_name
from hardcore.project.timeline import end_ticks, timeline
from hardcore.project.values import clean_name


class ProjectInfo(Result):
    """What the open project is."""

    title: str
    file: str | None
    saved: bool
    step: int
    bpm: float
    meter: str
    key: str
    groove: str
    seed: int
    bars: int
    length_s: float
    tracks: tuple[dict[str, Any], ...]
    scenes: tuple[str, ...]
    prompt: str

    def text(self) -> str:
        """Return the project in a few lines."""
        place = self.file or "not saved in a file yet"
        lines = [
            f"{self.title}: {self.bpm:g} bpm, {self.meter}, {self.key}, {self.groove}, {self.bars} bars, "
            f"{self.length_s:.1f} s, seed {self.seed}",
            f"{place}{'' if self.saved or not self.file else ', with unsaved changes'}; step {self.step}",
        ]
        if self.prompt:
            lines.append(f"from '{self.prompt}'")
        if self.tracks:
            rows = [[str(value) for value in track.values()] for track in self.tracks]
            lines += align([list(self.tracks[0]), *rows])
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
        meter=f"{project.meter_map.numerator}/{project.meter_map.denominator}",
        key=project.key.name,
        groove=project.groove.name if project.groove else "straight",
        seed=project.seed,
        bars=project.meter_map.bar_of(end),
        length_s=project.tempo_map.seconds(end),
        tracks=tuple(_track(track) for track in project.tracks),
        scenes=tuple(scene.name for scene in project.scenes),
        prompt=project.provenance.prompt if project.provenance else "",
    )


def _track(track: Any) -> dict[str, Any]:
    pitches = [note.pitch for clip in track.clips for note in clip.notes]
    return {
        "track": track.name,
        "kind": track.kind,
        "plays": track.instrument.device if track.instrument else "",
        "notes": len(pitches) or "",
        "range": f"{note_name(min(pitches))}-{note_name(max(pitches))}" if pitches else "",
        "gain": f"{track.mixer.gain_db:g}",
    }


@command("title", "title night-shift")
def title(call: Call, name: NewName) -> Done:
    """Name the project."""
    tidy = clean_name(name)
    call.edit(lambda project: project.evolve(title=tidy))
    return Done(message=f"this is {tidy}")


@command("new", "new", moves=True)
def new(call: Call) -> Done:
    """Start an empty project; the present one stays where it was saved, unsaved steps stay recoverable."""
    unsaved = not call.controller.saved and call.controller.history.at > 0
    call.controller.new()
    return Done(message="a new project" + ("; the unsaved one is kept: recover" if unsaved else ""))


@command("open", "open song.hcs", moves=True)
def open_project(call: Call, file: FileName, *, read_only: Flag = False) -> Done:
    """Open a project file, with its whole history."""
    path = with_suffix(call.caller.file(file), ".hcs")
    call.controller.open(path, read_only=read_only)
    history = call.controller.history
    return Done(
        message=f"opened {path.name}: {call.project.title}, {counted(len(history.steps) - 1, 'step')} of history"
    )


def with_suffix(path: Path, suffix: str) -> Path:
    """Return the path, with `suffix` when it has none. Raises UserError for the root folder."""
    if not path.name:
        raise UserError(f"{path} is a folder, not a file name", f"NAME{suffix}")
    return path if path.suffix else path.with_name(path.name + suffix)


@command("save", "save", effects={"files"})
def save(call: Call, file: FileName | None = None) -> Done:
    """Save the project with its history to its file, or to a new one; the version before is kept with a ~."""
    return _saved(call, file)


@command("save-as", "save-as copy.hcs", effects={"files"})
def save_as(call: Call, file: FileName) -> Done:
    """Save the project to another file and go on there."""
    return _saved(call, file)


def _saved(call: Call, file: str | None) -> Done:
    path = with_suffix(call.caller.file(file), ".hcs") if file else None
    if path is not None and path.suffix.lower() != ".hcs":
        raise UserError(
            f"{path.name} is not a project file name", "projects end in .hcs; `export` writes audio and MIDI"
        )
    saved, theirs = call.controller.save(path), call.controller.theirs
    if theirs is not None:
        return Done(message=f"saved {saved}; someone else had changed it: their version is kept as {theirs.name}")
    return Done(message=f"saved {saved}")


@command(
    "recover", "recover", effects=(), where={"number": {"project"}, "discard": {"files"}}, moves=True, confirms=True
)
def recover(call: Call, number: Count | None = None, *, discard: Flag = False) -> Result:
    """List unsaved projects that were left behind, open one by its number, or --discard it."""
    found = call.studio.store.recoverable()
    if number is None and discard:
        raise UserError("say which one", "/recover lists them; /recover NUMBER --discard")
    if number is None:
        return _left(found, call.studio.store.damaged())
    if not 1 <= number <= len(found):
        raise UserError(f"no unsaved project {number}", f"1 to {len(found)}" if found else "there is none")
    chosen = found[number - 1]
    if discard:
        call.studio.store.discard(chosen)
        return Done(message=f"discarded {chosen.title}")
    opened = call.studio.store.recover(chosen)
    call.controller.adopt(opened)
    if opened.damage:
        where = _aside(call.studio.store.damaged())
        return Done(message=f"recovered {chosen.title}; {opened.damage}", details=(where,))
    return Done(message=f"recovered {chosen.title}, {counted(chosen.steps, 'unsaved step')}")


def _left(found: Sequence[Recoverable], damaged: list[Path]) -> Table:
    """Return what can be recovered; what is damaged is said, and where its files are."""
    columns: tuple[str, ...] = ("#", "project", "unsaved steps", "last change", "file")
    rows: tuple[tuple[object, ...], ...] = tuple(
        (place, each.title, each.steps, each.when, str(each.path or "never saved"))
        for place, each in enumerate(found, 1)
    )
    if any(each.damage for each in found):
        columns, rows = (*columns, ""), tuple((*row, each.damage) for row, each in zip(rows, found, strict=True))
    note, empty = "recover NUMBER opens one", "nothing was left unsaved"
    if damaged:
        note, empty = f"{note}; {_aside(damaged)}", f"nothing is left to recover; {_aside(damaged)}"
    return Table(columns=columns, rows=rows, note=note, empty=empty)


def _aside(damaged: list[Path]) -> str:
    """Return where the files lie that are too damaged to be opened as they are."""
    return f"damaged files are kept in {damaged[0].parent}: {', '.join(folder.name for folder in damaged)}"
