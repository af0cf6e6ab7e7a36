"""Plug-ins as devices: what a scan learns of one, kept with whatever uses it, so a project is whole without the file.

    device = plugin.device     # parameters by name, in the units that the plug-in shows where it can be told how

A plug-in is named `vst3:NAME`. All that is set of it are the values of its parameters: that is its whole state here.
"""

import re
from functools import cached_property
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from hardcore.model import Model
from hardcore.project.device import Device, Parameter, Unit
from hardcore.project.values import Name

PREFIX = "vst3:"
MOST_PARAMETERS = 2048
# What is laid over a loop's beginning of what a plug-in rings on, at most.
TAIL_S = 4.0
# How plug-ins write our units, where they write them otherwise.
_UNITS: dict[str, Unit] = {"%": "percent", "sec": "s", "seconds": "s", "st": "semitones", "cent": "cents"}

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
PluginId = Annotated[str, StringConstraints(pattern=r"^vst3:[a-z0-9_+-]{1,74}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class PluginParameter(Model):
    """A parameter of a plug-in: `low` to `high` is what is shown of 0 to 1, 0 to 1 itself where that is no number or no
    straight line; `least` and `most` are the plug-in's own words for the two ends, with its unit.

    name   as the plug-in has it: by that it is found again
    id     by which it is called here
    """

    id: Name
    name: Name
    low: float
    high: float
    default: float
    unit: Annotated[str, Field(max_length=20)] = ""
    least: Annotated[str, Field(max_length=40)] = ""
    most: Annotated[str, Field(max_length=40)] = ""

    @property
    def parameter(self) -> Parameter:
        """Return it as the catalogue has parameters."""
        label = self.unit.strip().casefold()
        units = get_args(Unit)
        unit: Unit = next((one for one in units if one == label), _UNITS.get(label, ""))
        return Parameter(self.id, unit, self.low, self.high, self.default, "lin", f"{self.least} to {self.most}")

    def share(self, value: float) -> float:
        """Return a value as the plug-in takes it, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


class Plugin(Model):
    """A plug-in as a scan saw it.

    digest          of its file: another version sounds another way
    inputs          how many channels go in; 0: it takes none
    latency_frames  how late its sound comes, frames at 48 kHz; taken out of what is rendered
    """

    id: PluginId
    name: Name
    vendor: Annotated[str, Field(max_length=80)] = ""
    version: Annotated[str, Field(max_length=40)] = ""
    digest: Digest
    kind: Literal["instrument", "effect"]
    inputs: Annotated[int, Field(ge=0, le=64)] = 0
    outputs: Annotated[int, Field(ge=0, le=64)] = 2
    latency_frames: Annotated[int, Field(ge=0, le=1 << 20)] = 0
    parameters: Annotated[tuple[PluginParameter, ...], Field(max_length=MOST_PARAMETERS)] = ()

    @cached_property
    def device(self) -> Device:
        """Return it as the catalogue has devices."""
        by = f" by {self.vendor}" if self.vendor else ""
        known = tuple(one.parameter for one in self.parameters)
        return Device(self.id, self.name, f"plug-in{by}", known, tail_s=TAIL_S, family="plug-ins")


def is_plugin(device_id: str) -> bool:
    """Return whether a device is a plug-in, by what it is called."""
    return device_id.casefold().startswith(PREFIX)


def plugin_id(name: str) -> str:
    """Return what a plug-in of that name is called as a device."""
    return PREFIX + (re.sub(r"[^a-z0-9_+-]+", "-", name.casefold()).strip("-")[:74] or "plug-in")
