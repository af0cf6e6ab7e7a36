"""Mood: the whole piece in the dimensions that people hear, a step at a time: which parts move, and in what.

What each dimension moves is in MOODS. Only what parts have is moved: a mood puts no effects on parts but a reverb, a
delay or drive where nothing has any. Notes stay but for `density` and `movement`; `energy` and what has a share of
it plays harder, with denser hats.
"""

from collections.abc import Mapping
from typing import NamedTuple

from hardcore.compose.edits import feels
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import NotFound, nearest
from hardcore.knowledge.terms import colour_called
from hardcore.project.state import ProjectState


class Mood(NamedTuple):
    """A dimension of the whole: what a step more of it is, for the help, and what does it."""

    help: str
    feel: feels.Feel


MOODS: Mapping[str, Mood] = {
    "brightness": Mood("every part's own brightness", feels.brightness),
    "warmth": Mood("melodic parts darker, 1 dB of low mids", feels.warmth),
    "drive": Mood("what is driven, else kick, bass and lead", feels.drive),
    "punch": Mood("kick, snare, clap, toms", feels.punch),
    "weight": Mood("kick, bass and sub", feels.weight),
    "space": Mood("the reverb there is", lambda project, steps, seed: feels.amount(project, "reverb", steps)),
    "echo": Mood("the delay there is", lambda project, steps, seed: feels.amount(project, "delay", steps)),
    "width": Mood("widths and pans", feels.width),
    "energy": Mood("harder hits, brighter, driven, denser hats", feels.energy),
    "aggression": Mood("drive, energy, sharper leads", feels.aggression),
    "tension": Mood("darker, resonant, out of tune, reverb", feels.tension),
    "happiness": Mood("brighter, harder hits, less reverb", feels.happiness),
    "dreaminess": Mood("reverb, width, slow attacks, soft hits", feels.dreaminess),
    "movement": Mood("lines of bass and lead that travel", feels.livelier),
    "density": Mood("more hits of hats, bass, leads, chords", feels.density),
}


def mood(project: ProjectState, words: str, steps: float, seed: int) -> Outcome:
    """Return the project `steps` more of a mood, or less below 0.

    seed  what chance is drawn from, where notes come and go

    Raises UserError for no mood, naming the nearest.
    """
    found = colour_called(words)
    if found is None or found[0] not in MOODS:
        raise NotFound(f"no mood '{words}'", nearest(words, MOODS))
    name, way = found
    outcome = MOODS[name].feel(project, steps * way, seed)
    if outcome.said:
        return outcome._replace(failed=())
    much = "much" if steps * way > 0 else "little"
    return outcome._replace(failed=outcome.failed or (f"the piece has as {much} {name} as it gets",))
