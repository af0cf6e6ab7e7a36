"""Parts: add, double, replace, make anew; more and less melodic movement."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from hardcore.commands.composing.genre import GenreRef, find
from hardcore.commands.composing.genre import genres as genre_names
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind, text_as
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Step
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Notes, Parts, RandomSeed
from hardcore.commands.edits.beats import Pattern
from hardcore.project.scope import find_scope
from hardcore.project.selection import Selected, select
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def _part_words(project: ProjectState, before: tuple[str, ...]) -> list[Choice]:
    from hardcore.compose.edits.naming import part_words

    return [Choice(word, help) for word, help in part_words()]


def _adjectives(project: ProjectState, before: tuple[str, ...]) -> list[Choice]:
    from hardcore.compose.edits.naming import adjectives

    return [Choice(word) for word in adjectives()]


PartWords = Annotated[
    str,
    Field(min_length=1, max_length=200),
    Kind("part", "a role or an instrument, adjectives before it: pad, dark rhodes", _part_words, rest=True),
]
InstrumentWords = Annotated[
    str,
    Field(min_length=1, max_length=200),
    Kind("instrument", "an instrument in words or by its id: flute, reese, 909 kick", _part_words, rest=True),
]
Traits = Annotated[
    tuple[str, ...],
    text_as(lambda text: tuple(word.strip() for word in text.split(",") if word.strip())),
    Kind("traits", "how it plays, with commas: offbeat, rolling, sparse, dark", _adjectives),
]
Beats = Annotated[Pattern, Kind("pattern", "when it hits, as in rhythm set: offbeats, 1/8, beats 2,4, 5/16")]
OneMore = Annotated[bool, Kind("", "one more, though there is such a part")]
OctavesApart = Annotated[int, Field(ge=-4, le=4), Kind("octaves", "the copy so many octaves up, below 0 down")]


@command("part add", "part add rolling lead --seed 3", scoped=True)
def part_add(
    call: Call,
    words: PartWords,
    *,
    traits: Traits = (),
    beats: Beats | None = None,
    another: OneMore = False,
    seed: RandomSeed | None = None,
) -> Done:
    """Add a part in words, made in the piece's style, key, chords and length: a role or an instrument, with adjectives.

    In a song it plays in the sections in which its style has such a part. Where there is one already it is refused,
    unless the words name an instrument that nothing plays yet, or with --another. --in has it play there only.
    """
    from hardcore.compose.edits.addition import add
    from hardcore.compose.edits.naming import adjective, named
    from hardcore.compose.edits.outcome import Outcome

    used = fresh_seed() if seed is None else seed
    part = named(words, map(adjective, traits))

    def change(project: ProjectState) -> Outcome:
        (project, said, failed), ids = add(project, part, used, another=another)
        project, more = _played(project, ids, beats, call.within)
        return Outcome(project, (*said, *more), failed)

    # a track is there or not: it is added to the whole, and plays where it is wanted
    return carry_out(replace(call, within=""), change)


def _played(
    project: ProjectState, ids: Sequence[str], beats: str | None, within: str
) -> tuple[ProjectState, tuple[str, ...]]:
    """Return the project with new parts that hit where a pattern says, and only in a scope; what changed."""
    from hardcore.compose.edits.beats import set_pattern
    from hardcore.compose.edits.partinsertion import confined

    said: tuple[str, ...] = ()
    if beats is not None:
        new = [Selected(track, track.clips) for track in map(project.find_track, ids)]
        project, said, _ = set_pattern(project, new, beats)
    for track_id in ids if within else ():
        project = confined(project, track_id, find_scope(project, within))
        said = (*said, f"{project.find_track(track_id).name}: only in {within}")
    return project, said


@command("part double", "part double bass --octaves 1")
def part_double(
    call: Call,
    tracks: Parts,
    *,
    octaves: OctavesApart = 0,
    instrument: Annotated[str, Kind("instrument", "words for what plays the copy, such as strings", _part_words)] = "",
) -> Done:
    """Let a second track play what parts play: octaves away, on another instrument, or late and apart.

    A copy in unison on the same instrument is 15 ms late, one left and one right, as players double a guitar.
    """
    from hardcore.compose.edits.doubling import double
    from hardcore.compose.edits.naming import named

    part = named(instrument) if instrument else None
    return carry_out(call, lambda project: double(project, _tracks(project, tracks), octaves, part))


@command("part vary", "part vary bass --traits offbeat --seed 4")
def part_vary(
    call: Call,
    tracks: Parts,
    *,
    traits: Traits = (),
    style: Annotated[GenreRef | None, Kind("style", "play as such parts do in this style", genre_names)] = None,
    seed: RandomSeed | None = None,
) -> Done:
    """Make parts anew from what they were made from, by another chance: as --traits say, or as in another --style.

    The chords stay those of the scene as long as one part with a pitch stays. `vary` changes some of the bars of all.
    """
    from hardcore.compose.edits.naming import adjective
    from hardcore.compose.edits.regenerate import renew

    used = fresh_seed() if seed is None else seed
    said, genre_id = tuple(map(adjective, traits)), find(style) if style else ""
    return carry_out(call, lambda project: renew(project, _tracks(project, tracks), used, said, genre_id))


@command("part replace", "part replace kick 808")
def part_replace(call: Call, tracks: Parts, instrument: InstrumentWords) -> Done:
    """Let parts be played by another instrument in words: set as the style has it, notes in its range.

    Level, effects and clips stay. `track instrument` sets one by its id as it comes from the catalogue.
    """
    from hardcore.compose.edits import replacement
    from hardcore.compose.edits.naming import named

    part = named(instrument)
    return carry_out(call, lambda project: replacement.replace(project, _tracks(project, tracks), part))


@command("movement", "movement bass --by 1 --seed 5", scoped=True)
def movement(call: Call, tracks: Notes, *, by: Step, seed: RandomSeed | None = None) -> Done:
    """Give parts more movement, or less below 0: lines travel by steps of the key, drums breathe in their velocities.

    First notes of bars stay where they are. Less movement settles notes on the one before.
    """
    from hardcore.compose.edits.movement import move

    used = fresh_seed() if seed is None else seed
    return carry_out(call, lambda project: move(project, select(project, tracks), by, used))


def _tracks(project: ProjectState, reference: str) -> tuple[Track, ...]:
    return project.find_tracks(reference, members=True)
