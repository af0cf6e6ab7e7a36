"""The plan of a piece: its sections before and beside the music. Shown, made, changed, played."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from hardcore.commands.composing.compose import asked_for, put
from hardcore.commands.composing.plansound import begin_plan
from hardcore.commands.composing.profileuse import to_taste
from hardcore.commands.composing.soundjob import COMMERCIAL, Generating
from hardcore.commands.composing.soundmodels import SoundModelName
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind, number, text_as
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Edited, Result, Row, align, counted
from hardcore.commands.core.seeds import fresh_seed
from hardcore.commands.core.types import Bars, CallName, Flag, RandomSeed, Sentence, Share
from hardcore.commands.timeline.section import SectionRef
from hardcore.commands.timeline.song import SongMade, song_made
from hardcore.errors import UserError, nearest
from hardcore.jobs.job import clock
from hardcore.project import sections
from hardcore.project.section import Section, starts
from hardcore.project.state import ProjectState

if TYPE_CHECKING:
    from hardcore.compose.planner.model import CompositionPlan
    from hardcore.project.roles import Player, Role

ENERGY_WORDS = ("low", "medium", "high")
_CELLS = 8


def _energy(text: str) -> float:
    """Return the energy of a word or a number. Raises UserError."""
    if text.casefold() in ENERGY_WORDS:
        from hardcore.compose.planner.plan import ENERGIES

        return ENERGIES[text.casefold()]  # type: ignore[index]
    try:
        return number(text, "")
    except UserError as error:
        raise UserError(f"'{text}' is no energy", "low, medium, high, or 0 to 1") from error


Length = Annotated[float, Field(ge=2, le=1200), Kind("seconds", "how long it is to be, 2 to 1200 seconds")]
Energy = Annotated[
    float,
    text_as(_energy),
    Field(ge=0, le=1),
    Kind(
        "energy",
        "low, medium, high, or 0 to 1: the share of the parts that play",
        lambda project, before: map(Choice, ENERGY_WORDS),
    ),
]
PartNames = Annotated[
    str, Field(min_length=1, max_length=400), Kind("parts", "layers, roles or drums, with commas; all; none")
]


class PlanSection(Row):
    """A section of a plan: where it is, how much goes on, how loud it is, who plays, and how it joins the others.

    bar, bars    the first, from 1, and how many; start_s, seconds the same in seconds
    role         what it is for: intro, motif, chorus, development, bridge, resolution or outro
    share        of the parts that play, 0–1; `energy` the same as low, medium or high
    gain_db      of the piece at its start and end
    enters, leaves   parts that come in with it, and that rest from then on; `leads`: what leads out of it
    """

    number: int
    id: str
    name: str
    role: str
    bar: int
    bars: int
    start_s: float
    seconds: float
    energy: str
    share: float
    gain_db: tuple[float, float]
    layers: dict[str, tuple[str, ...]]
    enters: tuple[str, ...]
    leaves: tuple[str, ...]
    leads: tuple[str, ...]
    directive: str
    seed_offset: int | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the drawing."""
        first, last = self.gain_db
        gain = f"{first:+.1f} dB" if first == last else f"{first:+.1f} to {last:+.1f} dB"
        drawn = "#" * max(round(self.share * _CELLS), 1)
        moved = [*(f"+{name}" for name in self.enters), *(f"-{name}" for name in self.leaves)]
        change = counted(len(moved), "part") if self.number == 1 else " ".join(moved)
        place = (self.number, self.name, self.role, self.bar, self.bars, clock(self.start_s))
        return (*place, f"{drawn:.<{_CELLS}}", gain, change, ", ".join(self.leads))


class PlanShown(Result):
    """A plan: what the piece is about, and its sections; `plan` is the same as a CompositionPlan, for `generate`."""

    about: str
    theme: str
    bars: int
    length_s: float
    bpm: float
    key: str
    meter: str
    seed: int
    sections: tuple[PlanSection, ...]
    music: bool
    plan: dict[str, Any]

    def text(self) -> str:
        """Return the plan, a line a section: its energy and loudness, who comes and goes, and what leads on."""
        head = f"{self.about}: {self.bpm:g} bpm, {self.key}, {self.meter}, {counted(self.bars, 'bar')}, "
        columns = ("#", "section", "role", "bar", "bars", "time", "energy", "loudness", "in and out", "leads on")
        rows = [columns, *([str(cell) for cell in one.cells()] for one in self.sections)]
        after = "" if self.music else "\nno music yet: /plan render makes it"
        return "\n".join([f"{head}{clock(self.length_s)}, seed {self.seed}", self.theme, *align(rows)]) + after


class PlanMade(PlanShown, Edited):
    """A plan that was made or changed."""


@command("plan show", "plan show", effects=(), aliases=("plan",))
def plan_show(
    call: Call, words: Sentence | None = None, *, seconds: Length | None = None, seed: RandomSeed | None = None
) -> PlanShown:
    """Show the plan of the piece, or of a prompt: sections, energy, loudness, who comes in and goes, what leads on.

    Sections follow each other on the bar line: a riser or a build's silence leads on to the next, an impact marks it.
    """
    if words is None:
        if seconds is not None or seed is not None:
            raise UserError("a length and a seed are of a prompt", "plan show 'house, 3 minutes' --seed 4")
        return PlanShown(**_shown(call.project))
    return PlanShown(**_shown(_outline(words, seconds, seed)))


@command("plan make", "plan make cinematic build, 120 s, 100 bpm, D minor")
def plan_make(
    call: Call, words: Sentence, *, seconds: Length | None = None, seed: RandomSeed | None = None
) -> PlanMade:
    """Plan a piece in place of what is there: sections, tempo, key, but no music yet; `plan render` makes that.

    What the words ask for wins over their style; --seconds is hit to the nearest bar.
    """
    made = _outline(words, seconds, seed)
    new = call.edit(lambda project: made.evolve(next_id=max(made.next_id, project.next_id)))
    shown = _shown(new)
    return PlanMade(message=f"planned {shown['about']}; /plan render makes the music", **shown)


def _outline(words: str, seconds: float | None, seed: int | None) -> ProjectState:
    from hardcore.compose.planner.outline import outline

    return outline(asked_for(words), fresh_seed() if seed is None else seed, seconds)


@command(
    "plan set",
    "plan set break --energy high --rest lead",
    about={
        "name": "what it is called from now on",
        "bars": "how many bars it has then",
        "vary": "how much of it is made anew, so that it is not what was heard before",
        "play": "who plays in it and nobody else: layers, roles or drums, with commas; all",
        "rest": "who rests in it: layers, roles or drums, with commas; none",
    },
)
def plan_set(
    call: Call,
    section: SectionRef,
    *,
    name: CallName | None = None,
    bars: Bars | None = None,
    energy: Energy | None = None,
    play: PartNames | None = None,
    rest: PartNames | None = None,
    vary: Share | None = None,
    seed: RandomSeed | None = None,
) -> PlanMade:
    """Change a section of the plan: length, energy, who plays, how much is made anew. `plan render` makes it so.

    The energy is the share of the parts that play: of less the quietest rest, of more the loudest others join. A
    section that has the seed of another of its kind is the same music again. Where there is music already, --bars and
    --name change it at once.
    """
    given = {"energy": energy, "vary": None if vary is None else vary / 100, "seed": seed}
    changes: dict[str, object] = {field: value for field, value in given.items() if value is not None}
    changes |= {"play": _players(play)} if play is not None else {}
    changes |= {"rest": _players(rest)} if rest is not None else {}
    if not changes and name is None and bars is None:
        raise UserError("what is to change?", "plan set break --energy high, --bars 8, --rest drums")

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        place = sections.find_section(project, section)
        project = sections.resize(project, place, bars) if bars is not None else project
        project = sections.rename(project, place, name) if name is not None else project
        return _with(project, place, changes)

    new = call.edit(change)
    return PlanMade(message=f"{section}: /plan render makes it so", **_shown(new))


def _with(project: ProjectState, place: int, changes: dict[str, object]) -> ProjectState:
    """Return the project with fields of a section changed; who plays says its energy, unless that is given."""
    section = project.sections[place].evolve(**changes)
    if "energy" not in changes and changes.keys() & {"play", "rest"}:
        from hardcore.compose.planner.form import share

        section = section.evolve(energy=share(section, _roles(project)))
    row: tuple[Section, ...] = (*project.sections[:place], section, *project.sections[place + 1 :])
    return project.evolve(sections=row)


def _roles(project: ProjectState) -> "tuple[Role | None, ...]":
    from hardcore.compose.planner.plan import planned_roles

    return tuple(track.role for track in project.tracks if track.clips) or planned_roles(project)


def _players(text: str) -> "tuple[Player, ...]":
    """Return parts from names of layers, roles and `drums`; `all` and `none` are no list. Raises UserError."""
    from typing import get_args

    from hardcore.knowledge.planning import planning
    from hardcore.project.roles import Player, Role

    if text.strip().casefold() in ("all", "none"):
        return ()
    known: dict[str, tuple[Player, ...]] = {role: (role,) for role in get_args(Role)}
    known["drums"] = ("drums",)
    for name, layer in planning().layers.items():
        if layer.roles:
            known[name] = layer.roles
    found: list[Player] = []
    for word in filter(None, (part.strip().casefold().replace(" ", "_") for part in text.split(","))):
        if word not in known:
            raise UserError(f"no part '{word[:40]}'", nearest(word, known))
        found += known[word]
    return tuple(dict.fromkeys(found))


@command(
    "plan render",
    "plan render",
    about={"model": "a model of sound, which makes the sections in the background", "commercial": COMMERCIAL},
    where={"model": {"jobs", "files"}},
)
def plan_render(
    call: Call, *, model: SoundModelName | None = None, seed: RandomSeed | None = None, commercial: Flag = False
) -> SongMade | Generating:
    """Make the music of the plan: every section in the piece's style, from its prompt and seed, as one step.

    The music there was is replaced, edits of its notes with it; undo brings it back. The same plan is the same music
    to the byte. `export` writes it to a file. With --model a model of sound makes a clip of each section, on a track
    of its own in the arrangement, beside the music that is there; --seed is that of the model.
    """
    from hardcore.compose.form.song import perform
    from hardcore.compose.producer import source_of

    source = source_of(call.project)
    if model is not None:
        used = (source.seed if source else fresh_seed()) if seed is None else seed
        words = source.prompt if source else call.project.title
        return begin_plan(call, call.project, words, used, {}, model=model, commercial=commercial, place=True)
    if seed is not None:
        raise UserError("the seed of the plan's music is the plan's own", "plan set SECTION --seed 4")
    made, placed = perform(call.project)
    liked = to_taste(call, made, whole=False)
    put(call, liked.project)
    return song_made(liked.project, placed, source.seed if source else made.seed, liked.words)


def _shown(project: ProjectState) -> dict[str, object]:
    """Return the fields of a plan that is shown."""
    from hardcore.compose.planner.joins import joins
    from hardcore.compose.planner.plan import parts_of, plan_of

    plan = plan_of(project)
    project = sections.with_sections(project)
    bars = starts(project.sections)
    joined = joins(project, parts_of(project))
    rows, start_s = [], 0.0
    for at, (one, planned, join) in enumerate(zip(project.sections, plan.sections, joined, strict=True)):
        layers = planned.orchestration.model_dump()
        rows.append(
            PlanSection(
                number=at + 1, id=one.id, name=one.name, role=planned.role, bar=bars[at] + 1, bars=one.bars,
                start_s=start_s, seconds=planned.target_seconds, energy=planned.energy, share=one.energy,
                layers={layer: names for layer, names in layers.items() if names},
                directive=planned.motif_directive or "", seed_offset=planned.seed_offset, **join._asdict(),
            )
        )  # fmt: skip
        start_s += planned.target_seconds
    seed = project.provenance.seed if project.provenance else project.seed
    return {
        "about": project.title, "theme": _theme(plan), "bars": plan.total_bars, "length_s": start_s,
        "bpm": plan.tempo_bpm, "key": plan.key, "meter": plan.time_signature, "seed": seed,
        "sections": tuple(rows), "music": bool(project.arrangement), "plan": plan.model_dump(mode="json"),
    }  # fmt: skip


def _theme(plan: "CompositionPlan") -> str:
    if plan.theme is None:
        return ""
    return f"theme: {plan.theme.motif}; {plan.theme.rhythm}; {plan.theme.texture or ''}".rstrip("; ")
