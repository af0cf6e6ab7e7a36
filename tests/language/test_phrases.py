"""Every sentence of knowledge_base/phrases is read as it says there, and what its plan calls is a command."""

from functools import cache
from typing import Any

import pytest

from hardcore import open_studio
from hardcore.commands.core import registry
from hardcore.commands.core.runplan import spelled
from hardcore.knowledge.loader import folder, read_yaml
from hardcore.language.interpret import interpret
from hardcore.language.plan import NewPiece, Plan, Question, Reading, Remark, Unclear
from hardcore.language.referents import Ground
from hardcore.project.state import ProjectState
from tests.each import each

PHRASES = folder() / "phrases"


def sentences() -> list[Any]:
    """Return a parameter for every sentence: its file's base and the entry."""
    found = []
    for path in sorted(PHRASES.glob("*.yaml")):
        if path.name != "bases.yaml":
            data = read_yaml(path)
            found += [
                pytest.param(entry.get("to", data["base"]), entry, id=f"{path.stem}:{entry['say'][:60]}")
                for entry in data["phrases"]
            ]
    return found


@cache
def project(base: str) -> ProjectState:
    """Return the project of a base."""
    with open_studio() as studio:
        for line in read_yaml(PHRASES / "bases.yaml")[base]:
            studio.do(line)
        return studio.project


@cache
def read(base: str, say: str, after: tuple[str, ...] = ()) -> Reading:
    """Return how a sentence is read, after others that were said before it; read once."""
    ground = Ground(project(base))
    for before in after:
        plan = interpret(before, ground)
        assert isinstance(plan, Plan), before
        named = plan.footprint.parts or frozenset()
        ids = tuple(track.id for track in ground.project.tracks if track.id in named and track.clips)
        ground = Ground(ground.project, ids, plan.calls)
    return interpret(say, ground)


@each(("base", "entry"), sentences())
def test_a_sentence_is_read_as_the_corpus_says(base: str, entry: dict[str, Any]) -> None:
    reading = read(base, entry["say"], tuple(entry.get("after", ())))
    if "does" in entry:
        assert isinstance(reading, Plan), reading
        assert [spelled(project(base), call).replace('"', "") for call in reading.calls] == [
            line.replace('"', "") for line in entry["does"]
        ]
    elif "unclear" in entry:
        assert isinstance(reading, Unclear), reading
        assert entry["unclear"] in reading.why
    else:
        expected = {"talk": Remark, "asks": Question, "new": NewPiece}[
            next(key for key in entry if key in ("talk", "asks", "new"))
        ]
        assert isinstance(reading, expected), reading


@each(("base", "entry"), [one for one in sentences() if one.values[1].get("does")])
def test_every_call_of_a_plan_is_a_command_with_such_arguments(base: str, entry: dict[str, Any]) -> None:
    reading = read(base, entry["say"], tuple(entry.get("after", ())))
    assert isinstance(reading, Plan)
    for call in reading.calls:
        known = registry.registry().get(call.name)
        assert known is not None, f"no command {call.name}"
        known.parsed(dict(call.arguments))
