"""A song: the scene arranged in the sections of its style."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from hardcore.commands.composing.genre import GenreRef, find
from hardcore.commands.composing.profileuse import told
from hardcore.commands.core.call import Call
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, Listing, Row, counted
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Bars, Kind, RandomSeed, SceneRef
from hardcore.commands.timeline.section import SectionRef
from hardcore.errors import UserError
from hardcore.jobs.job import clock
from hardcore.project.sectionkeys import key_of
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.compose.form.song import PlacedSection

Lift = Annotated[int, Field(ge=-12, le=12), Kind("semitones", "semitones up, below 0 down; -12 to 12")]
Minutes = Annotated[float, Field(gt=0, le=60), Kind("minutes", "how long, about")]


class SongSection(Row):
    """A section of a song that was made: the bar it begins with, how many it has, its key, and the tracks that play."""

    name: str
    bar: int
    bars: int
    key: str
    plays: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, self.bar, self.bars, self.key, ", ".join(self.plays))


class SongMade(Listing[SongSection], Edited):
    """A song that was arranged."""

    headings = ("section", "bar", "bars", "key", "plays")

    bars: int
    length_s: float
    seed: int


@command(
    "song",
    "song --minutes 3 --style house",
    aliases=("arrangement make",),
    about={"bars": "how many bars the song has"},
)
def song(
    call: Call,
    *,
    bars: Bars | None = None,
    minutes: Minutes | None = None,
    style: GenreRef | None = None,
    scene: SceneRef | None = None,
    seed: RandomSeed | None = None,
    lift: Lift | None = None,
) -> SongMade:
    """Arrange the scene as a song of its style: intro, build, drop, break, outro, or verses and choruses.

    Each section is a scene of its own. Verses, breaks, bridges and solos are composed: their own tune and chords; the
    others share their clips with the scene it is made of, and what varies in them is made anew. The arrangement there
    was is replaced. As long as the style says, or about --bars or --minutes. From the last chorus on it is --lift
    semitones higher; unless said as songs of its style are, now and then.
    """
    return arrange(call, bars, minutes, style, scene, seed, lift)


@command("song end", "song end", about={"bars": "over how many bars it slows down or fades"})
def song_end(
    call: Call,
    way: Annotated[Literal["hit", "ritard", "fade"], Kind("hit|ritard|fade", "how it ends")] | None = None,
    *,
    bars: Bars | None = None,
) -> Done:
    """End the song properly: a hit on the tonic in the last bar that rings out, slowing down before it, or a fade.

    hit: drums and tones strike the tonic together, once. ritard: the same, and the tempo falls by a third over --bars
    (2). fade: the master goes down over --bars (8). Without a word as the style ends: it slows down, stops or fades.
    What played in the last bar gives way.
    """
    from hardcore.compose.edits.ending import end

    return carry_out(call, lambda project: end(project, way, bars))


@command("song lift", "song lift 2", about={"semitones": "how many above the key; 0 takes it back"})
def song_lift(
    call: Call,
    semitones: Lift | None = None,
    *,
    from_: SectionRef | None = None,
) -> Done:
    """Lift the key from the last chorus on, or from a section: a tone up unless said.

    Notes, chords, bass and tuned drums of every section from there to the end move, and audio whose key is known; the
    key of each is in `section list`. The count is from the key of the song, so 0 takes the lift back. /song does it by
    itself in styles whose songs do, or with --lift.
    """
    from hardcore.compose.edits.keylift import USUAL, lift

    wanted = USUAL if semitones is None else semitones
    return carry_out(call, lambda project: lift(project, wanted, from_))


def arrange(
    call: Call,
    bars: int | None = None,
    minutes: float | None = None,
    style: str | None = None,
    scene: str | None = None,
    seed: int | None = None,
    lift: int | None = None,
) -> SongMade:
    """Arrange a scene as a song, and return its sections. Raises UserError."""
    from hardcore.compose.form.song import song as arranged
    from hardcore.knowledge.loader import genre

    project = call.project
    known = genre(find(style) if style else style_of(project))
    source = project.find_scene(scene).id if scene else None
    length = bars if minutes is None else bars_in(project, minutes)
    used = fresh_seed() if seed is None else seed
    made, placed = arranged(
        project, known.song, used, length, source, known.ending, known.lift if lift is None else lift
    )
    call.edit(lambda project: made)
    return song_made(made, placed, used)


def song_made(
    made: ProjectState, placed: "Sequence[PlacedSection]", seed: int, liked: tuple[str, ...] = ()
) -> SongMade:
    """Return what is said of a song: its sections, its length, what the profile did (`liked`), and what plays it."""
    rows = tuple(
        SongSection(
            name=one.name, bar=one.bar + 1, bars=one.bars, plays=tuple(one.tracks), key=key_of(made, section).name
        )
        for one, section in zip(placed, made.sections, strict=True)
    )
    total = sum(one.bars for one in placed)
    length_s = made.tempo_map.seconds(made.meter_map.bar_start(total))
    lifted = next((one for one in made.sections if one.lift), None)
    rise = f"from {lifted.name} on in {key_of(made, lifted).name}; " if lifted is not None else ""
    taste = f"{told(liked)}; " if liked else ""
    note = f"{counted(total, 'bar')}, {clock(length_s)}; {rise}{taste}/play --arrangement plays it, /export writes it"
    return SongMade(message=note, items=rows, bars=total, length_s=length_s, seed=seed, note=note)


def style_of(project: ProjectState) -> str:
    """Return the id of the style that a project was made from. Raises UserError when it was made by hand."""
    from hardcore.compose.producer import asked_of

    asked = asked_of(project)
    if asked is None:
        raise UserError("this project was not made from a prompt", "name what the song should be like: --style house")
    return asked.genre


def bars_in(project: ProjectState, minutes: float) -> int:
    """Return how many bars last about so many minutes at the tempo of the project's start; at least one."""
    bar_s = project.tempo_map.seconds(project.meter_map.bar_start(1))
    return min(max(round(minutes * 60 / bar_s), 1), 4096)
