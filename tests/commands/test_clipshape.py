"""Clips doubled, cropped, lengthened, split and joined, notes copied and cut: what is heard is what was asked."""

import pytest

from hardcore.project.clip import Clip
from hardcore.project.state import ProjectState
from tests.commands.asked import edited, refused
from tests.song import BAR

MOVING = ("/automation add bass:A pan 1.1.1 -1", "/automation add bass:A pan 2.4.4 1")


def notes(clip: Clip) -> list[tuple[int, int]]:
    return [(note.start_ticks, note.pitch) for note in clip.notes]


def clip_of(project: ProjectState, name: str) -> Clip:
    return project.find_clip(name)[1]


def test_a_clip_is_doubled_lengthened_and_cropped_with_what_moves() -> None:
    first = clip_of(edited(MOVING[1], MOVING[0]).project, "bass:A")
    double = clip_of(edited("/clip double bass:A", *MOVING).project, "bass:A")
    assert double.length_ticks == 4 * BAR
    assert notes(double) == notes(first) + [(start + 2 * BAR, pitch) for start, pitch in notes(first)]
    ticks = range(0, 2 * BAR, 480)
    for base in (0, 2 * BAR):
        assert [double.automation[0].at(base + tick) for tick in ticks] == pytest.approx(
            [first.automation[0].at(tick) for tick in ticks]
        )
    long = clip_of(edited("/clip lengthen bass:A --bars 3", *MOVING).project, "bass:A")
    assert (long.length_ticks, notes(long)) == (5 * BAR, notes(first))
    part = clip_of(edited("/clip crop bass:A --start 1.3.1 --end 2.3.1", *MOVING).project, "bass:A")
    assert part.length_ticks == BAR
    assert notes(part) == [(start - BAR // 2, pitch) for start, pitch in notes(first) if BAR // 2 <= start < 1.5 * BAR]
    assert part.automation[0].at(0) == pytest.approx(first.automation[0].at(BAR // 2))
    assert refused("/clip crop bass:A").startswith("that is all of it")
    assert "has no such part" in refused("/clip crop bass:A --start 2 --end 1.2.1")


def test_a_clip_is_split_into_scenes_and_joined_again() -> None:
    project = edited("/place bass:A 1 --bars 4").project
    before = clip_of(project, "bass:A")
    made = edited("/clip split bass:A 2", project=project).project
    first, second = clip_of(made, "bass:A"), clip_of(made, "bass:B")
    assert (first.length_ticks, second.length_ticks) == (BAR, BAR)
    assert notes(first) + [(start + BAR, pitch) for start, pitch in notes(second)] == notes(before)
    # the arrangement goes on with the clip that it placed
    assert made.find_track("bass").placements == project.find_track("bass").placements
    whole = clip_of(edited("/clip join bass:A bass:B", project=made).project, "bass:A")
    assert (whole.length_ticks, notes(whole)) == (2 * BAR, notes(before))
    assert "is a clip of kick" in refused("/clip join bass:A kick:A")
    # where no scene has room there is a new one
    full = edited("/clip copy bass:A bass B").project
    assert len(edited("/clip split bass:A 2", project=full).project.scenes) == 3


def test_notes_are_copied_over_what_is_there_and_cut() -> None:
    made = edited("/note set bass:A 1.1.1 F2 --to A2").project
    copied = edited("/note copy bass:A 1.1.1 2.1.1 --until 1.3.1", project=made)
    assert copied.said == ["bass A: 4 notes at 2.1.1"]
    there = notes(clip_of(copied.project, "bass:A"))
    assert [(start - BAR, pitch) for start, pitch in there if BAR <= start < 1.5 * BAR] == [
        one for one in there if one[0] < BAR // 2
    ]
    assert len(there) == len(notes(clip_of(made, "bass:A")))
    cut = edited("/note cut bass:A 1.3.1 --until 2.1.1", project=made)
    assert [one for one in notes(clip_of(cut.project, "bass:A")) if BAR // 2 <= one[0] < BAR] == []
    other = edited("/note copy bass:A 1.1.1 1.1.1 --into kick:A", project=made).project
    assert notes(clip_of(other, "kick:A"))[:2] == notes(clip_of(made, "bass:A"))[:2]
    assert "ends before it begins" in refused("/note cut bass:A 2.1.1 --until 1.1.1")
    assert "no notes there" in refused("/note cut bass:A 2.1.1", "/note cut bass:A 2.1.1")


def test_a_track_is_duplicated_and_a_scene_is_moved() -> None:
    made = edited("/track duplicate bass", *MOVING, "/place bass:A 1 --bars 4").project
    bass, copy = made.find_track("bass"), made.find_track("bass 2")
    assert notes(copy.clips[0]) == notes(bass.clips[0]) and copy.clips[0].id != bass.clips[0].id
    assert [one.start_ticks for one in copy.placements] == [0]
    assert [fx.device for fx in copy.effects] == [fx.device for fx in bass.effects]
    assert copy.clips[0].automation[0].owner == copy.id
    assert "plays no clips of its own" in refused("/track duplicate drums,reverb").replace("drums,reverb ", "")
    assert [scene.name for scene in edited("/scene move B 1").project.scenes] == ["B", "A"]
    assert refused("/scene move B 3") == "no place 3 (1 to 2)"
