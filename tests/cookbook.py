"""The cookbook: recipes, each the same in words, as commands, in Python, and over MCP or HTTP, and the page of them."""

import json
from collections.abc import Iterator
from functools import cache
from keyword import iskeyword
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from tests.blocks import ROOT

SOURCE = ROOT / "docs" / "cookbook.yaml"
_HEAD = """\
# Cookbook

<!-- Made from cookbook.yaml by `make docs`. -->

{count} tasks, each in four ways that leave the same project: say it, type the command, call it from Python, or let a
program or an agent call it. A few have no sentence yet. Every line is run by the tests, and the projects are compared.

- **Words** and **Command**: a line in the studio, or `hardcore do 'LINE' --project song.hcs`.
- **Python**: `studio` is what `open_studio()` gives ([from a script](../README.md#from-a-script)), or `connect()` to a
  studio that [serves](guide/server.md).
- **MCP or HTTP**: each line is a call that [an agent](guide/with_an_agent.md) gives to the tool `run`; to
  [the server](guide/server.md) its name is the path, its arguments are the body: `POST /do/track/gain`.
"""


class Recipe(BaseModel):
    """A task, the ways to do it, and what comes of them: see the head of docs/cookbook.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str
    words: tuple[str, ...] = ()
    commands: tuple[str, ...]
    calls: tuple[tuple[str, dict[str, Any]], ...]
    shows: str = ""
    files: tuple[str, ...] = ()
    says: str = ""
    slow: bool = False

    def ways(self) -> dict[str, tuple[str, str]]:
        """Return each way as it stands on the page, by its name: the language of its block, and its text."""
        words = {"Words": ("text", "\n".join(self.words))} if self.words else {}
        return {
            **words,
            "Command": ("text", "\n".join(self.commands)),
            "Python": ("python", "\n".join(f"studio.call({_given(name, given)})" for name, given in self.calls)),
            "MCP or HTTP": ("json", "\n".join(json.dumps(_call(name, given)) for name, given in self.calls)),
        }


class Group(BaseModel):
    """Recipes that begin with the same project."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    start: tuple[str, ...]
    recipes: tuple[Recipe, ...]


def _call(name: str, given: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "arguments": given}


def _given(name: str, given: dict[str, Any]) -> str:
    """Return the arguments of `studio.call`."""
    named = (f"{argument}{'_' * iskeyword(argument)}={_value(value)}" for argument, value in given.items())
    return ", ".join([_value(name), *named])


def _value(value: object) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


@cache
def groups() -> tuple[Group, ...]:
    """Return the recipes, in groups."""
    return tuple(Group.model_validate(one) for one in yaml.safe_load(SOURCE.read_text(encoding="utf-8")))


def page() -> str:
    """Return docs/cookbook.md."""
    count = sum(len(group.recipes) for group in groups())
    return _HEAD.format(count=count) + "".join(map("\n".join, map(_section, groups())))


def _section(group: Group) -> Iterator[str]:
    yield f"\n## {group.title}\n"
    if group.start:
        yield "These begin with:\n\n```text"
        yield from group.start
        yield "```\n"
    for recipe in group.recipes:
        yield f"### {recipe.task}\n"
        for way, (language, text) in recipe.ways().items():
            yield f"**{way}**\n\n```{language}\n{text}\n```\n"
