"""What changed between two states, in words: every edit that changes something says something."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hardcore.project.difference import differences
from hardcore.project.state import new_project
from tests.project.edits import random_edit
from tests.song import song


@given(st.integers(0, 2**32))
def test_every_edit_that_changes_something_is_named(seed: int) -> None:
    rng, project = random.Random(seed), new_project()
    for _ in range(20):
        name, after = random_edit(project, rng)
        same = after.evolve(next_id=project.next_id) == project
        said = differences(project, after)
        # a groove that is only kept, not played, is no difference anyone hears
        if name not in ("swing",):
            assert bool(said) != same, (name, said)
        assert all("\n" not in line for line in said)
        project = after


def test_figures_are_given_before_and_after() -> None:
    old = song()
    new = old.with_mixer(old.find_track("kick").id, gain_db=-3).evolve(tempo_map=old.tempo_map.with_bpm(140))
    assert differences(old, new) == ["tempo_map 138 → 140", "kick gain_db 0 → -3"]
    assert differences(new, new) == []
    ramp = new.evolve(tempo_map=new.tempo_map.with_point(7680, 150, ramp=True))
    assert differences(new, ramp) == ["tempo_map 140 → 140/ramp to 150"]
