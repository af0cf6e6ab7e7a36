"""Takes: what was played by hand as the notes of a loop, on the grid that ran or on one that is guessed."""

import random

import pytest

from hardcore.music.tempoguess import guess_bpm
from hardcore.project.take import BEAT, Played, latest, on_the_grid, recorded, unclocked

BAR = 4 * BEAT
# Onsets in beats, over two bars.
PATTERNS = (
    (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5),
    (0, 0.75, 1.5, 2, 2.75, 3.5, 4, 4.75, 5.5, 6, 6.75, 7.5),
    (0, 1, 1.75, 2.5, 3, 4, 4.25, 5, 6, 6.5, 7, 7.75),
    (0, 1, 2, 3, 4, 5, 6, 6.5, 7, 7.5),
)


def performed(pattern: tuple[float, ...], bpm: float, seed: int, *, jitter_s: float = 0.008) -> list[float]:
    """Return when a person plays a pattern, in seconds: as a hand is, each note a little off."""
    draw = random.Random(seed)
    return [100 + beat * 60 / bpm + draw.gauss(0, jitter_s) for beat in pattern]


def played(onsets: list[float], bpm: float, *, running: bool = False, from_tick: float = 0) -> list[Played]:
    rate = bpm * BEAT / 60
    ticks = [from_tick + (at - 100) * rate if running else None for at in onsets]
    return [Played("t1", 60, 100, at, at + 0.1, tick) for at, tick in zip(onsets, ticks, strict=True)]


@pytest.mark.parametrize("bpm", [84, 100, 120, 128, 140, 174])
def test_the_tempo_of_what_hands_play_is_guessed_within_one_percent(bpm: float) -> None:
    for seed, pattern in enumerate(PATTERNS):
        guessed = guess_bpm(performed(pattern, bpm, seed))
        assert guessed is not None
        assert min(abs(guessed * factor / bpm - 1) for factor in (0.5, 1, 2)) < 0.01, (pattern, guessed)


def test_the_usual_tempos_are_guessed_as_they_are_tapped() -> None:
    for bpm in (96, 120, 128):
        guessed = guess_bpm(performed(PATTERNS[1], bpm, 1))
        assert guessed is not None and abs(guessed / bpm - 1) < 0.01
    assert guess_bpm([1.0, 2.0]) is None


def test_a_take_without_a_clock_is_a_loop_of_its_tempo_that_the_next_first_beat_ends() -> None:
    onsets = performed((*PATTERNS[2], 8), 120, 3)
    take = unclocked(played(onsets, 120), BAR, 16)
    assert take.bpm == pytest.approx(120, abs=0.6) and take.length_ticks == 2 * BAR
    assert len(take.notes) == len(PATTERNS[2])
    for note, beat in zip(take.notes, PATTERNS[2], strict=True):
        assert abs(note.start_ticks - beat * BEAT) < BEAT / 8
    known = unclocked(played(onsets, 120), BAR, 16, 60)
    assert known.bpm == 60 and known.length_ticks == BAR


def test_a_take_over_running_music_begins_on_its_bar_and_an_early_hand_is_of_the_bar_that_comes() -> None:
    onsets = [99.97, 100.5, 101.0, 103.9]
    take = on_the_grid(played(onsets, 120, running=True, from_tick=5 * BAR), 2 * BEAT, BAR, 16)
    assert take.length_ticks == 2 * BAR and take.bpm is None
    assert [note.start_ticks for note in take.notes] == [0, BEAT, 2 * BEAT, round(7.8 * BEAT)]
    short = on_the_grid(played(onsets, 120, running=True, from_tick=5 * BAR), 2 * BEAT, BAR, 1)
    assert short.length_ticks == BAR and len(short.notes) == 3


def test_only_the_last_idea_is_captured() -> None:
    old, new = played([10.0, 11.0], 120), played([20.0, 21.0], 120)
    assert latest([*new, *old], 22, 60, 4) == new
    assert latest([*old, *new], 22, 60, 30) == [*old, *new]
    assert latest([*old, *new], 22, 1.5, 30) == new[1:]
    running = played([20.5], 120, running=True)
    assert latest([*old, *running], 22, 60, 30) == running


def test_what_is_recorded_goes_round_with_its_clip() -> None:
    notes = recorded(played([100.0, 104.5], 120, running=True, from_tick=BAR), BAR, 2 * BAR, 2)
    assert [note.start_ticks for note in notes] == [0, BEAT]
    assert notes[0].length_ticks == round(0.1 * 2 * BEAT)
