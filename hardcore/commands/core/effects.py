"""Effects: what a command may change. Permissions, dry runs and what a plan may hold are derived from them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hardcore.project.values import Effect as Effect

# What each means, in the words of a refusal. A command without effects only reads.
EFFECTS: dict[Effect, str] = {
    "project": "the project",
    "player": "what is heard",
    "files": "files",
    "settings": "settings, engines, the library or styles",
    "screen": "the screen",
    "jobs": "work in the background",
    "code": "whatever Python code can reach",
}
ALL = frozenset(EFFECTS)
# What belongs to the user and not to one project: a caller that is confined to folders may not change it.
BEYOND_FOLDERS: frozenset[Effect] = frozenset({"settings"})


@dataclass(frozen=True, slots=True)
class Effects:
    """What a command changes.

    always     what it changes whatever its arguments are
    where      what it changes besides where an argument is given, by the argument's name
    moves      it goes to another step or project, where other commands with the effect `project` make a step
    immediate  it waits for nothing that runs: hearing has precedence
    shared     it changes what all branches have in common, such as which project is open, its file or its branches:
               whoever works on a branch does not
    confirms   what it removes cannot be brought back by undo: whoever acts for a person asks first, no plan holds it
    """

    always: frozenset[Effect]
    where: Mapping[str, frozenset[Effect]]
    moves: bool = False
    shared: bool = False
    immediate: bool = False
    confirms: bool = False

    @classmethod
    def of(cls, always: Collection[Effect], where: Mapping[str, Collection[Effect]], **flags: bool) -> "Effects":
        """Return the effects that a command declares. Raises ValueError for one that there is not."""
        found = cls(frozenset(always), {name: frozenset(some) for name, some in where.items()}, **flags)
        if unknown := found.all - ALL:
            raise ValueError(f"no effect {sorted(unknown)}; there are {', '.join(EFFECTS)}")
        return found

    @property
    def all(self) -> frozenset[Effect]:
        """Return everything it may change, by whatever arguments."""
        return self.always.union(*self.where.values())

    def given(self, arguments: Mapping[str, Any]) -> frozenset[Effect]:
        """Return what it may change with these arguments: those that are None or False are not given."""
        some = (effects for name, effects in self.where.items() if arguments.get(name) not in (None, False))
        return self.always.union(*some)


def named(effects: Collection[Effect]) -> str:
    """Return effects in words, such as `the project and files`."""
    words = [EFFECTS[effect] for effect in EFFECTS if effect in effects]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "nothing"
