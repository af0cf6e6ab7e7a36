"""Velocities and chances of parts, reckoned by hand."""

from statistics import fmean

import pytest

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.velocity import humanize_velocity, set_probability, set_velocity, spread_velocity
from hardcore.project.notes import Note
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BEAT, made_by_hand, part, techno

HITS = {"snare": [Note(at * BEAT, 480, 38, velocity) for at, velocity in enumerate((60, 100, 80, 120))]}


def velocities(project: ProjectState, role: str = "snare") -> list[int]:
    return [note.velocity for note in part(project, role).clips[0].notes]


def piece() -> ProjectState:
    return made_by_hand(HITS, 1)


@pytest.mark.parametrize(
    ("amount", "after", "said"),
    [
        (Amount(to=90), [90, 90, 90, 90], "snare: velocity 90 ± 20 → 90"),
        (Amount(by=-10), [50, 90, 70, 110], "snare: velocity 90 ± 20 → 80 ± 20"),
        (Amount(factor=0.5), [30, 50, 40, 60], "snare: velocity 90 ± 20 → 45 ± 10"),
        (Amount(by=20), [80, 120, 100, 127], "snare: velocity 90 ± 20 → 107 ± 17, 1 as far as they go (1 to 127)"),
    ],
)
def test_velocities_are_set_moved_and_multiplied(amount: Amount, after: list[int], said: str) -> None:
    outcome = set_velocity(piece(), select(piece(), "snare"), amount)
    assert velocities(outcome.project) == after
    assert outcome.said == (said,)


@pytest.mark.parametrize("percent", [0, 5, 10, 20])
def test_a_spread_is_the_mean_distance_from_the_mean_and_keeps_the_order(percent: float) -> None:
    after = velocities(spread_velocity(piece(), select(piece(), "snare"), percent, 1).project)
    assert fmean(abs(value - fmean(after)) for value in after) == pytest.approx(0.9 * percent, abs=0.6)
    assert after[0] <= after[2] <= after[1] <= after[3]


def test_what_is_all_the_same_is_spread_by_chance() -> None:
    same = set_velocity(techno(), select(techno(), "hats"), Amount(to=100)).project
    after = spread_velocity(same, select(same, "hats"), 10, 1).project
    away = [abs(value - 100) for value in velocities(after, "hat_closed")]
    assert fmean(away) == pytest.approx(10, abs=2.5) and max(away) <= 21
    assert after != spread_velocity(same, select(same, "hats"), 10, 2).project


def test_humanizing_draws_each_within_the_percentage() -> None:
    after = humanize_velocity(techno(), select(techno(), "bass"), 10, 4).project
    pairs = list(zip(velocities(techno(), "bass"), velocities(after, "bass"), strict=True))
    assert all(abs(new - old) <= 0.1 * old + 0.5 for old, new in pairs) and any(new != old for old, new in pairs)


def test_a_chance_is_that_of_every_note() -> None:
    outcome = set_probability(piece(), select(piece(), "snare"), 40)
    assert {note.probability for note in part(outcome.project, "snare").clips[0].notes} == {40}
    assert outcome.said == ("snare: chance 100 % → 40 %",)
    assert set_probability(outcome.project, select(outcome.project, "snare"), 100).project == piece()


def test_the_present_is_told() -> None:
    even = set_velocity(piece(), select(piece(), "snare"), Amount(to=90)).project
    assert set_velocity(even, select(even, "snare"), Amount(to=90)).failed == ("snare is at 90 already",)
    assert set_probability(even, select(even, "snare"), 100).failed == ("snare has a chance of 100 % already",)
