"""Device maps: what the controls of a well-known controller do, as files `config/midi/NAME.toml` and the user's own.

name = "nanoKONTROL2"
port = "nanoKONTROL2"          # part of the port's name; "" for any port

[[control]]
cc = 0                         # or: note = 36
target = "track gain {n}"      # {n} counts from 1
count = 8                      # so many controls, with cc 0 to 7

[[control]]
note = 0
count = 8
rows = 8                       # so many rows of them, {row} counts from 1
step = 16                      # from the number of a row to that of the next one
target = "launch press pad:{n}:{row}"
lights = "pads"                # how its light shows its state; `value`: what a knob's value is, 0 to 127

[palette.pads]
playing = 60                   # velocity or cc value, or [channel, value]
"""

import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
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
    """One control, or `count` alike in a row, whose number or channel (`each`) goes up by one; `rows` of them.

    step    from a number of one row to that of the next; below 0 where the first row is at the bottom
    lights  the palette of its light, `value` for a ring of lights or a motor, None where it has none

    The settings are those of a mapping: see `ControlMap`.
    """

    cc: Key | None = None
    note: Key | None = None
    program: Key | None = None
    channel: MidiChannel | None = None
    target: Annotated[str, Field(min_length=1, max_length=400)]
    count: Annotated[int, Field(ge=1, le=128)] = 1
    rows: Annotated[int, Field(ge=1, le=16)] = 1
    step: Annotated[int, Field(ge=-127, le=127)] = 0
    lights: Name | None = None
    each: Literal["number", "channel"] = "number"
    mode: MapMode | None = None
    low: float | None = None
    high: float | None = None
    curve: MapCurve | None = None

    @model_validator(mode="after")
    def _sends(self) -> "Control":
        if sum(number is not None for number in (self.cc, self.note, self.program)) != 1:
            raise ValueError("a control has a cc, a note or a program")
        if self.each == "channel" and self.channel is None:
            raise ValueError("say the channel of the first control")
        last = (self.channel or 1) if self.each == "channel" else self.number
        if last + self.count - 1 > (16 if self.each == "channel" else 127):
            raise ValueError(f"{self.count} controls are too many from {last} on")
        below = self.number + (self.rows - 1) * self.step
        if not 0 <= below <= 127 - (self.count - 1 if self.each == "number" else 0):
            raise ValueError(f"{self.rows} rows by {self.step} are too many from {self.number} on")
        return self

    @property
    def number(self) -> int:
        """Return the number of the first control's cc, note or program."""
        return next((number for number in (self.cc, self.note, self.program) if number is not None), 0)

    @property
    def message(self) -> str:
        """Return what it sends."""
        return "cc" if self.cc is not None else "note" if self.note is not None else "program"

    def mappings(self) -> Iterator[dict[str, Any]]:
        """Yield the settings of a mapping for each control."""
        for row, at in product(range(self.rows), range(self.count)):
            on = at if self.each == "channel" else 0
            yield {
                "message": self.message,
                "number": self.number + row * self.step + at - on,
                "channel": None if self.channel is None else self.channel + on,
                "target": self.target.replace("{n}", str(at + 1)).replace("{row}", str(row + 1)),
                "mode": self.mode, "low": self.low, "high": self.high, "curve": self.curve, "lights": self.lights,
            }  # fmt: skip


Shade = Key | tuple[MidiChannel, Key]
State = Literal["empty", "stopped", "queued", "playing", "recording", "off", "on"]
VALUE = "value"


class DeviceMap(Model):
    """The controls of a controller.

    port     a part of its port's name, empty where any port may send them
    setup    messages in hexadecimal that it needs before its lights can be set, each time it is plugged in
    palette  by name, what lights show in each state: a velocity or value, or [channel, value]
    """

    name: Name
    port: Annotated[str, Field(max_length=80)] = ""
    setup: Annotated[tuple[Annotated[str, Field(max_length=1000)], ...], Field(max_length=64)] = ()
    palette: Annotated[Mapping[Name, Mapping[State, Shade]], Field(max_length=64)] = {}
    control: Annotated[tuple[Control, ...], Field(min_length=1, max_length=MOST_CONTROLS)]

    @model_validator(mode="after")
    def _can_be_lit(self) -> "DeviceMap":
        for control in self.control:
            if control.lights not in (None, VALUE, *self.palette):
                raise ValueError(f"there is no palette '{control.lights}'")
        if any(control.lights for control in self.control) and not self.port:
            raise ValueError("a controller with lights has a port")
        for text in self.setup:
            data = _message(text)
            if data[0] < 0x80 or any(byte > 127 for byte in data[1:-1]):
                raise ValueError(f"'{text}' is no MIDI message")
        return self

    @property
    def first_messages(self) -> tuple[tuple[int, ...], ...]:
        """Return the messages of the setup."""
        return tuple(map(_message, self.setup))

    def mappings(self) -> Iterator[dict[str, Any]]:
        """Yield the settings of a mapping for every control."""
        for control in self.control:
            yield from control.mappings()


def _message(text: str) -> tuple[int, ...]:
    """Return the bytes of a message in hexadecimal. Raises ValueError."""
    data = tuple(bytes.fromhex(text))
    if not data:
        raise ValueError("an empty message")
    return data


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
    except RecursionError as error:
        raise UserError(f"{path.name}: nested too deeply to be read") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise UserError(f"{path.name}: {place}: {first['msg'].removeprefix('Value error, ')}") from error
    except OSError as error:
        raise UserError(f"{path.name} cannot be read: {error}") from error
    except ValueError as error:  # also a number of 5,000 digits
        raise UserError(f"{path.name}: cannot be read: {error}") from error
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
