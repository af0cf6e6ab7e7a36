"""Device maps: what the controls of a well-known controller do, as files `config/midi/NAME.toml` and the user's own.

name = "nanoKONTROL2"
port = "nanoKONTROL2"          # part of the port's name; "" for any port

[[control]]
cc = 0                         # or: note = 36
target = "track gain {n}"      # {n} counts from 1
count = 8                      # so many controls, with cc 0 to 7
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from hardcore.commands.core.line import resolve
from hardcore.errors import NotFound, UserError, nearest
from hardcore.model import Model
from hardcore.paths import config_folder, data_folder
from hardcore.project.controlmap import MapCurve, MapMode, MidiChannel
from hardcore.project.midiin import Key
from hardcore.project.values import Name

MOST_CONTROLS = 512


class Control(Model):
    """One control, or `count` alike in a row, whose number or channel (`each`) goes up by one.

    The settings are those of a mapping: see `ControlMap`.
    """

    cc: Key | None = None
    note: Key | None = None
    channel: MidiChannel | None = None
    target: Annotated[str, Field(min_length=1, max_length=400)]
    count: Annotated[int, Field(ge=1, le=128)] = 1
    each: Literal["number", "channel"] = "number"
    mode: MapMode | None = None
    low: float | None = None
    high: float | None = None
    curve: MapCurve | None = None

    @model_validator(mode="after")
    def _sends(self) -> "Control":
        if (self.cc is None) == (self.note is None):
            raise ValueError("a control has a cc or a note")
        if self.each == "channel" and self.channel is None:
            raise ValueError("say the channel of the first control")
        last = (self.channel or 1) if self.each == "channel" else self.number
        if last + self.count - 1 > (16 if self.each == "channel" else 127):
            raise ValueError(f"{self.count} controls are too many from {last} on")
        return self

    @property
    def number(self) -> int:
        """Return the number of the first control's cc or note."""
        return (self.cc if self.cc is not None else self.note) or 0

    def mappings(self) -> Iterator[dict[str, Any]]:
        """Yield the settings of a mapping for each control."""
        for at in range(self.count):
            on = at if self.each == "channel" else 0
            yield {
                "message": "cc" if self.cc is not None else "note", "number": self.number + at - on,
                "channel": None if self.channel is None else self.channel + on,
                "target": self.target.replace("{n}", str(at + 1)),
                "mode": self.mode, "low": self.low, "high": self.high, "curve": self.curve,
            }  # fmt: skip


class DeviceMap(Model):
    """The controls of a controller; `port` is a part of its port's name, empty where any port may send them."""

    name: Name
    port: Annotated[str, Field(max_length=80)] = ""
    control: Annotated[tuple[Control, ...], Field(min_length=1, max_length=MOST_CONTROLS)]

    def mappings(self) -> Iterator[dict[str, Any]]:
        """Yield the settings of a mapping for every control."""
        for control in self.control:
            yield from control.mappings()


def known_devices() -> dict[str, Path]:
    """Return the files of device maps by name: the program's, and the user's own in their place."""
    folders = (data_folder("config") / "midi", config_folder() / "midi")
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def device_called(name: str) -> DeviceMap:
    """Return the device map of a name. Raises UserError naming the nearest."""
    devices = known_devices()
    found = devices.get(name.casefold())
    if found is None:
        raise NotFound(f"no device map '{name}'", nearest(name, devices))
    return read_device(found)


def read_device(path: Path) -> DeviceMap:
    """Return the device map in a file, whose targets are all commands.

    Raises UserError that says where in the file what is wrong.
    """
    try:
        device = DeviceMap.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path.name} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path.name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise UserError(f"{path.name}: {place}: {first['msg'].removeprefix('Value error, ')}") from error
    _check(path, device)
    return device


def _check(path: Path, device: DeviceMap) -> None:
    """Raise UserError for a target that is no command, or a control that is there twice."""
    taken: set[tuple[Any, ...]] = set()
    for one in device.mappings():
        words = f"{path.name}: {one['message']} {one['number']}"
        place = (one["message"], one["number"], one["channel"])
        if place in taken:
            raise UserError(f"{words} is there twice")
        taken.add(place)
        try:
            resolve(f"/{one['target']}")
        except UserError as error:
            raise UserError(f"{words}: {error.line()}") from error
