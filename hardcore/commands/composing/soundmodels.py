"""Models of sound: which there are, with their licences, whether their weights are here; adding and forgetting one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.types import FileName, Flag
from hardcore.errors import Misused, UserError, complaint
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.knowledge.soundmodels import SoundModel


def known_models(project: ProjectState, before: object) -> Iterator[Choice]:
    """Yield the models of sound, for the completion."""
    from hardcore.knowledge import soundmodels

    return (Choice(name, one.about) for name, one in soundmodels.sound_models().items())


SoundModelName = Annotated[
    str, Field(max_length=40), Kind("model", "a model of sound, as in models list", known_models)
]
BackendName = Annotated[
    str, Field(max_length=40), Kind("backend", "musicgen, musicgen_melody, diffusion, riffusion, service")
]
Licence = Annotated[str, Field(max_length=80), Kind("licence", "the licence of the weights")]


class ModelRow(Row):
    """A model: what runs it, its licence, whether what it makes may be sold, and the size of its weights here."""

    name: str
    backend: str
    source: str
    licence: str
    commercial: bool
    here: bool
    gigabytes: float
    about: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        here = (f"{self.gigabytes:.1f} GB" if self.gigabytes else "asked there") if self.here else "not here"
        return (self.name, here, self.licence, "may be sold" if self.commercial else "not to be sold", self.about)


class ModelChanged(Done):
    """A model that was added or forgotten, and where its weights are or go."""

    name: str
    place: str


class ModelList(Listing[ModelRow]):
    """The models of sound."""

    headings = ("model", "weights", "licence", "what it makes", "about")


@command("models list", "models list", effects=(), aliases=("models",))
def models_list(call: Call) -> ModelList:
    """List the models that make sound of words, with their licences and whether their weights are on this machine."""
    from hardcore.knowledge import soundmodels

    rows = tuple(_row(name, one) for name, one in soundmodels.sound_models().items())
    return ModelList(items=rows, note="generate sound WORDS --model MODEL")


def _row(name: str, one: "SoundModel") -> ModelRow:
    return ModelRow(
        name=name, backend=one.backend, source=one.source, licence=one.licence, commercial=one.commercial,
        here=one.is_there, gigabytes=one.gigabytes, about=one.about,
    )  # fmt: skip


@command(
    "models add",
    "models add mine ~/weights/mine --backend musicgen --licence MIT --commercial",
    effects={"settings"},
    about={
        "source": "a folder of weights, owner/name of a repository of them, or the URL of another studio",
        "commercial": "what it makes may be sold",
    },
)
def models_add(
    call: Call, name: SoundModelName, source: FileName, *, backend: BackendName, licence: Licence,
    commercial: Flag = False,
) -> ModelChanged:  # fmt: skip
    """Add a model of your own, or another source under a known name; its licence is kept with all that it makes."""
    from hardcore.knowledge import soundmodels

    if "://" not in source and not source.startswith(("/", "~")) and source.count("/") != 1:
        source = str(call.caller.path(source))
    try:
        made = soundmodels.SoundModel(backend=backend, source=source, licence=licence, commercial=commercial)
        soundmodels.keep_own(name, made)
    except ValidationError as error:
        place, why, given = complaint(error)
        raise Misused(f"{place or name} '{given}': {why}", "models list", place) from error
    where = "" if made.is_there else f"; its weights go to {made.place}"
    return ModelChanged(message=f"{name}: {backend}, {licence}{where}", name=name, place=made.place)


@command("models remove", "models remove mine", effects={"settings"})
def models_remove(call: Call, name: SoundModelName) -> ModelChanged:
    """Forget a model of your own; its weights stay where they are."""
    from hardcore.knowledge import soundmodels

    model = soundmodels.sound_model(name)
    soundmodels.keep_own(name, None)
    if name in (left := soundmodels.sound_models()) and left[name] == model:
        raise UserError(f"{name} is one of the program's own")
    said = f"{name} is forgotten; its weights are still at {model.place}"
    return ModelChanged(message=said, name=name, place=model.place)
