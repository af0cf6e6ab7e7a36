"""Commands are found by what people say, and nothing is said for a command that there is not."""

from hardcore.commands.core.registry import find, registry
from hardcore.commands.core.search import find_commands
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
