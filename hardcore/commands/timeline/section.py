"""Sections of a song: list, add, remove, move, copy, rename, resize, energy. What plays in them goes with them."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice, Kind
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, Listing, Row, counted
from hardcore.commands.core.types import Bars, CallName, NewName, SpacedCallName
from hardcore.errors import UserError
from hardcore.project import sections
from hardcore.project.section import starts
from hardcore.project.sectionkeys import key_of
from hardcore.project.state import ProjectState

SectionRef = Annotated[
    str,
    Field(min_length=1, max_length=200),
    Kind(
        "section",
        "a section's name or number",
        lambda project, before: (Choice(one.name, f"{one.bars} bars") for one in project.sections),
    ),
]
Before = Annotated[str, Field(max_length=200), Kind("section", "the section it comes before; `end`: after the last")]
Energy = Annotated[float, Field(ge=0, le=1), Kind("energy", "0 to 1: how much goes on in it")]


class SectionRow(Row):
    """A section: its place from 1, the bar it begins with, how many it has, its key, and the tracks that play."""

    number: int
    id: str
    name: str
    kind: str
    bar: int
    bars: int
    energy: float
    key: str
    plays: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.number, self.name, self.bar, self.bars, self.energy, self.key, ", ".join(self.plays))


class SectionList(Listing[SectionRow]):
    """The sections of the song."""

    headings = ("#", "section", "bar", "bars", "energy", "key", "plays")


@command("section list", "section list", effects=(), aliases=("sections",))
def section_list(call: Call) -> SectionList:
    """List the sections of the song: where each begins, how long it is, its energy, its key and what plays."""
    project = call.project
    if not project.sections and not project.arrangement:
        return SectionList(items=(), empty="no song yet: /song")
    project = sections.with_sections(project)
    bars = starts(project.sections)
    rows = tuple(
        SectionRow(
            number=place + 1,
            **{name: getattr(one, name) for name in ("id", "name", "kind", "bars", "energy")},
            bar=bars[place] + 1,
            key=key_of(project, one).name,
            plays=tuple(track.name for track in sections.playing(project, place)),
        )
        for place, one in enumerate(project.sections)
    )
    return SectionList(items=rows)


@command(
    "section add",
    "section add break --bars 8 --before outro",
    about={"name": 'what it is called, such as break or "second drop"', "bars": "how many bars it has"},
)
def section_add(
    call: Call,
    name: CallName,
    *,
    bars: Bars | None = None,
    before: Before = "end",
    like: SectionRef | None = None,
) -> Done:
    """Add a section to the song; it plays what a section of that kind plays, or what --like plays."""
    from hardcore.compose.edits.form import add_section

    made: list[tuple[str, ...]] = []

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        source = sections.find_section(project, like) if like is not None else None
        project, playing = add_section(project, name, _place(project, before), bars, source, None)
        made.append(playing)
        return project

    new = call.edit(change)
    bar = _first_bar(new, name)
    return Done(message=f"{name} at bar {bar}, {counted(bars or _bars(new, name), 'bar')}: {', '.join(made[-1])}")


def _place(project: ProjectState, before: str) -> int:
    return len(project.sections) if before.casefold() == "end" else sections.find_section(project, before)


def _first_bar(project: ProjectState, name: str) -> int:
    places = [at for at, one in enumerate(project.sections) if one.name.casefold().startswith(name.casefold())]
    return starts(project.sections)[places[-1] if places else -1] + 1


def _bars(project: ProjectState, name: str) -> int:
    return next((one.bars for one in reversed(project.sections) if one.name.startswith(name)), 0)


@command("section remove", "section remove break", aliases=("section delete",))
def section_remove(call: Call, section: SectionRef) -> Done:
    """Remove a section and its time; what comes after it moves up."""
    names: list[str] = []

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        place = sections.find_section(project, section)
        names.append(project.sections[place].name)
        return sections.remove(project, place)

    new = call.edit(change)
    return Done(message=f"{names[-1]} is gone; the song has {counted(starts(new.sections)[-1], 'bar')}")


@command("section move", "section move break --before outro", aliases=("plan move",))
def section_move(call: Call, section: SectionRef, *, before: Before = "end") -> Done:
    """Move a section with what plays in it, before another one or to the end."""

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        place, to = sections.find_section(project, section), _place(project, before)
        to -= to > place
        if to == place:
            raise UserError(f"{project.sections[place].name} is there already")
        return sections.move(project, place, to)

    new = call.edit(change)
    return Done(message=f"order: {', '.join(one.name for one in new.sections)}")


@command("section swap", "section swap build break", aliases=("plan swap",))
def section_swap(call: Call, section: SectionRef, other: SectionRef) -> Edited:
    """Let two sections change places, with what plays in them."""

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        one, two = sections.find_section(project, section), sections.find_section(project, other)
        if one == two:
            raise UserError(f"{project.sections[one].name} and {other} are one section")
        return sections.swap(project, one, two)

    new = call.edit(change)
    return Edited(message=f"order: {', '.join(one.name for one in new.sections)}")


@command("section copy", "section copy drop --before outro", about={"name": "what the copy is called"})
def section_copy(call: Call, section: SectionRef, *, before: Before = "", name: NewName | None = None) -> Done:
    """Repeat a section: right after it, or before another one; the clips are the same until one is edited --in it."""

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        place = sections.find_section(project, section)
        return sections.copy(project, place, _place(project, before) if before else place + 1, name)

    new = call.edit(change)
    return Done(message=f"order: {', '.join(one.name for one in new.sections)}")


@command("section rename", "section rename break bridge", about={"name": "what the section is called from now on"})
def section_rename(call: Call, section: SectionRef, name: SpacedCallName) -> Done:
    """Give a section another name."""

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        return sections.rename(project, sections.find_section(project, section), name)

    call.edit(change)
    return Done(message=f"{section} is now {name}")


@command(
    "section resize", "section resize break 16", aliases=("plan trim",), about={"bars": "how many bars it has then"}
)
def section_resize(
    call: Call,
    section: SectionRef,
    bars: Bars | None = None,
    *,
    by: Annotated[int, Field(ge=-4096, le=4096), Kind("bars", "bars more; below 0 fewer")] | None = None,
) -> Done:
    """Make a section so many bars long, or --by so many longer: what plays goes on round and round, or is cut."""
    if (bars is None) == (by is None):
        raise UserError("how long?", "section resize break 16, or --by 4")
    before: list[int] = []

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        place = sections.find_section(project, section)
        before.append(project.sections[place].bars)
        wanted = bars if bars is not None else before[-1] + (by or 0)
        if wanted < 1:
            raise UserError(f"{section} has only {counted(before[-1], 'bar')}", "section remove takes it out")
        return sections.resize(project, place, wanted)

    new = call.edit(change)
    place = sections.find_section(new, section)
    return Done(message=f"{new.sections[place].name}: {before[-1]} → {counted(new.sections[place].bars, 'bar')}")


@command("section energy", "section energy drop 1")
def section_energy(call: Call, section: SectionRef, energy: Energy) -> Done:
    """Say how much is to go on in a section, 0 to 1: the share of the parts that play once `plan render` makes it."""

    def change(project: ProjectState) -> ProjectState:
        project = sections.with_sections(project)
        return sections.set_energy(project, sections.find_section(project, section), energy)

    call.edit(change)
    return Done(message=f"{section}: energy {energy:g}")
