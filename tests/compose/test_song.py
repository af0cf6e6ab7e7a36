"""A song: sections of one scene, placed one after another."""

import pytest

from hardcore.compose.song import PlacedSection, song
from hardcore.errors import UserError
from hardcore.knowledge.form import SongSection
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.project import clips, scenes, tracks
from hardcore.project.integrity import check
from hardcore.project.roles import DRUMS
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import end_ticks, timeline
from tests.compose.measures import composed

HOUSE = genre("house").song


def made(
    style: str = "house", seed: int = 3, bars: int | None = None
) -> tuple[ProjectState, tuple[PlacedSection, ...]]:
    return song(composed(style, seed), genre(style).song, 1, bars)


@pytest.mark.parametrize("style", genre_ids())
def test_every_style_has_a_song_whose_sections_follow_each_other_and_differ(style: str) -> None:
    project, placed = made(style)
    check(project)
    at = 0
    for section in placed:
        assert section.bar == at and section.tracks
        at += section.bars
    assert end_ticks(timeline(project)) == project.meter_map.bar_start(at)
    assert len({section.tracks for section in placed}) >= 2
    whole = max(len(section.tracks) for section in placed)
    assert len(placed[0].tracks) < whole or style in ("jazz_trio", "bossa_nova", "samba", "waltz")


def test_sections_bring_parts_in_and_take_them_out_as_they_say() -> None:
    project, placed = made()
    roles = {track.name: track.role for track in project.tracks}
    by_name = {section.name: {roles[name] for name in section.tracks} for section in placed}
    assert by_name["intro"] <= {*DRUMS, "texture"}
    assert "lead" not in by_name["build"] and {"kick", "bass"} <= by_name["drop"]
    assert not by_name["break"] & {"kick", "bass", "clap", "snare"}


def test_clips_are_shared_so_that_an_edit_is_heard_in_every_section_but_where_it_varies() -> None:
    project, _ = made()
    kick = project.find_track("kick")
    by_name = {scene.name: scene.slots.get(kick.id) for scene in project.scenes}
    assert by_name["A"] == by_name["intro"] == by_name["drop"]
    assert by_name["drop 2"] not in (None, by_name["A"])
    bass = project.find_track("bass").id
    first, second = (project.find_clip(f"bass:{name}")[1] for name in ("drop", "drop 2"))
    assert first.notes != second.notes and first.length_ticks == second.length_ticks
    assert {placed.clip for placed in project.arrangement if placed.track == bass} == {first.id, second.id}


def test_a_song_has_as_many_bars_as_it_is_told_and_keeps_its_proportions() -> None:
    for bars in (32, 48, 64, 96, 136, 256):
        _, placed = made(bars=bars)
        assert sum(section.bars for section in placed) == bars
        named = {section.name: section.bars for section in placed}
        assert named["drop"] >= named["build"] and named["drop"] >= named["outro"]


def test_every_section_ends_as_the_scene_ends() -> None:
    """What leads on, fills and risers, is at the end of the scene: a section of less than it plays its last bars."""
    project, placed = made("pop")
    eight = project.meter_map.bar_start(8)
    assert placed[0].bars == 4
    for one in project.arrangement:
        _, clip = project.find_clip(one.clip)
        assert clip.length_ticks == eight and (one.offset_ticks + one.length_ticks) % eight == 0


def test_a_second_song_takes_the_place_of_the_first() -> None:
    first, placed = made()
    again, _ = song(first, HOUSE, 1)
    check(again)
    assert [scene.name for scene in again.scenes] == [scene.name for scene in first.scenes]
    assert len(again.arrangement) == len(first.arrangement)
    assert len(list(again.clips())) == len(list(first.clips())), "nothing is left lying about"
    lone = SongSection(name="all", bars=8)
    other, _ = song(again, (lone,), 1)
    assert "A" in [scene.name for scene in other.scenes] and end_ticks(timeline(other)) == other.meter_map.bar_start(8)
    assert placed[0].name == "intro"


def test_a_section_named_again_is_that_section_again() -> None:
    project, placed = made("pop")
    assert [section.name for section in placed].count("chorus") == 3
    assert [scene.name for scene in project.scenes].count("chorus") == 1


def test_what_was_made_by_hand_plays_as_it_is() -> None:
    project, track = tracks.add_track(new_project(), "mine", "midi")
    project, clip = clips.add_clip(project, track, project.scenes[0].id, 4 * 7680)
    done, placed = song(project, HOUSE, 1)
    check(done)
    assert {one.clip for one in done.arrangement} == {clip} and placed[0].tracks == ("mine",)
    with pytest.raises(UserError, match="no clips to make a song of"):
        song(new_project(), HOUSE, 1)
    empty, scene = scenes.add_scene(project, "empty")
    with pytest.raises(UserError, match="scene empty has no clips"):
        song(empty, HOUSE, 1, scene=scene)


def test_the_same_seed_gives_the_same_song() -> None:
    assert made()[0] == made()[0]
    assert song(composed("house", 3), HOUSE, 2)[0] != made()[0]
