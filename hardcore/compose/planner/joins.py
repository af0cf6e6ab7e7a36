"""How the sections of a plan follow each other: how loud each is, who comes in and goes, and what leads over."""

from typing import NamedTuple

from hardcore.compose.form.drama import LOUDNESS, premaster, stretches
from hardcore.compose.form.taste import BUILDS, taste_of
from hardcore.compose.planner.plan import Parts
from hardcore.compose.producer import asked_of
from hardcore.knowledge.loader import genre
from hardcore.music.ticks import SIXTEENTH
from hardcore.project.clip import Automation
from hardcore.project.roles import TRANSITIONS
from hardcore.project.state import ProjectState


class Join(NamedTuple):
    """A section in the course of its piece.

    gain_db   of the piece at its start and at its end
    leads     what leads out of it on the bar line where the next begins: riser, silence, impact; of the last its ending
    enters, leaves   names of the parts that come in with it, and of those that played before and rest in it
    """

    gain_db: tuple[float, float]
    leads: tuple[str, ...]
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


def joins(project: ProjectState, playing: list[Parts]) -> list[Join]:
    """Return how each section of a project follows the one before; `playing`: the parts of each."""
    envelope = _loudness(project)
    asked = asked_of(project)
    ending = genre(asked.genre).ending if asked is not None else "hit"
    found, before = [], set[str]()
    for at, one in enumerate(stretches(project)):
        names = [name for role, name in playing[at] if role not in TRANSITIONS]
        gain = (envelope.at(one.start), envelope.at(one.end - SIXTEENTH)) if envelope else taste_of(one.kind).gain_db
        after = {role for role, _ in playing[at + 1]} if at + 1 < len(playing) else None
        here = {role for role, _ in playing[at]}
        leads = [
            *(["riser"] if "riser" in here and after is not None else []),
            *(["silence"] if one.kind in BUILDS and after is not None else []),
            *(["impact"] if after and "impact" in after else []),
            *([ending] if after is None else []),
        ]
        gone = tuple(name for name in sorted(before) if name not in names)
        found.append(Join(gain, tuple(leads), tuple(name for name in names if name not in before), gone))
        before = set(names)
    return found


def _loudness(project: ProjectState) -> Automation | None:
    """Return the envelope of the gain that follows the sections; None where there is no music yet."""
    bus = premaster(project)
    owners = {effect.id for effect in bus.effects if effect.device == LOUDNESS} if bus is not None else set()
    lanes = (one for one in (bus.automation if bus else ()) if one.owner in owners and one.parameter == "gain")
    return next(lanes, None)
