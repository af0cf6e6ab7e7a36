"""Named heads beside main: each goes its own way, and nobody's undo or redo walks into somebody else's steps."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.project.history import MAIN, History
from hardcore.project.state import new_project

NAMES = ("a", "b")
moves = st.lists(
    st.tuples(st.sampled_from((MAIN, *NAMES)), st.sampled_from(("edit", "edit", "undo", "redo", "goto", "branch"))),
    max_size=50,
)


class Oracle:
    """Where each head stands, as rows of its own: what it undid is ahead of it, until it edits."""

    def __init__(self) -> None:
        self.behind: dict[str, list[int]] = {}
        self.ahead: dict[str, list[int]] = {}

    def begin(self, name: str, at: int) -> None:
        self.behind[name], self.ahead[name] = [at], []

    def edit(self, name: str, number: int) -> None:
        self.behind[name].append(number)
        self.ahead[name] = []

    def undo(self, name: str) -> bool:
        if len(self.behind[name]) == 1:
            return False
        self.ahead[name].append(self.behind[name].pop())
        return True


@given(moves, st.integers(0, 2**32))
def test_each_head_undoes_and_redoes_its_own_steps_only(listed: list[tuple[str, str]], seed: int) -> None:
    rng, state = random.Random(seed), new_project()
    history, oracle, towards = History(state), Oracle(), dict[int, int]()
    for name, move in listed:
        before = history.places
        if name == MAIN and move == "goto":
            history.goto(number := rng.randrange(history.last + 1))
            while (parent := history.steps[number].parent) is not None:
                towards[parent], number = number, parent
        elif name != MAIN and (name not in history.heads or move == "branch"):
            if name in history.heads:
                history.end(name)
            oracle.begin(name, history.branch(name).step)
        elif move == "edit":
            step = history.push(state, "edit", name, 0.0, name)
            assert step.parent == before[name]
            if name == MAIN:
                towards[before[MAIN]] = step.number
            else:
                oracle.edit(name, step.number)
        elif move == "undo" and name == MAIN:
            if before[MAIN]:
                assert history.undo().number == before[MAIN]
        elif move == "redo" and name == MAIN:
            assert history.following(history.at) == towards.get(history.at)
            if history.at in towards:
                assert history.redo().number == towards[before[MAIN]]
        elif move == "undo":
            if oracle.undo(name):
                assert history.undo(name).number == before[name]
            else:
                with pytest.raises(UserError, match=f"nothing to undo on {name}"):
                    history.undo(name)
        elif move == "redo" and oracle.ahead[name]:
            oracle.behind[name].append(oracle.ahead[name].pop())
            assert history.redo(name).number == oracle.behind[name][-1]
        expected = before | {name: history.place(name)} if name in history.places else before
        assert history.places == expected, "the others stay where they are"
        for head, row in oracle.behind.items():
            assert history.place(head) == row[-1]
            assert [step.number for step in history.own(head)] == row[1:]


def test_redo_of_main_stops_where_only_somebody_elses_step_follows() -> None:
    history = History(new_project())
    history.branch("agent")
    history.push(history.state(), "agent's", "agent", 0.0, "agent")
    assert history.at == 0
    with pytest.raises(UserError, match="nothing to redo"):
        history.redo()
    assert history.goto(1).author == "agent", "who goes there on purpose gets there"
    history.undo()
    assert history.redo().number == 1, "and back along the way they came"


def test_a_name_that_is_used_again_finds_no_steps_of_the_one_before() -> None:
    history = History(new_project())
    history.branch("a")
    history.push(history.state(), "old", "agent", 0.0, "a")
    history.end("a")
    history.branch("a")
    with pytest.raises(UserError, match="nothing to redo on a"):
        history.redo("a")


@pytest.mark.parametrize("name", ["main", "", "two words", "-x", "x" * 41, "a\x1b[1m", "a/b"])
def test_a_name_that_cannot_be_a_branchs_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="can be no branch's name"):
        History(new_project()).branch(name)


def test_what_is_wrong_with_a_branch_is_said_with_the_nearest() -> None:
    history = History(new_project())
    with pytest.raises(UserError, match="no branch 'bas'") as told:
        history.place("bas")
    assert told.value.hint == "history branch NAME makes one"
    history.branch("bass")
    with pytest.raises(UserError) as told:
        history.place("bas")
    assert "bass" in told.value.hint
    with pytest.raises(UserError, match="there is a branch bass"):
        history.branch("bass")
    with pytest.raises(UserError, match="no step 7"):
        history.branch("x", 7)
    for number in range(63):
        history.branch(f"b{number}")
    with pytest.raises(UserError, match="there are 64 branches"):
        history.branch("one-more")
