"""What sounds: spans, loops, chance, ratchets, groove, automation."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.music.groove import swing
from hardcore.music.tempo import PPQ
from hardcore.project import automation, clips, placing, scenes, tracks
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.events import Span, controls, events, is_along
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import Playing, end_ticks, timeline

BAR = 4 * PPQ


def project_with(*notes: Note, length: int = BAR) -> tuple[ProjectState, str, str]:
    project, track = tracks.add_track(new_project(seed=11), "bass", instrument="sub")
    project, clip = clips.add_clip(project, track, "s2", length, notes)
    return project, track, clip


def sounding(project: ProjectState, bars: int) -> list[tuple[int, int, int]]:
    playing = timeline(project, bars=bars)
    return [(e.tick, e.length_ticks, e.pitch) for e in events(project, playing, Span(0, end_ticks(playing)))]


def test_a_clip_loops_and_is_cut_where_it_stops() -> None:
    project, *_ = project_with(Note(0, 100, 40), Note(BAR - 480, 960, 41))
    assert sounding(project, 2) == [(0, 100, 40), (BAR - 480, 960, 41), (BAR, 100, 40), (2 * BAR - 480, 480, 41)]


@given(st.lists(st.integers(0, 6 * BAR), max_size=6), st.integers(30, 90))
def test_cutting_a_timeline_into_spans_loses_and_doubles_nothing(cuts: list[int], probability: int) -> None:
    project, *_ = project_with(*[Note(i * 480, 400, 36 + i, probability=probability, ratchet=2) for i in range(16)])
    playing = timeline(project, bars=6)
    whole = events(project, playing, Span(0, 6 * BAR))
    edges = sorted({0, 6 * BAR, *cuts})
    pieces = [event for a, b in pairwise(edges) for event in events(project, playing, Span(a, b))]
    assert sorted(pieces) == whole


def test_a_ratchet_splits_a_note_into_equal_hits() -> None:
    project, *_ = project_with(Note(0, 480, 40, ratchet=3))
    assert sounding(project, 1) == [(0, 160, 40), (160, 160, 40), (320, 160, 40)]


def test_chance_is_drawn_per_pass_and_comes_out_the_same_every_time() -> None:
    project, *_ = project_with(Note(0, 100, 40, probability=50))
    hit = [tick // BAR for tick, _, _ in sounding(project, 400)]
    assert 160 <= len(hit) <= 240
    assert hit == [tick // BAR for tick, _, _ in sounding(project, 400)]
    assert hit != [tick // BAR for tick, _, _ in sounding(project.evolve(seed=12), 400)]


def test_certain_notes_always_sound_and_impossible_ones_never() -> None:
    project, *_ = project_with(Note(0, 100, 40, probability=100), Note(480, 100, 41, probability=0))
    assert {pitch for _, _, pitch in sounding(project, 50)} == {40}


def test_swing_delays_the_odd_sixteenths_without_touching_the_clip() -> None:
    project, track, clip = project_with(*[Note(i * 480, 200, 40) for i in range(4)])
    swung = project.evolve(grooves=(swing(60),), active_groove="swing-60")
    assert [tick for tick, _, _ in sounding(swung, 1)] == [0, 480 + 96, 960, 1440 + 96]
    half = swung.evolve(groove_amount=0.5)
    assert [tick for tick, _, _ in sounding(half, 1)][1] == 480 + 48
    assert swung.find_clip(clip)[1] is project.find_clip(clip)[1]
    straight = swung.with_track(track, lambda t: t.evolve(groove_amount=0))
    assert [tick for tick, _, _ in sounding(straight, 1)][1] == 480


def test_a_note_pushed_before_the_beginning_sounds_at_the_beginning_and_shifts_nothing_else() -> None:
    project, *_ = project_with(Note(0, 200, 40, offset_ticks=-90), Note(960, 200, 41, offset_ticks=-90))
    assert sounding(project, 1) == [(0, 200, 40), (870, 200, 41)]


def test_scenes_play_in_order_and_an_arrangement_takes_over() -> None:
    project, track, _ = project_with(Note(0, 100, 40))
    project, scene = scenes.add_scene(project, "B")
    project, second = clips.add_clip(project, track, scene, 2 * BAR, [Note(0, 100, 50)])
    assert sounding(project, 3) == [(0, 100, 40), (BAR, 100, 50)]
    assert [pitch for *_, pitch in sounding(project, 5)] == [40, 50, 50]
    arranged = placing.place(project, second, 0, 4 * BAR)
    assert end_ticks(timeline(arranged)) == 4 * BAR
    assert [pitch for *_, pitch in sounding(arranged, 4)] == [50, 50]


def test_placing_over_a_placement_keeps_what_is_around_it() -> None:
    project, track, clip = project_with(*[Note(i * PPQ, 100, 40 + i) for i in range(4)])
    project, other = clips.add_clip(project, track, None, BAR, [Note(0, 100, 90)])
    project = placing.place(placing.place(project, clip, 0, 2 * BAR), other, PPQ, PPQ)
    assert [pitch for *_, pitch in sounding(project, 2)] == [40, 90, 42, 43, 40, 41, 42, 43]


def test_automation_runs_in_straight_lines_and_loops_with_its_clip() -> None:
    project, track, clip = project_with(Note(0, 100, 40))
    project = automation.with_point(project, clip, track, "gain_db", 0, -12)
    project = automation.with_point(project, clip, track, "gain_db", BAR // 2, 0)
    moves = controls(project, timeline(project, bars=2), Span(0, 2 * BAR))
    values = {move.tick: move.value for move in moves}
    assert values[0] == values[BAR] == -12
    assert values[BAR // 4] == pytest.approx(-6)
    assert values[BAR // 2] == 0
    assert not [tick for tick in values if BAR // 2 < tick < BAR], "a value that stays is not sent again"


def test_envelopes_along_the_song_move_the_arrangement_and_no_scene() -> None:
    project, track, clip = project_with(Note(0, 100, 40))
    fader = Automation(owner=track, parameter="gain_db", points=(AutomationPoint(tick=0, value=-9),))
    project = project.with_track(track, lambda track: track.evolve(automation=(fader,)))

    def moved(project: ProjectState, playing: list[Playing]) -> list[float]:
        return [move.value for move in controls(project, playing, Span(0, BAR), is_along(project, playing))]

    assert moved(project, timeline(project)) == [-9], "without an arrangement the loop is the timeline"
    arranged = placing.place(project, clip, 2 * BAR)
    assert is_along(arranged, timeline(arranged)) and moved(arranged, timeline(arranged)) == [-9]
    assert moved(arranged, timeline(arranged, arranged.scenes[0])) == []
    assert placing.clear(arranged).find_track(track).automation == ()
