"""Swing of the piece, or of parts."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind, number, text_as
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Result, Row
from hardcore.commands.core.types import Parts, Share
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

SwingPercent = Annotated[
    float,
    Field(ge=50, le=75),
    text_as(lambda text: number(text, "%?")),
    Kind("percent", "50 (straight) to 75; 66.7 is triplet"),
]
SwingStep = Annotated[
    float,
    text_as(lambda text: number(text, "%?")),
    Kind("percent", "per cents of swing more; below 0 straighter"),
]


class SwingOf(Row):
    """The swing that a part is played with, by the id of its track."""

    track: str
    name: str
    percent: float


class SwingView(Result):
    """The swing of the project, its groove (null: straight), and the swing of the parts that were asked for."""

    percent: float
    groove: str | None
    parts: tuple[SwingOf, ...] = ()

    def text(self) -> str:
        """Return the swing of the parts, else that of the project."""
        if self.parts:
            return "\n".join(f"{part.name}: swing {part.percent:g} %" for part in self.parts)
        return f"swing {self.percent:g} %, groove {self.groove or 'straight'}"


@command("swing", "swing 58", about={"amount": "how much of the swing counts, 0 to 100"})
def swing(
    call: Call,
    percent: SwingPercent | None = None,
    *,
    by: SwingStep | None = None,
    tracks: Parts | None = None,
    amount: Annotated[Share, Kind("percent", "how much of the groove is played, 0 to 100")] = 100,
) -> SwingView | Done:
    """Say or set the swing of the sixteenths: 50 is straight, 66.7 triplet. Clips are not changed, only played so.

    Accents and other micro-timing of the groove stay. With --tracks these parts swing by themselves; otherwise all that
    have no groove of their own.
    """
    from hardcore.compose.edits import swing as edits
    from hardcore.compose.edits.amount import asked

    found = call.project.find_tracks(tracks, members=True) if tracks else ()
    if percent is None and by is None:
        return _swings(call.project, found)
    wanted, played = asked(percent, by, None, "58 or --by 4"), amount / 100
    if found:
        return carry_out(call, lambda project: edits.set_swing_of(project, found, wanted, played))
    return carry_out(call, lambda project: edits.set_swing(project, wanted, played))


def _swings(project: ProjectState, tracks: Sequence[Track]) -> SwingView:
    from hardcore.compose.edits.swing import percent_of, percent_of_part

    parts = tuple(
        SwingOf(track=track.id, name=track.name, percent=percent_of_part(project, track, track)) for track in tracks
    )
    own = project.groove
    return SwingView(percent=percent_of(project), groove=own.name if own else None, parts=parts)
