"""Swing: the second of two sixteenths is heard so late, and nothing else is heard otherwise."""

import pytest

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.swing import percent_of, percent_of_part, set_swing, set_swing_of
from hardcore.errors import UserError
from hardcore.project.events import Span, events
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.compose.edits.pieces import BAR, made_by_hand, part, techno

SIXTEENTHS = [Note(at, 240, 42) for at in range(0, 2 * BAR, 480)]


def plain() -> ProjectState:
    return made_by_hand({"hat_closed": SIXTEENTHS, "bass": SIXTEENTHS})


def heard(project: ProjectState, role: str) -> list[int]:
    """Return how late each sixteenth of a bar sounds, in ticks."""
    track = part(project, role).id
    ticks = [event.tick for event in events(project, timeline(project), Span(0, BAR)) if event.track_id == track]
    return [tick - 480 * step for step, tick in enumerate(ticks)]


@pytest.mark.parametrize("percent", [50, 58, 66.7, 75])
def test_the_second_of_two_sixteenths_is_late_by_its_share_of_both(percent: float) -> None:
    project = set_swing(set_swing(plain(), Amount(to=54)).project, Amount(to=percent)).project
    late = round(2 * 480 * percent / 100) - 480
    assert heard(project, "bass") == [0, late] * 8
    assert percent_of(project) == pytest.approx(percent, abs=0.1)


def test_steps_add_and_the_end_of_the_range_is_said() -> None:
    outcome = set_swing(set_swing(plain(), Amount(by=8)).project, Amount(by=30))
    assert percent_of(outcome.project) == 75
    assert outcome.said == ("swing 58 → 75 %, as far as it goes (50 to 75 %)",)


def loud(project: ProjectState) -> list[int]:
    """Return how loud each note of the first bar is, track by track."""
    found = events(project, timeline(project), Span(0, BAR))
    return [event.velocity for event in sorted(found, key=lambda event: (event.track_id, event.tick))]


def test_clips_and_accents_stay() -> None:
    before, after = techno(), set_swing(techno(), Amount(to=64)).project
    assert all(a is b for (_, a), (_, b) in zip(before.clips(), after.clips(), strict=True))
    assert loud(before) == loud(after)


def test_straight_again_is_the_project_as_it_was() -> None:
    assert set_swing(set_swing(plain(), Amount(to=60)).project, Amount(to=50)).project == plain()


def test_parts_swing_by_themselves_from_what_they_have() -> None:
    project = set_swing(plain(), Amount(to=54)).project
    outcome = set_swing_of(project, [part(project, "hat_closed")], Amount(by=8))
    assert outcome.said == ("hat_closed: swing 54 → 62 %",)
    assert heard(outcome.project, "hat_closed") == [0, round(960 * 0.62) - 480] * 8
    assert heard(outcome.project, "bass") == heard(project, "bass")
    # the project's goes on without it
    further = set_swing(outcome.project, Amount(to=70))
    assert heard(further.project, "hat_closed") == heard(outcome.project, "hat_closed")
    assert "hat_closed: a groove of its own stays" in further.said


def test_half_of_a_swing_is_half_as_late() -> None:
    project = set_swing(plain(), Amount(to=60), 0.5).project
    assert heard(project, "bass")[1] == round((960 * 0.6 - 480) / 2)
    assert percent_of_part(project, part(project, "bass"), part(project, "bass")) == 55


def test_the_present_swing_is_refused() -> None:
    with pytest.raises(UserError, match="the swing is 50 % already"):
        set_swing(plain(), Amount(to=50))
    same = set_swing_of(plain(), [part(plain(), "bass")], Amount(to=50))
    assert same.said == () and same.failed == ("bass swings 50 % already",)
