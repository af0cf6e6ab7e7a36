"""Lyrics of clips: shown, put on the notes, taken off."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row, counted
from hardcore.commands.core.types import ClipRef
from hardcore.errors import UserError
from hardcore.project import lyrics
from hardcore.project.clip import Clip
from hardcore.project.clips import ensure_notes
from hardcore.project.values import Text

LyricText = Annotated[
    Text, Field(min_length=1), Kind("text", "words; - parts syllables, / begins a line: hard-core / will ne-ver die")
]


class SyllableRow(Row):
    """A syllable, and where it is sung: in the clip (bar.beat.sixteenth), and its tick there."""

    at: str
    tick: int
    text: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.at, self.text)


class SyllableList(Listing[SyllableRow]):
    """The lyrics of a clip, by syllables."""

    headings = ("at", "sings")


@command("lyrics list", "lyrics list bass:A", effects=(), aliases=("lyrics",))
def lyrics_list(call: Call, clip: ClipRef) -> SyllableList:
    """List what a clip sings, syllable by syllable, as a MIDI file brought it or `lyrics set` put it there."""
    _, found = call.project.find_clip(clip)
    meters = call.project.meter_map
    rows = tuple(SyllableRow(at=meters.position(one.tick).short, tick=one.tick, text=one.text) for one in found.lyrics)
    return SyllableList(items=rows, empty=f"{found.name} has no lyrics")


@command("lyrics set", 'lyrics set bass:A "hard-core will ne-ver die"')
def lyrics_set(call: Call, clip: ClipRef, text: LyricText) -> Done:
    """Put words on the notes of a clip, a syllable on each: `-` parts syllables, `/` begins a line.

    Notes that begin together have one. A MIDI file and a score (.musicxml) of the project have them too.
    """
    _, found = call.project.find_clip(clip)
    ensure_notes(found)
    words, places = lyrics.syllables(text), sorted({note.start_ticks for note in found.notes})
    if not words or len(words) > len(places):
        has = f"{found.name} has {counted(len(places), 'note')} one after the other"
        raise UserError(
            f"that are {counted(len(words), 'syllable')}, and {has}", "join syllables, or take another clip"
        )
    new = tuple(lyrics.Lyric(tick=tick, text=one) for tick, one in zip(places, words, strict=False))
    call.edit(lambda project: project.with_clip(found.id, lambda clip: clip.evolve(lyrics=new)))
    left = len(places) - len(words)
    return Done(
        message=f"{found.name} sings: {lyrics.words(new)}" + (f"; {counted(left, 'note')} left" if left else "")
    )


@command("lyrics clear", "lyrics clear bass:A")
def lyrics_clear(call: Call, clip: ClipRef) -> Done:
    """Take the lyrics off a clip."""
    _, found = call.project.find_clip(clip)
    if not found.lyrics:
        raise UserError(f"{found.name} has no lyrics", "lyrics set puts some on its notes")

    def silent(clip: Clip) -> Clip:
        return clip.evolve(lyrics=())

    call.edit(lambda project: project.with_clip(found.id, silent))
    return Done(message=f"{found.name} sings no more; undo brings the words back")
