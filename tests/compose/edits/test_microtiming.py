"""Micro-timing: so many milliseconds, away from the grid by chance, back by a share."""

import pytest

from hardcore.compose.edits.microtiming import humanize, shift, tighten
from hardcore.project.events import Span, events
from hardcore.project.notes import Note
from hardcore.project.roles import TRANSITIONS
from hardcore.project.selection import select
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, techno

CHORDS = {"snare": [Note(BEAT, 480, 38), Note(3 * BEAT, 480, 38)], "lead": [Note(0, 960, 60), Note(0, 960, 64)]}


def offsets(project: ProjectState, role: str) -> list[int]:
    return [note.offset_ticks for note in part(project, role).clips[0].notes]


def heard_s(project: ProjectState, role: str) -> list[float]:
    track = part(project, role).id
    found = events(project, timeline(project), Span(0, BAR))
    return [project.tempo_map.seconds(event.tick) for event in found if event.track_id == track]


@pytest.mark.parametrize("ms", [20, -12, 7.5])
@pytest.mark.parametrize("bpm", [90, 120, 174])
def test_a_part_is_heard_so_much_later_and_is_brought_back(ms: float, bpm: float) -> None:
    project = made_by_hand(CHORDS)
    project = project.evolve(tempo_map=project.tempo_map.with_bpm(bpm))
    outcome = shift(project, select(project, "snare"), ms)
    for before, after in zip(heard_s(project, "snare"), heard_s(outcome.project, "snare"), strict=True):
        assert (after - before) * 1000 == pytest.approx(ms, abs=60_000 / bpm / 1920 / 2 + 1e-9)  # half a tick
    assert heard_s(project, "lead") == heard_s(outcome.project, "lead")
    assert shift(outcome.project, select(outcome.project, "snare"), -ms).project == project


def test_the_figures_are_those_that_are_heard_and_an_end_is_said() -> None:
    project = made_by_hand(CHORDS)
    later = shift(project, select(project, "snare"), 20)
    assert later.said == ("snare: 0.0 → 20.1 ms late",)  # 77 ticks at 120 bpm
    far = shift(project, select(project, "snare"), 1000).project
    assert set(offsets(far, "snare")) == {1920}
    assert "as far as it goes" in shift(far, select(far, "snare"), 10).failed[0]
    assert "less than a tick" in shift(project, select(project, "snare"), 0.05).failed[0]


def test_humanizing_moves_every_note_by_a_third_of_the_most_at_least_and_chords_together() -> None:
    project = techno()
    for percent, most in ((100, 90), (50, 45)):
        after = humanize(project, select(project, "all"), percent, 5).project
        for (track, old), (_, new) in zip(project.clips(), after.clips(), strict=True):
            if track.role in TRANSITIONS:  # what ends with the scene stays where it stands
                assert old == new
                continue
            for a, b in zip(old.notes, new.notes, strict=True):
                assert most // 3 <= abs(b.offset_ticks - a.offset_ticks) <= most
                assert a._replace(offset_ticks=0) == b._replace(offset_ticks=0)
    loose = humanize(made_by_hand(CHORDS), select(made_by_hand(CHORDS), "lead"), 50, 1).project
    assert len(set(offsets(loose, "lead"))) == 1 and offsets(loose, "lead")[0] > 0  # never before the start


def test_the_same_seed_is_the_same_looseness_and_another_another() -> None:
    project = techno()
    first, again, other = (humanize(project, select(project, "hats"), 50, seed).project for seed in (1, 1, 2))
    assert first == again != other


def test_tightening_is_a_share_of_the_way_back_and_all_of_it_is_exact() -> None:
    project = shift(made_by_hand(CHORDS), select(made_by_hand(CHORDS), "snare"), 25).project  # 96 ticks
    assert offsets(tighten(project, select(project, "snare"), 25).project, "snare") == [72, 72]
    assert tighten(project, select(project, "snare"), 100).project == made_by_hand(CHORDS)
    exact = tighten(made_by_hand(CHORDS), select(made_by_hand(CHORDS), "snare"), 50)
    assert exact.said == () and exact.failed == ("snare: it is exact already",)
