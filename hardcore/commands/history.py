"""History: undo, redo, the list of steps, going anywhere in it, and what a step changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Edited, Listing, Result, Row
from hardcore.commands.types import Count, Kind
from hardcore.errors import UserError
from hardcore.project.difference import Change, Thing, difference
from hardcore.project.history import History, Step
from hardcore.workers.thread import beside

Days = Annotated[float, Field(ge=0, le=36_500), Kind("days", "how many days stay whole, 0 to 36500")]
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
    return Edited(message=_moved("undone", call.controller.undo, times))


@command("redo", "redo", moves=True, aliases=("r",))
def redo(call: Call, times: Times = 1) -> Edited:
    """Bring back what undo took, or the last few of it."""
    return Edited(message=_moved("redone", call.controller.redo, times))


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


@command("history list", "history list", effects=(), aliases=("history",))
def history_list(call: Call, last: Count = 20) -> StepList:
    """List the steps that led here, the newest last; steps beyond the present one are `redo` away."""
    history = call.controller.history
    line = history.line()
    ahead: list[Step] = []
    while (end := ahead[-1] if ahead else history.step).children:
        ahead.append(history.steps[end.children[-1]])
    rows = tuple(_row(step, history.at) for step in [*line, *ahead][-max(1, last) - len(ahead) :])
    others = len(history.branches()) - 1
    note = f"{others} other branch{'' if others == 1 else 'es'}; `history branches` lists them" if others > 0 else ""
    return StepList(items=rows, note=note)


@command("history goto", "history goto 1", moves=True)
def history_goto(call: Call, step: Count) -> Edited:
    """Go to any step, on any branch; nothing is lost, going back works the same way."""
    found = call.controller.goto(step)
    return Edited(message=f"at step {found.number}: {found.label}")


class StepHeard(Done):
    """The step that is heard, and whether that is the present one."""

    step: int
    present: bool


@command("history hear", "history hear 0", effects={"player"}, immediate=True)
def history_hear(call: Call, step: Count | None = None) -> StepHeard:
    """Hear the project as it was after a step, to compare; without a step, as it is now. Any edit is heard at once.

    The history stays as it is: undo, save and export mean the present step.
    """
    known = None if step is None else _known(call.controller.history, step)
    call.studio.hear(step)
    heard = call.studio.heard
    if known is None or heard is None:
        at = call.controller.history.at
        return StepHeard(message=f"you hear the present: step {at}", step=at, present=True)
    words = f"you hear step {heard}: {known.label}; /history hear is back to the present"
    return StepHeard(message=words, step=heard, present=False)


def _known(history: History, number: int) -> Step:
    """Return a step. Raises UserError when there is none of that number."""
    history.state(number)
    return history.steps[number]


@command("history diff", "history diff 0", effects=(), aliases=("diff",))
def history_diff(call: Call, step: Count | None = None, other: Count | None = None) -> StepsCompared:
    """Say what changed between a step and another one: the one before it, or here."""
    history = call.controller.history
    if step is None:
        here = history.step
        old, new = here.parent if here.parent is not None else 0, here.number
    else:
        old, new = step, history.at if other is None else other
    found = difference(history.state(old), history.state(new))
    return StepsCompared(
        old=old, new=new, changes=found.changes, created=found.created, removed=found.removed,
        details=tuple(found.lines()),
    )  # fmt: skip


@command("history compact", "history compact --days 30", effects={"project", "files"}, confirms=True)
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
