"""What a server offers of the studio that is open: its commands, sentences, and what stands. One for every protocol.

Handlers of HTTP and MCP parse, then call this; it calls the registry, as every other surface does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardcore.commands import registry
from hardcore.commands.call import Caller, Progress
from hardcore.commands.effects import Effect
from hardcore.commands.line import run_line
from hardcore.commands.planned import run_plan
from hardcore.commands.registry import Command
from hardcore.commands.results import Result
from hardcore.controller.studio import Studio
from hardcore.errors import UserError, nearest
from hardcore.language.guard import Footprint
from hardcore.language.plan import Call as Planned
from hardcore.language.plan import Plan

# What a caller on the wire may change, unless it is given more: nothing of the user's beyond the project.
PERMITTED: frozenset[Effect] = frozenset({"project", "player", "jobs", "files"})
# A batch changes whatever its commands say.
_ANYTHING = Footprint(made=True, gone=True)
MOST_CALLS = 64


def _silent(share: float, words: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Service:
    """The studio as a server shows it.

    roots        folders that file names of callers are confined to, the first being the one they start from
    permissions  the effects that callers may have
    """

    studio: Studio
    roots: tuple[Path, ...]
    permissions: frozenset[Effect] = PERMITTED

    def caller(
        self,
        author: str,
        *,
        expected: int | None = None,
        dry_run: bool = False,
        progress: Progress = _silent,
    ) -> Caller:
        """Return a caller of this server; its steps are signed with `author`."""
        return Caller(
            author=author,
            roots=self.roots,
            expected=expected,
            dry_run=dry_run,
            progress=progress,
            permissions=self.permissions,
        )

    def command(self, name: str) -> Command:
        """Return the command of that name: `track gain`, `track_gain` or `track/gain`. Raises UserError."""
        words = name.replace("/", " ").replace("_", " ").split()
        known = registry.registry().get(" ".join(words)) or registry.registry().get("-".join(words))
        if known is None:
            raise UserError(f"no command '{name[:60]}'", nearest(" ".join(words), registry.registry()))
        return known

    async def run(self, name: str, arguments: Mapping[str, Any], caller: Caller) -> Result:
        """Return what a command answers to typed arguments. Raises HardcoreError."""
        known = self.command(name)
        return await registry.run(self.studio, known, dict(arguments), caller, label=_label(known, arguments))

    async def batch(self, calls: Sequence[tuple[str, Mapping[str, Any]]], caller: Caller, label: str = "") -> Result:
        """Return what several commands come to: edits that follow each other are one step, all or nothing.

        Raises HardcoreError; then nothing of the step it was in has changed.
        """
        if not calls or len(calls) > MOST_CALLS:
            raise UserError(f"{len(calls)} commands", f"1 to {MOST_CALLS} at a time")
        planned = tuple(Planned(self.command(name).name, dict(arguments)) for name, arguments in calls)
        used = label or "; ".join(one.name for one in planned)
        done = await run_plan(self.studio, Plan(planned, _ANYTHING), caller, used[:200])
        if not caller.dry_run:
            self.studio.controller.flush()
        return done

    async def line(self, line: str, caller: Caller) -> Result | None:
        """Return what a typed line answers; None for a blank one. Raises HardcoreError."""
        return await run_line(self.studio, line, caller)

    async def say(self, text: str, caller: Caller, preview: bool = False) -> Result:
        """Return what a sentence does, or with `preview` would do. Raises HardcoreError."""
        compose = self.command("compose")
        return await registry.run(self.studio, compose, {"words": text, "preview": preview}, caller, label=text[:200])

    def meant(self, text: str) -> tuple[str, ...]:
        """Return the names of the commands that a sentence would run here; none where it means something else."""
        from hardcore.language.ground import Ground
        from hardcore.language.interpret import interpret

        reading = interpret(text, Ground(self.studio.controller.project))
        return tuple(dict.fromkeys(one.name for one in reading.calls)) if isinstance(reading, Plan) else ()

    def status(self) -> dict[str, Any]:
        """Return where the studio is: the project, its step, what plays."""
        controller, player = self.studio.controller, self.studio.player
        playback = player.latest() if player is not None else None
        return {
            "title": controller.project.title,
            "file": controller.path.name if controller.path else None,
            "saved": controller.saved,
            "step": controller.history.at,
            "playing": bool(playback and playback.playing),
            "version": self.studio.version,
        }


def described(known: Command) -> dict[str, Any]:
    """Return a command as data: what it is for, its arguments as JSON Schema, what it may change, an example."""
    return {
        "name": known.name,
        "summary": known.summary,
        "usage": known.usage,
        "help": known.doc,
        "example": known.example,
        "effects": sorted(known.effects.all),
        "confirms": known.effects.confirms,
        "schema": known.schema(),
    }


def answer(result: Result | None) -> dict[str, Any]:
    """Return a result as JSON-ready data."""
    return result.data() if result is not None else {"text": ""}


def _label(known: Command, arguments: Mapping[str, Any]) -> str:
    given = (str(value) for value in arguments.values() if value not in (None, False))
    return " ".join([known.name, *given])[:200]
