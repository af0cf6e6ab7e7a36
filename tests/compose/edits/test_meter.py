"""Another meter: what stands in a bar stays in it, in clips, in the arrangement and in the maps."""

import pytest

from hardcore.compose.edits.meter import places, remove_meter, set_meter, set_meter_from
from hardcore.errors import UserError
from hardcore.project import placing
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.events import Span, events
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, starts, techno, trance

SEVEN = 7 * 960
FOUR_ON_THE_FLOOR = {"kick": [Note(at, 480, 36) for at in range(0, 4 * BAR, BEAT)]}


def test_bars_are_cut_one_by_one_so_that_every_bar_begins_with_its_kick() -> None:
    project = set_meter(made_by_hand(FOUR_ON_THE_FLOOR, 4), 7, 8).project
    assert part(project, "kick").clips[0].length_ticks == 4 * SEVEN
    assert starts(project, "kick") == [bar * SEVEN + beat * BEAT for bar in range(4) for beat in range(4)]


def test_longer_bars_are_filled_with_their_own_beginning() -> None:
    project = set_meter(made_by_hand(FOUR_ON_THE_FLOOR, 4), 5, 4).project
    assert starts(project, "kick") == [bar * 5 * BEAT + beat * BEAT for bar in range(4) for beat in range(5)]


def test_a_note_that_sounds_through_a_bar_sounds_through_the_longer_one_and_is_not_struck_again() -> None:
    held = made_by_hand({"lead": [Note(0, BAR, 60), Note(BAR, BAR, 62)]})
    assert [tuple(n[:3]) for n in part(set_meter(held, 5, 4).project, "lead").clips[0].notes] == [
        (0, 5 * BEAT, 60), (5 * BEAT, 5 * BEAT, 62),
    ]  # fmt: skip
    assert [tuple(n[:3]) for n in part(set_meter(held, 3, 4).project, "lead").clips[0].notes] == [
        (0, 3 * BEAT, 60), (3 * BEAT, 3 * BEAT, 62),
    ]  # fmt: skip


def test_what_falls_out_of_a_bar_is_gone_and_envelopes_keep_their_bars() -> None:
    project = made_by_hand({"bass": [Note(0, 480, 41), Note(3 * BEAT, 480, 41), Note(BAR, 480, 43)]})
    track = part(project, "bass")
    envelope = Automation(
        owner=track.id,
        parameter="cutoff",
        points=(AutomationPoint(tick=0, value=300), AutomationPoint(tick=BAR, value=900)),
    )
    project = project.with_clip(track.clips[0].id, lambda clip: clip.evolve(automation=(envelope,)))
    clip = part(set_meter(project, 3, 4).project, "bass").clips[0]
    assert [note.start_ticks for note in clip.notes] == [0, 3 * BEAT]
    assert [note.pitch for note in clip.notes] == [41, 43]
    assert [point.tick for point in clip.automation[0].points] == [0, 3 * BEAT]


def test_parts_from_a_prompt_are_made_again_with_the_chances_they_had() -> None:
    project = set_meter(techno(), 3, 4).project
    kick, bar = part(project, "kick").clips[0], 3 * BEAT
    assert kick.length_ticks == 8 * bar
    assert {note.start_ticks // bar for note in kick.notes} == set(range(8))
    assert project == set_meter(techno(), 3, 4).project
    # back in 4/4 they are what they were
    back = set_meter(project, 4, 4).project
    assert [clip.notes for _, clip in back.clips()] == [clip.notes for _, clip in techno().clips()]


def bars_of(project: ProjectState) -> list[tuple[str, int, int]]:
    """Return where placements begin and end, in bars."""
    meter = project.meter_map
    return [
        (one.clip, meter.bar_of(one.start_ticks), meter.bar_of(one.start_ticks + one.length_ticks))
        for one in project.arrangement
    ]


def test_a_song_keeps_its_sections_in_bars() -> None:
    project = set_meter(trance(), 3, 4).project
    assert bars_of(project) == bars_of(trance())
    assert all(one.start_ticks % (3 * BEAT) == 0 for one in project.arrangement)


def test_a_change_of_tempo_keeps_its_bar() -> None:
    project = made_by_hand(FOUR_ON_THE_FLOOR, 4)
    project = project.evolve(tempo_map=project.tempo_map.with_point(2 * BAR, 90))
    assert [point.tick for point in set_meter(project, 7, 8).project.tempo_map.points] == [0, 2 * SEVEN]


def test_from_a_bar_on_a_loop_is_cut_from_there() -> None:
    project = set_meter_from(made_by_hand(FOUR_ON_THE_FLOOR, 4), 3, 3, 4).project
    assert places(project.meter_map) == [(1, "4/4"), (3, "3/4")]
    assert starts(project, "kick") == [
        *range(0, 2 * BAR, BEAT), *range(2 * BAR, 2 * BAR + 6 * BEAT, BEAT),
    ]  # fmt: skip


def test_from_a_bar_on_an_arrangement_keeps_its_clips_and_plays_each_bar_from_its_beginning() -> None:
    loop = made_by_hand(FOUR_ON_THE_FLOOR, 4)
    song = placing.place_scene(loop, "s2", 0, 8 * BAR)
    project = set_meter_from(song, 5, 7, 8).project
    assert [clip for _, clip in project.clips()] == [clip for _, clip in song.clips()]
    kick = part(project, "kick").clips[0].id
    assert [(one.start_ticks, one.length_ticks, one.offset_ticks % (4 * BAR)) for one in project.arrangement] == [
        (0, 4 * BAR + SEVEN, 0), *((4 * BAR + bar * SEVEN, SEVEN, bar * BAR) for bar in range(1, 4)),
    ]  # fmt: skip
    assert [event.tick for event in events(project, timeline(project), Span(4 * BAR, 5 * BAR))] == [
        *(4 * BAR + beat * BEAT for beat in range(4)), 4 * BAR + SEVEN,
    ]  # fmt: skip
    assert {one.clip for one in project.arrangement} == {kick}
    assert remove_meter(project, 5).project == song


def test_placements_that_were_apart_before_stay_apart_where_a_change_of_meter_goes() -> None:
    loop = made_by_hand(FOUR_ON_THE_FLOOR, 4)
    song = placing.place_scene(placing.place_scene(loop, "s2", 0, 4 * BAR), "s2", 4 * BAR, 8 * BAR)
    assert len(song.arrangement) == 2
    assert remove_meter(set_meter_from(song, 7, 7, 8).project, 7).project == song


def test_bare_moves_the_bar_lines_alone() -> None:
    bare = set_meter(trance(), 7, 8, bare=True).project
    assert bare == trance().evolve(meter_map=bare.meter_map)
    assert bare.meter_map.text == "7/8"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda p: set_meter(p, 4, 4), "the meter is 4/4 already"),
        (lambda p: set_meter_from(p, 3, 4, 4), "the meter in bar 3 is 4/4 already"),
        (lambda p: remove_meter(p, 1), "the first meter stays"),
        (lambda p: remove_meter(set_meter_from(p, 3, 3, 4).project, 2), "there are changes at bar 3"),
    ],
)
def test_what_cannot_be_is_said_with_what_is_there(edit: object, why: str) -> None:
    with pytest.raises(UserError) as error:
        edit(made_by_hand(FOUR_ON_THE_FLOOR, 4))  # type: ignore[operator]
    assert why in error.value.line()
