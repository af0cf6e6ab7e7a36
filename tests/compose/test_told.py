"""What a tune does bar by bar is what its clip says."""

from random import Random
from statistics import mean

from hardcore.compose.harmony.register import over, register
from hardcore.compose.motif.bars import mixed
from hardcore.compose.parts import lead
from hardcore.compose.producer import compose
from hardcore.compose.vary import regenerate
from hardcore.knowledge.loader import genre
from hardcore.language.prompt.understand import understand
from hardcore.project.notes import Note
from tests.compose.melodic import F_MINOR, FOUR_FOUR, lead_of, progression_of


def sung(genre_id: str, seed: int, **changes: object) -> tuple[list, list[str], object]:
    """Return the notes of a motif, what is told bar by bar, and the chords."""
    style = lead_of(genre_id).evolve(behaviours={"motif": 1.0}, **changes)
    chords = progression_of(genre_id, seed)
    notes, told = lead.sing(style, chords, F_MINOR, FOUR_FOUR, 8, Random(seed))
    return notes, told.replace(" | ", ", ").split(", "), chords


def rows_of(notes: list[Note]) -> list[list[tuple[int, int]]]:
    return [[(n.start_ticks % 7680, n.pitch) for n in notes if n.start_ticks // 7680 == bar] for bar in range(8)]


def test_what_is_told_of_a_bar_is_in_its_notes() -> None:
    seen: set[str] = set()
    for seed in range(80):
        notes, told, _ = sung("house", seed)
        rows = rows_of(notes)
        for bar, word in enumerate(told[:-1]):
            seen.add(word.split()[0])
            starts = [start for start, _ in rows[bar]]
            before = [[start for start, _ in row] for row in rows[:bar]]
            assert (word == "rest") == (not starts)
            if word.split()[0] in ("repetition", "sequence", "variation"):
                assert starts in before
            if word == "new":
                assert starts not in before
        assert told[-1] == "close"
    assert {"statement", "repetition", "sequence", "variation", "new"} <= seen


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
    assert told.startswith(("statement", "rest")) and told.count(",") == 6 and told.count("|") == 1
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
