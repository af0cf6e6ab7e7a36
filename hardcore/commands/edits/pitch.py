"""Pitch: the key, drums tuned, parts up and down."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind, text_as
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Result
from hardcore.commands.core.types import KeyName, Notes, Parts
from hardcore.errors import UserError
from hardcore.music.pitch import pitch_class
from hardcore.project.parts import GROUPS, device_of, is_melodic, plays
from hardcore.project.selection import Selected, select
from hardcore.project.state import ProjectState

Semitones = Annotated[
    int, Field(ge=-60, le=60), Kind("semitones", "semitones up, below 0 down; 12 is an octave, -60 to 60")
]
Octaves = Annotated[int, Field(ge=-5, le=5), Kind("octaves", "octaves up, below 0 down")]
Degrees = Annotated[
    int, Field(ge=-35, le=35), Kind("steps", "steps of the key up, below 0 down: 2 is a third, 4 a fifth")
]

NoteName = Annotated[
    int, Field(ge=0, le=11), text_as(pitch_class), WithJsonSchema({"type": "string"}), Kind("note", "C, F# or Bb")
]


class KeyView(Result):
    """The key: its name, its tonic (pitch class, C is 0) and its mode."""

    name: str
    tonic: int
    mode: str

    def text(self) -> str:
        """Return its name."""
        return f"key {self.name}"


@command("key", "key A minor")
def key(
    call: Call,
    key: KeyName | None = None,
    *,
    bare: Annotated[bool, Kind("", "the name of the key alone: no note moves")] = False,
    notes: Annotated[bool, Kind("", "as without it: the notes move")] = False,
) -> KeyView | Done:
    """Say or set the key: every part moves into it degree by degree, tuned kicks to its tonic.

    Notes that would leave an instrument's range are folded back by octaves.
    """
    from hardcore.compose.edits.key import set_key

    if key is None:
        now = call.project.key
        return KeyView(name=now.name, tonic=now.tonic, mode=now.mode)
    if bare and notes:
        raise UserError("--bare moves no note, --notes moves them")
    wanted = key
    return carry_out(call, lambda project: set_key(project, wanted, bare=bare))


@command("tune", "tune kick G")
def tune(call: Call, tracks: Parts, note: NoteName) -> Done:
    """Tune drums to a note, in the octave nearest to where they are: the pitch of a kick in Hz, or the notes of a tom.

    `key` does that by itself for kicks that are tuned to its tonic.
    """
    from hardcore.compose.edits import tuning

    return carry_out(call, lambda project: tuning.tune(project, project.find_tracks(tracks, members=True), note))


@command("transpose", "transpose bass -12", scoped=True)
def transpose(
    call: Call,
    tracks: Notes,
    semitones: Semitones | None = None,
    *,
    octaves: Octaves | None = None,
    degrees: Degrees | None = None,
) -> Done:
    """Move parts up or down: by semitones, --octaves, or --degrees of the key; a clip such as bass:A alone.

    `all` and `melodic` move the key along, and tuned kicks with it. A note that would leave the range its instrument
    sounds good in is folded back by octaves, which is said. Drums have no notes to move: `track set kick tune`.
    """
    from hardcore.compose.edits import transposition as edits

    given = [value for value in (semitones, octaves, degrees) if value is not None]
    if len(given) != 1:
        raise UserError("say how far, in one way", "12, --octaves 1 or --degrees 2")
    if degrees is not None:
        steps = degrees
        return carry_out(call, lambda project: edits.transpose_degrees(project, _meant(project, tracks), steps))
    by = semitones if semitones is not None else 12 * (octaves or 0)
    if by % 12 and not call.within and _is_whole(call.project, tracks):
        return carry_out(call, lambda project: edits.transpose_all(project, by))
    return carry_out(call, lambda project: edits.transpose(project, _meant(project, tracks), by))


def _meant(project: ProjectState, tracks: str) -> tuple[Selected, ...]:
    """Return the parts that are meant; a group means those of its parts that have a pitch."""
    found = select(project, tracks)
    if _group(tracks):
        found = tuple(one for one in found if plays(one.track) and device_of(one.track).pitched) or found
    return found


def _group(tracks: str) -> str:
    word = tracks.partition("-")[0].strip().casefold()
    return word if word in GROUPS else ""


def _is_whole(project: ProjectState, tracks: str) -> bool:
    """Return whether a group is named, and every part that plays notes of the key is in it."""
    if _group(tracks) not in ("all", "melodic"):
        return False
    named = project.find_tracks(tracks, members=True)
    return all(track in named for track in project.tracks if is_melodic(track) and track.clips)
