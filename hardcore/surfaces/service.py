"""What a server offers of the studio that is open: its commands, sentences, and what stands. One for every protocol.

Handlers of HTTP and MCP parse, then call this; it calls the registry, as every other surface does.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hardcore.commands.core import registry
from hardcore.commands.core.batch import meant, run_batch
from hardcore.commands.core.call import Caller, Progress
from hardcore.commands.core.clientschema import plain
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import Command
from hardcore.commands.core.results import Result
from hardcore.controller.studio import Studio
from hardcore.errors import Misused, NotFound, nearest
from hardcore.project.history import MAIN
from hardcore.surfaces.gate import Gate, Rights
from hardcore.surfaces.outline import transport


def _silent(share: float, words: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Service:
    """The studio as a server shows it.

    gate    makes its callers
    rights  what they may do; their branch is made when the first of them comes
    """

    studio: Studio
    gate: Gate
    rights: Rights

    def caller(
        self,
        author: str,
        *,
        expected: int | None = None,
        dry_run: bool = False,
        progress: Progress = _silent,
    ) -> Caller:
        """Return a caller of this server, who signs with `author`; the branch is made where there is none.

        Raises Denied where nobody was let in.
        """
        caller = self.gate.caller(self.rights, author, expected=expected, dry_run=dry_run, progress=progress)
        if caller.head != MAIN and caller.head not in self.studio.controller.history.heads:
            self.studio.controller.branch(caller.head)
        return caller

    def command(self, name: str) -> Command:
        """Return the command of that name: `track gain`, `track_gain` or `track/gain`. Raises NotFound."""
        words = name.replace("/", " ").replace("_", " ").split()
        known = registry.registry().get(" ".join(words)) or registry.registry().get("-".join(words))
        if known is None:
            raise NotFound(f"no command '{name[:60]}'", nearest(" ".join(words), registry.registry()))
        return known

    async def run(self, name: str, arguments: Mapping[str, Any], caller: Caller) -> Result:
        """Return what a command answers to typed arguments. Raises HardcoreError."""
        known = self.command(name)
        _ensure_strict(known.name, arguments)
        return await registry.run(self.studio, known, dict(arguments), caller, label=_label(known, arguments))

    async def batch(self, calls: Sequence[tuple[str, Mapping[str, Any]]], caller: Caller, label: str = "") -> Result:
        """Return what several commands come to: edits that follow each other are one step, all or nothing.

        Raises HardcoreError.
        """
        named = [(self.command(name).name, arguments) for name, arguments in calls]
        for command, arguments in named:
            _ensure_strict(command, arguments)
        return await run_batch(self.studio, named, caller, label)

    async def line(self, line: str, caller: Caller) -> Result | None:
        """Return what a typed line answers; None for a blank one. Raises HardcoreError."""
        return await run_line(self.studio, line, caller)

    async def say(self, text: str, caller: Caller, preview: bool = False) -> Result:
        """Return what a sentence does, or with `preview` would do. Raises HardcoreError."""
        compose = self.command("compose")
        return await registry.run(self.studio, compose, {"words": text, "preview": preview}, caller, label=text[:200])

    def meant(self, text: str) -> tuple[str, ...]:
        """Return the names of the commands that a sentence would run here; none where it means something else."""
        return meant(self.studio, text)

    def status(self) -> dict[str, Any]:
        """Return where the studio is: the project, its step, what plays and where it is."""
        controller, player = self.studio.controller, self.studio.player
        playback = player.latest() if player is not None else None
        return {
            "title": controller.project.title,
            "file": controller.path.name if controller.path else None,
            "saved": controller.saved,
            "step": controller.history.at,
            **transport(playback, controller.project, time.monotonic()),
            "version": self.studio.version,
        }


def described(known: Command) -> dict[str, Any]:
    """Return a command as data: what it is for, its arguments as JSON Schema, what it may change, an example.

    `places` are the arguments that are given in order.
    """
    return {
        "name": known.name,
        "summary": known.summary,
        "usage": known.usage,
        "help": known.doc,
        "example": known.example,
        "effects": sorted(known.effects.all),
        "confirms": known.effects.confirms,
        "places": [one.name for one in known.arguments if not one.option],
        "schema": known.schema(),
    }


def answer(result: Result | None) -> dict[str, Any]:
    """Return a result as JSON-ready data."""
    return result.data() if result is not None else {"text": ""}


@cache
def _switches(name: str) -> dict[str, tuple[bool, bool]]:
    """Return for each argument of a command whether true and false, and whether numbers, are values for it."""
    nodes = plain(registry.registry()[name].schema()).get("properties", {})
    kinds = {
        argument: {node["type"]} if isinstance(node["type"], str) else {*node["type"]}
        for argument, node in nodes.items()
    }
    return {argument: ("boolean" in kind, bool({"integer", "number"} & kind)) for argument, kind in kinds.items()}


def _ensure_strict(name: str, arguments: Mapping[str, Any]) -> None:
    """Raise Misused where true or false is given for a number, or a number for them: it was meant as it was written."""
    for argument, value in arguments.items():
        truth, numbers = _switches(name).get(argument, (True, True))
        usage = f"usage: {registry.registry()[name].usage}"
        if isinstance(value, bool) and not truth:
            raise Misused(f"{argument}: true and false are no values for it", usage, argument)
        if isinstance(value, int | float) and not isinstance(value, bool) and truth and not numbers:
            raise Misused(f"{argument}: true or false", usage, argument)


def _label(known: Command, arguments: Mapping[str, Any]) -> str:
    given = (str(value) for value in arguments.values() if value not in (None, False))
    return " ".join([known.name, *given])[:200]
