"""History: undo, redo, the list of steps, going anywhere in it, and what a step changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done, Edited, Listing, Result, Row, counted
from hardcore.commands.core.types import Count, Kind
from hardcore.errors import UserError
from hardcore.project.difference import Change, Thing, difference
from hardcore.project.history import MAIN, Step
from hardcore.project.state import ProjectState
from hardcore.workers.thread import beside

Days = Annotated[float, Field(ge=0, le=36_500), Kind("days", "how many days stay whole, 0 to 36500")]
PlaceInHistory = Annotated[int | str, Kind("branch", "a step's number, or a branch")]
Times = Annotated[int, Field(ge=1, le=10_000), Kind("times", "how many steps, 1 to 10000")]


class StepsCompared(Result):
    """What is another one after step `new` than after step `old`; `details` says it in words, a line each."""

    old: int
    new: int
    changes: tuple[Change, ...]
    created: tuple[Thing, ...]
    removed: tuple[Thing, ...]
    details: tuple[str, ...]

    def text(self) -> str:
        """Return how many changes there are, then the changes."""
        head = f"step {self.old} → {self.new}: {len(self.details)} changes"
        return "\n".join([head, *(f"  {line}" for line in self.details)])


@command("undo", "undo", moves=True, aliases=("u",))
def undo(call: Call, times: Times = 1) -> Edited:
    """Take back the last step, or the last few: as many as there are."""
    caller = call.caller
    return Edited(message=_moved("undone", lambda: call.controller.undo(caller.author, caller.head), times))


@command("redo", "redo", moves=True, aliases=("r",))
def redo(call: Call, times: Times = 1) -> Edited:
    """Bring back what undo took, or the last few of it."""
    caller = call.caller
    return Edited(message=_moved("redone", lambda: call.controller.redo(caller.author, caller.head), times))


def _moved(done: str, move: Callable[[], Step], times: int) -> str:
    """Move so many times, as far as there are steps, and return what was done. Raises UserError when there is none."""
    labels = [move().label]
    while len(labels) < times:
        try:
            labels.append(move().label)
        except UserError:
            return f"{done} {len(labels)} of {times}, that was all: {', '.join(labels)}"
    return f"{done}: {', '.join(labels)}"


class StepRow(Row):
    """A step of the history: whether the project stands on it, the one it came from, what, who, and when.

    at   seconds since 1970; null where that is not known
    """

    here: bool
    step: int
    parent: int | None
    label: str
    author: str
    at: float | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        date = datetime.fromtimestamp(self.at, UTC).astimezone().strftime("%Y-%m-%d %H:%M") if self.at else ""
        return (">" if self.here else "", self.step, _brief(self.label, 200), _brief(self.author, 40), date)


class StepList(Listing[StepRow]):
    """Steps of the history."""

    headings = ("", "step", "what", "who", "when")


def _row(step: Step, here: int) -> StepRow:
    return StepRow(
        here=step.number == here, step=step.number, parent=step.parent, label=step.label, author=step.author,
        at=step.at or None,
    )  # fmt: skip


def _brief(text: str, most: int) -> str:
    """Return a text that fits into a table: a label may be a whole prompt."""
    return text if len(text) <= most else text[: most - 1] + "…"


@command(
    "history list", "history list", effects=(), aliases=("history",), about={"last": "how many of the newest steps"}
)
def history_list(call: Call, last: Count = 20) -> StepList:
    """List the steps that led here, the newest last; steps beyond the present one are `redo` away."""
    history = call.controller.history
    line = history.line(history.place(call.caller.head))
    ahead: list[Step] = []
    while (following := history.following((ahead[-1] if ahead else line[-1]).number, call.caller.head)) is not None:
        ahead.append(history.steps[following])
    rows = tuple(_row(step, line[-1].number) for step in [*line, *ahead][-max(1, last) - len(ahead) :])
    others = len(history.branches()) - 1
    note = f"{others} other branch{'' if others == 1 else 'es'}; `history branches` lists them" if others > 0 else ""
    return StepList(items=rows, note=note)


class StepShown(Result):
    """A step: what it did, who made it and when, what led to it, and what the profile did to the piece, and why.

    at   seconds since 1970; null where that is not known
    """

    step: int
    label: str
    author: str
    at: float | None
    cause: tuple[str, ...]
    details: tuple[str, ...]
    profile: tuple[str, ...]

    def text(self) -> str:
        """Return the step, then what led to it and what changed, a line each."""
        date = datetime.fromtimestamp(self.at, UTC).astimezone().strftime(", %Y-%m-%d %H:%M") if self.at else ""
        lines = [f"step {self.step}: {self.label}", f"by {self.author}{date}"]
        lines += [f"because of {' → '.join(self.cause)}"] if self.cause else []
        lines += [f"profile: {words}" for words in self.profile]
        return "\n".join([*lines, *(f"  {line}" for line in self.details)])


@command("history show", "history show 1", effects=(), about={"step": "the number of a step, as /history shows them"})
def history_show(call: Call, step: Count | None = None) -> StepShown:
    """Show a step, the present one by default: who made it, why, what changed, and what the profile did in it."""
    history = call.controller.history
    number = history.place(call.caller.head) if step is None else step
    after = history.state(number)
    known = history.steps[number]
    before = history.state(known.parent if known.parent is not None else number)
    return StepShown(
        step=number, label=known.label, author=known.author, at=known.at or None, cause=call.controller.cause(number),
        details=tuple(difference(before, after).lines()), profile=_by_profile(before, after),
    )  # fmt: skip


def _by_profile(before: ProjectState, after: ProjectState) -> tuple[str, ...]:
    """Return what the profile did in a step, in words, and how it came to know."""
    from hardcore.compose.edits.preferences import notes_of

    notes = notes_of(after)
    if notes == notes_of(before) and before.provenance is after.provenance:
        return ()
    return tuple(f"{note['words']} ({_source(note.get('pieces'))})" for note in notes)


def _source(pieces: object) -> str:
    return f"from {counted(pieces, 'piece')}" if isinstance(pieces, int) and pieces > 0 else "as you set it"


@command("history goto", "history goto 1", moves=True, about={"step": "the number of a step, as /history shows them"})
def history_goto(call: Call, step: Count) -> Edited:
    """Go to any step, on any branch; nothing is lost, going back works the same way."""
    if call.caller.head != MAIN:
        raise UserError("a branch moves by undo and redo", "leave --head out to go there yourself")
    found = call.controller.goto(step, call.caller.author)
    return Edited(message=f"at step {found.number}: {found.label}")


class StepHeard(Done):
    """The step that is heard, the branch that it is heard of, if any, and whether it is the present step."""

    step: int
    branch: str | None = None
    present: bool


@command("history hear", "history hear 0", effects={"player"}, immediate=True)
def history_hear(call: Call, step: PlaceInHistory | None = None) -> StepHeard:
    """Hear the project as it was after a step, or as it is on a branch, to compare; without one, as it is now.

    A step is heard until the next edit, a branch until you say otherwise: edits on it are heard at once, yours go to
    the present all the same. The history stays as it is: undo, save and export mean the present step.
    """
    history = call.controller.history
    place = int(step) if isinstance(step, str) and step.isdecimal() else step
    number = history.place(place) if isinstance(place, str) else place
    history.state(number)
    call.studio.hear(place)
    heard = call.studio.heard
    if number is None or heard is None:
        return StepHeard(message=f"you hear the present: step {history.at}", step=history.at, present=True)
    where = f"branch {heard}" if isinstance(heard, str) else f"step {heard}"
    words = f"you hear {where}: {history.steps[number].label}; /history hear is back to the present"
    return StepHeard(message=words, step=number, branch=heard if isinstance(heard, str) else None, present=False)


@command(
    "history diff",
    "history diff 0",
    effects=(),
    aliases=("diff",),
    about={"step": "the number of a step", "other": "the step it is compared with"},
)
def history_diff(call: Call, step: Count | None = None, other: Count | None = None) -> StepsCompared:
    """Say what changed between a step and another one: the one before it, or here."""
    history = call.controller.history
    if step is None:
        here = history.steps[history.place(call.caller.head)]
        old, new = here.parent if here.parent is not None else 0, here.number
    else:
        old, new = step, history.place(call.caller.head) if other is None else other
    found = difference(history.state(old), history.state(new))
    return StepsCompared(
        old=old, new=new, changes=found.changes, created=found.created, removed=found.removed,
        details=tuple(found.lines()),
    )  # fmt: skip


@command("history compact", "history compact --days 30", effects={"project", "files"}, shared=True, confirms=True)
async def history_compact(call: Call, *, days: Days = 30) -> Done:
    """Make the history shorter and the file smaller: steps older than --days go, but where branches part and end.

    The project stays as it is, and the file before is kept beside it with its whole history.
    """
    controller = call.controller
    compaction = controller.compaction(days)
    assert controller.path is not None, "it was saved"
    had, has = compaction.steps
    if had == has:
        return Done(message=f"none of its {had} steps can go: they are young, or where branches part and end")
    before = controller.path.stat().st_size
    try:
        await beside(compaction.prepare)
        controller.compact(compaction)
    finally:
        compaction.discard()
    sizes = f"{before / 1e6:.1f} → {controller.path.stat().st_size / 1e6:.1f} MB"
    kept = compaction.backup.name if compaction.backup else ""
    return Done(message=f"{had - has} of {had} steps left out, {sizes}; all of them are in {kept}")


@command("history branches", "history branches", effects=())
def history_branches(call: Call) -> StepList:
    """List the ends of all branches, the newest first."""
    history = call.controller.history
    rows = tuple(_row(step, history.at) for step in history.branches())
    return StepList(items=rows, note="history goto STEP goes there")
