"""Voicings: registers, voice-leading, inversions."""

from itertools import pairwise, permutations, product

from hypothesis import given
from hypothesis import strategies as st

from hardcore.music.chord import QUALITIES, Chord, parse_chord, parse_progression
from hardcore.music.scale import Key
from hardcore.music.voicing import Guide, bass_note, drop2, invert, parallels, tendencies, voicing

CHORDS = st.builds(
    Chord, root=st.integers(0, 11), intervals=st.sampled_from(sorted(QUALITIES)).map(QUALITIES.__getitem__)
)


def test_a_chord_inverts_upward():
    assert invert((60, 64, 67)) == (64, 67, 72)
    assert invert((60, 64, 67), 2) == (67, 72, 76)
    assert invert((60, 64, 67), -1) == (55, 60, 64)
    assert invert((60, 76)) == (76, 84)
    assert invert(()) == ()


@given(st.sets(st.integers(48, 59), min_size=1, max_size=6), st.integers(0, 6))
def test_inverting_down_undoes_inverting_up(pitches, times):
    assert invert(invert(tuple(pitches), times), -times) == tuple(sorted(pitches))


def test_drop_two_lowers_the_second_voice_from_the_top():
    assert drop2((60, 64, 67, 71)) == (55, 60, 64, 71)
    assert drop2((60, 64)) == (60, 64)


@given(CHORDS, st.integers(40, 84), st.integers(1, 8))
def test_a_voicing_has_the_asked_voices_of_the_chord_near_the_centre(chord, around, count):
    notes = voicing(chord, around, count)
    assert len(notes) == min(count, 2 * len(chord.pitch_classes), 6)
    assert list(notes) == sorted(set(notes))
    assert all(chord.contains(note) and abs(note - around) <= 12 for note in notes)


@given(CHORDS, st.integers(40, 84))
def test_a_voicing_of_full_size_sounds_every_tone(chord, around):
    assert {note % 12 for note in voicing(chord, around)} == set(chord.pitch_classes)


def test_too_few_voices_leave_out_the_fifth_then_the_root():
    cm7 = parse_chord("Cm7")
    assert {note % 12 for note in voicing(cm7, 60, 3)} == {0, 3, 10}
    assert {note % 12 for note in voicing(cm7, 60, 2)} == {3, 10}


def moved(a, b):
    return sum(abs(x - y) for x, y in zip(sorted(a), sorted(b), strict=True))


@given(CHORDS, CHORDS)
def test_no_other_octaves_of_the_same_tones_would_move_the_voices_less(first, second):
    before = voicing(first, 60, 3)
    after = voicing(second, 60, 3, before)
    for order in permutations(after):
        # every octave choice of the same tones within the register costs at least as much, but for the tie-breakers
        shifted = tuple(note + 12 if note <= 60 else note - 12 for note in order)
        if max(shifted) - min(shifted) <= 19 and len(set(shifted)) == 3:
            assert moved(before, after) <= moved(before, shifted) + 2


def test_a_common_progression_keeps_its_common_tones():
    previous, path = None, []
    for chord in parse_progression("i VI III VII", Key.parse("F minor")):
        previous = voicing(chord, 60, 3, previous)
        path.append(previous)
    assert path == [(56, 60, 65), (56, 61, 65), (56, 60, 63), (55, 58, 63)]


def test_a_repeated_chord_stays_where_it_is():
    before = voicing(parse_chord("Fm9"), 60, 4)
    assert voicing(parse_chord("Fm9"), 60, 4, before) == before


def test_the_edges_of_the_keyboard_still_give_notes():
    for around in (0, 127):
        assert all(0 <= note <= 127 for note in voicing(parse_chord("C"), around, 4))


@given(CHORDS, st.integers(0, 127))
def test_the_bass_is_the_root_nearest_its_register(chord, around):
    note = bass_note(chord, around)
    assert 0 <= note <= 127
    assert note % 12 == chord.root
    assert abs(note - around) <= 12


def test_a_slash_chord_has_its_own_bass():
    assert bass_note(parse_chord("C/E"), 36) == 40


PROGRESSIONS = ("I vi ii V", "I IV V I", "ii V I vi", "i bVI bIII bVII", "I V vi IV", "I V7/ii ii V7", "I iii IV iv")


def led(text, count, strict=False):
    """Return the chords of a progression in C, each with its voices."""
    row = parse_progression(text, Key.parse("C"))
    found, before = [], None
    for chord in (*row, row[0]):
        guide = Guide((before[0].root, chord.root), tendencies(before[0], chord)) if before and strict else None
        before = (chord, voicing(chord, 62, count, before[1] if before else None, guide))
        found.append(before)
    return found


def test_voices_move_as_little_as_the_best_of_all_voicings():
    moves, bests = 0, 0
    for text in PROGRESSIONS:
        for (_, before), (chord, after) in pairwise(led(text, 3)):
            places = [[p for p in range(50, 75) if p % 12 == tone] for tone in sorted({p % 12 for p in after})]
            best = min(moved(before, sorted(row)) for row in product(*places) if len(set(row)) == 3)
            assert moved(before, after) <= best + 1, (text, chord.name)
            moves, bests = moves + moved(before, after), bests + best
    assert moves <= bests * 1.05


def test_common_tones_stay_in_their_voice():
    kept = []
    for text in PROGRESSIONS:
        for (old, before), (new, after) in pairwise(led(text, 3)):
            common = set(old.pitch_classes) & set(new.pitch_classes) & {p % 12 for p in before}
            kept += [pitch in after for pitch in before if pitch % 12 in common]
    assert sum(kept) / len(kept) > 0.9


def test_strict_voices_have_no_parallels_with_the_bass_and_resolve_their_leading_notes():
    loose = resolved = dominants = 0
    for text in PROGRESSIONS:
        for strict in (True, False):
            for (old, before), (new, after) in pairwise(led(text, 4, strict)):
                outer = parallels((old.root, before[-1]), (new.root, after[-1]))
                loose += outer if not strict else 0
                assert not (strict and outer), (text, old.name, new.name)
                for tone, goal in tendencies(old, new) if strict else ():
                    places = [place for place, pitch in enumerate(before) if pitch % 12 == tone]
                    dominants += len(places)
                    resolved += sum(after[p] % 12 == goal and abs(after[p] - before[p]) <= 2 for p in places)
    assert loose > 0  # there is something that strictness avoids
    assert dominants > 3 and resolved / dominants > 0.9
