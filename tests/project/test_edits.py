"""Random edits never break a project, and never touch what they did not mean."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hardcore.project.integrity import check
from hardcore.project.state import new_project
from tests.project.edits import EDITS, random_edit


@given(st.integers(0, 2**32))
def test_any_run_of_edits_leaves_a_sound_project(seed: int) -> None:
    rng, project = random.Random(seed), new_project()
    for _ in range(25):
        before = project.model_dump_json()
        name, after = random_edit(project, rng)
        assert project.model_dump_json() == before, f"{name} changed its input"
        assert after.next_id >= project.next_id
        check(after)
        project = after


def test_every_edit_there_is_gets_exercised() -> None:
    rng, project, seen = random.Random(1), new_project(), set()
    for _ in range(2000):
        name, after = random_edit(project, rng)
        seen.add(name)
        project = after if len(after.tracks) < 30 and len(after.scenes) < 20 else new_project()
    assert seen == set(EDITS)


def test_an_edit_keeps_everything_else_the_same_object() -> None:
    rng, project = random.Random(5), new_project()
    while sum(bool(track.clips) for track in project.tracks) < 3:
        project = random_edit(project, rng)[1]
    track = next(track for track in project.tracks if track.clips)
    after = project.with_mixer(track.id, gain_db=-7.5)
    for old, new in zip(project.tracks, after.tracks, strict=True):
        assert (old is new) == (old.id != track.id)
    changed = after.find_track(track.id)
    assert all(a is b for a, b in zip(track.clips, changed.clips, strict=True))
