"""Words move what they say: a rhythm is played before and after, over several seeds, and what they name is measured."""

from collections.abc import Callable
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.errors import UserError
from hardcore.knowledge.rhythms import rhythm, rhythm_ids
from hardcore.rhythm import intents
from hardcore.rhythm.config import Rhythm, load, meter_point
from hardcore.rhythm.intent_words import VOCABULARY, parse
from hardcore.rhythm.intents import tell
from hardcore.rhythm.session import Performance, perform

SEEDS = (1, 2, 3)
BARS = 32


def of_roles(play: Performance, *roles: str) -> list[int]:
    """Return the numbers of the layers with one of the roles."""
    names = {"hat_c": "hat_closed"}
    return [n for n, (name, layer) in enumerate(play.rhythm.layers.items()) if (layer.role or names.get(name)) in roles]


def ghosts(play: Performance) -> float:
    """Return the soft hits of kick and snare a bar: what is below 0.7 of the layer's velocity."""
    return sum(
        note.velocity < 0.7 * list(play.rhythm.layers.values())[number].velocity
        for number in of_roles(play, "kick", "snare")
        for note in play.notes.of_layer(number)
    ) / play.bars  # fmt: skip


def swing(play: Performance) -> float:
    """Return how late the notes lie by their swing, in ticks, before micro-timing."""
    return float((play.notes.swung - play.notes.grid).mean())


def hats(play: Performance) -> float:
    """Return the steps a bar of the closed hats, or of the open ones where there are no others."""
    numbers = of_roles(play, "hat_closed") or of_roles(play, "hat_open")
    return sum(len(set(play.notes.of_layer(n).grid.tolist())) for n in numbers) / play.bars


def energy(play: Performance) -> float:
    """Return the sum of the velocities a bar."""
    return float(play.notes.velocity.sum()) / play.bars


def timing(play: Performance) -> float:
    """Return how far hits lie from their swung step, the root mean square in ticks a millisecond."""
    away = (play.notes.start - play.notes.swung).astype(float)
    return float((away**2).mean() ** 0.5) * 60_000 / (play.bpm * 1920)


def difference(play: Performance) -> float:
    """Return the share of hits that a layer's bar has and its next one has not, or the other way round."""
    away = total = 0
    for number, layer in enumerate(play.rhythm.layers.values()):
        size = meter_point(layer.bar or play.rhythm.meter).bar_ticks
        bars: list[set[int]] = [set() for _ in range(play.length_ticks // size)]
        for tick in play.notes.of_layer(number).grid.tolist():
            if tick // size < len(bars):
                bars[tick // size].add(tick % size)
        away += sum(len(a ^ b) for a, b in pairwise(bars))
        total += sum(len(a | b) for a, b in pairwise(bars))
    return away / max(1, total)


def density(play: Performance) -> float:
    """Return the notes a bar."""
    return len(play.notes) / play.bars


def turning(play: Performance) -> float:
    """Return how many layers have a bar of their own."""
    return sum(layer.bar is not None for layer in play.rhythm.layers.values())


def tempo(play: Performance) -> float:
    """Return the tempo."""
    return play.bpm


CASES: list[tuple[str, Callable[[Performance], float], int]] = [
    ("more ghost", ghosts, 1), ("more swing", swing, 1), ("less swing", swing, -1), ("more hats", hats, 1),
    ("less hats", hats, -1), ("denser hats", hats, 1), ("more energy", energy, 1), ("less energy", energy, -1),
    ("tighter", timing, -1), ("looser", timing, 1), ("faster", tempo, 1), ("slower", tempo, -1),
    ("hypnotic", difference, -1), ("more variation", difference, 1), ("minimal", density, -1),
    ("denser", density, 1), ("sparser", density, -1), ("polymetric", turning, 1),
]  # fmt: skip


def measured(found: Rhythm, measure: Callable[[Performance], float]) -> float:
    """Return the mean of a measure over the seeds."""
    return fmean(measure(perform(found, bars=BARS, seed=seed)) for seed in SEEDS)


@pytest.mark.parametrize(("words", "measure", "way"), CASES, ids=[words for words, _, _ in CASES])
def test_words_move_what_they_say_in_every_rhythm_or_say_that_they_cannot(
    words: str, measure: Callable[[Performance], float], way: int
) -> None:
    moved = ended = 0
    for name in rhythm_ids():
        before = rhythm(name)
        told = tell(before, words)
        if told.rhythm == before:  # at its limit, and says so: five rhythms are straight already
            assert told.limits and not told.changes, name
            ended += 1
            continue
        change = (measured(told.rhythm, measure) - measured(before, measure)) * way
        assert change > 1e-6 or told.limits, (
            f"{name}: {words} moved {measure.__name__} by {change * way:+.4f}: {told[1:]}"
        )
        assert change > -1e-6, f"{name}: {words} moved {measure.__name__} the wrong way, by {change * way:+.4f}"
        if change > 1e-6:
            moved += 1
        else:  # as far as it goes, and says so
            ended += 1
    assert moved == len(rhythm_ids()) - ended
    assert ended < len(rhythm_ids()) / 2


@pytest.mark.parametrize(
    "words", ["much more ghost", "a lot more swing", "way more hats", "much looser", "a lot faster"]
)
def test_twice_as_strongly_said_moves_twice_as_far_and_a_bit_half_as_far(words: str) -> None:
    kind = parse(words)[0]
    plain = words.replace("much", "").replace("a lot", "").replace("way", "")
    assert abs(kind.amount) == 2 * abs(parse(plain)[0].amount) == 4 * abs(parse(f"a bit {plain}")[0].amount)


def test_a_stronger_word_moves_the_number_further() -> None:
    found = rhythm("warehouse")
    swings = [tell(found, words).rhythm.swing for words in ("a bit more swing", "more swing", "much more swing")]
    assert swings == sorted(set(swings)) and swings[0] > found.swing
    bpms = [tell(found, words).rhythm.bpm - found.bpm for words in ("a bit faster", "faster", "much faster", "slower")]
    assert bpms == [2.5, 5, 10, -5]


def test_faster_changes_nothing_but_the_time_between_notes() -> None:
    before, after = (perform(r, bars=8) for r in (rhythm("default"), tell(rhythm("default"), "faster").rhythm))
    assert before.notes.grid.tolist() == after.notes.grid.tolist()
    assert before.notes.pitch.tolist() == after.notes.pitch.tolist()
    assert after.bpm > before.bpm


def test_words_again_and_again_stop_at_the_caps_and_say_so() -> None:
    caps = {
        "more ghost": lambda r: r.layers["kick"].ghost_pre1_prob == intents.GHOST_CAP,
        "more swing": lambda r: r.swing == intents.SWING_CAPS[1],
        "less swing": lambda r: r.swing == 50,
        "faster": lambda r: r.bpm == intents.BPM_CAPS[1],
        "slower": lambda r: r.bpm == intents.BPM_CAPS[0],
        "more energy": lambda r: r.layers["kick"].velocity == 127,
        "more variation": lambda r: r.layers["hat_c"].ratchet_prob == intents.RATCHET_CAP,
        "polymetric": lambda r: sum(layer.bar is not None for layer in r.layers.values()) == 3,
        "denser hats": lambda r: r.targets.hat_density_target == 1.0,
    }
    for words, holds in caps.items():
        found = rhythm("default")
        for _ in range(30):
            told = tell(found, words)
            if told.rhythm == found:
                break
            found = told.rhythm
        assert holds(found), words
        assert told.limits and not told.changes, words


def test_a_value_beyond_a_cap_stays_or_comes_back() -> None:
    found = load({"mode": "m2", "swing": 66.7})
    assert tell(found, "more swing").rhythm.swing == 66.7
    assert tell(found, "less swing").rhythm.swing == pytest.approx(64.7)


def test_no_takes_all_of_it_away() -> None:
    assert tell(rhythm("ghost_kick"), "no ghosts").rhythm.layers["kick"].ghost_pre1_prob == 0
    assert tell(rhythm("showcase"), "without swing").rhythm.swing == 50


def test_opposite_words_lead_back() -> None:
    found = rhythm("default")
    for there, back in (("more swing", "less swing"), ("faster", "slower"), ("polymetric", "less polymetric")):
        changed = tell(tell(found, there).rhythm, back).rhythm
        if there != "polymetric":  # the layer that came with it stays
            assert changed == found
        assert all(layer.bar is None for layer in changed.layers.values())


def test_several_wishes_are_carried_out_in_turn() -> None:
    told = tell(rhythm("warehouse"), "more swing, a bit less ghost and denser hats; faster")
    assert told.rhythm.swing > rhythm("warehouse").swing and told.rhythm.bpm == rhythm("warehouse").bpm + 5
    assert any(line.startswith("swing") for line in told.changes)


def test_a_change_that_needs_chance_makes_m1_an_m2() -> None:
    told = tell(load({"mode": "m1"}), "more ghost")
    assert told.rhythm.mode == "m2" and "mode m1 → m2" in told.changes
    assert tell(load({"mode": "m1"}), "more swing").rhythm.mode == "m1"


def test_a_metronome_knows_only_tempo() -> None:
    assert tell(load({"mode": "m0", "bpm": 100}), "faster").rhythm.bpm == 105
    with pytest.raises(UserError, match="metronome"):
        tell(load({"mode": "m0"}), "more swing")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("more swong", "swing"), ("hypnotick", "hypnotic"), ("", "such as"), ("more", "one wish"),
        ("more swing ghost", "one wish"), (",,,", "such as"), ("more banana", "one of"),
    ],
)  # fmt: skip
def test_words_that_say_nothing_name_the_nearest_that_do(words: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        parse(words)
    assert said in error.value.line()


@pytest.mark.parametrize(
    ("words", "kind", "amount"),
    [
        ("more ghost notes", "ghost", 1), ("fewer hats", "hats", -1), ("sparser hats", "hats", -1),
        ("make it a little bit looser", "tight", -0.5), ("less minimal", "minimal", -1), ("speed up", "tempo", 1),
        ("much less variation", "hypnotic", 2), ("more polymetric", "polymeter", 1), ("not so busy", "density", -1),
        ("straighter", "swing", -1), ("turn down the energy", "energy", -1), ("no hi-hats", "hats", -8),
    ],
)  # fmt: skip
def test_words_are_understood(words: str, kind: str, amount: float) -> None:
    assert parse(words)[0][:2] == (kind, amount)


def test_a_rhythm_in_which_nothing_is_thinned_any_more_gives_up_its_bias() -> None:
    told = tell(rhythm("showcase"), "no change, no change")
    assert rhythm("showcase").thin_bias and told.rhythm.thin_bias == 0
    assert any("thin_bias" in change for change in told.changes)


@settings(max_examples=50, deadline=None)
@given(
    name=st.sampled_from(rhythm_ids()),
    words=st.lists(
        st.tuples(st.sampled_from(["more", "less", "no", "a bit", ""]), st.sampled_from(sorted(VOCABULARY))),
        min_size=1, max_size=6,
    ),
)  # fmt: skip
def test_any_wishes_to_any_rhythm_give_a_rhythm_that_plays(name: str, words: list[tuple[str, str]]) -> None:
    told = tell(rhythm(name), ", ".join(" ".join(pair) for pair in words))
    assert load(told.rhythm.model_dump(mode="json")) == told.rhythm
    perform(told.rhythm, bars=2)
    assert told.changes or told.limits


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_understood_or_refused_in_words(text: str) -> None:
    try:
        assert parse(text)
    except UserError as error:
        assert error.line()
