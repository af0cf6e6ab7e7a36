"""Morphs: both ends are what was kept, all between lies between, and nothing else moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.project import scenes
from hardcore.project.morph import levels, morphed, place, put, recalled
from hardcore.project.scenes import with_scene
from hardcore.project.state import ProjectState
from tests.song import song


def kept() -> ProjectState:
    """Return a project whose scenes A and B keep different levels."""
    project = song()
    bass, snare = project.find_track("bass"), project.find_track("snare")
    project = with_scene(project, project.scenes[0].id, levels=levels(project))
    moved = {
        f"{bass.id} gain_db": -20.0, f"{bass.id} pan": 0.5, f"{bass.id} cutoff": 8000.0,
        f"{snare.id} send:{snare.sends[0].target}": -30.0,
    }  # fmt: skip
    other = put(project, moved)
    changed = {key for key, value in levels(other).items() if levels(project)[key] != value}
    assert changed == set(moved)
    if len(other.scenes) < 2:
        other, _ = scenes.add_scene(other)
    return with_scene(other, other.scenes[1].id, levels=levels(other))


KEPT = kept()
A, B = KEPT.scenes[:2]


def test_both_ends_are_what_was_kept_and_a_recall_is_the_same() -> None:
    for share, scene in ((0.0, A), (1.0, B)):
        there = morphed(KEPT, A, B, share)
        assert levels(there) == dict(scene.levels)
        assert recalled(KEPT, scene) == there
        assert place(there, A, B) == share


@given(st.floats(0, 1), st.floats(0, 1))
def test_all_that_lies_between_lies_between_and_the_way_back_is_the_same(share: float, before: float) -> None:
    there = morphed(morphed(KEPT, A, B, before), A, B, share)
    assert there == morphed(KEPT, A, B, share)
    for key, value in levels(there).items():
        low, high = sorted((A.levels[key], B.levels[key]))
        assert low - 1e-3 * abs(low) <= value <= high + 1e-3 * abs(high)
    assert place(there, A, B) == pytest.approx(share, abs=2e-3)
    untouched = [track.id for track in KEPT.tracks if track.name not in ("bass", "snare")]
    assert all(there.find_track(one) is KEPT.find_track(one) for one in untouched)


def test_half_the_way_of_a_cutoff_is_equal_ratios() -> None:
    bass = KEPT.find_track("bass").id
    low, high = A.levels[f"{bass} cutoff"], B.levels[f"{bass} cutoff"]
    assert levels(morphed(KEPT, A, B, 0.5))[f"{bass} cutoff"] == pytest.approx((low * high) ** 0.5, rel=1e-3)


def test_a_scene_that_keeps_nothing_says_so() -> None:
    with pytest.raises(UserError, match="keeps no levels"):
        morphed(KEPT, with_scene(KEPT, A.id, levels={}).scenes[0], B, 0.5)
