"""Euclidean masks: the right number of hits, as even as can be, the first on step 0; against Bjorklund's recursion."""

import pytest

from hardcore.rhythm.euclid import bits, euclid, is_maximally_even
from tests.each import each


def bjorklund(steps: int, fills: int) -> list[int]:
    """Return the mask as Bjorklund builds it: hits and rests in groups, the rests dealt out over the hits."""
    groups, rests = [[1]] * fills, [[0]] * (steps - fills)
    while len(rests) > 1 and groups:
        dealt = min(len(groups), len(rests))
        joined = [groups[place] + rests[place] for place in range(dealt)]
        groups, rests = joined, groups[dealt:] + rests[dealt:]
    return [step for group in groups + rests for step in group]


def turns(mask: list[int]) -> list[int]:
    """Return the least rotation of a mask: what all its rotations share."""
    return min(mask[place:] + mask[:place] for place in range(len(mask)))


@each("steps", range(1, 65))
def test_every_mask_has_its_hits_evenly_and_the_first_on_step_0(steps: int) -> None:
    for fills in range(steps + 1):
        mask = euclid(steps, fills)
        assert len(mask) == steps and sum(mask) == fills
        assert mask[0] is (fills > 0)
        assert is_maximally_even(mask)
        assert bits(steps, fills).bit_count() == fills


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 7, 8, 12, 13, 16, 20, 24, 32])
def test_every_mask_is_a_rotation_of_the_one_bjorklund_builds(steps: int) -> None:
    for fills in range(steps + 1):
        assert turns(list(map(int, euclid(steps, fills)))) == turns(bjorklund(steps, fills))


def test_a_mask_that_is_not_even_is_told_from_one_that_is() -> None:
    assert not is_maximally_even((True, True, True, False, False, False, False, False))
    assert not is_maximally_even((True, False, True, False, False, False, True, False))


@pytest.mark.parametrize("rot", [-17, -1, 0, 1, 4, 16, 33])
def test_rotation_turns_to_the_right_and_wraps(rot: int) -> None:
    mask = euclid(16, 5)
    assert euclid(16, 5, rot) == tuple(mask[(step - rot) % 16] for step in range(16))


def test_four_in_sixteen_is_four_on_the_floor_and_three_in_eight_the_tresillo() -> None:
    assert "".join(".x"[hit] for hit in euclid(16, 4)) == "x...x...x...x..."
    assert "".join(".x"[hit] for hit in euclid(8, 3)) == "x..x..x."


@pytest.mark.parametrize("steps", [0, 65, -1])
def test_a_grid_has_1_to_64_steps(steps: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        euclid(steps, 1)
