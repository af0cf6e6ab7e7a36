"""Branches: named places in the history where somebody works while the present stays as it is."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, Listing, Row, counted
from hardcore.commands.core.types import Count, Flag, Kind
from hardcore.controller.controller import PERSON
from hardcore.errors import UserError
from hardcore.project.difference import difference
from hardcore.project.history import MAIN, History, Step
from hardcore.project.merge import Conflict, Merged
from hardcore.project.state import ProjectState

Take = Annotated[
    Literal["ours", "theirs"], Kind("side", "what to take of all that both changed: ours (the present) or theirs")
]
StepOrPart = Annotated[int | str, Kind("step", "a step's number, or a part: the last step that changed it")]
_MOST_TOLD = 6
NewBranch = Annotated[str, Kind("name", "a name for it, one word")]
BranchName = Annotated[str, Kind("branch", "the name of a branch, one word")]


class Branch(Row):
    """A branch: where it left main, where it stands, how many steps of its own it has, and whose they are."""

    heard: bool
    name: str
    step: int
    fork: int
    ahead: int
    authors: tuple[str, ...]
    label: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        ahead = f"{counted(self.ahead, 'step')} from {self.fork}"
        return ("heard" if self.heard else "", self.name, self.step, ahead, ", ".join(self.authors), self.label[:80])


class BranchList(Listing[Branch]):
    """All branches, by name."""

    headings = ("", "branch", "step", "ahead", "who", "what it did last")


def branch_of(history: History, name: str, heard: bool = False) -> Branch:
    """Return what there is to say of a branch. Raises UserError naming the nearest."""
    head, own, base = history.head(name), history.own(name), history.base(name)
    authors = tuple(dict.fromkeys(step.author for step in own))
    label = history.steps[head.step].label
    return Branch(name=name, fork=base, step=head.step, ahead=len(own), label=label, authors=authors, heard=heard)


class MergeDone(Edited):
    """What a merge changed, or with a preview would; `conflicts` is what both sides touched differently."""

    conflicts: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what was changed, then the conflicts, one a line."""
        return "\n".join([super().text(), *(f"  both: {conflict}" for conflict in self.conflicts)])


@command("history branch", "history branch bass", moves=True, shared=True, about={"at": "the step it begins at"})
def history_branch(call: Call, name: NewBranch, *, at: Count | None = None) -> Done:
    """Begin a branch at the present step, or --at another one: work that leaves the present as it is.

    Any command works on it with --head NAME; `history hear NAME` lets you hear it, `history merge NAME` brings what it
    changed to the present.
    """
    head = call.controller.branch(name, at)
    return Done(message=f"branch {name} begins at step {head.fork}; edit it with --head {name}")


@command("history heads", "history heads", effects=(), aliases=("heads",))
def history_heads(call: Call) -> BranchList:
    """List the branches by name: where they left, what they have of their own, and whose it is."""
    history, heard = call.controller.history, call.studio.heard
    items = tuple(branch_of(history, name, name == heard) for name in sorted(history.heads))
    return BranchList(items=items, empty="no branches; history branch NAME makes one")


@command("history drop", "history drop bass", moves=True, shared=True)
def history_drop(call: Call, branch: BranchName) -> Done:
    """End a branch and leave what it changed; its steps stay in the history, `history goto` reaches them."""
    own = len(call.controller.history.own(branch))
    head = call.controller.end(branch)
    where = f"; its {counted(own, 'step')} can be reached: history goto {head.step}" if own else ""
    return Done(message=f"branch {branch} is dropped{where}")


@command(
    "history merge",
    "history merge bass",
    moves=True,
    tries=True,
    about={"preview": "say what it would change, and change nothing"},
)
def history_merge(call: Call, branch: BranchName, *, take: Take | None = None, preview: Flag = False) -> MergeDone:
    """Bring what a branch changed to the present, as one step; the branch goes on from there.

    Where the present and the branch changed the same thing differently, nothing is done and that is listed; --take
    decides all of it for one side. --preview says what would change and what both changed.
    """
    from hardcore.project.merge import merge

    history = call.controller.history
    if call.caller.head != MAIN:
        raise UserError("a branch is merged into the present", "leave --head out")
    own, base = history.own(branch), history.base(branch)
    if not own:
        raise UserError(f"{branch} has no steps of its own", f"edit it with --head {branch}")
    merged = merge(history.state(base), call.project, call.controller.on(branch), take)
    if preview or call.caller.dry_run:
        return _told(f"would merge {counted(len(own), 'step')} of {branch}", call.project, merged)
    _ensure_decided(merged, take, f"here and on {branch}", f"history merge {branch}")
    done = _told(f"merged {counted(len(own), 'step')} of {branch}", call.project, merged)
    before = history.at
    call.edit(lambda _: merged.project)
    call.controller.rejoin(branch, before)
    return done


@command(
    "history revert",
    "history revert bass",
    aliases=("revert",),
    about={"preview": "say what it would change, and change nothing"},
)
def history_revert(call: Call, step: StepOrPart, *, take: Take | None = None, preview: Flag = False) -> MergeDone:
    """Take back one step and keep what came after it; of a part, what the last step that changed it did to it.

    What was changed again since is listed, and nothing is done; with --take theirs it is taken back all the same, with
    ours it stays. --preview says what would change.
    """
    from hardcore.project.reverting import revert

    history = call.controller.history
    found, only = _step_of(call, step)
    if call.caller.head == MAIN and call.caller.author not in (PERSON, found.author):
        raise UserError(f"step {found.number} is by {found.author}", "only your own steps, or work on a branch")
    merged = revert(history, found, call.project, take, only)
    part = f"{call.project.find_track(only).name} in " if only else ""
    name = f"{part}step {found.number}: {found.label[:80]}"
    if preview:
        return _told(f"would take back {name}", call.project, merged)
    _ensure_decided(merged, take, f"by step {found.number} and again since", f"history revert {step}")
    done = _told(f"took back {name}", call.project, merged)
    call.edit(lambda _: merged.project)
    return done if done.details else MergeDone(message=f"nothing is left of {name}")


def _step_of(call: Call, step: int | str) -> tuple[Step, str]:
    """Return the step that is meant, and the id of the part that it is meant of. Raises UserError."""
    from hardcore.project.reverting import last_change_of

    history = call.controller.history
    line = history.line(history.place(call.caller.head))
    if isinstance(step, int) or step.isdecimal():
        found = next((one for one in line if one.number == int(step)), None)
        if found is None:
            history.state(int(step))
            raise UserError(f"step {step} did not lead here", "history list has those that did")
        return found, ""
    track = call.project.find_track(step).id
    found = last_change_of(history, line, track)
    if found is None:
        raise UserError(f"no step changed {step}", "history list has them")
    return found, track


def _ensure_decided(merged: Merged, take: str | None, where: str, line: str) -> None:
    """Raise UserError, with what it is, where something was changed twice and no side is taken."""
    if merged.conflicts and take is None:
        told = listed(merged.conflicts)
        more = f"; {len(told) - _MOST_TOLD} more: --preview" if len(told) > _MOST_TOLD else ""
        words = "; ".join(told[:_MOST_TOLD])
        raise UserError(f"changed {where}: {words}{more}", f"{line} --take ours, or theirs")


def listed(conflicts: Sequence[Conflict]) -> list[str]:
    """Return conflicts as lines; more than three notes of a clip are one."""
    notes = Counter(_clip_of(conflict) for conflict in conflicts)
    lines = dict[str, None]()
    for conflict in conflicts:
        clip = _clip_of(conflict)
        many = clip is not None and notes[clip] > 3
        lines[f"{', '.join(clip)}: {notes[clip]} notes" if many and clip is not None else str(conflict)] = None
    return list(lines)


def _clip_of(conflict: Conflict) -> tuple[str, ...] | None:
    """Return the place of the clip whose note a conflict is about, None where it is about something else."""
    place = conflict.place
    return next((place[:at] for at, name in enumerate(place) if at and name.startswith("note ")), None)


def _told(message: str, before: ProjectState, merged: Merged) -> MergeDone:
    found = difference(before, merged.project)
    done = MergeDone(message=message, details=tuple(found.lines()), conflicts=tuple(listed(merged.conflicts)))
    return done.with_difference(None, found)
