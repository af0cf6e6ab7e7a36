"""The lock of a stage: while it is on, what would be missed if it were a slip is done when it is said twice.

studio.keep(StageLock())
"""

from dataclasses import dataclass
from typing import Protocol

from hardcore.commands.core.effects import Effect, Effects
from hardcore.controller.controller import PERSON
from hardcore.errors import Denied

# How long the first time counts.
AGAIN_S = 10.0
# Verbs that take something away, though undo brings it back: not while it is heard.
_TAKES = ("delete", "remove", "clear", "drop", "compose", "restyle", "cut")
_SLOW: frozenset[Effect] = frozenset(("files", "settings", "jobs", "code"))
# What a player needs on stage, whatever it changes.
_FREE = ("undo", "redo", "save", "stage", "stage off", "record session", "bank", "setlist go", "setlist next")


class Known(Protocol):
    """A command, as far as it matters here."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def effects(self) -> Effects:
        """Return what it may change."""


@dataclass(slots=True)
class StageLock:
    """Refuses a line the first time, and lets the same one pass when it comes again within ten seconds.

    line, at_s   what was refused last, and when, seconds of a steady clock
    """

    line: str = ""
    at_s: float = 0.0

    def ensure(self, known: Known, effects: frozenset[Effect], line: str, author: str, now_s: float) -> None:
        """Raise Denied for what is locked: always for others than the person, else the first time."""
        if not is_locked(known, effects):
            return
        if author == PERSON and line == self.line and now_s - self.at_s <= AGAIN_S:
            self.line = ""
            return
        self.line, self.at_s = line if author == PERSON else "", now_s
        cure = "the same line again does it" if author == PERSON else "/stage off"
        raise Denied(f"{known.name} is locked on stage", cure)


def is_locked(known: Known, effects: frozenset[Effect]) -> bool:
    """Return whether a command is locked on stage: it takes away, goes elsewhere, or is slow."""
    if known.name in _FREE:
        return False
    takes = "project" in effects and known.name.split()[-1] in _TAKES
    return takes or known.effects.moves or known.effects.confirms or bool(effects & _SLOW)
