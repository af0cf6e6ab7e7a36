"""What a melody does with its motif, and that it is what its clip says."""

from random import Random
from statistics import mean

from hardcore.compose import lead
from hardcore.compose.development import developed, diminished, fragmented, mixed, returned
from hardcore.compose.phrase import Hit, sequence
from hardcore.compose.producer import compose
from hardcore.compose.register import over, register
from hardcore.compose.vary import regenerate
from hardcore.knowledge.loader import genre
from hardcore.language.prompt.understand import understand
from tests.compose.melodic import F_MINOR, FOUR_FOUR, GENRES, lead_of, progression_of

CALL = (Hit(0, 2, 0), Hit(4, 2, 2), Hit(6, 2, 1), Hit(10, 4, 3))


def test_a_diminution_is_twice_as_fast_and_goes_on_a_step_higher() -> None:
    assert [(hit.step, hit.tone) for hit in diminished(CALL, 16)] == [
        (0, 0), (2, 2), (3, 1), (5, 3), (8, 1), (10, 3), (11, 2), (13, 4),
    ]  # fmt: skip


def test_fragments_are_the_head_again_elsewhere() -> None:
    assert [(hit.step, hit.tone) for hit in fragmented(CALL, 16, 2)] == [
        (0, 0),
        (4, 2),
        (6, 1),
        (8, 2),
        (12, 4),
        (14, 3),
    ]


def test_a_development_is_what_its_name_says() -> None:
    names = set()
    for seed in range(200):
        found = developed(CALL, 16, 0.6, Random(seed))
        names.add(found.name.split()[0])
        if found.name.startswith("sequence"):
            assert found.cell == sequence(CALL, int(found.name.split()[1]))
        if found.name == "inversion":
            assert [hit.tone for hit in found.cell] == [0, -2, -1, -3]
    assert names == {"repetition", "sequence", "fragments", "inversion", "diminution", "variation"}
    again = {returned(CALL, 16, 0.6, Random(seed)).name for seed in range(80)}
    assert again == {"statement", "inversion", "augmentation", "variation"}


def sung(genre_id: str, seed: int, **changes: object) -> tuple[list, list[str], object]:
    """Return the notes of a motif, what is told bar by bar, and the chords."""
    style = lead_of(genre_id).evolve(behaviours={"motif": 1.0}, **changes)
    chords = progression_of(genre_id, seed)
    notes, told = lead.sing(style, chords, F_MINOR, FOUR_FOUR, 8, Random(seed))
    return notes, told.replace(" | ", ", ").split(", "), chords


def steps_of(notes: list, bar: int) -> list[tuple[int, int]]:
    usable = register(F_MINOR, 55, 91)
    return [
        (note.start_ticks % 7680, usable.pitches.index(note.pitch)) for note in notes if note.start_ticks // 7680 == bar
    ]


def test_a_sequence_in_the_notes_is_the_motif_moved_by_the_steps_that_are_told() -> None:
    seen = 0
    for seed in range(120):
        plain = {"chord_tone": 0.0, "chromatic": 0.0, "rest": 0.0}
        notes, told, _ = sung("house", seed, **plain)
        first, third = steps_of(notes, 0), steps_of(notes, 2)
        if told[2].startswith("sequence") and len(first) == len(third):
            moves = {b - a for (_, a), (_, b) in zip(first, third, strict=True)}
            # what lies on a beat may settle on the chord
            free = [b[1] - a[1] for a, b in zip(first, third, strict=True) if a[0] % 1920 and a != first[-1]]
            assert [start for start, _ in first] == [start for start, _ in third]
            if len(free) > 1:
                seen += 1
                assert int(told[2].split()[1]) in free, (told, moves)
    assert seen > 5


def test_strong_beats_are_chord_tones_or_held_over_from_the_note_before() -> None:
    right = []
    for genre_id in GENRES:
        for seed in range(20):
            notes, _, chords = sung(genre_id, seed)
            for place, note in enumerate(notes):
                if note.start_ticks % 3840 == 0:
                    prepared = place and notes[place - 1].pitch == note.pitch
                    right.append(bool(chords.at(note.start_ticks).contains(note.pitch) or prepared))
    assert mean(right) > 0.98


def test_over_foreign_chords_a_lead_plays_their_notes() -> None:
    clashes = []
    for seed in range(25):
        project = compose(understand("jazz trio, 8 bars"), seed)
        played = [clip for track, clip in project.clips() if track.role == "lead"]
        if not played:
            continue
        assert played[0].provenance is not None
        source = played[0].provenance.intent["chords_played"].split(" | ")
        from hardcore.music.chord import parse_chord

        usable, at = register(project.key, 40, 100), None
        for note in played[0].notes:
            names = source[note.start_ticks // 7680].split()
            if len(names) == 1 and names[0] != "–" and "(" not in names[0]:
                at = parse_chord(names[0])
                clashes.append(note.pitch % 12 not in over(usable, at).classes)
    assert len(clashes) > 100 and mean(clashes) < 0.15 + genre("jazz_trio").lead.chromatic


def test_a_clip_tells_what_its_lead_does_and_keeps_telling_when_it_is_made_anew() -> None:
    project = compose(understand("pop in C major, 8 bars, melodic lead"), 3)
    clip = next(clip for track, clip in project.clips() if track.role == "lead")
    assert clip.provenance is not None
    told = clip.provenance.intent["motif"]
    assert told.startswith("statement") and told.count(",") == 6 and told.count("|") == 1
    others = set()
    for seed in range(5):
        after = regenerate(project, clip.id, seed).find_clip(clip.id)[1]
        assert after.provenance is not None
        others.add(after.provenance.intent["motif"])
        assert after.provenance.intent["chords_played"] == clip.provenance.intent["chords_played"]
    assert len(others) > 1


def test_a_clip_of_which_some_bars_are_new_tells_both() -> None:
    old, new = "statement, answer, sequence +1, close", "statement, rest, inversion, rest"
    assert mixed(old, new, {1, 2}) == "statement, rest, inversion, close"
    assert mixed("riff", new, {1}) == "riff"
