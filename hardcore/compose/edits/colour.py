"""Colour: how a part sounds, in the dimensions that people hear, a step at a time.

What each dimension moves is in DIMENSIONS; a part's own parameters come first, effects where it has none. A step the
other way takes a step back as far as nothing was at its end.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hardcore.compose.edits import colourparts
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import NotFound, nearest
from hardcore.knowledge.terms import colour_called
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


class Dimension(NamedTuple):
    """A dimension of colour: what a step more of it is, for the help, and what does it to one track."""

    help: str
    paint: colourparts.Paint


DIMENSIONS: Mapping[str, Dimension] = {
    "brightness": Dimension("the low-pass or tone, else 4 dB of highs", colourparts.brightness),
    "warmth": Dimension("half a step darker, 2 dB of low mids, a little drive", colourparts.warmth),
    "drive": Dimension("5 dB of drive; 10 dB where there was none", colourparts.drive),
    "punch": Dimension("the stroke, else 3 dB of attack", colourparts.punch),
    "weight": Dimension("the sub oscillator, else 3 dB of lows", colourparts.weight),
    "sharpness": Dimension("3 dB around 3.5 kHz", colourparts.shelf("presence")),
    "softness": Dimension("half a step darker, less presence, a slower attack", colourparts.softness),
    "thickness": Dimension("detuning, else a chorus; 1.5 dB of low mids", colourparts.thickness),
    "body": Dimension("3 dB around 300 Hz", colourparts.shelf("low-mid")),
    "air": Dimension("3 dB above 12 kHz", colourparts.shelf("air")),
    "space": Dimension("the reverb", colourparts.space),
    "echo": Dimension("the delay", colourparts.echo),
    "distance": Dimension("more reverb, darker, quieter", colourparts.distance),
    "width": Dimension("the width", colourparts.spread),
}


def colour(project: ProjectState, tracks: Sequence[Track], words: str, steps: float) -> Outcome:
    """Return the project with parts `steps` more of a dimension, or less below 0. Raises UserError for no dimension."""
    name, way = dimension_called(words)
    said, failed = [], []
    for track in tracks:
        project, line = DIMENSIONS[name].paint(project, track, steps * way)
        if line:
            said.append(f"{track.name}: {line}")
        else:
            much = "much" if steps * way > 0 else "little"
            failed.append(f"{track.name} has as {much} {name} as it gets")
    return Outcome(project, tuple(said), tuple(failed))


def dimension_called(words: str) -> tuple[str, int]:
    """Return the dimension that words mean, and −1 where they are its opposite. Raises UserError naming the nearest."""
    found = colour_called(words)
    if found is None or found[0] not in DIMENSIONS:
        raise NotFound(f"no colour '{words}'", nearest(words, DIMENSIONS))
    return found
