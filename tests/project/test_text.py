"""A project as text: what differs between two projects differs in their texts, in as few lines as it is things."""

import difflib
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.project import clips, scenes, tracks
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from hardcore.project.text import text
from tests.effort import examples
from tests.project.edits import random_edit
from tests.song import song


def changed(old: ProjectState, new: ProjectState) -> list[str]:
    """Return the lines that a line tool shows between two projects."""
    lines = difflib.unified_diff(text(old).splitlines(), text(new).splitlines(), n=0, lineterm="")
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


@given(st.integers(0, 2**32))
@settings(max_examples=examples(60))
def test_two_projects_have_one_text_exactly_when_they_are_equal(seed: int) -> None:
    rng, project = random.Random(seed), song()
    for _ in range(12):
        _, after = random_edit(project, rng)
        same = after.evolve(next_id=1) == project.evolve(next_id=1)
        assert (text(after) == text(project)) is same
        twin = ProjectState.model_validate(dict(after))
        assert text(twin) == text(after)
        project = after


def test_a_change_is_the_lines_of_what_changed() -> None:
    base = song()
    bass = base.find_track("bass")
    assert changed(base, base.with_mixer(bass.id, gain_db=-3.5)) == ["+  gain_db -3.5"]
    cutoff = tracks.set_effect(base, bass.id, bass.effects[0].id, {"cutoff": 400})
    assert changed(base, cutoff) == ["+    settings cutoff 400"]
    louder = clips.edit_notes(base, bass.clips[0].id, lambda block: block.add(Note(960, 240, 41, 90, probability=50)))
    assert changed(base, louder) == ["-    note 1.1.3 F2 480 v100", "+    note 1.1.3 F2 240 v90 probability=50"]
    tempo = base.evolve(tempo_map=base.tempo_map.with_point(7680, 150))
    assert changed(base, tempo) == ["+  tempo 2.1.1 150"]
    lane = Automation(owner=bass.id, parameter="pan", points=(AutomationPoint(tick=0, value=0.5),))
    bent = lane.evolve(points=(lane.points[0].evolve(shape="curve", bend=0.25),))
    moved, other = (base.with_track(bass.id, lambda t, a=a: t.evolve(automation=(a,))) for a in (lane, bent))
    assert changed(moved, other) == ["-    1.1.1 0.5", "+    1.1.1 0.5 shape=curve bend=0.25"]
    assert changed(base, scenes.add_scene(base)[0]) == ["+scene s16 C"]


def test_no_text_of_a_project_steers_a_terminal_or_makes_a_second_line() -> None:
    strange = [chr(number) for number in (0x0, 0x7, 0xA, 0x1B, 0x7F, 0x85, 0x9B, 0x2028, 0x202E)]
    project = song().evolve(title='a"b\\c \x85\x9b\u202e\u2028')
    shown = text(project)
    assert not any(letter in shown.replace("\n", "") for letter in strange)
    assert len(shown.split("\n")) == len(text(song()).split("\n"))
    assert shown.startswith('project "a\\"b\\\\c')
