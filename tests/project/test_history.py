"""History against an oracle: a plain list of states and an index into a tree of parents."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.project.history import History
from hardcore.project.state import ProjectState, new_project
from tests.project.edits import random_edit

moves = st.lists(st.sampled_from(["edit", "edit", "edit", "undo", "redo", "goto"]), max_size=40)


class Oracle:
    """All states ever, who came from whom, and which child redo leads to."""

    def __init__(self, state: ProjectState) -> None:
        self.states, self.parents, self.at = [state], [-1], 0
        self.towards: dict[int, int] = {}

    def edit(self, state: ProjectState) -> None:
        self.states.append(state)
        self.parents.append(self.at)
        self.towards[self.at] = self.at = len(self.states) - 1

    def go(self, number: int) -> None:
        self.at = step = number
        while self.parents[step] >= 0:
            self.towards[self.parents[step]] = step
            step = self.parents[step]


@given(moves, st.integers(0, 2**32))
def test_undo_redo_and_goto_reach_every_state_ever(listed: list[str], seed: int) -> None:
    rng, first = random.Random(seed), new_project()
    history, oracle = History(first), Oracle(first)
    for move in listed:
        if move == "edit":
            state = random_edit(history.state(), rng)[1]
            history.push(state, "edit", "you", 0.0)
            oracle.edit(state)
        elif move == "undo" and oracle.parents[oracle.at] >= 0:
            history.undo()
            oracle.at = oracle.parents[oracle.at]
        elif move == "redo" and oracle.at in oracle.towards:
            history.redo()
            oracle.at = oracle.towards[oracle.at]
        elif move == "goto":
            number = rng.randrange(len(oracle.states))
            history.goto(number)
            oracle.go(number)
        assert history.at == oracle.at
        assert history.state() is oracle.states[oracle.at]
    assert all(history.state(number) is state for number, state in enumerate(oracle.states))
    assert {step.number for step in history.branches()} == set(range(len(oracle.states))) - set(oracle.parents)


def test_the_ends_of_history_are_said_in_words() -> None:
    history = History(new_project())
    with pytest.raises(UserError, match="nothing to undo"):
        history.undo()
    with pytest.raises(UserError, match="nothing to redo"):
        history.redo()
    with pytest.raises(UserError, match="no step 7"):
        history.goto(7)
