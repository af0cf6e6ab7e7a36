"""Presets found by words: roles, instruments, moods and what is near them, styles, names."""

import pytest

from hardcore.knowledge.loader import genre
from hardcore.knowledge.presetsearch import Candidate, candidates, search, words


def found(text: str, count: int = 5) -> list[str]:
    return [match.preset.name for match in search(text, candidates())[0][:count]]


def test_every_preset_is_found_first_or_nearly_by_its_own_name() -> None:
    missed = [one.name for one in candidates() if one.name not in found(one.name, 3)]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("dark pad", "pad"),
        ("soft keys", "keys"),
        ("closed hat", "hat_closed"),
        ("bass drum", "kick"),
        ("shakers", "shaker"),
    ],
)
def test_a_role_in_any_of_its_names_is_what_comes_first(text: str, role: str) -> None:
    matches, whole = search(text, candidates())
    assert whole and len(matches) >= 3
    assert matches[0].preset.roles == (role,)


@pytest.mark.parametrize(
    ("text", "device"), [("303", "acid303"), ("rhodes", "epiano"), ("hoover", "hoover"), ("909 kick", "kick909")]
)
def test_who_names_an_instrument_gets_that_one(text: str, device: str) -> None:
    matches, _ = search(text, candidates())
    named = [match.preset for match in matches if "in its name" not in match.why]
    assert named and {preset.device for preset in named} == {device}


def test_a_word_near_a_mood_means_it_and_the_mood_itself_counts_more() -> None:
    matches, whole = search("spooky texture", candidates())
    assert whole and all("eerie" in match.preset.moods for match in matches)
    moods = [Candidate("one", "pad", ("pad",), ("dark",)), Candidate("two", "pad", ("pad",), ("eerie",))]
    assert [match.preset.name for match in search("dark", moods)[0]] == ["one"]
    assert [match.preset.name for match in search("gloomy", moods)[0]] == ["one"]


def test_a_style_means_what_its_palette_plays() -> None:
    matches, whole = search("funk bass", candidates())
    assert whole and matches
    palette = {sound.device for sounds in genre("funk").palette.values() for sound in sounds}
    said = [match for match in matches if "funk" in match.why.split(", ")]
    assert said and all(match.preset.device in palette for match in said)


def test_where_nothing_is_all_of_it_the_nearest_come() -> None:
    matches, whole = search("warm dark pad", candidates())
    assert not whole
    assert {"warm pad", "dark pad"} <= {match.preset.name for match in matches[:3]}
    assert search("zorp", candidates()) == ([], False)
    assert search("the and", candidates()) == ([], False)


def test_every_word_that_is_offered_finds_something() -> None:
    assert [word for word, _ in words() if not search(word, candidates())[0]] == []


BASSES = ("bass", "sub")


@pytest.mark.parametrize("text", ["gritty bass", "dark bass", "wobbly dubstep bass", "dirty bass", "deep sub", "sub"])
def test_who_says_bass_gets_basses_and_nothing_else(text: str) -> None:
    matches, whole = search(text, candidates())
    assert whole and len(matches) >= 2
    assert {match.preset.roles[0] for match in matches} <= set(BASSES)


def test_adjectives_mean_what_producers_mean_by_them() -> None:
    gritty = search("gritty bass", candidates())[0]
    assert {"neuro reese", "acid scream", "robot growl"} <= {match.preset.name for match in gritty[:6]}
    assert len(gritty) >= 6
    assert {match.preset.device for match in search("wobbly dubstep bass", candidates())[0][:3]} == {"wobble"}
    assert found("dark bass")[0] == "dark reese"


def test_a_bell_is_an_instrument_and_neither_a_cymbal_nor_a_mood() -> None:
    assert found("bright bell")[:2] == ["glockenspiel", "soft glockenspiel"]
    devices = {match.preset.device for match in search("bells", candidates())[0]}
    assert devices == {"glockenspiel", "music_box", "tubular_bell"}


def test_a_word_of_a_name_counts_more_than_a_part_of_one() -> None:
    named = [Candidate("hardstyle", "pad", ("pad",)), Candidate("hard one", "pad", ("pad",))]
    assert [match.preset.name for match in search("hard", named)[0]] == ["hard one", "hardstyle"]
    # the last letter of bass is no plural
    assert not search("bass", [Candidate("basic", "rain", ("texture",))])[0]


def test_roles_that_no_preset_has_at_once_find_either() -> None:
    matches, whole = search("pad kick", candidates())
    assert not whole and {match.preset.roles[0] for match in matches} == {"pad", "kick"}
