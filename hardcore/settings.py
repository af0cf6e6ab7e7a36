"""Settings: config/default.toml, then the user's own config.toml, then HARDCORE_SECTION_NAME in the environment."""

import json
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from hardcore.artifacts import write_whole
from hardcore.errors import NotFound, UserError, nearest
from hardcore.model import Model
from hardcore.paths import config_folder, data_folder


class RenderSettings(Model):
    """How files are written."""

    rate: Annotated[int, Field(ge=8000, le=192_000)]
    depth: Literal["16", "24", "32f"]
    tail_s: Annotated[float, Field(ge=0, le=60)]


class ComposeSettings(Model):
    """What a prompt that does not say is given."""

    bars: Annotated[int, Field(ge=1, le=512)]


class ProducerSettings(Model):
    """What the producer does unasked.

    listen   listen to the mix of what it made, and correct it
    profile  learn in the studio what you change about its pieces, and make the next ones so
    freeze   freeze the dearest track when the engine is overloaded; else that is only said
    """

    listen: bool
    profile: bool
    freeze: bool


class EngineSettings(Model):
    """What plays: `none` is silent and keeps time; an empty device and 0 frames leave the choice to the system.

    inputs      channels that can be recorded, in pairs; 0: the sound device is only played on
    outputs     channels that are played on, in pairs; the master is on the first two
    cue         where what is cued is heard: the first of two outputs, `split` (of outputs 1 and 2 the left one has
                the master, the right one the cue), or `off`
    click       where the metronome is heard: with the `main` mix, with the `cue`, or the first of two outputs
    latency_ms  how long it takes from what is played to its recording: recorded sound is moved back by that
    midi_latency_ms  how much later a key is heard here than it was meant: recorded notes are moved back by that
    """

    kind: Literal["embedded", "external", "none"]
    rate: Annotated[int, Field(ge=8000, le=192_000)]
    device: str
    buffer_frames: Annotated[int, Field(ge=0, le=8192)]
    inputs: Annotated[int, Field(ge=0, le=16, multiple_of=2)]
    outputs: Annotated[int, Field(ge=2, le=16, multiple_of=2)]
    cue: Annotated[str, Field(pattern=r"^(off|split|[1-9]\d?)$")]
    click: Annotated[str, Field(pattern=r"^(main|cue|[1-9]\d?)$")]
    latency_ms: Annotated[float, Field(ge=0, le=1000)]
    midi_latency_ms: Annotated[float, Field(ge=-200, le=1000)]

    @model_validator(mode="after")
    def _outputs(self) -> "EngineSettings":
        for name, first in (("cue", self.cue), ("click", self.click)):
            if first.isdigit() and int(first) >= self.outputs:
                raise ValueError(f"{name} {first} needs outputs {first} and {int(first) + 1}; there are {self.outputs}")
        if self.cue in ("1", "2"):
            raise ValueError("the master is on outputs 1 and 2: cue 3, or split")
        if self.click == "cue" and self.cue == "off":
            raise ValueError("there is no cue to click on: cue 3, or split")
        return self


class ClockSettings(Model):
    """MIDI clock: the ports it is sent to (parts of names, with commas) and when, and the port it is followed from."""

    out: Annotated[str, Field(max_length=400)]
    offset_ms: Annotated[float, Field(ge=-200, le=200)]
    follow: Annotated[str, Field(max_length=80)]

    @property
    def ports(self) -> tuple[str, ...]:
        """Return the ports that it is sent to."""
        return tuple(filter(None, (part.strip() for part in self.out.split(","))))


class ScreenSettings(Model):
    """How the terminal is used: colour, the keys of its prompt, the mouse."""

    color: bool
    editing: Literal["emacs", "vi"]
    mouse: bool


class AssistantSettings(Model):
    """A language model that plans with commands: the server that runs it, when it is asked, what it may do.

    Its key is no setting: it is in the environment or in a file `.env`.
    """

    mode: Literal["off", "fallback", "always"]
    url: Annotated[str, Field(pattern=r"^(https?://[^\s@?#]+)?$")]
    model: Annotated[str, Field(max_length=200)]
    apply: bool
    files: bool
    timeout_s: Annotated[float, Field(ge=1, le=3600)]
    retries: Annotated[int, Field(ge=0, le=5)]
    requests: Annotated[int, Field(ge=1, le=50)]
    tokens: Annotated[int, Field(ge=1000, le=10_000_000)]

    @property
    def configured(self) -> bool:
        """Return whether there is a model that can be asked."""
        return self.mode != "off" and bool(self.url and self.model)


class ModelSettings(Model):
    """Models of sound: the Python of the environment that has their libraries, the host that their weights are
    from, where they run, which is asked first.
    """

    python: Annotated[str, Field(max_length=4096)]
    host: Annotated[str, Field(pattern=r"^https?://[^\s@?#]+$")]
    device: Literal["auto", "cpu", "cuda", "mps"]
    model: Annotated[str, Field(max_length=40)]


class ClusterSettings(Model):
    """Machines that share a batch: the certificates by which they know each other (files of PEM).

    tcp   whether other machines may be spoken to without encryption
    """

    ca: Annotated[str, Field(max_length=4096)]
    cert: Annotated[str, Field(max_length=4096)]
    key: Annotated[str, Field(max_length=4096)]
    tcp: bool


class PluginSettings(Model):
    """Plug-ins: more folders to look for them in (with commas), and how long one may be silent, seconds."""

    folders: Annotated[str, Field(max_length=4096)]
    patience_s: Annotated[float, Field(ge=0.5, le=3600)]

    @property
    def places(self) -> tuple[Path, ...]:
        """Return the folders."""
        return tuple(Path(part.strip()).expanduser() for part in self.folders.split(",") if part.strip())


class Settings(Model):
    """Everything that can be configured."""

    render: RenderSettings
    compose: ComposeSettings
    producer: ProducerSettings
    engine: EngineSettings
    clock: ClockSettings
    screen: ScreenSettings
    assistant: AssistantSettings
    models: ModelSettings
    cluster: ClusterSettings
    plugins: PluginSettings

    def flat(self) -> dict[str, Any]:
        """Return every value by its dotted name."""
        return {
            f"{section}.{name}": value for section, part in self.model_dump().items() for name, value in part.items()
        }


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds, nothing when there is none. Raises UserError when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except RecursionError as error:
        raise UserError(f"{path} is nested too deeply to be read", "mend or remove it") from error
    except (OSError, ValueError) as error:  # also a number of 5,000 digits
        raise UserError(f"{path} cannot be read: {error}", "mend or remove it") from error


def user_file() -> Path:
    """Return where the user's own settings are kept."""
    return config_folder() / "config.toml"


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in force. Raises UserError that names the file or variable and the value."""
    merged = read_toml(data_folder("config") / "default.toml")
    mine = read_toml(user_file())
    for section, values in mine.items():
        if isinstance(values, dict):
            merged.setdefault(section, {}).update(values)
        else:
            merged[section] = values
    for section, values in merged.items():
        for name in values if isinstance(values, dict) else ():
            given = environment.get(f"HARDCORE_{section}_{name}".upper())
            if given is not None:
                merged[section][name] = _typed(given, values[name])
    return _checked(merged)


def _typed(text: str, like: object) -> Any:
    """Return `text` as a TOML value when the setting is not text."""
    if isinstance(like, str):
        return text
    try:
        return json.loads(text.lower())
    except (ValueError, RecursionError):  # a number of 5,000 digits is one; so deep a list the other
        return text


def _checked(values: dict[str, Any]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UserError(f"setting {name}: {first['msg']}", f"in {user_file()} or the environment") from error


def change_setting(settings: Settings, name: str, text: str) -> Settings:
    """Return the settings with one changed, and keep it in the user's file. Raises UserError."""
    known = settings.flat()
    if name not in known:
        raise NotFound(f"no setting '{name}'", nearest(name, known))
    section, _, key = name.partition(".")
    values = settings.model_dump()
    values[section][key] = _typed(text, known[name])
    changed = _checked(values)
    mine = read_toml(user_file())
    mine.setdefault(section, {})[key] = changed.flat()[name]
    user_file().parent.mkdir(parents=True, exist_ok=True)
    write_whole(user_file(), _toml(mine).encode())
    return changed


def with_engine(settings: Settings, kind: str) -> Settings:
    """Return the settings with another engine, for this run only."""
    return settings.evolve(engine=settings.engine.evolve(kind=kind))


def _toml(sections: dict[str, dict[str, Any]]) -> str:
    lines: list[str] = []
    for section, values in sections.items():
        lines += [f"[{section}]", *(f"{name} = {json.dumps(value)}" for name, value in values.items()), ""]
    return "\n".join(lines)


def models_python() -> str:
    """Return the Python that runs models: that of the settings, else of `.venv-models` beside the program, else ours.

    Raises UserError where the one of the settings is not there.
    """
    chosen = load_settings().models.python
    if chosen:
        if not Path(chosen).expanduser().is_file():
            raise UserError(f"models.python: no file {chosen}", "config set models.python /path/to/bin/python")
        return str(Path(chosen).expanduser())
    folder = Path(__file__).resolve().parents[1] / ".venv-models"
    own = next((folder / name for name in ("bin/python", "Scripts/python.exe") if (folder / name).is_file()), None)
    return str(own) if own is not None else sys.executable
