"""Another tempo: what is set in beats stays in beats, the rest stays what it was."""

import pytest

from hardcore.compose.edits.tempo import places, ramp_tempo, remove_tempo, set_tempo, set_tempo_from
from hardcore.errors import UserError
from hardcore.project import tracks
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BAR, BEAT, part, techno


def delay_s(project: ProjectState) -> float:
    return next(effect.value("time") for effect in project.find_track("delay").effects if effect.device == "delay")


def test_a_delay_of_three_eighths_is_that_many_seconds_at_any_tempo() -> None:
    assert delay_s(techno()) == pytest.approx(0.75 * 60 / 138, rel=1e-3)
    for bpm in (90, 150, 171):
        assert delay_s(set_tempo(techno(), bpm).project) == pytest.approx(0.75 * 60 / bpm, rel=1e-3)


def test_a_delay_that_is_no_part_of_a_beat_keeps_its_seconds() -> None:
    effect = techno().find_track("delay").effects[0]
    project = tracks.set_effect(techno(), techno().find_track("delay").id, effect.id, {"time": 0.3})
    assert delay_s(set_tempo(project, 150).project) == 0.3


def test_a_riser_ends_where_its_note_ends() -> None:
    def climb_s(project: ProjectState) -> float:
        instrument = part(project, "riser").instrument
        assert instrument is not None
        return instrument.value("time") * {"noise_sweep": 0.5}.get(instrument.device, 1.0)

    length = min(note.length_ticks for note in part(techno(), "riser").clips[0].notes)
    for project in (techno(), set_tempo(techno(), 150).project):
        assert climb_s(project) == pytest.approx(length / BEAT * 60 / project.tempo_map.bpm, rel=1e-3)


def test_clips_stay_the_same_objects_and_the_old_tempo_gives_the_old_project() -> None:
    faster = set_tempo(techno(), 150).project
    assert all(a is b for (_, a), (_, b) in zip(techno().clips(), faster.clips(), strict=True))
    assert set_tempo(faster, 138).project == techno()


def test_bare_moves_the_tempo_alone() -> None:
    bare = set_tempo(techno(), 150, bare=True).project
    assert bare == techno().evolve(tempo_map=bare.tempo_map)
    assert bare.tempo_map.bpm == 150


def test_a_change_on_the_way_is_scaled_with_the_whole_and_is_listed_and_goes() -> None:
    project = set_tempo_from(techno(), 5, 69).project
    assert project.tempo_map.at(4 * BAR - 1) == 138 and project.tempo_map.at(4 * BAR) == 69
    assert delay_s(project) == delay_s(techno())
    half = set_tempo(project, 276).project
    assert places(half.tempo_map, half.meter_map) == [("1", 276, False), ("5", 138, False)]
    assert set_tempo(project, 276, bare=True).project.tempo_map.at(4 * BAR) == 69
    assert remove_tempo(project, 5).project == techno()


def test_a_change_within_a_bar_is_listed_by_its_place_and_goes_with_its_bar() -> None:
    project = techno().evolve(tempo_map=techno().tempo_map.with_point(4 * BAR + BEAT, 100))
    assert places(project.tempo_map, project.meter_map)[1] == ("5.2.1", 100, False)
    assert remove_tempo(project, 5).project == techno()


def test_the_first_bar_alone_takes_its_delays_along_and_leaves_the_rest_of_the_song() -> None:
    project = set_tempo_from(set_tempo_from(techno(), 5, 69).project, 1, 150).project
    assert places(project.tempo_map, project.meter_map) == [("1", 150, False), ("5", 69, False)]
    assert delay_s(project) == pytest.approx(0.75 * 60 / 150, rel=1e-3)


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda p: set_tempo(p, 138), "138 BPM already"),
        (lambda p: set_tempo(p, 401), "20 to 400"),
        (lambda p: set_tempo_from(p, 5, 138), "the tempo in bar 5 is 138 BPM already"),
        (lambda p: remove_tempo(p, 1), "the first tempo stays"),
        (lambda p: remove_tempo(set_tempo_from(p, 5, 69).project, 4), "there are changes in bar 5"),
    ],
)
def test_what_cannot_be_is_said_with_what_is_there(edit: object, why: str) -> None:
    with pytest.raises(UserError) as error:
        edit(techno())  # type: ignore[operator]
    assert why in error.value.line()


def test_a_ramp_reaches_its_bar_from_the_change_before_or_in_so_many_bars() -> None:
    project = ramp_tempo(techno(), 9, 150).project
    assert [project.tempo_map.at(bar * BAR) for bar in (0, 4, 8, 20)] == [138, 144, 150, 150]
    assert delay_s(project) == delay_s(techno())
    short = ramp_tempo(techno(), 9, 150, 4).project
    assert [short.tempo_map.at(bar * BAR) for bar in (0, 4, 6, 8)] == [138, 138, 144, 150]
    assert places(short.tempo_map, short.meter_map) == [("1", 138, False), ("5", 138, False), ("9", 150, True)]
    doubled = set_tempo(project, 276).project
    assert [doubled.tempo_map.at(bar * BAR) for bar in (0, 4, 8)] == [276, 288, 300]
    assert remove_tempo(project, 9).project == techno()


def test_a_ramp_within_a_ramp_leaves_it_where_it_begins_and_what_lies_in_it_goes() -> None:
    project = set_tempo_from(ramp_tempo(techno(), 9, 150).project, 7, 100).project
    ramped = ramp_tempo(project, 9, 170, 6)
    assert [ramped.project.tempo_map.at(bar * BAR) for bar in (0, 2, 5, 8)] == pytest.approx([138, 138, 154, 170])
    assert ramped.said[1] == "the change to 100 bpm in bar 7 is gone"
    twice = ramp_tempo(ramp_tempo(techno(), 9, 150).project, 9, 190, 4).project
    assert [twice.tempo_map.at(bar * BAR) for bar in (0, 2, 4, 6, 8)] == [138, 141, 144, 167, 190]


@pytest.mark.parametrize(
    ("bar", "bpm", "over", "words"),
    [
        (1, 150, None, "a ramp needs bars"),
        (9, 150, 9, "before bar 9 there are 8 bars, not 9"),
        (9, 138, None, "138 BPM already"),
        (9, 500, None, "out of range"),
    ],
)
def test_a_ramp_that_cannot_be_is_refused(bar: int, bpm: float, over: int | None, words: str) -> None:
    with pytest.raises(UserError, match=words):
        ramp_tempo(techno(), bar, bpm, over)
