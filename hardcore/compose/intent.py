"""Intent: what a prompt asks for, understood. What a prompt leaves open is None until the genre fills it."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from hardcore.knowledge.form import SongSection
from hardcore.model import Model
from hardcore.music.scale import Key
from hardcore.music.tempo import Bpm
from hardcore.project.roles import Role

Unit01 = Annotated[float, Field(ge=0, le=1)]
MOST_BARS, MOST_SONG_BARS = 512, 4096
ChordWord = Literal["jazzy", "borrowed", "tense", "suspended", "simple", "sevenths", "ninths"]


class Understood(NamedTuple):
    """A piece of the prompt and what it was taken to mean, in the user's terms."""

    words: str
    meaning: str


class Intent(Model):
    """What is wanted.

    genre      id of a genre file
    bars       length of the scene in bars
    numerator, denominator   the meter
    mode       what the moods say where no key is said
    energy, density, ghost, darkness, space, drive, movement   0–1, None when the prompt does not say
    swing_percent   50–75, the field's percent law
    groove     id of a groove of the knowledge base, in place of the swing
    chords     what is asked of the harmony, the latest last
    progression   chords as they were typed, names or numerals; one a bar, in place of the genre's
    song, song_bars   the scene is to become a song of its style, about so many bars long
    lift       semitones that the song rises by from its last chorus on; None: as its style does
    sections   of the song, where the prompt lists them with their lengths
    only, include, exclude   roles: nothing but these; these as well; none of these
    devices    instruments asked for by name, per role (catalogue ids)
    traits     words of a role's behaviour that the genre's generators know ("rolling", "offbeat", "acid", "sparse" …)
    understood, ignored   what each piece of the prompt was taken for, and what was not understood
    """

    prompt: str = ""
    genre: str
    bpm: Bpm | None = None
    key: Key | None = None
    mode: Literal["major", "minor"] | None = None
    numerator: Annotated[int, Field(ge=1, le=32)] | None = None
    denominator: Literal[1, 2, 4, 8, 16, 32] | None = None
    bars: Annotated[int, Field(ge=1, le=MOST_BARS)] | None = None
    energy: Unit01 | None = None
    density: Unit01 | None = None
    ghost: Unit01 | None = None
    darkness: Unit01 | None = None
    space: Unit01 | None = None
    drive: Unit01 | None = None
    movement: Unit01 | None = None
    swing_percent: Annotated[float, Field(ge=50, le=75)] | None = None
    groove: str | None = None
    chords: tuple[ChordWord, ...] = ()
    progression: Annotated[tuple[str, ...], Field(max_length=32)] = ()
    song: bool = False
    song_bars: Annotated[int, Field(ge=1, le=MOST_SONG_BARS)] | None = None
    lift: Annotated[int, Field(ge=-12, le=12)] | None = None
    sections: Annotated[tuple[SongSection, ...], Field(max_length=64)] = ()
    only: tuple[Role, ...] = ()
    include: tuple[Role, ...] = ()
    exclude: tuple[Role, ...] = ()
    devices: dict[Role, str] = {}
    traits: dict[Role, tuple[str, ...]] = {}
    understood: tuple[Understood, ...] = ()
    ignored: tuple[str, ...] = ()
