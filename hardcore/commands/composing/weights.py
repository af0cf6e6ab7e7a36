"""Weights of models: their size, licence and place before they are downloaded, and the download as a job."""

from hardcore.commands.composing.soundmodels import SoundModelName
from hardcore.commands.core.background import Begun, finishes, in_background, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited
from hardcore.commands.core.types import Flag
from hardcore.errors import JobFailed, UserError
from hardcore.jobs.job import Job
from hardcore.workers.context import Words

LIST, KIND = "weights_list", "weights_get"


class WeightsOffered(Done):
    """What a download would be: how many bytes and files (null: the host does not say), which licence, to where."""

    name: str
    bytes: int | None
    files: int | None
    licence: str
    commercial: bool
    place: str


class WeightsComing(Begun):
    """A download that goes on in the background: of which model, and to where."""

    name: str
    place: str


@command(
    "models get",
    "models get mine",
    effects={"settings", "jobs"},
    about={"accept": "the size and the licence are accepted: the download begins"},
)
async def models_get(call: Call, name: SoundModelName, *, accept: Flag = False) -> WeightsOffered | WeightsComing:
    """Say size, licence and place of a model's weights; with --accept download them, or go on where it was broken off.

    `job cancel` stops it; what is there already stays for the next time. The host is models.host of the settings.
    """
    from hardcore.knowledge.soundmodels import sound_model

    model, host = sound_model(name), call.studio.settings.models.host
    if not model.is_repository:
        raise UserError(f"the weights of {name} are no repository: {model.source[:80]}", "models list")
    if model.is_there:
        raise UserError(f"the weights of {name} are here: {model.place}", "models remove forgets a model")
    if accept:
        given = {"name": name, "host": host, "source": model.source, "place": model.place}
        begun = in_background(call, KIND, given)
        return WeightsComing(job=begun.job, line=begun.line, name=name, place=model.place)
    sold = "may be sold" if model.commercial else "is not to be sold"
    size, files, details = None, None, [f"licence {model.licence}: what it makes {sold}"]
    try:
        found = await work(call, LIST, {"host": host, "source": model.source})
        size, files = found["bytes"], found["files"]
        details.append(f"/models get {name} --accept downloads them")
    except JobFailed as error:
        details.append(error.line())
    about = f"{size / 1e9:.2f} GB in {files} files" if size is not None else "size unknown"
    return WeightsOffered(
        message=f"{name}: {about} of {model.source}, to {model.place}", details=tuple(details), name=name, bytes=size,
        files=files, licence=model.licence, commercial=model.commercial, place=model.place,
    )  # fmt: skip


@finishes(KIND)
def weights_done(call: Call, job: Job, done: Words) -> Edited:
    """Say that the weights of a model are there."""
    name = job.arguments["name"]
    said = f"{name}: {done['bytes'] / 1e9:.2f} GB at {done['place']}"
    return Edited(message=f"{said}; generate sound WORDS --model {name}")
