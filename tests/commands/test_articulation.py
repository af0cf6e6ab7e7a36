"""Velocity, length, chance, ratchets, reversing and arpeggios by command."""

from collections.abc import Callable

import pytest

from hardcore.project.notes import Note
from tests.commands.asked import edited, refused
from tests.song import BAR


@pytest.mark.parametrize(
    ("line", "track", "what"),
    [
        ("/velocity hats 60", "hats", lambda note: note.velocity == 60),
        ("/velocity hats --by -10", "hats", lambda note: note.velocity == 90),
        ("/velocity hats --factor 50%", "hats", lambda note: note.velocity == 50),
        ("/velocity snare,hats --humanize 10 --seed 1", "hats", lambda note: 90 <= note.velocity <= 110),
        ("/articulation bass staccato", "bass", lambda note: note.length_ticks == 240),
        ("/articulation bass legato", "bass", lambda note: note.length_ticks == 960),
        ("/articulation bass --factor 1.5", "bass", lambda note: note.length_ticks == 720),
        ("/probability hats 50", "hats", lambda note: note.probability == 50),
        ("/ratchet hats 3", "hats", lambda note: note.ratchet == 3),
        ("/reverse bass", "bass", lambda note: note.start_ticks % 960 == 480),
        ("/reverse bass:A", "bass", lambda note: note.start_ticks % 960 == 480),
    ],
)
def test_every_note_of_the_part_is_so_and_the_others_stay(line: str, track: str, what: Callable[[Note], bool]) -> None:
    asked = edited(line)
    assert all(what(note) for note in asked.track(track).clips[0].notes)
    assert {note.velocity for note in asked.track("kick").clips[0].notes} == {100}


def test_a_chord_is_broken_in_steps() -> None:
    asked = edited("/arpeggiate bass 1/16", "/note add bass:A 1.1.1 C3 1/4")
    assert [(n.start_ticks, n.pitch) for n in asked.track("bass").clips[0].notes][:2] == [(0, 41), (480, 48)]


def test_a_bar_alone() -> None:
    asked = edited("/velocity hats 40 --in 2-2")
    assert [note.velocity for note in asked.track("hats").clips[0].notes] == [100] * 4 + [40] * 4
    assert asked.track("hats").clips[0].length_ticks == 2 * BAR


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/velocity hats", "--factor 0.8"),
        ("/velocity hats 60 --by 3", "one thing"),
        ("/velocity hats 200", "127"),
        ("/velocity hats 100", "is at 100 already"),
        ("/velocity hats --spread 0", "is at 100 already"),
        ("/articulation bass", "staccato"),
        ("/articulation bass staccato --factor 2", "say how"),
        ("/articulation kick legato", "rings by itself"),
        ("/probability hats 100", "100 % already"),
        ("/ratchet hats 17", "16"),
        ("/ratchet hats 1", "already"),
        ("/arpeggiate bass", "one note at a time"),
        ("/arpeggiate master", "no notes"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(line: str, hint: str) -> None:
    assert hint in refused(line)
