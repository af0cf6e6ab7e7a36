"""Critique: what a producer would say of the piece, with a command that mends each thing."""

from dataclasses import dataclass, fields, replace

from pydantic import Field

from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command, invoke, registry
from hardcore.commands.core.results import Edited, Result, counted
from hardcore.commands.core.runplan import spelled
from hardcore.commands.core.types import Flag
from hardcore.commands.mixing.mixjobs import mix_options
from hardcore.compose.review.finding import Finding
from hardcore.errors import UserError
from hardcore.language.plan import Call as Planned
from hardcore.project.state import ProjectState
from hardcore.workers.context import Words


@dataclass(frozen=True, slots=True)
class Point(Finding):
    """A finding with its remedy as one types it.

    weight    how much it matters, 0–1
    tracks    ids of the tracks that it is about
    figure    what was measured; low, high: what it should lie between, null: open; all three in `unit`
    command   the line that mends it; safe: whether `critique --mend` does it
    """

    command: str
    safe: bool


class Critique(Result):
    """What a producer would say, what matters most first; `listened`: with ears."""

    items: tuple[Point, ...]
    listened: bool
    note: str = Field("", exclude=True)
    empty: str = Field("", exclude=True)

    def text(self) -> str:
        """Return each thing with its command below it."""
        lines = [line for one in self.items for line in (one.said, f"    {one.command}")]
        return "\n".join([*lines, self.note]) if lines else self.empty


class Mended(Edited):
    """What `critique --mend` did, command by command; `left` is what it found and did not touch."""

    mended: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@command(
    "critique",
    "critique --notes",
    effects=(),
    where={"mend": {"project"}},
    scoped=True,
    about={
        "mend": "do what is safe: levels, equalisers, width, movement, velocities; no notes",
        "notes": "judge the notes only: nothing is rendered",
    },
)
async def critique(call: Call, *, mend: Flag = False, notes: Flag = False) -> Critique | Mended:
    """Say what a producer would say of the piece, or of a stretch of it, and which command mends each thing.

    From the notes: the tune, what repeats, how sections differ, what stands still, how it ends. From the ears, unless
    --notes: loudness and its steps from section to section, kick and bass, parts out of their places, mud, harshness,
    width, a low end that is not mono. What matters most comes first. --mend does the safe ones as one step.
    """
    found = await _found(call, notes)
    if mend:
        return _mended(call, found)
    project = call.project
    safe = sum(one.remedy.safe for one in found)
    note = f"critique --mend does {safe} of them as one step" if safe else ""
    where = "there" if call.within else "in it"
    return Critique(
        items=tuple(_point(project, one) for one in found), listened=not notes, note=note,
        empty=f"a producer finds nothing to mend {where}",
    )  # fmt: skip


async def _found(call: Call, notes: bool) -> tuple[Finding, ...]:
    """Return what is said of the piece, or of the scope of the call. Raises UserError, EngineError, JobFailed."""
    from hardcore.compose.review.reading import read
    from hardcore.compose.review.review import review

    project = call.project
    if notes:
        return review(project, call.within)
    read(project, call.within)  # what is no place is said before anything is rendered
    done = await work(call, "review", {"where": call.within, **mix_options(call, project)}, project=project)
    return tuple(Finding.of(one) for one in done["findings"])


def _point(project: ProjectState, one: Finding) -> Point:
    return Point(
        **{field.name: getattr(one, field.name) for field in fields(one)},
        command=command_line(project, one), safe=one.remedy.safe,
    )  # fmt: skip


def command_line(project: ProjectState, one: Finding) -> str:
    """Return the line that mends a finding, as one would type it."""
    return spelled(project, Planned(one.remedy.command, dict(one.remedy.arguments)))


def in_a_line(project: ProjectState, data: Words) -> str:
    """Return a finding, as data, with its command in one line."""
    one = Finding.of(data)
    return f"{one.said}: {command_line(project, one)}"


def _mended(call: Call, found: tuple[Finding, ...]) -> Mended:
    """Do what is safe of what was found as one step of the call's; what fails stays, and is said."""
    safe = [one for one in found if one.remedy.safe]
    did, left = [], [one.said for one in found if not one.remedy.safe]
    if safe:
        with call.step():
            for one in safe:
                line = command_line(call.project, one)
                try:
                    _carry_out(call, one)
                except UserError as error:
                    left.append(f"{one.said} ({line}: {error.line()})")
                else:
                    did.append(line)
    message = f"{counted(len(did), 'thing')} mended" if did else "nothing that could be mended safely"
    details = (*did, *(f"left: {said}" for said in left))
    return Mended(message=message, details=details, mended=tuple(did), left=tuple(left))


def _carry_out(call: Call, one: Finding) -> Result:
    known = registry()[one.remedy.command]
    result = invoke(known, replace(call, within=""), known.parsed(dict(one.remedy.arguments)))
    assert isinstance(result, Result)
    return result
