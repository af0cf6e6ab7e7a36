"""Redo leads the same way after reopening as it did before."""

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.project.history import MAIN, History
from hardcore.project.state import new_project
from hardcore.store.branches import Branches
from hardcore.store.project_file import create, open_project
from tests.store.child import act


def _redo_ways(history: History) -> dict[int, int]:
    return {number: step.redo for number, step in history.steps.items() if step.redo is not None}


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_redo_leads_where_it_led_in_the_history(seed: int, count: int) -> None:
    rng, state = random.Random(seed), new_project()
    history, branches = History(state), Branches([(0, None, None)])
    branches.put("a", history.branch("a"))
    redo: dict[int, int | None] = {}
    for _ in range(count):
        move = rng.choice(("edit", "undo", "redo", "goto"))
        if rng.random() < 0.3:
            step = history.push(state, "edit", "agent", 0.0, "a")
            branches.add(step.number, step.parent, "a")
            continue
        if move == "edit" or not (history.step.redo is not None if move == "redo" else history.step.parent is not None):
            step = history.push(state, "edit", "you", 0.0)
            branches.add(step.number, step.parent)
        else:
            moved = history.goto(rng.randint(0, history.last)) if move == "goto" else getattr(history, move)()
            assert moved
            branches.move(history.at)
        redo |= branches.changes
        branches.changes.clear()
    assert (branches.at, branches.heads) == (history.at, history.heads)
    for number, step in history.steps.items():
        own = [child for child in step.children if history.steps[child].head == MAIN]
        assert (redo.get(number) or max(own, default=None)) == step.redo


@given(st.integers(0, 2**32))
@settings(max_examples=12)
def test_a_reopened_project_has_the_same_history(tmp_path_factory, seed: int) -> None:  # type: ignore[no-untyped-def]
    file: Path = tmp_path_factory.mktemp("history") / "a.hcs"
    opened, rng = create(), random.Random(seed)
    for _ in range(40):
        act(opened, rng)
    opened.save(file)
    before = opened.history
    opened.close()
    again = open_project(file)
    after = again.history
    assert _redo_ways(after) == _redo_ways(before)
    assert (after.at, after.last, after.highest_id) == (before.at, before.last, before.highest_id)
    assert after.heads == before.heads
    for number, step in before.steps.items():
        loaded = after.steps[number]
        assert (loaded.parent, loaded.label, loaded.author) == (step.parent, step.label, step.author)
        assert (loaded.at, loaded.head) == (step.at, step.head)
        assert after.state(number) == before.state(number)
    again.close()
