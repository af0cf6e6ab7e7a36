"""What a screen shows of the drum generator: the variation that is tried, the session that goes on, or the rhythms."""

from functools import lru_cache
from typing import NamedTuple

from hardcore.commands.rhythm import explorer
from hardcore.commands.rhythm.explorer import Variation
from hardcore.commands.rhythm.live import RhythmSession
from hardcore.commands.rhythm.session import SessionView, view
from hardcore.controller.studio import Studio


class Rhythms(NamedTuple):
    """The rhythms there are: (name, mode, meter, tempo, what it is), and the name of each."""

    rows: tuple[tuple[str, str, str, str, str], ...]

    @property
    def names(self) -> list[str]:
        """Return the names, in order."""
        return [row[0] for row in self.rows]


Pane = Variation | SessionView | Rhythms


def pane(studio: Studio) -> Pane:
    """Return what is tried, else what goes on, else what there is."""
    hearing = studio.controller.hearing
    tried, session = studio.recall(explorer.Explorer), studio.recall(RhythmSession)
    if tried is not None and hearing.has(explorer.LAYER):
        return tried.view()
    if session is not None and session.running and session.is_on(hearing):
        return view(session)
    return _rhythms()


@lru_cache(maxsize=1)
def _rhythms() -> Rhythms:
    from hardcore.knowledge.rhythms import rhythm, rhythm_ids

    known = [(name, rhythm(name)) for name in rhythm_ids()]
    return Rhythms(tuple((name, found.mode, found.meter, f"{found.bpm:g}", found.about) for name, found in known))
