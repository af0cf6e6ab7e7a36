"""Commands are found by what people say, and nothing is said for a command that there is not."""

import pytest

from hardcore import open_studio
from hardcore.commands.core.registry import find, registry
from hardcore.commands.core.search import find_commands, nearest_command
from hardcore.errors import UserError
from hardcore.knowledge.says import says
from hardcore.knowledge.source import read_yaml
from tests.blocks import ROOT

PHRASES = read_yaml(ROOT / "tests/commands/search_phrases.yaml")


def found(phrase: str, limit: int = 5) -> list[str]:
    return [known.name for known in find_commands(phrase, limit)]


def test_a_hundred_phrases_find_their_command_among_five() -> None:
    missed = {phrase: found(phrase) for phrase, name in PHRASES.items() if name not in found(phrase)}
    assert len(PHRASES) >= 100
    assert len(missed) <= 8, missed  # new commands may come between


def test_sentences_that_nobody_wrote_for_the_search_find_their_command_too() -> None:
    """The sentences of the grammar's corpus are not in the word lists: without the lists 46 of 100 are found."""
    rows = [
        row for path in (ROOT / "knowledge_base/phrases").glob("*.yaml") for row in read_yaml(path).get("phrases", ())
    ]
    single = [
        (row["say"], row["does"][0]) for row in rows if isinstance(row.get("does"), list) and len(row["does"]) == 1
    ]
    named = [(say, known[0].name) for say, line in single if (known := find(line.removeprefix("/").split()))]
    assert len(named) > 300
    assert sum(name in found(say) for say, name in named) / len(named) > 0.65


def test_words_are_said_for_commands_that_there_are() -> None:
    assert set(says()) <= set(registry())


def test_words_that_nothing_knows_find_nothing() -> None:
    assert find_commands("xyzzy qwertz") == ()


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("more human please", "timing humanize"),
        ("a dip around 400 for the keys", "eq"),
        ("duck the pad with the snare", "effect sidechain"),
        ("a hint of saturation on the bass, then a low-pass at 2000", "filter"),
    ],
)
def test_the_command_that_a_sentence_clearly_fits_is_named(sentence: str, name: str) -> None:
    nearest = nearest_command(sentence)
    assert nearest is not None and nearest.name == name


@pytest.mark.parametrize("sentence", ["tomatoes and cheese", "finish on the dominant", "the cat sat on the mat"])
def test_where_no_command_stands_out_none_is_named(sentence: str) -> None:
    assert nearest_command(sentence) is None


def test_a_refusal_points_to_the_command_or_else_to_examples() -> None:
    with open_studio() as studio:
        studio.do("house, 2 bars --seed 1")
        with pytest.raises(UserError) as refused:
            studio.do("somehow duck the zither with the kick")
        assert refused.value.hint.startswith("perhaps /effect sidechain ")
        with pytest.raises(UserError) as refused:
            studio.do("finish zanily on the dominant")
        assert refused.value.hint.startswith("like: ")
