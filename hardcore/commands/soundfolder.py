"""Your own sounds as files: adding folders, forgetting them, finding moved files again, collecting, auditioning."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.commands.call import Call, Errand, Progress
from hardcore.commands.playing import asked
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Edited, Result, counted
from hardcore.commands.sounds import index_of, sound_called, sound_places
from hardcore.commands.transfer import SOUND, Exported, exported
from hardcore.commands.types import FileName, Flag, SampleRef
from hardcore.errors import UserError, nearest
from hardcore.project.recording import Recording
from hardcore.project.recordings import audition, recordings, relinked
from hardcore.project.soundfacts import SoundFile, is_there
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.workers.thread import beside

if TYPE_CHECKING:
    from hardcore.jobs.scan import Scanned

# How many refused files are named in an answer; the list has them all.
NAMED = 5


@command("samples add", "samples add sounds", effects={"files"}, where={"background": {"jobs"}})
async def samples_add(call: Call, folder: FileName, *, background: Flag = False) -> Done:
    """Add a folder of your own samples, or one file: every sound in it is heard and tagged; the files stay there.

    A worker process listens; Ctrl-C stops it and keeps what was heard. --background lets you go on meanwhile: `samples
    scan` says how far it is, `samples stop` ends it. Adding a folder again hears only what is new.
    """
    place = call.caller.path(folder)
    if not background:
        return await _added(call, place, call.caller.progress)
    if call.studio.errand is not None and not call.studio.errand.task.done():
        raise UserError(f"{call.studio.errand.what} is still going on", "samples scan, samples stop")
    if not place.exists():
        raise UserError(f"there is no folder {place}", "name one that holds sounds")

    def told(share: float, words: str) -> None:
        if call.studio.errand is not None:
            call.studio.errand.share, call.studio.errand.words = share, words

    async def errand() -> str:
        return (await _added(call, place, told)).text()

    call.studio.errand = Errand(f"listening to {place}", asyncio.ensure_future(errand()))
    return Done(message=f"listening to {place} in the background: samples scan says how far it is")


async def _added(call: Call, place: Path, progress: Progress) -> Done:
    from hardcore.jobs.scan import scan

    index = index_of(call)
    known = await beside(index.known, place)
    scanned = await scan(place, known, index.record, progress, within=call.caller.roots)
    index.forget(scanned.gone)
    return _report(place, scanned)


def _report(place: Path, scanned: "Scanned") -> Done:
    if not (scanned.heard or scanned.unchanged or scanned.refused):
        return Done(message=f"no sounds in {place}", details=_gone(scanned))
    parts = [f"{counted(scanned.heard, 'new sound')}"]
    parts += [f"{scanned.unchanged} known already"] if scanned.unchanged else []
    parts += [f"{counted(len(scanned.refused), 'file')} passed over"] if scanned.refused else []
    named = [f"{path}: {why}" for path, why in scanned.refused[:NAMED]]
    more = len(scanned.refused) - NAMED
    named += [f"and {more} more: samples list --problems"] if more > 0 else []
    return Done(message=f"{place}: {', '.join(parts)}", details=(*named, *_gone(scanned)))


def _gone(scanned: "Scanned") -> tuple[str, ...]:
    return (f"{counted(len(scanned.gone), 'file')} no longer there, forgotten",) if scanned.gone else ()


@command("samples scan", "samples scan", effects=())
def samples_scan(call: Call) -> Done:
    """Say how far the scan in the background is, or how it ended."""
    errand = call.studio.errand
    return Done(message="nothing is being listened to") if errand is None else standing(errand)


def standing(errand: Errand) -> Done:
    """Return how a scan in the background stands."""
    if not errand.task.done():
        return Done(message=f"{errand.what}: {errand.share:.0%}, {errand.words or 'looking for files'}")
    if errand.task.cancelled():
        return Done(message=f"{errand.what}: stopped; what was heard is kept")
    error = errand.task.exception()
    return Done(message=f"{errand.what}: {error}" if error else errand.task.result())


@command("samples stop", "samples stop", effects={"jobs"})
async def samples_stop(call: Call) -> Done:
    """Stop the scan in the background; what was heard is kept."""
    errand = call.studio.errand
    if errand is None or errand.task.done():
        return Done(message="nothing is being listened to")
    errand.task.cancel()
    await asyncio.wait([errand.task])
    return standing(errand)


@command("samples forget", "samples forget sounds", effects={"files", "settings"}, confirms=True)
def samples_forget(call: Call, folder: FileName) -> Done:
    """Take a folder, or one sample by name, id or path, out of your library; the files stay where they are."""
    index = index_of(call)
    known = index.known(call.caller.path(folder))
    if not known:
        file = index.find(folder)
        known = {other.path: (0, 0) for other in index.files() if other.id and other.id == file.id}
    gone = index.forget(known)
    return Done(message=f"forgot {counted(gone, 'file')}; on the disk nothing has changed")


@command("samples relink", "samples relink sounds", effects={"project", "files"})
async def samples_relink(call: Call, folder: FileName) -> Edited:
    """Find sounds whose files were moved or renamed, by their content, in a file or folder."""
    from hardcore.jobs.soundfiles import found, look_for

    index, place = index_of(call), call.caller.path(folder)
    places = sound_places(call)
    lost = {s: r.size for s, r in recordings(call.project).items() if found(r, places) is None}
    moved = [file for file in index.files() if file.facts is not None and not is_there(file)]
    wanted = {**lost, **{file.facts.sha256: file.size for file in moved if file.facts is not None}}
    there = await beside(look_for, wanted, place)
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


@command("samples audition", "samples audition deep_kick deep.wav", effects={"player", "files"})
async def samples_audition(call: Call, sample: SampleRef, file: FileName | None = None) -> Result:
    """Hear a sample once beside the music, at its own pitch and through the master; stop or panic ends it.

    With a file, or where nothing sounds (no sound device, no session), it is written: audition.wav unless you name one.
    """
    from hardcore.jobs.preparation import ensure_playable

    sound = sound_called(call, sample)
    if file is None and call.studio.player is not None:
        if isinstance(sound, Recording):
            await ensure_playable(sound)
        state = await asked(call, lambda player: player.audition(audition(sound)))
        if not state.sound.startswith("silent"):
            return Done(message=f"{sound.name}, {sound.seconds:.2f} s, is heard once")
    return await _written(call, audition(sound), file or "audition.wav")


async def _written(call: Call, project: ProjectState, file: str) -> Exported:
    """Return what was rendered of an audition."""
    from hardcore.jobs.render import render
    from hardcore.jobs.request import RenderRequest

    path = call.caller.path(file)
    if path.suffix.lower() not in SOUND:
        raise UserError(f"no format '{path.suffix or path.name}'", nearest(path.suffix or "", SOUND))
    places = index_of(call).paths(recordings(project))
    rate = call.studio.settings.render.rate
    request = RenderRequest(project, tuple(timeline(project)), path, rate=rate, places=places, listen=False)
    return exported(await render(request, call.caller.progress), project)
