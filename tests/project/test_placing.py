"""The arrangement: tracks hold it, the project lists it flat, and what is placed covers what was there."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.project import clips, placing, scenes, tracks
from hardcore.project.integrity import check
from hardcore.project.placement import Placed, Placement, Placements, between
from hardcore.project.state import ProjectState
from tests.song import BAR, song

NAMES = ("kick", "snare", "bass")
CELL = 1920
places = st.tuples(st.sampled_from(NAMES), st.integers(0, 12), st.integers(1, 6), st.integers(0, 9))


def placed(listed: Sequence[tuple[str, int, int, int]]) -> ProjectState:
    project = song()
    for name, at, length, offset in listed:
        clip = project.find_track(name).clips[0].id
        project = placing.place(project, clip, at * CELL, length * CELL, offset * CELL)
    return project


@given(st.lists(places, max_size=12))
def test_what_is_placed_sounds_like_cells_painted_one_over_the_other(
    listed: list[tuple[str, int, int, int]],
) -> None:
    cells: dict[tuple[str, int], int] = {}
    for name, at, length, offset in listed:
        cells |= {(name, at + step): (offset + step) % (2 * BAR // CELL) for step in range(length)}
    project = placed(listed)
    names = {track.id: track.name for track in project.tracks}
    heard = {
        (names[one.track], one.start_ticks // CELL + step): (one.offset_ticks // CELL + step) % (2 * BAR // CELL)
        for one in project.arrangement
        for step in range(one.length_ticks // CELL)
    }
    assert heard == cells
    assert sum(one.length_ticks for one in project.arrangement) == CELL * len(cells), "nothing sounds twice"
    check(project)


@given(st.lists(places, max_size=12))
def test_the_flat_view_lists_every_placement_once_by_start_and_track(listed: list[tuple[str, int, int, int]]) -> None:
    project = placed(listed)
    held = {(track.id, one) for track in project.tracks for one in track.placements}
    flat = project.arrangement
    assert {
        (p.track, Placement(clip=p.clip, start_ticks=p.start_ticks, length_ticks=p.length_ticks, offset_ticks=p[4]))
        for p in flat
    } == held
    assert len(flat) == len(held)
    assert [(p.start_ticks, p.track) for p in flat] == sorted((p.start_ticks, p.track) for p in flat)
    assert project.arrangement is flat, "it is made once"
    again = ProjectState.model_validate_json(project.model_dump_json())
    assert again.arrangement == flat


@given(st.lists(places, max_size=12), st.integers(0, 20 * CELL), st.integers(1, 9 * CELL))
def test_between_finds_what_sounds_in_a_span(listed: list[tuple[str, int, int, int]], start: int, length: int) -> None:
    for track in placed(listed).tracks:
        found = [p for p in track.placements if p.start_ticks < start + length and start < p.end_ticks]
        assert list(between(track.placements, start, start + length)) == found


def test_placements_are_kept_in_order_and_shared() -> None:
    one, two = (Placement(clip="c1", start_ticks=at, length_ticks=960) for at in (960, 0))
    assert Placements([one, two]) == (two, one)
    project = placed([("kick", 0, 4, 0), ("bass", 2, 4, 0)])
    louder = project.with_mixer(project.find_track("bass").id, gain_db=-2)
    assert louder.find_track("bass").placements is project.find_track("bass").placements
    assert louder.arrangement == project.arrangement
    assert louder.arrangement[0] == Placed(0, "t3", project.find_track("kick").clips[0].id, 4 * CELL, 0)


def test_what_goes_takes_its_placements_along_and_what_is_placed_keeps_its_clip() -> None:
    project = placed([("kick", 0, 4, 0), ("bass", 2, 4, 0), ("kick", 8, 2, 0)])
    kick, bass = project.find_track("kick"), project.find_track("bass")
    assert {p.track for p in tracks.remove_track(project, kick.id).arrangement} == {bass.id}
    assert {p.track for p in clips.delete_clip(project, bass.clips[0].id).arrangement} == {kick.id}
    without = scenes.delete_scene(project, "s2")
    assert [track.name for track, _ in without.clips()] == ["kick", "bass"]
    assert without.arrangement == project.arrangement
    cleared = placing.clear(project)
    assert cleared.arrangement == () and len(list(cleared.clips())) == 4
    assert cleared.find_track("snare") is project.find_track("snare")


def test_a_scene_is_placed_whole_and_an_empty_one_is_refused() -> None:
    project = placing.place_scene(song(), "s2", BAR, 2 * BAR, CELL)
    assert [(p.start_ticks, p.length_ticks, p.offset_ticks) for p in project.arrangement] == [(BAR, 2 * BAR, CELL)] * 4
    with pytest.raises(UserError, match="scene B has no clips"):
        placing.place_scene(project, project.scenes[1].id, 0, BAR)
