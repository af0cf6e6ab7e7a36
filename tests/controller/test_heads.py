"""Heads as a person and agents use them: whatever they do in whatever order, every project is sound."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.controller.controller import Controller
from hardcore.controller.events import Changed, HeadChanged
from hardcore.controller.fakes import MemoryStore
from hardcore.errors import UserError
from hardcore.project.history import MAIN
from hardcore.project.integrity import check
from hardcore.project.merge import merge
from hardcore.project.state import ProjectState
from tests.project.edits import random_edit
from tests.song import song


def act(controller: Controller, rng: random.Random, head: str) -> None:
    """Do one random thing on a head."""
    history, chance = controller.history, rng.random()
    if head != MAIN and head not in history.heads:
        controller.branch(head)
    elif chance < 0.6:
        controller.edit("edit", lambda project: random_edit(project, rng)[1], head, head)
    elif chance < 0.7:
        controller.undo("you", head)
    elif chance < 0.8:
        controller.redo("you", head)
    elif head != MAIN and chance < 0.95:
        base, ours, theirs = history.state(history.base(head)), controller.project, controller.on(head)
        merged = merge(base, ours, theirs, rng.choice((None, "ours", "theirs")))
        before = history.at
        controller.edit("merge", lambda _: merged.project)
        controller.rejoin(head, before)
    elif head != MAIN:
        controller.end(head)


@given(st.integers(0, 2**32))
@settings(max_examples=25)
def test_every_head_is_sound_whatever_happens_and_listeners_can_follow_each(seed: int) -> None:
    rng = random.Random(seed)
    controller = Controller(MemoryStore(), lambda: 0.0)
    controller.edit("a song", lambda _: song())
    followed: dict[str, ProjectState] = {MAIN: controller.project}
    controller.events.subscribe(Changed, lambda event: followed.update({MAIN: event.new}))
    controller.events.subscribe(HeadChanged, lambda event: followed.update({event.head: event.new}))
    seen: dict[int, ProjectState] = {}
    for _ in range(40):
        head = rng.choice((MAIN, "a", "b"))
        before = {name: controller.on(name) for name in controller.history.places if name != head}
        try:
            act(controller, rng, head)
        except UserError as error:
            assert any(words in error.message for words in ("nothing to", "is by", "fit together")), error
        for name, project in before.items():
            assert name == MAIN or name not in controller.history.heads or controller.on(name) is project
        for name in controller.history.places:
            check(controller.on(name))
            assert followed[name] is controller.on(name), "who listens knows where everybody stands"
        for number, step in controller.history.steps.items():
            assert seen.setdefault(number, step.state) is step.state, "no step ever changes"  # type: ignore[arg-type]
    ids = [int(thing.id[1:]) for project in followed.values() for thing in project.tracks]
    assert max(ids) < controller.history.highest_id
