"""Counter-melodies: against the lead, where the lead rests, and as its answers."""

from itertools import pairwise
from random import Random
from statistics import fmean

import pytest

from hardcore.compose.parts import counter
from hardcore.compose.producer import compose
from hardcore.language.prompt.understand import understand
from hardcore.music.scale import Key
from hardcore.project.notes import Note
from tests.compose.measures import notes_of
from tests.compose.melodic import (
    GENRES,
    METERS,
    MODES,
    assert_one_voice,
    assert_sound,
    lead_line,
    lead_of,
    meter_of,
    progression_of,
)
from tests.saying import say


def pair(genre_id: str, seed: int) -> tuple[list[Note], list[Note]]:
    """Return a lead and a counter-melody to it."""
    style = lead_of(genre_id).evolve(behaviours={"motif": 1.0})
    tune = lead_line(style, genre_id, seed)
    line = counter.generate(progression_of(genre_id, seed), Key.parse("F minor"), tune, Random(seed))
    return tune, line


@pytest.mark.parametrize("seed", range(30))
def test_a_counter_melody_is_one_voice_in_key_range_and_length_in_any_meter(seed: int) -> None:
    rng = Random(seed)
    meter, bars = meter_of(*rng.choice(METERS)), rng.choice((1, 2, 5, 8))
    key = Key(tonic=rng.randrange(12), mode=rng.choice(MODES))
    low, high = rng.choice(((48, 84), (55, 72), (60, 66)))
    chords = progression_of(rng.choice(GENRES), seed, key, bars, meter)
    tune = [Note(tick, 400, key.nearest(76), 90) for tick in range(0, meter.bar_start(bars), 1440)]
    for response in (False, True):
        notes = counter.generate(
            chords, key, tune, rng, density=rng.random(), movement=rng.random(), response=response, low=low, high=high
        )
        assert_sound(notes, meter.bar_start(bars), low, high, key)
        assert_one_voice(notes)


def test_it_moves_against_the_lead_more_than_with_it() -> None:
    ways = {"contrary": 0, "oblique": 0, "along": 0}
    for genre_id in GENRES:
        for seed in range(8):
            tune, line = pair(genre_id, seed)
            heard = [next((n.pitch for n in reversed(tune) if n.start_ticks <= m.start_ticks), 0) for m in line]
            for (a, b), (x, y) in zip(pairwise(line), pairwise(heard), strict=True):
                product = (b.pitch - a.pitch) * (y - x)
                ways["along" if product > 0 else "contrary" if product < 0 else "oblique"] += 1
    total = sum(ways.values())
    assert ways["along"] / total < 0.25 and ways["contrary"] > ways["along"], ways


def test_it_starts_where_the_lead_does_not_and_keeps_below_it() -> None:
    together, below = [], []
    for genre_id in GENRES:
        for seed in range(8):
            tune, line = pair(genre_id, seed)
            starts = {note.start_ticks for note in tune}
            together += [note.start_ticks in starts for note in line]
            for note in line:
                heard = [n.pitch for n in tune if n.start_ticks <= note.start_ticks < n.end_ticks]
                below += [note.pitch < heard[0]] if heard else []
    assert fmean(together) < 0.25
    assert fmean(below) > 0.9


def test_words_bring_a_counter_melody() -> None:
    intent = understand("pop in C major, 8 bars, with a counter-melody")
    assert intent.traits["pluck"] == ("counter",) and not intent.ignored
    project = compose(intent, 3)
    clip = next(clip for track, clip in project.clips() if track.role == "pluck")
    assert clip.provenance is not None and clip.provenance.intent["motif"] == "counter"
    line = notes_of(project, "pluck")
    assert all(a.end_ticks <= b.start_ticks for a, b in pairwise(line))
    after = say(compose(understand("pop in C major, 8 bars, without pluck, with lead"), 3), "add a counter-melody")
    added = next(clip for track, clip in after.clips() if track.role == "pluck")
    assert added.provenance is not None and added.provenance.intent["motif"] == "counter"


def test_call_and_response_takes_turns() -> None:
    project = compose(understand("pop in C major, 8 bars, call and response"), 2)
    tune, answers = notes_of(project, "lead"), notes_of(project, "pluck")
    for bar in (1, 3, 5):
        assert not [note for note in tune if note.start_ticks // 7680 == bar]
        said = [note.start_ticks % 7680 for note in tune if note.start_ticks // 7680 == bar - 1]
        back = [note.start_ticks % 7680 for note in answers if note.start_ticks // 7680 == bar]
        assert back == said
