"""Branches: named places in the history where somebody works while the present stays as it is."""

from typing import Annotated

from hardcore.commands.call import Call
from hardcore.commands.registry import command
from hardcore.commands.results import Done, Result, align, counted
from hardcore.commands.types import Count, Kind
from hardcore.project.history import History

BranchName = Annotated[str, Kind("branch", "the name of a branch, one word")]


class Branch(Result):
    """A branch: where it left main, where it stands, how many steps of its own it has, and whose they are."""

    name: str
    fork: int
    step: int
    ahead: int
    label: str
    authors: tuple[str, ...]
    heard: bool = False


class Branches(Result):
    """All branches, by name."""

    branches: tuple[Branch, ...]

    def text(self) -> str:
        """Return a table."""
        if not self.branches:
            return "no branches; /history branch NAME makes one"
        rows = [
            (
                "heard" if one.heard else "",
                one.name,
                str(one.step),
                f"{counted(one.ahead, 'step')} from {one.fork}",
                ", ".join(one.authors),
                one.label[:80],
            )
            for one in self.branches
        ]
        return "\n".join(align([("", "branch", "step", "ahead", "who", "what it did last"), *rows]))


def branch_of(history: History, name: str, heard: bool = False) -> Branch:
    """Return what there is to say of a branch. Raises UserError naming the nearest."""
    head, own = history.head(name), history.own(name)
    authors = tuple(dict.fromkeys(step.author for step in own))
    label = history.steps[head.step].label
    return Branch(name=name, fork=head.fork, step=head.step, ahead=len(own), label=label, authors=authors, heard=heard)


@command("history branch", "history branch bass", does="act")
def history_branch(call: Call, name: BranchName, *, at: Count | None = None) -> Done:
    """Begin a branch at the present step, or --at another one: work that leaves the present as it is.

    Any command works on it with --head NAME; `history hear NAME` lets you hear it, `history merge NAME` brings what it
    changed to the present.
    """
    head = call.controller.branch(name, at)
    return Done(message=f"branch {name} begins at step {head.fork}; edit it with --head {name}")


@command("history heads", "history heads", does="read", aliases=("heads",))
def history_heads(call: Call) -> Branches:
    """List the branches by name: where they left, what they have of their own, and whose it is."""
    history, heard = call.controller.history, call.studio.heard
    return Branches(branches=tuple(branch_of(history, name, name == heard) for name in sorted(history.heads)))


@command("history drop", "history drop bass", does="act")
def history_drop(call: Call, branch: BranchName) -> Done:
    """End a branch and leave what it changed; its steps stay in the history, `history goto` reaches them."""
    own = len(call.controller.history.own(branch))
    head = call.controller.end(branch)
    where = f"; its {counted(own, 'step')} can be reached: history goto {head.step}" if own else ""
    return Done(message=f"branch {branch} is dropped{where}")
