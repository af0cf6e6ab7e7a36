"""The check names what is wrong with a line; the repair leaves nothing wrong, and what is right as it is."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hardcore.music.scale import Key
from hardcore.rhythm.bass_check import faults, repaired
from hardcore.rhythm.bass_modes import MODES
from hardcore.rhythm.bass_score import fit
from hardcore.rhythm.bassline import bassline
from hardcore.rhythm.drums import Drums
from hardcore.rhythm.tone import Tone
from tests.effort import examples
from tests.rhythm.lines import any_drums, four_on_the_floor, keys, lines, seeds

MODE = st.sampled_from(sorted(MODES))
F_MINOR = Key.parse("F minor")
STABS = MODES["offbeat_stabs"]
GOOD = [Tone(beat * 1920 + 960, 480, 41) for beat in range(4)]


@settings(max_examples=examples(300), deadline=None)
@given(drums=any_drums(), key=keys, name=MODE, line=lines)
@example(
    drums=Drums(bar_ticks=720, bars=5, kick=(0, 119, 2160, 2780)),
    key=Key.parse("C blues"),
    name="offbeat_stabs",
    line=[*[Tone(0, 1, 0, 1)] * 3, Tone(2041, 1, 0, 1), Tone(2421, 1, 0, 1, 240)],
)
def test_any_line_is_put_right_and_then_left_alone(drums: Drums, key: Key, name: str, line: list[Tone]) -> None:
    mode = MODES[name]
    first = repaired(line, drums, mode, key)
    assert faults(first, drums, mode, key) == ()
    assert repaired(first, drums, mode, key) == first


@settings(max_examples=examples(80), deadline=None)
@given(drums=any_drums(), key=keys, name=MODE, seed=seeds)
def test_a_line_that_was_made_stays_as_it_is(drums: Drums, key: Key, name: str, seed: int) -> None:
    line = bassline(drums, key, name, seed=seed)
    assert repaired(line, drums, MODES[name], key) == line


def kinds(line: list[Tone], drums: Drums | None = None) -> list[str]:
    """Return the kinds of the faults of a line of stabs to four on the floor."""
    return [fault.kind for fault in faults(line, drums or four_on_the_floor(1), STABS, F_MINOR)]


def test_each_fault_is_named() -> None:
    assert kinds(GOOD) == []
    assert kinds([*GOOD, Tone(1920, 240, 41)]) == ["collision"]
    assert kinds([GOOD[0]._replace(length_ticks=961), *GOOD[1:]]) == ["collision"]
    assert kinds([GOOD[0]._replace(pitch=60), *GOOD[1:]]) == ["register"]
    assert kinds([GOOD[0]._replace(pitch=42), *GOOD[1:]]) == ["register"]
    assert kinds(GOOD[:1]) == ["density"]
    assert kinds([*GOOD, GOOD[0]._replace(pitch=53)]) == ["monophony"]
    assert kinds([*GOOD, Tone(7600, 200, 41)]) == ["place", "collision"]


def test_a_note_on_the_kick_goes_to_the_next_free_step() -> None:
    line = [Tone(0, 240, 41), *GOOD[1:]]
    assert repaired(line, four_on_the_floor(1), STABS, F_MINOR)[0] == Tone(960, 240, 41)


def test_a_note_into_the_kick_ends_with_it_and_one_out_of_range_moves_by_octaves() -> None:
    line = [GOOD[0]._replace(length_ticks=5000, pitch=65), *GOOD[1:]]
    assert repaired(line, four_on_the_floor(1), STABS, F_MINOR)[0] == Tone(960, 960, 53)


def test_repairing_raises_the_fit() -> None:
    drums = four_on_the_floor(2)
    for name, mode in MODES.items():
        if mode.kick == "avoid":
            bad = [Tone(tick, 480, 41) for tick in range(0, 2 * 7680, 1920)]
            good = repaired(bad, drums, mode, F_MINOR)
            assert fit(good, drums, mode).total > fit(bad, drums, mode).total, name
            assert fit(good, drums, mode).clear == 1.0 > fit(bad, drums, mode).clear
