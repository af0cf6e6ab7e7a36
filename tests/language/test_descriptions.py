"""Every description of knowledge_base/phrases/descriptions is read as it says there, however it is worded or typed."""

from itertools import pairwise
from typing import Any

import pytest

from hardcore.compose.intent import Intent
from hardcore.knowledge.loader import folder, read_yaml
from hardcore.language.prompt.understand import understand
from tests.each import each

ENTRIES = [
    pytest.param(entry, id=entry["say"][:70])
    for path in sorted((folder() / "phrases" / "descriptions").glob("*.yaml"))
    for entry in read_yaml(path)
]
POLITE = ("please {}", "{} please", "can you make {}", "i'd like {}", "hey, {}!", "  {}  ", "{}.")


def asked(intent: Intent) -> dict[str, Any]:
    """Return what an intent asks for, without the words that said so."""
    return intent.model_dump(exclude={"prompt", "understood", "ignored"})


@each("entry", ENTRIES)
def test_a_description_is_read_as_the_corpus_says(entry: dict[str, Any]) -> None:
    intent = understand(entry["say"])
    seen: dict[str, Any] = {
        "style": intent.genre,
        "bpm": intent.bpm,
        "key": intent.key and intent.key.name,
        "mode": intent.mode,
        "bars": intent.bars,
        "meter": f"{intent.numerator}/{intent.denominator}",
        "song": intent.song,
        "only": list(intent.only),
    }
    for name, value in seen.items():
        if name in entry:
            assert value == entry[name], name
    assert set(entry.get("with", ())) <= {*intent.include, *intent.only}
    assert bool(intent.only) == ("only" in entry)
    assert set(entry.get("without", ())) <= set(intent.exclude)
    assert set(entry.get("plays", ())) <= set(intent.devices.values())
    assert [words.split(" (")[0] for words in intent.ignored] == entry.get("told", [])


@each("entry", ENTRIES[::3])
def test_politeness_case_and_spaces_change_nothing(entry: dict[str, Any]) -> None:
    plain = asked(understand(entry["say"]))
    for pattern in POLITE:
        assert asked(understand(pattern.format(entry["say"]))) == plain, pattern


@pytest.mark.parametrize(
    "parts",
    [
        ("dark techno", "138 bpm", "F minor", "rolling bass", "no hats"),
        ("deep house", "16 bars", "with a rhodes", "in C minor", "very sparse"),
        ("trance", "a minor", "140 bpm", "swing 55", "no snare", "bright"),
        ("lofi hip hop", "sad", "in D", "vinyl crackle", "8 bars"),
    ],
)
def test_the_order_of_clauses_changes_nothing(parts: tuple[str, ...]) -> None:
    plain = asked(understand(", ".join(parts)))
    for at in range(len(parts)):
        turned = (*parts[at:], *parts[:at])
        assert asked(understand(", ".join(turned))) == plain, turned
    assert asked(understand("; ".join(parts))) == plain
    assert asked(understand(". ".join(reversed(parts)))) == plain


def slips(word: str) -> list[str]:
    """Return a word with a letter left out, doubled, and two swapped, in its middle."""
    swapped = [word[:at] + b + a + word[at + 2 :] for at, (a, b) in enumerate(pairwise(word)) if at and a != b]
    return [word[:2] + word[3:], word[:3] + word[2:], swapped[len(swapped) // 2]]


@pytest.mark.parametrize("word", ["techno", "ambient", "dubstep", "strings", "melancholic", "trumpet", "minor"])
def test_a_slip_of_the_finger_changes_nothing(word: str) -> None:
    def said(spelt: str) -> str:
        return f"house in F {spelt}" if word == "minor" else f"{spelt}, 120 bpm, 8 bars"

    plain = asked(understand(said(word)))
    for spelt in slips(word):
        intent = understand(said(spelt))
        seen = asked(intent)
        assert seen | {"traits": {}} == plain | {"traits": {}}, spelt
        assert any(spelt in one.words for one in intent.understood), spelt


@pytest.mark.parametrize("word", ["tramp", "hose", "punt", "dune", "sole", "wart", "kicker", "leap"])
def test_a_short_word_is_not_the_word_a_letter_away(word: str) -> None:
    assert understand(f"{word}, 120 bpm").ignored == (word,)
