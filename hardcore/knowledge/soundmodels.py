"""Models that make sound: config/models.toml, then the user's own models.toml beside the settings."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from hardcore.artifacts import write_whole
from hardcore.errors import NotFound, UserError, complaint, near, nearest
from hardcore.knowledge.section import Section
from hardcore.paths import config_folder, data_folder, user_folder
from hardcore.settings import read_toml

FILE = "models.toml"
_ID = r"^[a-z0-9][a-z0-9-]{0,39}$"
ModelId = Annotated[str, Field(pattern=_ID)]
_REPOSITORY = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")


class SoundModel(Section):
    """A model: what runs it, where its weights are from, and under which licence what it makes stands.

    backend     the entry point that runs it: musicgen, diffusion, riffusion, service, or another package's
    source      owner/name of a repository of weights, a folder, or for `service` the URL of another studio
    commercial  whether what it makes may be sold without asking anybody
    """

    backend: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    source: Annotated[str, Field(min_length=1, max_length=400)]
    licence: Annotated[str, Field(min_length=1, max_length=80)]
    commercial: bool = False
    about: Annotated[str, Field(max_length=200)] = ""

    @property
    def is_repository(self) -> bool:
        """Return whether its weights are from a repository of a host, rather than a folder or a service."""
        return "://" not in self.source and self.place == str(folder_of(self.source))

    @property
    def place(self) -> str:
        """Return where it is loaded from: a URL, a folder, or the folder its repository is downloaded to."""
        if "://" in self.source:
            return self.source
        folder = Path(self.source).expanduser()
        if folder.is_absolute() or not _REPOSITORY.fullmatch(self.source):
            return str(folder)
        return str(folder_of(self.source))

    @property
    def is_there(self) -> bool:
        """Return whether its weights are on this machine; of a service it is not known."""
        return "://" in self.source or Path(self.place).is_dir()

    @property
    def gigabytes(self) -> float:
        """Return the size of its weights on this machine."""
        if "://" in self.source or not self.is_there:
            return 0.0
        return sum(path.stat().st_size for path in Path(self.place).rglob("*") if path.is_file()) / 1e9


def folder_of(repository: str) -> Path:
    """Return the folder for the weights of a repository."""
    return user_folder() / "models" / repository.replace("/", "--")


def sound_models() -> dict[str, SoundModel]:
    """Return every model by its id, the user's own over ours. Raises UserError `file: key: what is wrong`."""
    return _read(data_folder("config") / FILE) | _read(config_folder() / FILE)


def sound_model(name: str) -> SoundModel:
    """Return a model. Raises NotFound with the nearest."""
    known = sound_models()
    if name not in known:
        raise NotFound(f"no model '{name[:40]}'", nearest(name, known), near(name, known))
    return known[name]


def keep_own(name: str, model: SoundModel | None) -> None:
    """Keep a model as the user's own under a name; None takes it away. Raises UserError."""
    if not re.fullmatch(_ID, name):
        raise UserError(f"a model may not be called '{name[:40]}'", "small letters, digits and dashes")
    path = config_folder() / FILE
    own = _read(path)
    own.pop(name, None)
    if model is not None:
        own[name] = model
    write_whole(path, "\n".join(_section(key, one) for key, one in own.items()).encode())


def _section(name: str, model: SoundModel) -> str:
    import json

    # A basic string of TOML is one of JSON, but for DEL, which a value may not have.
    values = model.model_dump(exclude_defaults=True)
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _read(path: Path) -> dict[str, SoundModel]:
    try:
        return TypeAdapter(dict[ModelId, SoundModel]).validate_python(read_toml(path))
    except ValidationError as error:
        place, why, _ = complaint(error)
        raise UserError(f"{path.name}: {place}: {why}") from error
