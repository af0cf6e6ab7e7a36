"""Other chords: heard in every part that plays them, bar by bar."""

import pytest

from hardcore.compose.edits.chords import chord_names, colour_chords, fit_chords, played, set_chords
from hardcore.errors import UserError
from hardcore.music.chord import parse_chord
from hardcore.music.scale import Key
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState
from tests.compose.edits.pieces import BAR, BEAT, made_by_hand, part, techno

ROW = ("Dm", "Gm", "Bb", "A")
# worked out by hand, C is 0
TONES = ({2, 5, 9}, {7, 10, 2}, {10, 2, 5}, {9, 1, 4})
ROOTS = (2, 7, 10, 9)


def classes(project: ProjectState, role: str, bar: int) -> set[int]:
    notes = part(project, role).clips[0].notes
    return {note.pitch % 12 for note in notes if note.start_ticks // BAR == bar}


def test_chords_and_pads_play_them_one_a_bar_and_the_bass_their_roots() -> None:
    outcome = set_chords(techno(), ROW)
    assert outcome.project.key == Key.parse("D minor")
    for bar in range(8):
        for role in ("chords", "pad"):
            assert classes(outcome.project, role, bar) <= TONES[bar % 4]
    downbeats = [note for note in part(outcome.project, "bass").clips[0].notes if note.start_ticks % BAR == 0]
    assert all(note.pitch % 12 == ROOTS[note.start_ticks // BAR % 4] for note in downbeats)
    assert outcome.said[0].startswith("chords: Dm | Gm | Bb | A | Dm")
    assert "key F minor → D minor, which holds them" in outcome.said


def test_drums_stay_the_same_objects() -> None:
    after = set_chords(techno(), ("Fm", "Db")).project
    for old, new in zip(techno().tracks, after.tracks, strict=True):
        if old.role in ("snare", "hat_closed", "clap"):
            assert old is new
    assert after.key == techno().key


HAND = {
    "bass": [Note(bar * BAR + beat * BEAT, 480, 41) for bar in range(2) for beat in range(4)],
    "lead": [Note(bar * BAR, BAR, pitch) for bar in range(2) for pitch in (60, 64, 67)],
}


def test_what_was_made_by_hand_keeps_its_rhythm_and_goes_to_the_nearest_notes() -> None:
    hand = made_by_hand(HAND).evolve(key=Key.parse("A minor"))
    outcome = set_chords(hand, ("Am", "F"))
    chords = part(outcome.project, "lead").clips[0].notes
    assert [[n.pitch for n in chords if n.start_ticks == bar * BAR] for bar in range(2)] == [[60, 64, 69], [60, 65, 69]]
    bass = part(outcome.project, "bass").clips[0].notes
    assert [note.pitch for note in bass] == [45] * 4 + [41] * 4
    assert [note.start_ticks for note in bass] == [note.start_ticks for note in part(hand, "bass").clips[0].notes]


def test_in_a_stretch_the_key_stays_and_every_part_is_moved() -> None:
    outcome = fit_chords(techno(), ("E", "Am"))
    assert outcome.project.key == techno().key
    for bar in range(8):
        assert classes(outcome.project, "pad", bar) <= set(parse_chord(("E", "Am")[bar % 2]).pitch_classes)
    for (_, old), (_, new) in zip(techno().clips(), outcome.project.clips(), strict=True):
        assert [note.start_ticks for note in new.notes] == [note.start_ticks for note in old.notes]
    with pytest.raises(UserError, match="already"):
        fit_chords(made_by_hand({"bass": HAND["bass"]}), ("F",))


def sizes(project: ProjectState) -> float:
    words = [word for word in played(project).split() if word not in ("|", "–")]
    return sum(len(parse_chord(word).intervals) for word in words) / len(words)


@pytest.mark.parametrize(("colour", "least"), [("sevenths", 3.9), ("ninths", 4.5), ("jazzy", 4.0)])
def test_a_colour_stacks_the_chords_up(colour: str, least: float) -> None:
    after = colour_chords(techno(), colour).project  # type: ignore[arg-type]
    assert sizes(techno()) < least <= sizes(after)
    assert after.key == techno().key


def test_richer_and_plainer_are_steps_of_one_ladder_with_ends() -> None:
    project = techno()
    steps = [project]
    for _ in range(3):
        project = colour_chords(project, "richer").project
        steps.append(project)
    assert sizes(steps[0]) < sizes(steps[1]) < sizes(steps[2])
    with pytest.raises(UserError, match="came out the same"):
        colour_chords(project, "richer")
    back = colour_chords(colour_chords(steps[2], "plainer").project, "plainer").project
    assert [clip.notes for _, clip in back.clips()] == [clip.notes for _, clip in techno().clips()]


@pytest.mark.parametrize(
    ("text", "names"),
    [("Dm Gm Bb A", ROW), ("Dm, Gm, Bb, A", ROW), ("Dm|Gm|Bb|A", ROW), ("Dm-Gm-Bb-A", ROW), ("Dm -> Gm", ("Dm", "Gm")),
     ("i VI", ("i", "VI")), ("C/E", ("C/E",)), ("Am7 D9sus4", ("Am7", "D9sus4"))],
)  # fmt: skip
def test_a_row_is_read_as_people_write_it(text: str, names: tuple[str, ...]) -> None:
    assert chord_names(text, Key.parse("D minor")) == names


@pytest.mark.parametrize("text", ["H", "Dm Hm", "hello there", ",", "Am " * 40])
def test_what_is_no_row_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        chord_names(text, Key.parse("D minor"))


def test_drums_alone_have_no_chords() -> None:
    drums = made_by_hand({"kick": [Note(0, 480, 36)]})
    with pytest.raises(UserError, match="nothing here plays chords"):
        set_chords(drums, ROW)
    with pytest.raises(UserError, match="no chords to change"):
        colour_chords(made_by_hand(HAND), "jazzy")
