"""The desk of a model: commands as tools, calls tried out and collected into a plan, nothing done.

What stands in a project, a file or a page may be an order to the model. So what it may do is decided here and not by
what it was told: it is confined to the folder, and to effects on the project and what is heard; files only where the
person has set that.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hardcore.assistant.desk import Offer
from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.clientschema import plain
from hardcore.commands.core.effects import Effect
from hardcore.commands.core.registry import Command
from hardcore.commands.core.results import Result
from hardcore.commands.core.runplan import ensure_may, rehearse
from hardcore.commands.core.search import find_commands
from hardcore.commands.core.seeds import fresh_seed
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, NotFound, UserError, nearest
from hardcore.language.guard import ANYTHING
from hardcore.language.plan import Call as Planned
from hardcore.language.plan import Plan

MODEL = "assistant"
MOST_CALLS = 64
# What an answer of a tool may take of what the model can hold: about 1,000 tokens.
_MOST_LETTERS = 4000
# Words of a mood or a wish ("give it room") name no command: these are what they mostly come to.
_CORE = ("track gain", "track mute", "colour", "effect add", "part add")
_MAY: frozenset[Effect] = frozenset({"project", "player"})
_FILES: frozenset[Effect] = frozenset({"files", "jobs"})


def model_caller(caller: Caller, *, files: bool) -> Caller:
    """Return a caller with what a model may do for somebody: less than they may themselves, whatever it is told."""
    may = caller.permissions & (_MAY | _FILES if files else _MAY)
    roots = caller.roots if caller.roots is not None else (Path.cwd(),)
    return replace(caller, author=MODEL, roots=roots, permissions=may, dry_run=True)


class ModelDesk:
    """Collects what a model calls: `calls` is the plan so far, `answers` has a line for each."""

    def __init__(self, studio: Studio, caller: Caller) -> None:
        self._studio = studio
        self._caller = caller
        self.calls: list[Planned] = []
        self.answers: list[str] = []

    @property
    def plan(self) -> Plan:
        """Return the plan: it may change whatever its commands say."""
        return Plan(tuple(self.calls), ANYTHING)

    def core(self) -> Sequence[Offer]:
        """Return the commands that are wanted most, whatever the query is."""
        return [_offer(registry.registry()[name]) for name in _CORE]

    def offers(self, query: str, limit: int) -> Sequence[Offer]:
        """Return the commands that fit a query best, of those that the model may call."""
        found = (
            known for known in find_commands(query, 3 * limit) if self._refusal(known, known.effects.always) is None
        )
        return [_offer(known) for known, _ in zip(found, range(limit), strict=False)]

    async def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Return what a call answers, tried out after those before; one that changes something is in the plan then.

        Raises HardcoreError; then the plan is as it was.
        """
        known = _command(name)
        given = {key: value for key, value in arguments.items() if value is not None}
        words = (word for value in given.values() for word in (value if isinstance(value, list) else (value,)))
        if not all(str(word).isprintable() for word in words):
            raise UserError(f"{known.name}: an argument has letters that cannot be shown")
        if any(argument.name == "seed" for argument in known.arguments) and not known.reads:
            given.setdefault("seed", fresh_seed())  # what is shown is what will be done
        parsed = known.parsed(given)
        effects = known.effects.given(parsed)
        if (refusal := self._refusal(known, effects)) is not None:
            raise refusal
        if effects and len(self.calls) == MOST_CALLS:
            raise UserError(f"a plan has {MOST_CALLS} calls at most")
        calls = [*self.calls, Planned(known.name, given)]
        for one in calls if effects else ():
            other = registry.registry()[one.name]
            ensure_may(other, other.parsed(one.arguments), self._caller, len(calls))
        answer = await self._tried(known, given, calls)
        if effects:
            self.calls = calls
            self.answers.append(answer.splitlines()[0])
            return f"planned: {answer}"
        return answer if len(answer) <= _MOST_LETTERS else f"{answer[:_MOST_LETTERS]}\n… cut: ask for less"

    async def _tried(self, known: Command, given: dict[str, Any], calls: Sequence[Planned]) -> str:
        """Return what the last of several calls answers, having changed nothing."""
        if known.is_step or (known.reads and not inspect.iscoroutinefunction(known.function)):
            return rehearse(self._studio, calls, self._caller)[0][-1]
        if known.reads or known.tries:
            result: Result = await registry.run(self._studio, known, given, self._caller)
            return result.text()
        return f"/{known.name} in its place"

    def _refusal(self, known: Command, effects: frozenset[Effect]) -> UserError | None:
        """Return why the model may not call a command, None where it may."""
        if known.effects.confirms or known.effects.moves:
            return Denied(f"{known.name} is the person's to decide", f"they can type /{known.name}")
        try:
            self._caller.ensure_may(known.name, effects)
        except Denied as error:
            return error
        return None


def _command(name: str) -> Command:
    """Return the command of a name, however its words are joined. Raises NotFound."""
    every = {_joined(known): known for known in registry.registry().values()}
    wanted = name.strip().removeprefix("/").lower().replace("-", " ").replace("_", " ")
    if wanted not in every:
        raise NotFound(f"no command '{name[:60]}'", nearest(wanted, every))
    return every[wanted]


def _joined(known: Command) -> str:
    return known.name.replace("-", " ")


def _offer(known: Command) -> Offer:
    """Return a command as a tool, its arguments with their help."""
    schema = plain(known.schema())
    for argument in known.arguments:
        schema["properties"][argument.name]["description"] = argument.kind.help
    return Offer(known.name, f"{known.summary} Such as: /{known.example}", schema)
