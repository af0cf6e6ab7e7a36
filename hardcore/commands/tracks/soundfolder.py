"""Your own sounds as files: adding folders, forgetting them, finding moved files again, collecting, auditioning."""

from collections.abc import Sequence
from pathlib import Path

from hardcore.commands.core.background import Begun, finishes, in_background, takes_parts, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, Row, counted
from hardcore.commands.core.types import FileName, Flag, SampleRef
from hardcore.commands.exchange.exportresult import Exported
from hardcore.commands.exchange.transfer import write_sound
from hardcore.commands.performance.playing import asked
from hardcore.commands.tracks.sounds import index_of, sound_called, sound_places
from hardcore.controller.studio import Studio
from hardcore.errors import NotFound, UserError
from hardcore.jobs.exporters import sound_format
from hardcore.jobs.job import Job
from hardcore.project.recording import Recording
from hardcore.project.recordings import audition, recordings, relinked
from hardcore.project.soundfacts import SoundFile, is_there, sound_file
from hardcore.project.state import ProjectState
from hardcore.workers.context import Words
from hardcore.workers.thread import beside

# How many refused files are named in an answer; the list has them all.
NAMED = 5


class RefusedFile(Row):
    """A file that could not be used, and why."""

    path: str
    problem: str


class SoundsAdded(Done):
    """How many sounds of a folder were heard, known already, refused, or are no longer there."""

    folder: str
    heard: int
    unchanged: int
    gone: int
    refused: tuple[RefusedFile, ...]


class SoundsForgotten(Done):
    """How many files were taken out of your library."""

    files: int


class SoundHeard(Done):
    """A sound that is heard once, and how long it is."""

    name: str
    seconds: float


@command(
    "samples add",
    "samples add sounds",
    effects={"files", "settings"},
    where={"background": {"jobs"}},
    about={"folder": "a folder, or one sound file", "background": "go on while it is heard"},
)
async def samples_add(call: Call, folder: FileName, *, background: Flag = False) -> SoundsAdded | Begun:
    """Add a folder of your own samples, or one file: every sound in it is heard and tagged; the files stay there.

    A worker process listens; Ctrl-C stops it and keeps what was heard. --background lets you go on meanwhile: `jobs`
    says how far it is, `job cancel` ends it. Adding a folder again hears only what is new.
    """
    place = call.caller.path(folder)
    if not place.exists():
        raise NotFound(f"there is no folder {place}", "name one that holds sounds")
    roots = call.caller.roots
    arguments = {
        "folder": str(place),
        "known": await beside(index_of(call).known, place),
        "within": None if roots is None else [str(root) for root in roots],
    }
    if background:
        return in_background(call, "scan", arguments)
    return _added(call, place, await work(call, "scan", arguments))


@takes_parts("scan")
def keep_heard(studio: Studio, part: Words) -> None:
    """Keep the sounds that a scan has heard so far."""
    if studio.sounds is not None:
        studio.sounds.record([sound_file(values) for values in part["files"]])


@finishes("scan")
def scan_done(call: Call, job: Job, done: Words) -> SoundsAdded:
    """Return what a scan in the background found."""
    return _added(call, Path(job.arguments["folder"]), done)


def _added(call: Call, place: Path, done: Words) -> SoundsAdded:
    index_of(call).forget(done["gone"])
    return _report(place, done)


def _report(place: Path, done: Words) -> SoundsAdded:
    heard, unchanged, refused = done["heard"], done["unchanged"], done["refused"]
    gone = (f"{counted(len(done['gone']), 'file')} no longer there, forgotten",) if done["gone"] else ()
    figures = {"folder": str(place), "heard": heard, "unchanged": unchanged, "gone": len(done["gone"])}
    found = {**figures, "refused": tuple(RefusedFile(path=path, problem=why) for path, why in refused)}
    if not (heard or unchanged or refused):
        return SoundsAdded(message=f"no sounds in {place}", details=gone, **found)
    parts = [counted(heard, "new sound")]
    parts += [f"{unchanged} known already"] if unchanged else []
    parts += [f"{counted(len(refused), 'file')} passed over"] if refused else []
    named = [f"{path}: {why}" for path, why in refused[:NAMED]]
    more = len(refused) - NAMED
    named += [f"and {more} more: samples list --problems"] if more > 0 else []
    return SoundsAdded(message=f"{place}: {', '.join(parts)}", details=(*named, *gone), **found)


@command(
    "samples forget",
    "samples forget sounds",
    effects={"files", "settings"},
    confirms=True,
    about={"folder": "a folder, or one sample by name, id or path"},
)
def samples_forget(call: Call, folder: FileName) -> SoundsForgotten:
    """Take a folder, or one sample by name, id or path, out of your library; the files stay where they are."""
    index = index_of(call)
    known = index.known(call.caller.path(folder))
    if not known:
        file = index.find(folder)
        known = {other.path: (0, 0) for other in index.files() if other.id and other.id == file.id}
    gone = index.forget(known)
    return SoundsForgotten(message=f"forgot {counted(gone, 'file')}; on the disk nothing has changed", files=gone)


@command(
    "samples relink",
    "samples relink sounds",
    effects={"project", "files"},
    about={"folder": "where to look for the files"},
)
async def samples_relink(call: Call, folder: FileName) -> Edited:
    """Find sounds whose files were moved or renamed, by their content, in a file or folder."""
    from hardcore.jobs.soundfiles import found, look_for

    index, place = index_of(call), call.caller.path(folder)
    places = sound_places(call)
    lost = {s: r.size for s, r in recordings(call.project).items() if found(r, places) is None}
    moved = [file for file in index.files() if file.facts is not None and not is_there(file)]
    wanted = {**lost, **{file.facts.sha256: file.size for file in moved if file.facts is not None}}
    there = await beside(look_for, wanted, place)
    if "settings" in call.caller.may:
        _moved(call, moved, there)
    paths = {sha256: str(path) for sha256, path in there.items() if sha256 in lost}
    names = [recording.name for sha256, recording in recordings(call.project).items() if sha256 in lost]
    if paths:
        call.edit(lambda project: relinked(project, paths))
    left = [recording.name for s, recording in recordings(call.project).items() if s in lost and s not in there]
    if not wanted:
        return Edited(message="nothing is missing")
    if not there:
        missing = ", ".join(dict.fromkeys([*names, *(file.name for file in moved)]))
        raise UserError(f"{place} holds none of the missing sounds", f"missing: {missing[:200]}")
    changes = tuple(f"still missing: {name}" for name in left)
    return Edited(message=f"found {counted(len(there), 'sound')} again in {place}", details=changes)


def _moved(call: Call, moved: Sequence[SoundFile], there: dict[str, Path]) -> None:
    """Let the library know the new places of files that were moved."""
    index = index_of(call)
    new: list[SoundFile] = []
    for file in moved:
        if file.facts is None or file.facts.sha256 not in there:
            continue
        path = there[file.facts.sha256]
        stamp = path.stat()
        new.append(SoundFile(str(path), str(path.parent), stamp.st_size, stamp.st_mtime_ns, file.facts))
    index.record(new)
    kept = {file.path for file in new}
    index.forget([file.path for file in moved if file.facts and file.facts.sha256 in there and file.path not in kept])


@command("samples collect", "samples collect", effects={"project", "files"})
async def samples_collect(call: Call) -> Edited:
    """Copy the sounds of yours that the project plays into a folder beside its file, so that both can move together."""
    from hardcore.jobs.soundfiles import collect, collected_folder

    known, file = recordings(call.project), call.controller.path
    if file is None:
        raise UserError("this project has no file yet", "save NAME.hcs")
    if not known:
        return Edited(message="the project plays none of your own sounds")
    folder = call.caller.path(collected_folder(file))
    made = await beside(collect, list(known.values()), sound_places(call), folder)
    call.edit(lambda project: relinked(project, {sha256: str(path) for sha256, path in made.items()}))
    left = [f"missing: {recording.name} ({recording.path})" for s, recording in known.items() if s not in made]
    return Edited(message=f"{counted(len(made), 'sound')} in {folder}", details=tuple(left))


@command(
    "samples audition",
    "samples audition deep_kick deep.wav",
    effects={"player", "files"},
    about={"file": "a sample by name or id, or a sound file"},
)
async def samples_audition(
    call: Call, sample: SampleRef, file: FileName | None = None
) -> SoundHeard | Exported | Begun:
    """Hear a sample once beside the music, at its own pitch and through the master; stop or panic ends it.

    With a file, or where nothing sounds (no sound device, no session), it is written: audition.wav unless you name one.
    """
    from hardcore.jobs.preparation import ensure_playable

    sound = sound_called(call, sample)
    if file is None and call.studio.player is not None:
        if isinstance(sound, Recording):
            await ensure_playable(sound)
        state = await asked(call, lambda player: player.audition(audition(sound)))
        if not state.silent:
            words = f"{sound.name}, {sound.seconds:.2f} s, is heard once"
            return SoundHeard(message=words, name=sound.name, seconds=sound.seconds)
    return await _written(call, audition(sound), file or "audition.wav")


async def _written(call: Call, project: ProjectState, file: str) -> Exported | Begun:
    """Return what was rendered of an audition."""
    path = call.caller.path(file)
    sound_format(path.suffix or path.name)
    return await write_sound(call, project, path, {"rate": call.studio.settings.render.rate, "listen": False})
