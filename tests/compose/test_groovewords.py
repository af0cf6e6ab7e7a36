"""Grooves in words: in a prompt and in a follow-up."""

import pytest

from hardcore.compose.followup import follow, is_followup
from hardcore.compose.groovewords import spoken
from hardcore.compose.producer import compose
from hardcore.compose.prompt import understand
from hardcore.knowledge.groove import groove, groove_words
from tests.song import song


@pytest.mark.parametrize(
    ("text", "groove_id"),
    [
        ("house 124 bpm, mpc swing 62", "mpc_62"),
        ("dark techno with a Samba groove, 8 bars", "samba"),
        ("lo-fi hip hop, laid-back feel", "laid_back"),
        ("house, hip-hop drunk groove, A minor", "hip_hop_drunk"),
        ("mpc 58 house", "mpc_58"),
    ],
)
def test_a_prompt_asks_for_a_groove(text: str, groove_id: str) -> None:
    intent = understand(text)
    assert intent.groove == groove_id
    assert f"groove {groove(groove_id).name}" in [piece.meaning for piece in intent.understood]
    project = compose(intent, 1)
    assert project.groove == groove(groove_id)


@pytest.mark.parametrize("phrase", sorted(groove_words()))
def test_every_phrase_means_its_groove_when_it_says_so(phrase: str) -> None:
    own = (
        phrase if any(word in phrase for word in ("groove", "swing", "feel", "mpc", "shuffle")) else f"{phrase} groove"
    )
    assert [one.groove for one in spoken(f"house, {own}, 4 bars")] == [groove_words()[phrase]]


@pytest.mark.parametrize(
    "text",
    ["laid back lo-fi", "drunk house", "more groove", "less swing", "no samba groove", "swing 62", "breakbeat 140"],
)
def test_what_was_a_mood_or_a_swing_before_still_is(text: str) -> None:
    assert spoken(text) == []


def test_a_groove_leaves_the_other_words_in_their_places() -> None:
    with_it = understand("dark house 124 bpm, samba groove, rolling bass")
    alone = understand("dark house 124 bpm, rolling bass")
    assert with_it.evolve(prompt="", groove=None, understood=()) == alone.evolve(prompt="", understood=())


def test_the_last_groove_counts_and_overrules_a_swing() -> None:
    intent = understand("house, samba groove, swing 60, mpc 58")
    assert intent.groove == "mpc_58"
    assert any("samba groove" in words for words in intent.ignored)
    assert any("swing 60" in words for words in intent.ignored)


def test_a_follow_up_changes_the_groove_of_all_or_of_a_part() -> None:
    assert is_followup("samba groove")
    assert is_followup("laid back groove on the hats")
    assert not is_followup("techno, samba groove")
    done = follow(song(), "samba groove", 1)
    assert done.project.active_groove == "samba"
    assert done.changes == ("groove straight → samba",)
    assert done.ignored == ()
    part = follow(done.project, "mpc swing 62 on the hats", 1)
    assert part.project.find_track("hats").groove.groove == "mpc_62"
    assert part.project.active_groove == "samba"
    both = follow(song(), "samba groove and darker", 1)
    assert both.project.active_groove == "samba"
