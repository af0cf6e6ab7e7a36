"""A bass line fits the drums it listens to, in every mode, key and meter, and is the same in any process."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.knowledge.rhythms import rhythm, rhythm_ids
from hardcore.music.scale import Key
from hardcore.rhythm.bass_check import faults
from hardcore.rhythm.bass_modes import MODES, WORDS, mode_for, mode_name
from hardcore.rhythm.bass_score import counts, fit, free_steps, step_of
from hardcore.rhythm.bassline import bassline
from hardcore.rhythm.drums import DrumHit, Drums, drums_of, listen, looped
from hardcore.rhythm.session import perform
from hardcore.rhythm.tone import Tone
from tests.effort import examples
from tests.rhythm.lines import any_drums, four_on_the_floor, keys, seeds

MODE = st.sampled_from(sorted(MODES))
F_MINOR = Key.parse("F minor")


@settings(max_examples=examples(250), deadline=None)
@given(drums=any_drums(), key=keys, name=MODE, seed=seeds, density=st.none() | st.floats(0, 1))
def test_a_line_is_in_key_and_register_of_one_voice_and_out_of_the_kicks_way(
    drums: Drums, key: Key, name: str, seed: int, density: float | None
) -> None:
    mode = MODES[name]
    line = bassline(drums, key, name, seed=seed, density=density)
    assert faults(line, drums, mode, key) == ()
    # said again without the checker's own words
    for tone in line:
        assert key.contains(tone.pitch) and mode.low <= tone.pitch <= mode.high
        assert 1 <= tone.velocity <= 127 and tone.length_ticks >= 1
        assert tone.start_ticks >= 0 and tone.ends <= drums.length_ticks
        assert tone.start_ticks % drums.step_ticks == 0 and tone.offset_ticks in (0, drums.late)
    for before, after in pairwise(line):
        assert before.ends <= after.sounds
    if mode.kick == "avoid":
        for tone in line:
            for kick in drums.kick:
                assert not tone.sounds <= kick < tone.ends
                assert abs(kick - tone.sounds) >= drums.step_ticks // 2
    for bar in range(drums.bars):
        here = [tone for tone in line if tone.start_ticks // drums.bar_ticks == bar]
        low, high = counts(drums, mode, bar)
        assert low <= len(here) <= high


@settings(max_examples=examples(60), deadline=None)
@given(drums=any_drums(), key=keys, name=MODE, seed=seeds)
def test_the_same_seed_gives_the_same_line(drums: Drums, key: Key, name: str, seed: int) -> None:
    assert bassline(drums, key, name, seed=seed) == bassline(drums, key, name, seed=seed)


def test_another_process_gives_the_same_line() -> None:
    code = (
        "from hardcore.music.scale import Key; from hardcore.rhythm.bassline import bassline; "
        "from hardcore.rhythm.phrase import lead; from tests.rhythm.lines import four_on_the_floor; "
        "drums, key = four_on_the_floor(8, 40), Key.parse('F minor'); "
        "bass = bassline(drums, key, 'pocket_groove', seed=5); print(bass, lead(drums, bass, key, seed=6))"
    )
    root = str(Path(__file__).resolve().parents[2])
    said = set()
    for hashes in ("0", "99"):
        environment = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": root}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
        said.add(done.stdout.strip())
    from hardcore.rhythm.phrase import lead

    drums = four_on_the_floor(8, 40)
    bass = bassline(drums, F_MINOR, "pocket_groove", seed=5)
    assert said == {f"{bass} {lead(drums, bass, F_MINOR, seed=6)}"}


@pytest.mark.parametrize("name", sorted(MODES))
def test_seeds_differ(name: str) -> None:
    drums = four_on_the_floor()
    assert len({bassline(drums, F_MINOR, name, seed=seed) for seed in range(12)}) > 6


@pytest.mark.parametrize("name", sorted(MODES))
def test_a_line_fits_better_than_the_same_notes_shifted_and_than_other_drums(name: str) -> None:
    drums, mode = four_on_the_floor(), MODES[name]
    other = listen({"kick": [DrumHit(tick) for tick in range(0, 4 * 7680, 480) if tick % 1920]}, 7680, 4)
    for seed in range(8):
        line = bassline(drums, F_MINOR, name, seed=seed)
        own = fit(line, drums, mode)
        # a free mode's own leaning counts for more beside what it likes of the drums
        assert own.total >= (0.5 if mode.kick == "free" else 0.85)
        shifted = [tone._replace(start_ticks=(tone.start_ticks + 480) % drums.length_ticks) for tone in line]
        if mode.kick != "free":
            assert fit(shifted, drums, mode).total < own.total
        if mode.kick == "avoid":
            assert own.clear == 1.0
            assert fit(line, other, mode).clear < 1.0


def test_moving_a_note_onto_a_kick_lowers_the_fit_where_the_mode_avoids_it_and_raises_it_where_it_locks() -> None:
    drums = four_on_the_floor(1)
    off, on = [Tone(480, 240, 41)], [Tone(0, 240, 41)]
    assert fit(on, drums, MODES["pocket_groove"]).total < fit(off, drums, MODES["pocket_groove"]).total
    assert fit(on, drums, MODES["root_fifth"]).total > fit(off, drums, MODES["root_fifth"]).total


def test_a_note_beside_a_clap_or_a_hat_is_worth_more() -> None:
    mode = MODES["leadish"]
    drums = listen({"clap": [DrumHit(1920)], "hat_closed": [DrumHit(5760)]}, 7680, 1)
    alone, clap, hat = ([Tone(step * 480, 240, 50)] for step in (9, 5, 13))
    found = [fit(line, drums, mode).total for line in (alone, hat, clap)]
    assert found == sorted(found) and len(set(found)) == 3
    assert fit(clap, drums, mode).clap == 1.0 and fit(hat, drums, mode).hat == 1.0


def test_more_density_gives_more_notes_up_to_the_modes_limit() -> None:
    drums = four_on_the_floor()
    for name, mode in MODES.items():
        sizes = [len(bassline(drums, F_MINOR, name, seed=3, density=share / 16)) for share in range(17)]
        assert sizes == sorted(sizes)
        assert sizes[0] == 4 * mode.fewest
        assert sizes[-1] == 4 * max(mode.fewest, min(mode.most, len(free_steps(drums, mode, 0))))


def test_what_each_mode_is_known_by() -> None:
    drums = four_on_the_floor()
    lines = {name: bassline(drums, F_MINOR, name, seed=4) for name in MODES}
    assert {step_of(drums, tone)[1] % 4 for tone in lines["offbeat_stabs"]} == {2}
    assert {step_of(drums, tone)[1] % 4 for tone in lines["root_fifth"]} == {0}
    bars = [tuple(step_of(drums, t)[1] for t in lines["rolling_ostinato"] if step_of(drums, t)[0] == b) for b in (0, 1)]
    assert bars[0] == bars[1]
    mean = {name: sum(tone.pitch for tone in line) / len(line) for name, line in lines.items()}
    assert mean["sub_anchor"] < mean["rolling_ostinato"] < mean["leadish"]
    held = [tone.length_ticks for tone in lines["sub_anchor"]]
    assert min(held) > max(tone.length_ticks for tone in lines["rolling_ostinato"])


def test_a_note_of_the_second_of_two_steps_is_as_late_as_the_hats() -> None:
    drums = four_on_the_floor(late=96)
    assert drums.late == 96
    line = bassline(drums, F_MINOR, "rolling_ostinato", seed=1)
    assert {tone.offset_ticks for tone in line if tone.start_ticks // 480 % 2} == {96}
    assert {tone.offset_ticks for tone in line if tone.start_ticks // 480 % 2 == 0} == {0}


def test_a_kick_on_every_step_leaves_nothing_to_play_but_to_those_who_lock() -> None:
    drums = listen({"kick": [DrumHit(tick) for tick in range(0, 7680, 480)]}, 7680, 1)
    assert bassline(drums, F_MINOR, "rolling_ostinato", seed=1) == ()
    assert len(bassline(drums, F_MINOR, "root_fifth", seed=1)) == 4


@pytest.mark.parametrize("name", rhythm_ids())
def test_a_line_to_every_rhythm_that_comes_with_the_program_is_valid_and_fits(name: str) -> None:
    drums = drums_of(perform(rhythm(name), bars=8))
    for mode in MODES:
        line = bassline(drums, F_MINOR, mode, seed=1)
        assert faults(line, drums, MODES[mode], F_MINOR) == ()
        assert line and fit(line, drums, MODES[mode]).total > (0.5 if MODES[mode].kick == "free" else 0.7)


def test_modes_are_found_by_name_and_by_word_and_the_nearest_is_named() -> None:
    assert mode_name("rolling-ostinato") == "rolling_ostinato" and mode_name("Dubby") == "sub_anchor"
    assert all(mode_name(word) == mode for word, mode in WORDS.items())
    with pytest.raises(UserError, match="roling_ostinato") as error:
        mode_name("roling_ostinato")
    assert "rolling_ostinato" in error.value.hint
    with pytest.raises(UserError):
        bassline(four_on_the_floor(), F_MINOR, "sub_anchor", seed=1, density=1.5)


def test_the_drums_suggest_a_mode() -> None:
    assert mode_for(four_on_the_floor()) == "rolling_ostinato"
    few = listen({"kick": [DrumHit(0), DrumHit(3840)]}, 7680, 1)
    assert mode_for(few) == "sub_anchor"
    hats = [DrumHit(tick) for tick in range(0, 7680, 960)]
    broken = listen({"kick": [DrumHit(0), DrumHit(3 * 480), DrumHit(10 * 480)], "hat_closed": hats}, 7680, 1)
    assert mode_for(broken) == "pocket_groove"
    plain = listen({"kick": [DrumHit(tick) for tick in range(0, 7680, 1920)]}, 7680, 1)
    assert mode_for(plain) == "offbeat_stabs"


def test_a_loop_is_heard_again_until_the_bars_are_full() -> None:
    hits = [DrumHit(0), DrumHit(960), DrumHit(5000)]
    assert [hit.tick for hit in looped(hits, 1920, 5000)] == [0, 960, 1920, 2880, 3840, 4800]
