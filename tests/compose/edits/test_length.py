"""So many bars: repeated, cut, or a stretch that is taken out."""

import pytest

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.cropping import crop
from hardcore.compose.edits.length import set_length
from hardcore.errors import UserError
from hardcore.project import clips, scenes
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, starts, techno, trance

KICK = {"kick": [Note(at, 480, 36) for at in range(0, 2 * BAR, BEAT)], "lead": [Note(BEAT, 2 * BAR - BEAT, 60)]}


def bars(project: ProjectState) -> set[float]:
    return {clip.length_ticks / BAR for _, clip in project.clips()}


@pytest.mark.parametrize(
    ("amount", "count"), [(Amount(to=12), 12), (Amount(by=2), 10), (Amount(by=-3), 5), (Amount(factor=0.5), 4)]
)
def test_every_clip_is_as_long_as_was_asked(amount: Amount, count: int) -> None:
    project = set_length(techno(), amount, 3).project
    assert bars(project) == {count}
    assert project == set_length(techno(), amount, 3).project


def test_a_longer_loop_has_its_notes_again_and_a_shorter_one_is_what_was_there() -> None:
    longer = set_length(made_by_hand(KICK), Amount(factor=2), 3).project
    assert starts(longer, "kick") == list(range(0, 4 * BAR, BEAT))
    assert set_length(longer, Amount(to=2), 3).project == made_by_hand(KICK)


def test_scenes_of_different_lengths_each_grow_by_their_own() -> None:
    project, other = scenes.add_scene(made_by_hand(KICK), "B")
    project, _ = clips.add_clip(project, part(project, "kick").id, other, 4 * BAR, [Note(0, 480, 36)])
    outcome = set_length(project, Amount(factor=2), 3)
    assert sorted(clip.length_ticks // BAR for _, clip in outcome.project.clips()) == [4, 4, 8]
    assert set(outcome.said) == {"length 2 → 4 bars, 2 clips of scene A", "length 4 → 8 bars, 1 clips of scene B"}
    only = set_length(project, Amount(factor=2), 3, project.find_scene("B")).project
    assert sorted(clip.length_ticks // BAR for _, clip in only.clips()) == [2, 2, 8]


def test_a_clip_that_two_scenes_share_grows_once_with_the_first() -> None:
    project, other = scenes.add_scene(made_by_hand(KICK), "B")
    project, _ = clips.add_clip(project, part(project, "lead").id, other, 4 * BAR, [Note(0, 480, 60)])
    project = clips.put(project, other, part(project, "kick").id, part(project, "kick").clips[0].id)
    longer = set_length(project, Amount(factor=2), 3).project
    assert [clip.length_ticks // BAR for _, clip in longer.clips()] == [4, 4, 8]


def test_a_crop_keeps_what_sounds_in_the_stretch_as_it_is() -> None:
    project = crop(made_by_hand(KICK), 1, 2).project
    assert bars(project) == {1}
    assert [tuple(note[:3]) for note in part(project, "kick").clips[0].notes] == [
        (beat * BEAT, 480, 36) for beat in range(4)
    ]
    # it began a bar before, and sounds through
    assert [tuple(note[:3]) for note in part(project, "lead").clips[0].notes] == [(0, BAR, 60)]


def test_an_envelope_in_a_crop_begins_and_ends_with_the_values_it_has_there() -> None:
    clip = part(techno(), "bass").clips[0]
    assert clip.automation
    before = clip.automation[0]
    after = part(crop(techno(), 2, 3).project, "bass").clips[0].automation[0]
    for tick in range(0, 2 * BAR - 1, 480):
        assert after.at(tick) == pytest.approx(before.at(2 * BAR + tick), rel=1e-3)


def test_a_loop_that_fits_the_stretch_goes_on_as_the_same_object() -> None:
    project, other = scenes.add_scene(made_by_hand(KICK), "B")
    project, _ = clips.add_clip(project, part(project, "lead").id, other, 8 * BAR, [Note(0, 480, 60)])
    project = clips.put(project, other, part(project, "kick").id, part(project, "kick").clips[0].id)
    cut = crop(project, 4, 3, project.find_scene("B")).project
    assert part(cut, "kick") is part(project, "kick")
    assert part(cut, "lead").clips[1].length_ticks == 4 * BAR


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda p: set_length(p, Amount(to=8), 1), "it is 8 bars long already"),
        (lambda p: set_length(p, Amount(by=-8), 1), "1 to 512"),
        (lambda p: set_length(p, Amount(factor=100), 1), "1 to 512"),
        (lambda p: crop(p, 8), "it is 8 bars long already"),
        (lambda p: crop(p, 2, 8), "scene A has 8 bars"),
        (lambda p: set_length(trance(), Amount(to=4), 1), "song --minutes"),
        (lambda p: crop(trance(), 4), "arrangement clear"),
    ],
)
def test_what_cannot_be_is_said_with_what_is_there(edit: object, why: str) -> None:
    with pytest.raises(UserError) as error:
        edit(techno())  # type: ignore[operator]
    assert why in error.value.line()
