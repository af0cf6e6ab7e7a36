"""The catalogue: every instrument and effect, its parameters, and what each role should sound like.

A device's id is the name of its SynthDef and a parameter's id the name of the SynthDef's control, in the
same unit, so the catalogue is the one home of ranges and defaults; a test holds the SynthDefs to it.
The entries are in `instruments.py` and `effects.py`; look a device up with `instrument(id)` and `effect(id)`. What is
called `vst3:NAME` is a plug-in of this machine (`pluginlist.py`); what a project uses of those it describes itself
(`Instrument.definition`, `Effect.definition`).
"""

from functools import cache

from hardcore.errors import NotFound, nearest
from hardcore.project import pluginlist
from hardcore.project.device import Curve, Device, Parameter, Unit
from hardcore.project.plugin import is_plugin

__all__ = ["Curve", "Device", "Parameter", "Unit", "effect", "effects", "instrument", "instruments"]


@cache
def instruments() -> dict[str, Device]:
    """Return every instrument by id."""
    from hardcore.project.instruments import INSTRUMENTS

    return {device.id: device for device in INSTRUMENTS}


@cache
def effects() -> dict[str, Device]:
    """Return every effect by id."""
    from hardcore.project.effects import EFFECTS

    return {device.id: device for device in EFFECTS}


def instrument(device_id: str) -> Device:
    """Return the instrument called `device_id`. Raises UserError naming the nearest one."""
    if is_plugin(device_id):
        return pluginlist.find(device_id, "instrument").device
    if device_id not in instruments():
        raise NotFound(f"no instrument '{device_id}'", nearest(device_id, instruments()))
    return instruments()[device_id]


def effect(device_id: str) -> Device:
    """Return the effect called `device_id`. Raises UserError naming the nearest one."""
    if is_plugin(device_id):
        return pluginlist.find(device_id, "effect").device
    if device_id not in effects():
        raise NotFound(f"no effect '{device_id}'", nearest(device_id, effects()))
    return effects()[device_id]
