"""Statistics of a taste: what is certain, how it is drawn to neutral, and that chance is not taken for taste."""

import random
from collections.abc import Callable, Mapping

import pytest

from hardcore.profile.model import Choice, Observation, Profile
from hardcore.profile.preferences import Preference, preferences
from hardcore.profile.quantities import QUANTITIES
from hardcore.profile.statistics import HALF_LIFE, learned
from tests.effort import examples

STYLES = ("house", "techno", "trance", "jazz")


def profile(*rows: tuple[str, Mapping[str, float | str]], part: str = "hat_closed") -> Profile:
    """Return a profile of pieces, the oldest first: their style, and what was done to one part."""
    made = Profile()
    for at, (style, offsets) in enumerate(rows):
        made = made.with_piece(Observation(piece=f"{at:016x}", style=style, at=at, offsets={part: offsets}))
    return made


def gains(*values: float, style: str = "house") -> Profile:
    return profile(*((style, {"gain": value}) for value in values))


def wished(known: Profile, style: str = "house") -> dict[str, float | str]:
    return {wish.what: wish.value for wish in preferences(known, style)}


def test_two_pieces_say_nothing_and_three_that_agree_do() -> None:
    assert wished(gains(-3, -3)) == {}
    assert wished(gains(-3, -3, -3)) == {"gain": -2.0}


def test_it_comes_nearer_to_what_is_meant_with_every_piece_and_never_beyond() -> None:
    values = [learned(gains(*[-4.0] * count).pieces, "house", "hat_closed", "gain").value for count in (3, 6, 12, 24)]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]
    assert -4.0 < float(values[-1]) < -3.7  # type: ignore[arg-type]


def test_the_shrunken_mean_is_that_of_the_formula() -> None:
    weights = [2 ** (-age / HALF_LIFE) for age in range(3)]
    expected = sum(w * x for w, x in zip(weights, (-1.0, -2.0, -4.5), strict=True)) / (sum(weights) + 1)
    found = learned(gains(-4.5, -2.0, -1.0).pieces, "house", "hat_closed", "gain")
    assert found.value == pytest.approx(expected)
    assert (found.pieces, found.last) == (3, 2)


def test_what_goes_either_way_says_nothing() -> None:
    assert wished(gains(-3, 3, -3, 3, -3, 3)) == {}
    assert wished(gains(-6, -6, -6, 6)) == {}


def test_pieces_that_are_left_as_they_are_speak_for_neutral() -> None:
    assert wished(gains(-3, -3, -3, 0, 0, 0, 0, 0, 0)) == {}


def test_a_taste_that_changes_is_followed() -> None:
    before = wished(gains(*[4.0] * 20))
    after = wished(gains(*[4.0] * 20, *[-4.0] * 40))
    assert (before["gain"], after["gain"]) == (3.5, -3.0)


def test_no_more_is_done_than_may_be() -> None:
    assert wished(gains(*[-12.0] * 8)) == {"gain": -6.0}
    tempo = profile(*(("house", {"tempo": -20.0}) for _ in range(8)), part="piece")
    assert wished(tempo) == {"tempo": -10.0}


def test_less_than_is_noticed_is_not_done() -> None:
    assert wished(gains(*[-0.8] * 20)) == {}


def test_a_taste_of_one_style_is_of_that_style_and_one_of_two_holds_in_others() -> None:
    one = gains(*[-3.0] * 5)
    assert wished(one, "jazz") == {}
    two = profile(*((style, {"gain": -3.0}) for style in ("house", "techno", "house", "techno")))
    assert wished(two, "jazz") == {"gain": -2.5}
    (wish,) = preferences(two, "jazz")
    assert wish.pieces == 4


def test_a_style_that_is_left_as_it_is_is_the_exception() -> None:
    rows = [(style, {"gain": -3.0}) for style in ("house", "techno", "trance") * 4]
    assert wished(profile(*rows, *[("jazz", {"gain": 0.0})] * 4), "jazz") == {}


def test_a_name_has_to_be_chosen_three_times_and_mostly() -> None:
    chosen = [("house", {"instrument": "supersaw"})] * 3
    other = [("house", {"instrument": "=pluck"})] * 4
    assert wished(profile(*chosen)) == {"instrument": "supersaw"}
    assert wished(profile(*chosen[:2], ("house", {"instrument": "=supersaw"}))) == {}
    assert wished(profile(*other, *chosen)) == {}
    assert wished(profile(*other)) == {}


def test_what_was_set_by_hand_holds_whatever_was_learned_and_a_style_before_all() -> None:
    known = gains(*[-3.0] * 5).with_choice(Choice(part="hat_closed", what="gain", value=2.0))
    assert wished(known) == {"gain": 2.0}
    known = known.with_choice(Choice(style="house", part="hat_closed", what="gain", value=-1.0))
    assert (wished(known), wished(known, "jazz")) == ({"gain": -1.0}, {"gain": 2.0})


def test_what_is_forgotten_is_as_if_it_had_never_been() -> None:
    known = profile(*((style, {"gain": -3.0, "pan": 0.5}) for style in ("house", "techno") * 4))

    def without(is_gone: Callable[[str, str, str], bool]) -> tuple[Preference, ...]:
        return preferences(known.without(is_gone), "house")

    assert [wish.what for wish in without(lambda style, part, what: what == "gain")] == ["pan"]
    assert without(lambda style, part, what: part == "hat_closed") == ()
    assert len(without(lambda style, part, what: style == "techno")) == 2
    assert known.without(lambda *place: True) == Profile()


def random_person(rng: random.Random, pieces: int) -> Profile:
    """Return the profile of somebody who does whatever chance says to eight parts of so many pieces."""
    made = Profile()
    for at in range(pieces):
        offsets = {
            f"part {number}": {
                what: rng.choice((0.0, rng.uniform(-1, 1))) * QUANTITIES[what].most for what in ("gain", "pan", "mute")
            }
            | {"send:reverb": rng.uniform(-6, 6), "effect:chorus": float(rng.choice((-1, 0, 0, 1)))}
            for number in range(8)
        }
        made = made.with_piece(Observation(piece=f"{at:016x}", style=rng.choice(STYLES), at=at, offsets=offsets))
    return made


def test_who_does_this_and_that_by_chance_is_left_near_neutral() -> None:
    """Of all that could be done at most one thing in fifty is, over many people who have no taste."""
    rng, done, possible = random.Random(4), 0, 0
    for _ in range(examples(30)):
        known = random_person(rng, rng.choice((4, 8, 16)))
        for style in (*STYLES[:1], "ambient"):
            wishes = preferences(known, style)
            done, possible = done + len(wishes), possible + 8 * 5
            assert len(wishes) <= 6
    assert done <= possible / 50, f"{done} of {possible}"
