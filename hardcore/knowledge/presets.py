"""The presets and drum kits that come with the program: knowledge_base/presets/*.yaml and knowledge_base/kits.yaml."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from hardcore.errors import UserError, nearest
from hardcore.knowledge import loader
from hardcore.knowledge.section import Section, Settings
from hardcore.project import devices
from hardcore.project.mixer import Effect, Instrument
from hardcore.project.preset import Preset
from hardcore.project.roles import Role
from hardcore.project.samples import PLAYERS

Mood = Annotated[str, Field(min_length=2, max_length=24, pattern=r"^[a-z0-9 -]+$")]
Title = Annotated[str, Field(min_length=2, max_length=60)]


class Insert(Section):
    """An effect of a preset's chain and the settings that differ from its defaults."""

    device: str
    settings: Settings = {}


class FactoryPreset(Section):
    """A named sound: an instrument, its settings (`level` evens it out within its role), a chain, and its moods."""

    name: Title
    device: str
    role: Role
    moods: Annotated[tuple[Mood, ...], Field(min_length=1, max_length=6)]
    settings: Settings = {}
    sample: str | None = None
    effects: Annotated[tuple[Insert, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _fits(self) -> "FactoryPreset":
        device = devices.instrument(self.device)
        if self.role not in device.roles:
            raise UserError(f"{self.name}: {self.device} does not play {self.role}", ", ".join(device.roles))
        if (self.device in PLAYERS) != (self.sample is not None):
            raise UserError(f"{self.name}: a sample belongs to what plays samples, and nothing else")
        _ = self.preset
        return self

    @property
    def preset(self) -> Preset:
        """Return it as a track takes it. Raises UserError for an unknown device, parameter or value."""
        instrument = Instrument(device=self.device, settings=self.settings, sample=self.sample)
        chain = tuple(
            Effect(id=f"e{place}", device=insert.device, settings=insert.settings)
            for place, insert in enumerate(self.effects, 1)
        )
        return Preset(instrument=instrument, effects=chain)


class Kit(Section):
    """A drum kit: a preset by name for each role it has."""

    name: Title
    about: Annotated[str, Field(min_length=5, max_length=120)]
    parts: Annotated[Mapping[Role, str], Field(min_length=3)]


@cache
def factory_presets() -> dict[str, FactoryPreset]:
    """Return every preset of the program by name, family by family. Raises UserError naming file and mistake."""
    found: dict[str, FactoryPreset] = {}
    for path in sorted((loader.folder() / "presets").glob("*.yaml")):
        for preset in _read(path.name, TypeAdapter(tuple[FactoryPreset, ...]), loader.read_yaml(path)):
            if found.setdefault(preset.name, preset) is not preset:
                raise UserError(f"{path.name}: there are two presets called '{preset.name}'")
    return found


@cache
def kits() -> dict[str, Kit]:
    """Return every drum kit of the program by name. Raises UserError naming the mistake."""
    read = _read("kits.yaml", TypeAdapter(tuple[Kit, ...]), loader.read_yaml(loader.folder() / "kits.yaml"))
    for kit in read:
        for role, name in kit.parts.items():
            if factory_preset(name).role != role:
                raise UserError(f"kits.yaml: {kit.name}: '{name}' is not a preset for {role}")
    return {kit.name: kit for kit in read}


def _read(file: str, kind: TypeAdapter[Any], data: object) -> Any:
    try:
        return kind.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise UserError(f"{file}: {place}: {first['msg'].removeprefix('Value error, ')}") from error


def factory_preset(name: str) -> FactoryPreset:
    """Return the preset called `name`, in any case. Raises UserError naming the nearest one."""
    return factory_presets()[_called(name, factory_presets(), "preset")]


def kit(name: str) -> Kit:
    """Return the drum kit called `name`, in any case. Raises UserError naming the nearest one."""
    return kits()[_called(name, kits(), "kit")]


def _called(name: str, known: Iterable[str], what: str) -> str:
    wanted = " ".join(name.split()).casefold()
    for title in known:
        if title.casefold() == wanted:
            return title
    raise UserError(f"no {what} '{name}'", nearest(name, known))
