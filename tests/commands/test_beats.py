"""Micro-timing, density, patterns and fills by command."""

import pytest

from hardcore.project.state import ProjectState
from tests.commands.asked import edited, refused
from tests.song import BAR

SIXTEENTH = 480


def starts(project: ProjectState, clip: str) -> list[int]:
    return [note.start_ticks for note in project.find_clip(clip)[1].notes]


@pytest.mark.parametrize(
    ("line", "track", "hits"),
    [
        ("/density hats --factor 2", "hats", 16),
        ("/density hats --factor 50%", "hats", 4),
        ("/density hat_closed --factor 2", "hats", 16),
        ("/density bass --by -1 --seed 1", "bass", 11),
        ("/density bass --by 1 --seed 1", "bass", 21),
        ("/rhythm set hats 1/16", "hats", 32),
        ("/rhythm set hats 5/16", "hats", 10),
        ("/rhythm set hats x..x..x.", "hats", 12),
        ("/rhythm set hats beats 2 4", "hats", 4),
        ("/rhythm set hats:A 1/2", "hats", 4),
        ("/rhythm double bass", "bass", 32),
        ("/rhythm half bass", "bass", 8),
        ("/rhythm ghost snare --by 2 --seed 1", "snare", 12),
    ],
)
def test_a_part_has_so_many_hits_and_the_others_stay(line: str, track: str, hits: int) -> None:
    before = {"kick": 8, "snare": 4, "hats": 8, "bass": 16}
    asked = edited(line)
    found = {name: sum(len(clip.notes) for clip in asked.track(name).clips) for name in before}
    assert found == {**before, track: hits}


def test_a_pattern_in_a_bar_alone_leaves_the_others() -> None:
    asked = edited("/rhythm set hats 1/16 --in 2-2")
    assert starts(asked.project, "hats:A") == [
        960,
        960 + 1920,
        960 + 2 * 1920,
        960 + 3 * 1920,
        *range(BAR, 2 * BAR, SIXTEENTH),
    ]


def test_a_fill_ends_the_loop_on_the_snare() -> None:
    asked = edited("/rhythm fill --kind snare-roll")
    assert starts(asked.project, "snare:A") == [1920, 5760, BAR + 1920, *range(2 * BAR - 4 * 960, 2 * BAR, SIXTEENTH)]
    assert asked.said == ["snare: 4 → 11 hits, a fill in bar 2"]


def test_twenty_milliseconds_late_at_138() -> None:
    asked = edited("/timing shift snare 20ms")
    ticks = round(0.020 * 138 / 60 * 1920)
    assert {note.offset_ticks for note in asked.track("snare").clips[0].notes} == {ticks}
    assert asked.said == ["snare: 0.0 → 19.9 ms late"]
    back = edited("/timing shift snare -20", "/timing shift snare 20")
    assert {note.offset_ticks for note in back.track("snare").clips[0].notes} == {0}


def test_loose_and_tight_again() -> None:
    loose = edited("/timing humanize hats,bass 100 --seed 2")
    offsets = [note.offset_ticks for name in ("hats", "bass") for note in loose.track(name).clips[0].notes]
    assert all(30 <= abs(offset) <= 90 for offset in offsets) and len(set(offsets)) > 5
    tight = edited("/timing tighten all 100", "/timing humanize hats,bass 100 --seed 2")
    assert {note.offset_ticks for _, clip in tight.project.clips() for note in clip.notes} == {0}


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/density hats", "--factor 2"),
        ("/density hats --factor 2 --by 1", "one of"),
        ("/density hats --factor 0", "more than 0"),
        ("/density hast --factor 2", "hats"),
        ("/density master --factor 2", "no notes"),
        ("/rhythm set hats", "rhythm set needs"),
        ("/rhythm set hats funky", "1/8"),
        ("/rhythm set kick four", "plays four already"),
        ("/rhythm fill bass", "a fill is for drums"),
        ("/rhythm fill --every 2 --at 3", "--every 4"),
        ("/rhythm fill --kind toms", "part add tom"),
        ("/rhythm ghost snare --by 0", "adds"),
        ("/rhythm ghost snare --by -1", "no ghost notes"),
        ("/timing shift snare 0.01", "less than a tick"),
        ("/timing shift snare 5000", "1000"),
        ("/timing tighten snare", "exact already"),
        ("/timing humanize snare 0", "too little"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(line: str, hint: str) -> None:
    assert hint in refused(line)
