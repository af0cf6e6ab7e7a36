"""Out: export to sound and MIDI files."""

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from hardcore.commands.core.background import Begun, finishes, in_background, jobs_of, stage_beside, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.types import Bars, Choice, ExportFile, Flag, Kind, SceneRef, ScopeText, TrackList
from hardcore.commands.exchange.dawproject import export_dawproject
from hardcore.commands.exchange.documents import export_document, midi, parts_for, score
from hardcore.commands.exchange.exportresult import Exported, ExportPlan, FilePlan
from hardcore.commands.mixing.critique import in_a_line
from hardcore.commands.mixing.figures import asked_of
from hardcore.commands.mixing.mix import keep, of_the_producer
from hardcore.commands.tracks.sounds import sound_places
from hardcore.errors import NotFound, UserError
from hardcore.jobs.comparison import summary
from hardcore.jobs.exporters import DAWPROJECT, MUSICXML, Exporter, Format, exporter_of, sound_format
from hardcore.jobs.job import Job
from hardcore.music.ticks import PPQ
from hardcore.project.markers import marks
from hardcore.project.scope import find_scope
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks, timeline
from hardcore.workers.context import Words

# What the job `export` is given where its caller says nothing else.
_PLAIN: dict[str, Any] = {
    "bars": None, "scene": None, "stems": None, "correct": False, "review": False, "target": "none", "also": [],
    "sidecar": None,
}  # fmt: skip

Rate = Annotated[int, Field(ge=8000, le=192_000), Kind("rate", "frames a second, 8000 to 192000")]
Tail = Annotated[float, Field(ge=0, le=120), Kind("seconds", "0 to 120 seconds")]
Depth = Annotated[Literal["16", "24", "32f"], Kind("depth", "16, 24 or 32f")]


def _targets(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.knowledge.targets import targets

    return (Choice(name, known.about) for name, known in targets().items())


TargetName = Annotated[str, Field(max_length=40), Kind("target", "spotify, apple, youtube, club, ebu, cd …", _targets)]
Formats = Annotated[str, Field(max_length=80), Kind("formats", "further formats of the mix, such as mp3,flac")]
Division = Annotated[Literal["480", "960", "1920"], Kind("ppq", "ticks a quarter: 480, 960 or 1920")]


@command(
    "export",
    "export song.wav",
    effects={"project", "files"},
    where={"background": {"jobs"}},
    aliases=("render",),
    tries=True,
    about={
        "bars": "how many bars, from the beginning",
        "only": "nothing but that stretch: a section, or bars such as 9-16",
        "loop": "exactly the bars, what rings on laid over the beginning",
        "stems": "a file per track beside it, with a README of tempo, key and bars",
        "sidecar": "all facts as .json beside it",
        "parts": "the parts of a score, with commas",
        "dry_run": "say files, sizes and times, write nothing",
        "background": "go on while it is rendered",
    },
)
async def export(
    call: Call,
    file: ExportFile,
    *,
    for_: TargetName = "none",
    also: Formats | None = None,
    bars: Bars | None = None,
    only: ScopeText | None = None,
    scene: SceneRef | None = None,
    loop: Flag = False,
    stems: Flag = False,
    rate: Rate | None = None,
    depth: Depth | None = None,
    tail: Tail | None = None,
    sidecar: Flag = False,
    ppq: Division | None = None,
    parts: TrackList | None = None,
    dry_run: Flag = False,
    background: Flag = False,
) -> Exported | ExportPlan | Begun:
    """Write the project to a file of sound, MIDI or another studio's kind, and say how loud it came out.

    Plays the arrangement, or every scene once, or --scene; --bars cuts or loops it, --only takes a section or
    bars out of it. --for brings it to the loudness,
    true peak, rate and format of a place it is delivered to (a file without an ending gets that one), and says what the
    limiter cost. --also mp3,flac writes the mix in those formats too. --loop gives exactly the bars with the tail laid
    over the beginning, --stems one file per track beside it, --tail SECONDS exactly that much after the end, --sidecar
    a .json of facts. --rate and --depth as in `config`. --dry-run says what would be written. What a prompt made and
    nobody has changed since is listened to first, and its mix corrected where it is not as the style wants it: see
    `mix correct`. With --background you go on meanwhile: what is written is the project as it is now; `jobs` says how
    far it is.

    A .dawproject goes to other studios: tracks, groups, returns, sends, mixer, devices, notes, audio with its sounds,
    loops, scenes, automation, tempo, meter, markers. What it cannot hold is listed, with the reason; --stems puts each
    part into it as audio too, in a muted group, since only this program has its instruments.

    A .musicxml is a score: --parts lead,bass, else the part that the file is named after, else all that have a pitch.
    """
    from hardcore.compose.edits.cropping import only_there
    from hardcore.knowledge.targets import target as target_called

    project = call.project if only is None else only_there(call.project, find_scope(call.project, only))
    target = target_called(for_)
    path = call.caller.path(file)
    if not path.suffix and for_ != "none":
        path = path.with_name(f"{path.name}.{target.format}")
    asked = {
        "bars": bars, "only": only, "scene": scene, "for": for_ != "none", "also": also, "loop": loop, "stems": stems,
        "rate": rate, "depth": depth, "tail": tail, "sidecar": sidecar, "ppq": ppq, "parts": parts,
        "background": background,
    }  # fmt: skip
    exporter = ensure_writable(path, tuple(name for name, value in asked.items() if value not in (None, False)))
    is_dry = dry_run or call.caller.dry_run
    settings = call.studio.settings.render
    if exporter is DAWPROJECT:
        return await export_dawproject(
            call, path, stems=stems, rate=rate or settings.rate, background=background, dry_run=is_dry
        )
    playing = tuple(timeline(project, project.find_scene(scene) if scene else None, bars))
    if not playing:
        raise UserError("there is nothing to export yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    if exporter.sound is None:
        marked = () if scene else marks(project, end_ticks(playing))
        make = partial(midi, project, playing, marked, int(ppq or PPQ))
        if exporter is MUSICXML:
            make = partial(score, project, playing, parts_for(project, path, parts))
        return await export_document(call, path, playing, exporter.name, make, dry_run=is_dry)
    arguments: dict[str, Any] = {
        "bars": bars,
        "scene": scene,
        "target": for_,
        "also": [str(path.with_suffix(ending)) for ending in further_endings(exporter.sound, also)],
        "sidecar": str(path.with_suffix(".json")) if sidecar or target.sidecar else None,
        "rate": rate or target.rate or settings.rate,
        "depth": _depth(exporter.sound, depth, target.depth or settings.depth),
        "tail_s": tail,
        "longest_tail_s": settings.tail_s,
        "loop": loop,
        "stems": str(path.with_name(f"{path.stem} stems")) if stems else None,
        "review": bars is None and only is None and scene is None,
    }
    if is_dry:
        return _planned(project, playing, path, arguments)
    is_new = bars is None and scene is None and call.studio.unheard is project
    correct = is_new and corrects(call, arguments["rate"])
    return await write_sound(call, project, path, {**arguments, "correct": correct}, background=background)


def further_endings(form: Format, formats: str | None) -> list[str]:
    """Return the endings of further formats beside one. Raises NotFound, and UserError for one that is there twice."""
    found: list[str] = []
    for word in (formats or "").split(","):
        other = sound_format(word.strip()) if word.strip() else None
        if other is not None and (other.name == form.name or other.endings[0] in found):
            raise UserError(f"{other.name} is written already", "--also has each other format once")
        found += [other.endings[0]] if other is not None else []
    return found


def _depth(form: Format, asked: str | None, usual: str) -> str:
    """Return the depth to write. Raises UserError where a format cannot hold the one that is asked for."""
    if asked is not None and form.depth(asked) != asked:
        raise UserError(f"{form.name.upper()} cannot hold depth {asked}", f"one of: {', '.join(form.depths)}")
    return form.depth(asked or usual)


def _planned(project: ProjectState, playing: tuple[Playing, ...], path: Path, arguments: dict[str, Any]) -> ExportPlan:
    """Return what an export would write."""
    from hardcore.jobs.forecast import forecast

    names = ("rate", "depth", "tail_s", "longest_tail_s", "loop")
    stems = Path(arguments["stems"]) if arguments["stems"] else None
    mixes = [path, *map(Path, arguments["also"])]
    found = forecast(project, playing, mixes, stems, **{name: arguments[name] for name in names})
    files = tuple(FilePlan(file=str(file), bytes=size) for file, size in found.files)
    return ExportPlan(
        files=files, bars=found.bars, length_s=found.length_s, longest_tail_s=found.longest_tail_s, work_s=found.work_s
    )


async def write_sound(
    call: Call, project: ProjectState, path: Path, arguments: dict[str, Any], *, background: bool = False
) -> Exported | Begun:
    """Write a project to a sound file, as the job `export` does with these arguments. Raises UserError, EngineError."""
    if not tuple(timeline(project)):
        raise UserError("there is nothing to render yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    stage = stage_beside(path)
    places = {sha256: str(place) for sha256, place in sound_places(call, project).items()}
    software = f"hardcore {call.studio.version}"
    given = {**_PLAIN, **arguments}
    given |= {"file": str(path), "stage": str(stage), "places": places, "software": software}
    if background:
        return in_background(call, "export", given, project=project, stages=[stage])
    return _exported(call, project, await work(call, "export", given, project=project, stages=[stage]))


@finishes("export")
def export_done(call: Call, job: Job, done: Words) -> Exported:
    """Return what an export in the background wrote, having kept what it corrected of the mix."""
    return _exported(call, jobs_of(call).project(job), done)


def _exported(call: Call, project: ProjectState, done: Words) -> Exported:
    """Return what was written, with what was asked beside what is heard; what was corrected of the mix is kept."""
    from hardcore.compose.mix.correction import CHANGES

    changes = done.pop("changes")
    if changes is not None:
        call.studio.unheard = None
        with suppress(UserError):  # another piece is there by now
            keep(of_the_producer(call), project, CHANGES.validate_python(changes))
    heard, said = done.pop("heard"), done.pop("critique", None)
    asked = asked_of(project) if heard else None
    critique = in_a_line(project, said) if said else ""
    return Exported(**done, asked=asked, heard=summary(heard) if heard else None, critique=critique)


def ensure_writable(path: Path, options: tuple[str, ...] = ()) -> Exporter:
    """Return what writes `path`. Raises UserError when no file can come there, or its kind lacks one of the options."""
    exporter = exporter_of(path)
    exporter.ensure_takes(options)
    if path.is_dir():
        raise UserError(f"{path} is a folder, not a file name")
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", "make it first")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UserError(f"{path.parent} cannot be written to", "check its permissions, or choose another folder")
    return exporter


def corrects(call: Call, rate: int) -> bool:
    """Return whether what a prompt made is listened to first: the setting says so, and the rate has all bands."""
    from hardcore.jobs.request import LOWEST_RATE

    return call.studio.settings.producer.listen and rate >= LOWEST_RATE
