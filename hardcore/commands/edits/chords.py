"""Chords of the piece: which, and in what colour."""

from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.project.clip import CHORDS
from hardcore.project.parts import is_melodic
from hardcore.project.state import ProjectState


def _progressions(project: ProjectState, before: tuple[str, ...]) -> list[Choice]:
    return [Choice(row) for row in ("Am F C G", "Dm Gm Bb A", "i VI III VII", "ii V7 I")]


ChordNames = Annotated[
    str,
    Field(min_length=1, max_length=400),
    Kind("chords", "names or numerals in the key, one a bar: Dm Gm Bb A, i VI III VII", _progressions, rest=True),
]
ChordColour = Annotated[
    Literal["jazzy", "borrowed", "tense", "suspended", "simple", "sevenths", "ninths", "richer", "plainer"],
    Kind("colour", "simple (triads), sevenths, ninths, jazzy; suspended, borrowed, tense; richer or plainer by a step"),
]


class ChordsRow(Row):
    """The chords a clip was made over, bar by bar; `clip` and `track` are ids."""

    track: str
    track_name: str
    clip: str
    clip_name: str
    chords: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.track_name, self.clip_name, self.chords)


class ChordsList(Listing[ChordsRow]):
    """The chords of the parts."""

    headings = ("track", "clip", "chords")


@command("chords show", "chords show", effects=())
def chords_show(call: Call) -> ChordsList:
    """Say the chords that each part with pitches was made over, bar by bar."""
    rows = tuple(
        ChordsRow(
            track=track.id,
            track_name=track.name,
            clip=clip.id,
            clip_name=clip.name,
            chords=clip.provenance.intent[CHORDS],
        )
        for track, clip in call.project.clips()
        if is_melodic(track) and clip.provenance and CHORDS in clip.provenance.intent
    )
    return ChordsList(items=rows, empty="no part says what chords it plays")


@command("chords set", "chords set Dm Gm Bb A", aliases=("chords",), scoped=True)
def chords_set(call: Call, names: ChordNames) -> Done:
    """Play other chords, one a bar, again and again; every part with pitches follows, the key too where it has to.

    Parts made from a prompt are made again over them, with the chances they had; notes made by hand go to the nearest
    notes of each chord and keep their rhythm. With --in that is done to all notes there, and the key stays.
    """
    from hardcore.compose.edits.chords import chord_names, fit_chords, set_chords

    row = chord_names(names, call.project.key)
    edit = fit_chords if call.within else set_chords
    return carry_out(call, lambda project: edit(project, row))


@command("chords colour", "chords colour jazzy", aliases=("chords color",))
def chords_colour(call: Call, colour: ChordColour) -> Done:
    """Play the chords that are there in another colour; parts made from a prompt are made again over them."""
    from hardcore.compose.edits.chords import colour_chords

    return carry_out(call, lambda project: colour_chords(project, colour))
