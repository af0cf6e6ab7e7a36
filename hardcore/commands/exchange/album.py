"""Several projects as one album: levelled together, with gaps, track numbers and a cue sheet."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from hardcore.commands.core.background import stage_beside, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result, Row, align
from hardcore.commands.core.types import FileName, Kind
from hardcore.commands.exchange.exportresult import Exported
from hardcore.commands.exchange.transfer import Formats, TargetName, further_endings, write_sound
from hardcore.errors import NotFound, UserError
from hardcore.jobs.exporters import sound_format
from hardcore.jobs.job import clock
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline

MOST_TRACKS = 99  # as many as a CD has

Projects = Annotated[
    str, Field(min_length=1, max_length=20_000), Kind("projects", ".hcs files with commas, or a folder of them")
]
Gap = Annotated[float, Field(ge=0, le=30), Kind("seconds", "silence between tracks, 0 to 30 seconds")]
Name = Annotated[str, Field(min_length=1, max_length=200), Kind("name", 'a name; "in quotes" with spaces')]


class AlbumTrack(Row):
    """A track of an album; `length_s` with the gap after it, `sound_s` without."""

    file: str
    title: str
    sound_s: float
    length_s: float
    lufs: float | None
    true_peak_dbtp: float | None


class AlbumMade(Result):
    """An album that was written; the loudness is that of all tracks together, measured from the files."""

    folder: str
    title: str
    cue: str
    files: tuple[str, ...]
    tracks: tuple[AlbumTrack, ...]
    lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float
    limited_db: float
    in_reach: bool

    @property
    def artifacts(self) -> tuple[Path, ...]:
        """Return every file of sound."""
        return tuple(map(Path, self.files))

    def text(self) -> str:
        """Return the tracks, and what was done to all of them."""
        rows = [
            (str(number), one.title, clock(one.sound_s), _level(one.lufs, "LUFS"), _level(one.true_peak_dbtp, "dBTP"))
            for number, one in enumerate(self.tracks, 1)
        ]
        length = clock(sum(one.length_s for one in self.tracks))
        whole = f"{self.title}: {length}, {_level(self.lufs, 'LUFS')} together, true peak "
        whole += f"{_level(self.true_peak_dbtp, 'dBTP')}; all of it {_level(self.gain_db, 'dB')}"
        if self.limited_db >= 0.05:
            whole += f", the limiter took up to {self.limited_db:.1f} dB"
        if not self.in_reach:
            whole += "; louder would take too much limiting"
        return "\n".join([*align(rows), whole, f"{self.folder}, {Path(self.cue).name}"])


def _level(value: float | None, unit: str) -> str:
    return "silent" if value is None else f"{value:.1f} {unit}".replace("-", "−")


@command(
    "album",
    "album one.hcs,two.hcs --output night --for cd",
    effects={"files"},
    about={
        "output": "the folder of the tracks; made where it is not there",
        "title": 'what the album is called; "in quotes" with spaces',
        "artist": 'who made it; "in quotes" with spaces',
    },
)
async def album(
    call: Call,
    projects: Projects,
    *,
    output: FileName,
    for_: TargetName = "cd",
    gap: Gap = 2.0,
    title: Name = "Album",
    artist: Name | None = None,
    also: Formats | None = None,
) -> AlbumMade:
    """Write several projects as one album: a numbered file a track, and a cue sheet.

    The pieces are levelled together: the loudness of --for (cd unless you say another) is that of all of them as one
    sound, so a quiet piece stays quieter than a loud one by what it was. --gap SECONDS of silence stand between tracks.
    Files are tagged with title, artist, album and number; --also mp3 writes the tracks in that format too. A folder
    stands for all .hcs files in it, by name. The project that is open is not touched.
    """
    from hardcore.knowledge.targets import target

    paths = _paths(call, projects)
    pieces = [call.controller.read(path) for path in paths]
    if silent := next((path for path, piece in zip(paths, pieces, strict=True) if not timeline(piece)), None):
        raise UserError(f"there is nothing to hear in {silent.name}", "make music there first")
    goal, settings = target(for_), call.studio.settings.render
    form = sound_format(goal.format)
    endings = [form.endings[0], *further_endings(form, also)]
    folder = call.caller.path(output)
    stage = stage_beside(folder / "album")
    try:
        stage.mkdir(parents=True)
        rate = goal.rate or settings.rate
        sources = [await _mixed(call, piece, stage, number, len(pieces), rate) for number, piece in enumerate(pieces)]
        arguments = {
            "sources": sources, "folder": str(folder), "stage": str(stage / "tracks"), "endings": endings,
            "target": for_, "rate": rate, "depth": form.depth(goal.depth or settings.depth), "gap_s": gap,
            "title": title, "artist": artist or "", "software": f"hardcore {call.studio.version}",
        }  # fmt: skip
        done = await work(_within(call, 0.7, 0.3, "levelling"), "album", arguments)
    except OSError as error:
        raise UserError(f"{folder} cannot be written to: {error.strerror}") from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return AlbumMade(folder=str(folder), title=title, **done)


def _paths(call: Call, projects: str) -> Sequence[Path]:
    """Return the files that are named, or those in a folder by name. Raises UserError."""
    found = [call.caller.path(name.strip()) for name in projects.split(",") if name.strip()]
    if len(found) == 1 and found[0].is_dir():
        found = sorted(found[0].glob("*.hcs"))
    if not 1 <= len(found) <= MOST_TRACKS:
        raise UserError(f"{len(found)} projects in {projects}", f"1 to {MOST_TRACKS}: a.hcs,b.hcs or a folder")
    for path in found:
        if not path.is_file():
            raise NotFound(f"there is no file {path}", "a.hcs,b.hcs with commas, or a folder")
    return found


async def _mixed(call: Call, project: ProjectState, stage: Path, number: int, count: int, rate: int) -> dict[str, Any]:
    """Return the mix of a piece as the job `album` takes it, written as it leaves the master."""
    within = _within(call, 0.7 * number / count, 0.7 / count, project.title)
    arguments = {
        "rate": rate, "depth": "32f", "tail_s": None, "longest_tail_s": call.studio.settings.render.tail_s,
        "listen": False,
    }  # fmt: skip
    made = await write_sound(within, project, stage / f"{number:02}.wav", arguments)
    assert isinstance(made, Exported)
    provenance = project.provenance
    about = {
        "title": project.title, "tempo_bpm": project.tempo_map.bpm, "key": project.key.name, "seed": project.seed,
        "prompt": provenance.prompt if provenance else "", "bars": made.bars,
    }  # fmt: skip
    return {"file": made.file, "gain_db": made.files[0].gain_db, "about": about}


def _within(call: Call, first: float, share: float, what: str) -> Call:
    """Return the call with a progress that is a part of the whole, from `first` on."""
    tell = call.caller.progress
    return replace(
        call, caller=replace(call.caller, progress=lambda done, words: tell(first + share * done, f"{what}: {words}"))
    )
