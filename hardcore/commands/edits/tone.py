"""Tone: filters, equaliser, and colour of parts; the mood of the whole."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind, text_as
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import Factor, Hertz, MoreDecibels, Step, hertz
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Listing, Row
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Parts, RandomSeed
from hardcore.compose.edits.amount import asked
from hardcore.errors import UserError
from hardcore.project.state import ProjectState

_BANDS = ("low", "low-mid", "mid", "presence", "high", "air")


def _side(text: str) -> str:
    """Return `high` or `low` of what a filter lets pass, from `hp`, `highpass`, `high-pass` and the like."""
    plain = text.lower().replace("-", "").replace(" ", "").removesuffix("filter")
    sides = {"hp": "high", "hpf": "high", "highpass": "high", "lowcut": "high"}
    return (sides | {"lp": "low", "lpf": "low", "lowpass": "low", "highcut": "low"}).get(plain, plain)


def _band(value: Any) -> Any:
    """Return a band's name, or a frequency in Hz."""
    if not isinstance(value, str):
        return value
    named = value.strip().lower().replace(" ", "-").replace("lowmid", "low-mid").removesuffix("s")
    if not named[:1].isdigit():
        return named
    try:
        return hertz(value.strip())
    except UserError as error:
        raise ValueError(error.line()) from error


def _dimensions(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.compose.edits.colour import DIMENSIONS

    return (Choice(name, dimension.help) for name, dimension in DIMENSIONS.items())


def _moods(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    from hardcore.compose.edits.mood import MOODS

    return (Choice(name, dimension.help) for name, dimension in MOODS.items())


def _bands(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return map(Choice, _BANDS)


FilterSide = Annotated[
    Literal["high", "low"], text_as(_side), Kind("high|low", "what passes: high (a high-pass) or low (a low-pass)")
]
EqualiserBand = Annotated[
    float | str,
    BeforeValidator(_band),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]}),
    Kind("band", "a frequency such as 400 or 2.5khz, or low, low-mid, mid, presence, high, air", _bands),
]
BandDecibels = Annotated[MoreDecibels, Field(ge=-24, le=24), Kind("db", "the gain of the band, -24 to 24")]
Narrowness = Annotated[
    float, Field(ge=0.2, le=12), Kind("q", "narrowness of a peak, 0.2 to 12; 1 is about 1.4 octaves")
]
ColourName = Annotated[
    str,
    Field(min_length=1, max_length=80),
    Kind("dimension", "such as brightness, warmth, punch or space", _dimensions),
]
PieceMood = Annotated[
    str, Field(min_length=1, max_length=80), Kind("dimension", "such as darkness, energy, tension or space", _moods)
]


@command("filter", "filter bass low 300", scoped=True)
def filter_(
    call: Call,
    tracks: Parts,
    side: FilterSide,
    hz: Hertz | None = None,
    *,
    by: Step | None = None,
    factor: Factor | None = None,
) -> Done:
    """Set the high-pass or low-pass of tracks to a frequency, or move it --by steps of 0.6 octave or by a --factor.

    A low-pass is the instrument's own, else a filter among the effects, else a new one; a high-pass is a filter there
    is, else up to 1 kHz the low cut of an equaliser, else a new filter. Of several that are in force the one that takes
    most away moves, and others open as far. A step up opens a low-pass and raises a high-pass.
    """
    from hardcore.compose.edits.filters import set_pass

    move = asked(hz, by, factor, "filter bass low 300, filter bass low --by 1")
    return carry_out(call, lambda project: set_pass(project, project.find_tracks(tracks), side, move))


@command("eq", "eq bass 400 -4", scoped=True)
def eq(
    call: Call,
    tracks: Parts,
    band: EqualiserBand,
    db: BandDecibels | None = None,
    *,
    by: MoreDecibels | None = None,
    q: Narrowness | None = None,
) -> Done:
    """Set a band of tracks' equaliser to a gain, or move it --by decibels, at a frequency or by name.

    low: shelf at 100 Hz, low-mid 300, mid 1000, presence 3500, high: shelf at 8 kHz, air: shelf at 12 kHz. A band that
    stands near there already is the one that moves (within a third of an octave, an octave for a shelf), else one that
    is free; an equaliser is added where none is left.
    """
    from hardcore.compose.edits.equaliser import equalise

    move = asked(db, by, example="eq bass 400 -4, eq bass high --by 2")
    return carry_out(call, lambda project: equalise(project, project.find_tracks(tracks), band, move, q))


@command("colour", "colour bass warmth --by 1", aliases=("color",), scoped=True)
def colour(call: Call, tracks: Parts, dimension: ColourName, *, by: Step = 1.0) -> Done:
    """Make tracks more of a colour by steps: 1 is an audible step, 0.5 a bit, 2 a lot, below 0 the other way.

    `colours` says what each dimension moves: a part's own parameters first, effects where it has none. Opposites (dark,
    clean, dry, thin) are steps back.
    """
    from hardcore.compose.edits.colour import colour as painted

    return carry_out(call, lambda project: painted(project, project.find_tracks(tracks), dimension, by))


@command("mood", "mood energy --by 1", scoped=True)
def mood(call: Call, dimension: PieceMood, *, by: Step = 1.0, seed: RandomSeed | None = None) -> Done:
    """Move the whole piece by steps of a mood: 1 is an audible step, 0.5 a bit, 2 a lot, below 0 the other way.

    `colours` says what each dimension moves; opposites (darkness, calm, sadness) are steps back. Key, chords and tempo
    stay; only density, energy and movement touch notes, by chance drawn from --seed.
    """
    from hardcore.compose.edits.mood import mood as felt

    used = fresh_seed() if seed is None else seed
    return carry_out(call, lambda project: felt(project, dimension, by, used))


class ColourRow(Row):
    """A dimension, and what a step more of it moves in a part and in the whole; null where it has no such meaning."""

    name: str
    colour: str | None
    mood: str | None


class ColourList(Listing[ColourRow]):
    """The dimensions of colour and mood."""

    headings = ("dimension", "colour PART", "mood")


@command("colours", "colours", effects=(), aliases=("moods", "colors"))
def colours(call: Call) -> ColourList:
    """List the dimensions of colour and mood, with what a step more of each moves."""
    from hardcore.compose.edits.colour import DIMENSIONS
    from hardcore.compose.edits.mood import MOODS

    names = dict.fromkeys((*DIMENSIONS, *MOODS))
    rows = tuple(
        ColourRow(
            name=name,
            colour=DIMENSIONS[name].help if name in DIMENSIONS else None,
            mood=MOODS[name].help if name in MOODS else None,
        )
        for name in names
    )
    return ColourList(items=rows)
