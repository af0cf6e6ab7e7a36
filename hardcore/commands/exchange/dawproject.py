"""DAWproject files: out for `export`, in for `import`."""

from pathlib import Path

from hardcore.commands.core.background import Begun, finishes, in_background, stage_beside, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.results import Edited, counted
from hardcore.commands.exchange.artifacts import artifact_of
from hardcore.commands.exchange.exportresult import Exported, ExportPlan, FilePlan, lost
from hardcore.commands.tracks.sounds import ensure_playable, sound_places
from hardcore.errors import NotFound, UserError
from hardcore.jobs.job import Job
from hardcore.project.difference import difference
from hardcore.project.state import ProjectState
from hardcore.project.timeline import bars_of, end_ticks, timeline
from hardcore.workers.context import Words
from hardcore.workers.thread import beside


async def export_dawproject(
    call: Call, path: Path, *, stems: bool, rate: int, background: bool, dry_run: bool
) -> Exported | ExportPlan | Begun:
    """Write the project as a DAWproject, with `stems` its parts as audio too. Raises UserError, EngineError."""
    project = call.project
    if not any(track.clips for track in project.tracks):
        raise UserError("there is nothing to export yet", "type a prompt first, such as: acid 130 bpm, 4 bars")
    if dry_run:
        return await _planned(project, path)
    stage = stage_beside(path)
    places = {sha256: str(place) for sha256, place in sound_places(call, project).items()}
    given: Words = {"file": str(path), "stage": str(stage), "stems": stems, "places": places, "rate": rate}
    if background:
        return in_background(call, "dawproject", given, project=project, stages=[stage])
    return _exported(project, await work(call, "dawproject", given, project=project, stages=[stage]))


@finishes("dawproject")
def dawproject_done(call: Call, job: Job, done: Words) -> Exported:
    """Return what an export in the background wrote."""
    return _exported(call.project, done)


def _exported(project: ProjectState, done: Words) -> Exported:
    bars, length_s = _length(project)
    said = f"DAWproject, {counted(len(project.tracks), 'track')}, {counted(done['sounds'], 'sound')}"
    return Exported(file=done["file"], bars=bars, length_s=length_s, said=said, losses=tuple(done["losses"]))


async def _planned(project: ProjectState, path: Path) -> ExportPlan:
    from hardcore.exchange.dawproject.package import forecast

    found = await beside(forecast, project)
    bars, length_s = _length(project)
    files = (FilePlan(file=str(path), bytes=found.bytes),)
    return ExportPlan(
        files=files, bars=bars, length_s=length_s, longest_tail_s=0, work_s=found.bytes / 2e7, losses=found.losses
    )


async def import_dawproject(call: Call, path: Path) -> Edited:
    """Bring in what a DAWproject of unknown origin holds, as one step. Raises UserError."""
    from hardcore.exchange.adoption import adopted
    from hardcore.exchange.losses import Losses

    if not path.is_file():
        raise NotFound(f"no file {path}")
    done = await work(call, "read_dawproject", {"path": str(path)})
    known = [artifact_of(one) for one in done["artifacts"]]
    await ensure_playable(known)
    other = ProjectState.model_validate(done["project"])
    losses = Losses()

    def change(project: ProjectState) -> ProjectState:
        return adopted(project, other, losses)

    new = change(call.project) if call.caller.dry_run else call.edit(change)
    count = counted(len(other.tracks) - 1, "track")
    said = f"imported {path.name}: {count}, {counted(len(other.scenes), 'scene')}, {counted(len(known), 'sound')}"
    lines = tuple(dict.fromkeys((*done["losses"], *losses.lines())))
    edited = Edited(message=said, details=tuple(lost(lines)))
    return edited.with_difference(None, difference(call.project, new)) if call.caller.dry_run else edited


def _length(project: ProjectState) -> tuple[int, float]:
    """Return how many bars and seconds the song has."""
    playing = timeline(project)
    return bars_of(project, playing), project.tempo_map.seconds(end_ticks(playing))
