"""In and out: export to sound and MIDI files, import MIDI files."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from hardcore.artifacts import write_whole
from hardcore.commands.background import Begun, finishes, in_background, jobs_of, work
from hardcore.commands.call import Call
from hardcore.commands.critique import in_a_line
from hardcore.commands.hearing import asked_of, side_by_side, summary
from hardcore.commands.mix import keep, of_the_producer
from hardcore.commands.registry import command
from hardcore.commands.results import Edited, Result, Row, counted
from hardcore.commands.sounds import sound_places
from hardcore.commands.types import Bars, FileName, Flag, Kind, SceneRef
from hardcore.errors import NotFound, UserError, nearest
from hardcore.jobs.job import Job
from hardcore.project.difference import difference
from hardcore.project.markers import marks
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks, timeline
from hardcore.workers.context import Words
from hardcore.workers.thread import beside

if TYPE_CHECKING:
    from hardcore.music.midisong import MidiSong
    from hardcore.project.midi import SongPart

SOUND = (".wav", ".flac", ".ogg", ".mp3")
MIDI = (".mid", ".midi")


class StemFile(Row):
    """A file of one track; `summed` is whether it is part of the sum of the stems, or inside a group that is."""

    file: str
    track: str
    summed: bool


class Exported(Result):
    """A file that was written, measured from what is in it."""

    file: str
    bars: int
    length_s: float
    body_frames: int = 0
    tail_s: float = 0.0
    rate: int = 0
    lufs: float | None = None
    true_peak_dbtp: float | None = None
    peak_dbfs: float | None = None
    said: str = ""
    stems: tuple[StemFile, ...] = ()
    stems_error_db: float | None = None
    notes: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    asked: dict[str, Any] | None = None
    heard: dict[str, Any] | None = None
    critique: str = ""

    @property
    def artifacts(self) -> tuple[Path, ...]:
        """Return the file, and a file a stem."""
        return (Path(self.file), *(Path(stem.file) for stem in self.stems))

    def text(self) -> str:
        """Return the file and its figures."""
        tail = f" and {self.tail_s:.1f} s tail" if self.tail_s else ""
        lines = [f"{self.file}: {counted(self.bars, 'bar')}{tail}, {self.said}", *self.notes]
        lines += [f"mix    {line}" for line in self.corrected]
        if self.asked and self.heard:
            lines += side_by_side(self.asked, self.heard)
        lines += [f"critique  {self.critique}"] if self.critique else []
        for stem in self.stems:
            lines.append(f"  {stem.file}" + ("" if stem.summed else "  (inside a group; not in the sum)"))
        if self.stems_error_db is not None:
            exact = "exactly" if self.stems_error_db <= -200 else f"within {self.stems_error_db:.0f} dBFS"
            lines.append(f"the stems add up to the mix before the master's effects {exact}")
        return "\n".join(lines)


Rate = Annotated[int, Field(ge=8000, le=192_000), Kind("rate", "frames a second, 8000 to 192000")]
Tail = Annotated[float, Field(ge=0, le=120), Kind("seconds", "0 to 120 seconds")]
Depth = Annotated[Literal["16", "24", "32f"], Kind("depth", "16, 24 or 32f")]


@command(
    "export",
    "export song.wav",
    effects={"project", "files"},
    where={"background": {"jobs"}},
    aliases=("render",),
    about={
        "file": "a sound or MIDI file: .wav .flac .ogg .mp3 .mid",
        "bars": "how many bars, from the beginning",
        "loop": "exactly the bars, what rings on laid over the beginning",
        "stems": "a file per track beside it",
        "background": "go on while it is rendered",
    },
)
async def export(
    call: Call,
    file: FileName,
    *,
    bars: Bars | None = None,
    scene: SceneRef | None = None,
    loop: Flag = False,
    stems: Flag = False,
    rate: Rate | None = None,
    depth: Depth | None = None,
    tail: Tail | None = None,
    background: Flag = False,
) -> Exported | Begun:
    """Write the project to a .wav, .flac, .ogg, .mp3 or .mid file, and say how loud it came out.

    Plays the arrangement, or every scene once, or --scene; --bars cuts or loops it. --loop gives exactly the bars with
    the tail laid over the beginning, --stems one file per track beside it, --tail SECONDS exactly that much after the
    end. --rate and --depth as in `config`. What a prompt made and nobody has changed since is listened to first, and
    its mix corrected where it is not as the style wants it: see `mix correct`. With --background you go on meanwhile:
    what is written is the project as it is now; `jobs` says how far it is.
    """
    project = call.project
    path = call.caller.path(file)
    asked = {"loop": loop, "stems": stems, "rate": rate, "depth": depth, "tail": tail, "background": background}
    ensure_writable(path, tuple(name for name, value in asked.items() if value not in (None, False)))
    playing = tuple(timeline(project, project.find_scene(scene) if scene else None, bars))
    if path.suffix.lower() in MIDI:
        return await _midi(call, path, playing, () if scene else marks(project, end_ticks(playing)))
    settings = call.studio.settings.render
    arguments = {
        "bars": bars,
        "scene": scene,
        "rate": rate or settings.rate,
        "depth": depth or ("24" if settings.depth == "32f" and path.suffix.lower() == ".flac" else settings.depth),
        "tail_s": tail,
        "longest_tail_s": settings.tail_s,
        "loop": loop,
        "stems": str(path.with_name(f"{path.stem} stems")) if stems else None,
        "review": bars is None and scene is None,
        "correct": bars is None and scene is None and _is_corrected(call, rate or settings.rate),
    }
    return await write_sound(call, project, path, arguments, background=background)


async def write_sound(
    call: Call, project: ProjectState, path: Path, arguments: dict[str, Any], *, background: bool = False
) -> Exported | Begun:
    """Write a project to a sound file, as the job `export` does with these arguments. Raises UserError, EngineError."""
    if not tuple(timeline(project)):
        raise UserError("there is nothing to render yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    # It lies beside the file until that is whole; the list of jobs throws it away whatever happens.
    stage = path.with_name(f".hardcore-{secrets.token_hex(4)}.part")
    places = {sha256: str(place) for sha256, place in sound_places(call, project).items()}
    software = f"hardcore {call.studio.version}"
    given = {"bars": None, "scene": None, "stems": None, "correct": False, "review": False, **arguments}
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
    from hardcore.compose.correction import CHANGES

    changes = done.pop("changes")
    if changes is not None:
        call.studio.unheard = None
        with suppress(UserError):  # another piece is there by now
            keep(of_the_producer(call), project, CHANGES.validate_python(changes))
    heard, said = done.pop("heard"), done.pop("critique", None)
    asked = asked_of(project) if heard else None
    critique = in_a_line(project, said) if said else ""
    return Exported(**done, asked=asked, heard=summary(heard) if heard else None, critique=critique)


def ensure_writable(path: Path, options: tuple[str, ...] = ()) -> None:
    """Raise UserError when no file can come to `path`, or one of its kind has no use for the options that are given."""
    suffix = path.suffix.lower()
    if suffix not in (*SOUND, *MIDI):
        raise NotFound(f"no format '{path.suffix or path.name}'", nearest(path.suffix or "", (*SOUND, ".mid")))
    if suffix in MIDI and options:
        raise UserError(f"a MIDI file has no --{', no --'.join(options)}", f"{', '.join(SOUND)} have")
    if path.is_dir():
        raise UserError(f"{path} is a folder, not a file name")
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", "make it first")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UserError(f"{path.parent} cannot be written to", "check its permissions, or choose another folder")


def _is_corrected(call: Call, rate: int) -> bool:
    """Return whether the mix is listened to first: a prompt made it, it is as it was made, the rate has all bands."""
    from hardcore.jobs.request import LOWEST_RATE

    is_new = call.studio.unheard is call.project and call.studio.settings.producer.listen
    return is_new and rate >= LOWEST_RATE


async def _midi(call: Call, path: Path, playing: tuple[Playing, ...], marked: tuple[tuple[int, str], ...]) -> Exported:
    from hardcore.project.midi import to_midi

    if not playing:
        raise UserError("there is nothing to export yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    project, end = call.project, end_ticks(playing)
    write_whole(path, await beside(to_midi, project, playing, marked))
    bars = project.meter_map.bar_of(end - 1) + 1
    length_s = project.tempo_map.seconds(end)
    return Exported(file=str(path), bars=bars, length_s=length_s, said=f"MIDI, {length_s:.2f} s")


@command("import", "import song.mid", tries=True, about={"file": "a MIDI file, such as beat.mid"})
async def import_midi(call: Call, file: FileName) -> Edited:
    """Bring a MIDI file in as a scene, one track a part; an empty project takes its tempo, meter and key."""
    from hardcore.music import midifile
    from hardcore.project.midi import add_song, parts_of

    path = call.caller.path(file)
    if not path.is_file():
        raise NotFound(f"no file {path}")
    name = path.stem[:60]

    def read() -> "tuple[MidiSong, list[SongPart]]":
        song = midifile.read(path)
        return song, parts_of(song, name)

    song, parts = await beside(read)
    before = {track.id for track in call.project.tracks}

    def change(project: ProjectState) -> ProjectState:
        return add_song(project, song, name, parts)

    new = change(call.project) if call.caller.dry_run else call.edit(change)
    added = [track for track in new.tracks if track.id not in before]
    notes = sum(len(clip.notes) for track in added for clip in track.clips)
    done = Edited(message=f"imported {path.name}: {len(added)} tracks, {notes} notes", details=song.warnings)
    return done.with_difference(None, difference(call.project, new)) if call.caller.dry_run else done
