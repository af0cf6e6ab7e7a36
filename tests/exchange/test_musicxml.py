"""MusicXML: another reader finds the very notes, in full bars, with ties and triplets that look as long as they are."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.exchange.losses import Losses
from hardcore.exchange.musicxml import to_musicxml
from hardcore.music.groove import swing
from hardcore.music.tempo import PPQ
from hardcore.project import clips, tracks
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline
from tests.effort import examples
from tests.exchange.scorefile import Score, Sounding


def lead(notes: list[Note], length: int = 4 * 7680, meter: tuple[int, int] = (4, 4)) -> ProjectState:
    project = new_project()
    project = project.evolve(meter_map=project.meter_map.with_meter(*meter))
    project, track = tracks.add_track(project, "lead", role="lead", instrument="epiano")
    return clips.add_clip(project, track, project.scenes[0].id, length, notes)[0]


def score(project: ProjectState) -> tuple[Score, tuple[str, ...]]:
    losses = Losses()
    made = to_musicxml(project, timeline(project), [t for t in project.tracks if t.kind == "midi"], losses)
    return Score(made), losses.lines()


def quarters(ticks: int) -> Fraction:
    return Fraction(ticks, PPQ)


def test_ties_chords_dots_and_triplets_are_the_notes_that_were_written() -> None:
    notes = [
        Note(0, 2880, 60), Note(0, 2880, 64), Note(2880, 6 * PPQ, 67), Note(4 * PPQ, PPQ, 72),
        *(Note(12 * PPQ + 640 * at, 640, 60 + at) for at in range(3)),
    ]  # fmt: skip
    found, lost = score(lead(notes))
    assert found.parts["lead"] == sorted(
        Sounding(quarters(n.start_ticks), quarters(n.length_ticks), n.pitch) for n in notes
    )
    assert lost == ()
    assert len(found.root.findall(".//time-modification")) == 3


def test_what_is_played_is_told_and_what_is_written_stands_there() -> None:
    """Groove and micro-timing are a way of playing; a time that no step has goes to the nearest."""
    project = lead([Note(0, 480, 60, offset_ticks=33), Note(480, 480, 62), Note(7 * 480 + 50, 480, 64)])
    project = project.evolve(grooves=(swing(66),), active_groove=swing(66).id)
    found, lost = score(project)
    assert [note.start for note in found.parts["lead"]] == [0, Fraction(1, 4), Fraction(7, 4)]
    assert lost == ("times between the steps of the grid (lead): the nearest sixteenth, triplet or 32nd",)


def test_equal_projects_give_equal_bytes_without_a_date() -> None:
    project = lead([Note(0, 480, 60)])
    made = [to_musicxml(project, timeline(project), project.tracks[:1], Losses()) for _ in range(2)]
    assert made[0] == made[1] and b"encoding-date" not in made[0]


@given(
    notes=st.lists(
        st.tuples(st.integers(0, 63), st.integers(1, 40), st.integers(30, 90), st.sampled_from([480, 320, 240])),
        min_size=1, max_size=24,
    ),
    meter=st.sampled_from([(4, 4), (3, 4), (7, 8), (6, 8), (5, 4), (2, 2)]),
)  # fmt: skip
@settings(max_examples=examples(150))
def test_any_part_is_full_bars_of_notes_that_look_as_long_as_they_are(
    notes: list[tuple[int, int, int, int]], meter: tuple[int, int]
) -> None:
    """The reader checks bars, ties and looks; in straight sixteenths the notes are the written ones exactly."""
    straight = all(step == 480 for *_, step in notes)
    written = [Note(at * step, size * step, pitch) for at, size, pitch, step in notes]
    bar = 4 * PPQ * meter[0] // meter[1]
    project = lead(written, length=bar * 12, meter=meter)
    found, _ = score(project)
    heard = {(note.start, note.pitch) for note in found.parts["lead"]}
    if straight and len({(note.start_ticks, note.pitch) for note in written}) == len(written):
        assert heard == {(quarters(note.start_ticks), note.pitch) for note in written}
    assert heard
