"""Progressions: cadences, secondary dominants, borrowed chords, and the tension of the form in what is played."""

from itertools import pairwise
from random import Random
from statistics import fmean

import pytest

from hardcore.compose.harmony.chordwords import bent, merged
from hardcore.compose.harmony.progression import Progression, progression
from hardcore.compose.harmony.register import over, register
from hardcore.compose.parts import lead
from hardcore.compose.parts.chordparts import voice_lead
from hardcore.compose.producer import compose
from hardcore.knowledge.loader import genre
from hardcore.knowledge.melodic import HarmonyStyle
from hardcore.language.prompt.understand import understand
from hardcore.music.chord import parse_chord, parse_roman
from hardcore.music.function import function, leads, tension
from hardcore.music.scale import Key
from hardcore.music.voicing import parallels, tendencies
from hardcore.project.roles import DRUMS
from tests.compose.measures import composed, notes_of
from tests.compose.melodic import FOUR_FOUR, meter_of
from tests.saying import say

C, AM = Key.parse("C"), Key.parse("A minor")
FORM = (0.3, 0.38, 0.3, 0.7) * 2
LIVE = ("pop", "jazz_trio", "bossa_nova", "lofi_hip_hop", "disco", "cinematic", "waltz", "funk", "deep_house", "trance")
STRICT = ("pop", "cinematic", "waltz")


def made(numerals: str, seed: int, key: Key = C, bars: int = 8, **changes: object) -> Progression:
    style = HarmonyStyle.model_validate({"progressions": [{"numerals": numerals}], "chromatic": 1, **changes})
    return progression(style, key, FOUR_FOUR, bars, Random(seed), curve=FORM)


def marks(found: Progression) -> dict[str, int]:
    names = [placed.mark for placed in found.chords if placed.mark]
    return {name: names.count(name) for name in names}


def test_the_defaults_leave_a_progression_as_it_is_written() -> None:
    assert made("I V/3 vi IV", 1).told() == "C | G/B | Am | F | C | G/B | Am | F"


def test_a_round_that_leads_nowhere_ends_on_a_dominant_when_the_style_wants_cadences() -> None:
    for key, numerals in ((C, "I vi IV ii"), (AM, "i VI III iv"), (Key.parse("E phrygian"), "i vii II i")):
        found = made(numerals, 3, key, cadence=0.95)
        for seed in range(9):
            found = made(numerals, seed, key, cadence=0.95)
            if marks(found).get("authentic"):
                break
        last = found.chords[-1].chord
        assert function(last, key) == "dominant" and leads(last, found.chords[0].chord, key)


def test_between_two_rounds_the_music_stops_on_the_dominant_or_is_deceived() -> None:
    half = [marks(made("I vi ii IV", seed, cadence=0.95)).get("half", 0) for seed in range(20)]
    deceived = [made("I IV ii V7", seed, cadence=0.95) for seed in range(20)]
    assert sum(half) > 10
    chords = [placed.chord for found in deceived for placed in found.chords if placed.mark == "deceptive"]
    assert len(chords) > 3 and {chord.root for chord in chords} == {9}


def test_turnarounds_that_lead_into_the_first_chord_are_the_likeliest() -> None:
    ends = [made("I vi IV IV", seed, turnarounds=["V7", "iii", "bVI"], turn=1).chords[-1].chord for seed in range(60)]
    assert fmean(chord.root == 7 for chord in ends) > 0.6
    # a dominant at the end needs no turnaround
    kept = [made("I vi IV V", seed, turnarounds=["iii"], turn=1).chords[-1].chord.root for seed in range(9)]
    assert set(kept) == {7}


def test_a_secondary_dominant_stands_before_its_chord_on_a_beat() -> None:
    found = [made("I vi ii V", seed, secondary=0.9) for seed in range(10)]
    seen = 0
    for one in found:
        for placed, after in pairwise(one.chords):
            if placed.mark == "secondary":
                seen += 1
                assert (placed.chord.root - after.chord.root) % 12 == 7 and {4, 10} <= set(placed.chord.intervals)
                assert placed.start_ticks % 1920 == 0
    assert seen > 15


def test_borrowed_chords_come_more_often_where_it_is_tense_and_never_first() -> None:
    found = [made("IV IV IV IV", seed, borrowed=0.5) for seed in range(60)]
    tense = fmean(any(p.mark == "borrowed" and p.tension > 0.6 for p in one.chords) for one in found)
    calm = [sum(p.mark == "borrowed" and p.tension < 0.6 for p in one.chords) / 3 for one in found]
    assert tense > fmean(calm) > 0
    assert all(one.chords[0].mark == "" for one in found)
    assert {p.chord.name for one in found for p in one.chords if p.mark == "borrowed"} <= {"Fm", "Fm6"}


def test_a_dominant_is_suspended_before_it_resolves() -> None:
    found = made("I V I V", 1, suspend=0.95)
    at = [placed.chord.name for placed in found.chords]
    assert any(a == "Gsus4" and b == "G" for a, b in pairwise(at))


@pytest.mark.parametrize("meter", [(3, 4), (7, 8), (6, 8), (5, 4), (1, 4), (5, 16)])
def test_chords_fill_any_meter_without_a_gap_whatever_shares_their_time(meter: tuple[int, int]) -> None:
    map_ = meter_of(*meter)
    for seed in range(30):
        style = HarmonyStyle.model_validate(
            {"progressions": [{"numerals": "I vi ii V7"}], "chromatic": 1, "tension": 1, "cadence": 0.9}
            | dict.fromkeys(("secondary", "borrowed", "suspend", "rhythm"), 0.5)
        )
        found = progression(style, C, map_, 9, Random(seed), curve=FORM)
        at = 0
        for placed in found.chords:
            assert placed.start_ticks == at and placed.length_ticks > 0
            assert found.at(at) == placed.chord
            at += placed.length_ticks
        assert at == map_.bar_start(9)


def measured(name: str, seed: int) -> list[float]:
    """Return the mean tension of the chords of calm bars and of tense ones, weighed by their time.

    Chords are the same whoever plays them.
    """
    project = composed(name, seed, bars=8, only=("bass",))
    style = genre(name)
    form = style.structure.form
    sums: dict[bool, list[float]] = {False: [], True: []}
    sources = [clip.provenance.intent for _, clip in project.clips() if clip.provenance]
    text = next(words["chords_played"] for words in sources if "chords_played" in words)
    row = "–"
    for bar, names in enumerate(text.split(" | ")):
        row = row.split()[-1] if names == "–" else names
        chords = [parse_chord(name) for name in row.split() if "(" not in name]
        if chords:
            sums[form[bar % len(form)][0] == "B"].append(fmean(tension(chord, project.key) for chord in chords))
    return [fmean(sums[False]), fmean(sums[True])]


@pytest.mark.parametrize("name", LIVE)
def test_the_b_of_a_form_is_tenser_than_its_a(name: str) -> None:
    calm, tense = zip(*(measured(name, seed) for seed in range(24)), strict=True)
    assert fmean(tense) > fmean(calm) + 0.1, (fmean(calm), fmean(tense))


def test_voices_and_lead_rise_with_the_tension_where_a_style_follows_it() -> None:
    def heights(reach: float) -> tuple[float, float]:
        found = [made("I IV I IV", seed, tension=reach) for seed in range(8)]
        low, high = [], []
        for one in found:
            for placed, pitches in zip(one.chords, voice_lead(one, 4, 62, register(C, 43, 88)), strict=True):
                (high if placed.tension > 0.6 else low).append(len(pitches) * 10 + fmean(pitches))
        return fmean(low), fmean(high)

    low, high = heights(0.0)
    assert abs(high - low) < 2
    low, high = heights(1.0)
    assert high > low + 8


def test_a_lead_lies_higher_where_its_style_is_tense() -> None:
    def rise(reach: float) -> float:
        low, high = [], []
        for seed in range(30):
            one = made("I IV I I", seed, tension=reach)
            style = genre("house").lead.evolve(behaviours={"motif": 1.0}, rest=0.0)
            for note in lead.sing(style, one, C, FOUR_FOUR, 8, Random(seed))[0]:
                (high if note.start_ticks // 7680 % 4 == 3 else low).append(note.pitch)
        return fmean(high) - fmean(low)

    assert rise(1.0) > rise(0.0) + 2


@pytest.mark.parametrize("name", STRICT)
def test_strict_styles_lead_their_outer_voices_without_parallels_and_resolve_cadences(name: str) -> None:
    wrong = moves = resolved = wanted = 0
    for seed in range(20):
        style = genre(name)
        key = style.keys[seed % len(style.keys)].key
        found = progression(style.harmony, key, FOUR_FOUR, 8, Random(seed), curve=FORM)
        voices = voice_lead(found, 4, 62, register(key, 43, 88))
        for (a, before), (b, after) in pairwise(zip(found.chords, voices, strict=True)):
            under = [chord.root if chord.bass is None else chord.bass for chord in (a.chord, b.chord)]
            moves += 1
            wrong += parallels((under[0], before[-1]), (under[1], after[-1]))
            for tone, goal in tendencies(a.chord, b.chord):
                places = [place for place, pitch in enumerate(before) if pitch % 12 == tone]
                wanted += len(places)
                resolved += sum(place < len(after) and after[place] % 12 == goal for place in places)
    assert wrong <= moves * 0.01, (wrong, moves)
    assert wanted > 4 and resolved / wanted > 0.8, (resolved, wanted)


def test_the_bass_follows_inversions_and_pedals() -> None:
    project = compose(understand("pop in C, 8 bars, bass and piano"), 5)
    bass = notes_of(project, "bass")
    text = next(c.provenance.intent["chords_played"] for t, c in project.clips() if c.provenance and t.role == "bass")
    on_time = []
    for bar, names in enumerate(text.split(" | ")):
        if names != "–":
            chord = parse_chord(names.split()[0])
            first = [note for note in bass if note.start_ticks == bar * 7680]
            on_time += [note.pitch % 12 == (chord.root if chord.bass is None else chord.bass) for note in first]
    assert len(on_time) >= 4 and all(on_time)


def test_over_a_borrowed_chord_the_scale_bends_to_it() -> None:
    usable = register(C, 48, 84)
    assert over(usable, parse_roman("vi", C)) is usable
    assert {9} not in over(usable, parse_roman("iv", C)).classes
    assert over(usable, parse_roman("iv", C)).classes == frozenset({0, 2, 4, 5, 7, 8, 11})
    assert over(usable, parse_roman("V7/ii", C)).classes == frozenset({1, 2, 4, 5, 7, 9, 11})
    assert over(usable, parse_roman("V7/vi", C)).classes == frozenset({0, 2, 4, 5, 8, 9, 11})


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("house with jazzy chords", "jazzy"), ("pop, borrowed chords", "borrowed"), ("pop, tense chords", "tense"),
        ("suspended chords please, house", "suspended"), ("simpler chords, pop", "simple"),
    ],
)  # fmt: skip
def test_words_ask_for_chords(text: str, wish: str) -> None:
    assert understand(text).chords == (wish,)
    assert not understand(f"{text.replace(',', '')}, no borrowed chords").chords[1:]


def test_a_prompt_says_what_it_took_from_words_for_chords() -> None:
    intent = understand("pop in C major with jazzy chords, 8 bars")
    assert intent.chords == ("jazzy",) and not intent.ignored
    assert ("jazzy chords", "extended chords with dominants of their own") in intent.understood
    assert merged(("jazzy", "simple", "borrowed")) == ("borrowed",)
    assert bent(genre("pop").harmony, ("simple",)).secondary == 0


@pytest.mark.parametrize("words", ["jazzier chords", "borrowed chords", "suspended chords"])
def test_a_follow_up_changes_the_chords_of_every_part_and_nothing_else(words: str) -> None:
    before = compose(understand("pop in C major, 8 bars"), 3)
    after = say(before, words)
    for old, new in zip(before.tracks, after.tracks, strict=True):
        if old.role in DRUMS:
            assert [clip.notes for clip in old.clips] == [clip.notes for clip in new.clips]
        assert (old.instrument, old.effects, old.mixer) == (new.instrument, new.effects, new.mixer)
    assert notes_of(before, "keys", "pad", "pluck") != notes_of(after, "keys", "pad", "pluck")


def test_tension_of_chords_grows_by_the_words() -> None:
    def mean_tension(text: str) -> float:
        found = []
        for seed in range(12):
            style = genre("pop").harmony
            wishes = understand(text).chords
            one = progression(style, C, FOUR_FOUR, 8, Random(seed), curve=FORM, wishes=wishes)
            found += [tension(placed.chord, C) for placed in one.chords]
        return fmean(found)

    simple, plain, tense = (mean_tension(f"pop{words}") for words in (", simple chords", "", ", tense chords"))
    assert simple < plain < tense
