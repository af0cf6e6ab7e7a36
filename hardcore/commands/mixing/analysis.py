"""The ears: analyse, compare, and pictures of sound in characters or as PNG."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result, align
from hardcore.commands.core.types import Choice, Count, FileName, Kind
from hardcore.commands.mixing.figures import asked_of, rows, side_by_side
from hardcore.errors import Misused, NotFound, UserError, nearest
from hardcore.jobs.comparison import summary
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.jobs.soundsource import Part


def _sources(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    yield from (Choice(track.name, track.kind) for track in project.tracks)
    for scene in project.scenes:
        yield from (Choice(f"{track.name}:{scene.name}", "clip") for track in project.tracks if track.id in scene.slots)


Source = Annotated[
    str, Field(max_length=4096), Kind("sound", "a sound file, a track, or a clip as track:scene", _sources)
]
Width = Annotated[int, Field(ge=16, le=2000), Kind("columns", "how many characters wide, 16 to 2000")]
Height = Annotated[int, Field(ge=4, le=200), Kind("lines", "how many lines high, 4 to 200")]


class Heard(Result):
    """What was heard in a sound: all figures; `asked` is what the project wants, where it is one."""

    source: str
    figures: dict[str, Any]
    asked: dict[str, Any] | None = None

    def text(self) -> str:
        """Return the figures as a table, then asked and heard."""
        figures = self.figures
        channels = {1: "mono", 2: "stereo"}.get(figures["channels"], f"{figures['channels']} channels")
        lines = [f"{self.source}: {figures['length_s']:.2f} s, {channels}, {figures['rate']} Hz"]
        lines += [f"  {line}" for line in align(rows(figures))]
        return "\n".join([*lines, *(side_by_side(self.asked, summary(figures))[:2] if self.asked else ())])


class Compared(Result):
    """Two sounds: what differs, the audible first."""

    first: str
    second: str
    audible: tuple[dict[str, str], ...]
    measured: tuple[dict[str, str], ...]

    def text(self) -> str:
        """Return what can be heard, then what is only measured."""
        if not self.audible and not self.measured:
            return f"{self.first} and {self.second} measure the same"
        heard = [f"no difference between {self.first} and {self.second} is audible"]
        if self.audible:
            heard = [f"from {self.first} to {self.second}, audible:", *_listed(self.audible)]
        return "\n".join([*heard, *(["measured, hardly heard:", *_listed(self.measured)] if self.measured else [])])


class Picture(Result):
    """A sound drawn in characters, or the file its picture was written to."""

    source: str
    length_s: float
    file: str = ""
    drawing: str = ""
    spoken: str = ""
    note: str = ""

    @property
    def artifacts(self) -> tuple[Path, ...]:
        """Return the picture's file, where it went to one."""
        return (Path(self.file),) if self.file else ()

    def text(self) -> str:
        """Return the drawing under its heading, or the file."""
        heading = f"{self.source}: {self.length_s:.2f} s" + (f", {self.note}" if self.note else "")
        return f"{heading}, drawn to {self.file}" if self.file else f"{heading}\n{self.drawing}".rstrip()


def _listed(found: Iterable[dict[str, str]]) -> list[str]:
    table = [(one["what"], one["first"], "→", one["second"], one["change"]) for one in found]
    return [f"  {line}" for line in align(table)]


@command("analyse", "analyse bass", effects=(), aliases=("analyze", "listen"))
async def analyse(call: Call, sound: Source = "") -> Heard:
    """Measure a sound file, a track, a clip or the project: tempo, key, chords, loudness, spectrum, stereo, faults.

    A part of the project is rendered first, as it leaves the master. --json gives every figure, beats and onsets too.
    """
    project, place = call.project, _place(call, call.project, sound)
    figures = (await _heard(call, project, [place]))[0]
    asked = None if isinstance(place, Path) else asked_of(project)
    return Heard(source=place.name, figures=figures, asked=asked)


@command(
    "compare", "compare bass kick", effects=(), about={"since": "a step: what has changed in the sound since then"}
)
async def compare(call: Call, first: Source = "", second: Source = "", *, since: Count | None = None) -> Compared:
    """Say how two sounds differ, with units, what is audible first; without a second one, from the whole project.

    With --since STEP: what has changed in the project, or in a part of it, since that step.
    """
    project = call.project
    if since is None:
        if not first:
            raise Misused("compare needs a sound", "compare bass kick, or compare --since STEP", "first")
        places = [_place(call, project, source) for source in (first, second)]
        return _compared(places[0].name, places[1].name, await _heard(call, project, places))
    if second:
        raise Misused("--since compares one sound with itself", f"compare {first} --since {since}", "second")
    before = call.controller.history.state(since)
    then, now = _place(call, before, first), _place(call, project, first)
    figures = [*await _heard(call, before, [then]), *await _heard(call, project, [now])]
    return _compared(f"{then.name} at step {since}", f"{now.name} now", figures)


def _compared(first: str, second: str, heard: list[dict[str, Any]]) -> Compared:
    """Return how two sounds differ, by their analyses."""
    from hardcore.jobs.comparison import differences

    told = differences(*heard)
    kinds = [
        tuple(
            {"what": d.what, "first": d.first, "second": d.second, "change": d.change} for d in told if d.audible is one
        )
        for one in (True, False)
    ]
    return Compared(first=first, second=second, audible=kinds[0], measured=kinds[1])


@command(
    "spectrogram",
    "spectrogram bass",
    effects=(),
    where={"output": {"files"}},
    about={"output": "a .png file for the picture"},
)
async def spectrogram(
    call: Call, sound: Source = "", *, output: FileName | None = None, width: Width = 80, height: Height = 20
) -> Picture:
    """Draw which tones sound when, in characters or with -o FILE.png as a picture; high tones on top."""
    return await _picture(call, "spectrogram", sound, output, width, height)


@command(
    "waveform",
    "waveform bass",
    effects=(),
    where={"output": {"files"}},
    about={"output": "a .png file for the picture"},
)
async def waveform(
    call: Call, sound: Source = "", *, output: FileName | None = None, width: Width = 80, height: Height = 10
) -> Picture:
    """Draw how loud a sound is over time, in characters or with -o FILE.png as a picture; full scale fills it."""
    return await _picture(call, "waveform", sound, output, width, height)


async def _picture(call: Call, what: str, sound: str, output: str | None, width: int, height: int) -> Picture:
    target = call.caller.path(output) if output is not None else None
    if target is not None:
        _check_picture(target)
    project, place = call.project, _place(call, call.project, sound)
    options: dict[str, Any] = {"what": what}
    options |= {"width": width, "height": height} if target is None else {}
    options |= {"to": str(target), "title": f"{place.name} {what}"} if target is not None else {}
    arguments = {"source": _source(place), "task": "draw" if target is None else "paint", "options": options}
    done = await work(call, "picture", arguments, project=None if isinstance(place, Path) else project)
    return Picture(
        source=place.name, length_s=done["length_s"], file=str(target or ""), drawing=done.get("drawing", ""),
        spoken=done.get("words", ""), note=done["note"],
    )  # fmt: skip


async def _heard(call: Call, project: ProjectState, places: "list[Path | Part]") -> list[dict[str, Any]]:
    """Return the analysis of each place, as data. Raises UserError, EngineError, JobFailed."""
    arguments = {"sources": [_source(place) for place in places]}
    is_needed = any(not isinstance(place, Path) for place in places)
    done = await work(call, "analyse", arguments, project=project if is_needed else None)
    heard: list[dict[str, Any]] = done["heard"]
    return heard


def _source(place: "Path | Part") -> dict[str, str]:
    """Return what a job needs to find a place again: a file, or a part by what it was called."""
    return {"file": str(place)} if isinstance(place, Path) else {"part": place.source}


def _check_picture(target: Path) -> None:
    """Raise UserError for a place where no picture can be written, before anything is heard."""
    if target.suffix.lower() != ".png":
        raise NotFound(f"no picture format '{target.suffix or target.name}'", "a name that ends with .png")
    if target.is_dir():
        raise UserError(f"{target} is a folder", "name a file in it")
    if not target.parent.is_dir():
        raise NotFound(f"there is no folder {target.parent}", "make it first, or choose another")


def _place(call: Call, project: ProjectState, sound: str) -> "Path | Part":
    """Return the file or the part of the project that is meant; nothing is rendered yet. Raises UserError."""
    from hardcore.jobs.foldersearch import SUFFIXES
    from hardcore.jobs.soundsource import is_file_name, part_of

    if not is_file_name(sound):
        here = call.caller.roots[0] if call.caller.roots else Path.cwd()
        files = [one.name for one in here.glob("*") if one.suffix.lower() in SUFFIXES] if sound else []
        part = part_of(project, sound, files)
        if not part.playing:
            raise UserError(f"{part.name} plays nothing", "a prompt or a clip makes something to hear")
        return part
    path = call.caller.path(sound)
    if not path.is_file():
        there = sorted(one.name for one in path.parent.glob(f"*{path.suffix}")) if path.parent.is_dir() else []
        raise NotFound(f"no file {path}", nearest(path.name, there) if there else "")
    return path
