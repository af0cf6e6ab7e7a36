"""The cue: what is heard beside the main mix, on outputs of its own: tracks before their faders, sounds, the metronome.

All of it meets on two buses, and a group after all tracks brings these, behind a guard like the master's, to their
outputs: so it is as late as the main mix.
"""

from typing import NamedTuple

from hardcore.engine import nodes
from hardcore.engine.osc import message
from hardcore.engine.structure import ADD_TO_TAIL, AT_HEAD

_GUARD, _WAY = 1_900_000_005, 1_900_000_006
NO_CUE = "the engine plays without a cue output"
CURE = "/config engine.outputs 4 and engine.cue 3, or engine.cue split; then /engine use embedded"


class Place(NamedTuple):
    """Where a sound is started: how it is added to which group, and the first of the two buses that it is put on."""

    action: int
    group: int
    bus: int


MAIN = Place(ADD_TO_TAIL, nodes.ROOT, 0)
CUE = Place(AT_HEAD, nodes.CUE_GROUP, nodes.CUE_BUS)


def begun(cue: str) -> list[bytes]:
    """Return the requests that bring the cue to its outputs; see `EngineSettings.cue`."""
    group = message("/g_new", nodes.CUE_GROUP, ADD_TO_TAIL, nodes.ROOT)
    if cue == "off":
        return [group]
    bus = ("bus", nodes.CUE_BUS)
    guard = message("/s_new", "guard", _GUARD, ADD_TO_TAIL, nodes.CUE_GROUP, *bus)
    if cue == "split":
        way = message("/s_new", "split", _WAY, ADD_TO_TAIL, nodes.CUE_GROUP, "bus", 0, "cue", nodes.CUE_BUS)
    else:
        way = message("/s_new", "tap", _WAY, ADD_TO_TAIL, nodes.CUE_GROUP, *bus, "out", int(cue) - 1)
    return [group, guard, way]


def click_place(click: str) -> Place:
    """Return where the metronome sounds; see `EngineSettings.click`."""
    return CUE if click == "cue" else MAIN if click == "main" else MAIN._replace(bus=int(click) - 1)
