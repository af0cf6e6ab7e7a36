"""Completion of Python behind `/py`: the names that it finds there, and what can stand after their dots."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from prompt_toolkit.completion import Completion

from hardcore.commands.core.registry import registry

_CODE = re.compile(r"(?:py|python)\s+(?:--seconds[ =]\S+\s+)?(.*)", re.DOTALL)
_LAST = re.compile(r"[A-Za-z_][\w.]*$")


def code_of(text: str) -> str | None:
    """Return the code in a command without its slash, None where it is no line of Python."""
    found = _CODE.fullmatch(text)
    return None if found is None or found[1].startswith(("reset", "help")) else found[1]


def of_code(code: str) -> Iterator[Completion]:
    """Yield what the last word of the code could become."""
    found = _LAST.search(code)
    if found is None:
        return
    *way, typed = found[0].split(".")
    choices = _attributes(tuple(way)) if way else sorted(_names())
    for choice in choices:
        if choice.startswith(typed):
            yield Completion(choice, -len(typed), display_meta=_about(_names().get(choice)) if not way else "")


@cache
def _names() -> dict[str, Any]:
    """Return the names, asking no studio: of that they need the list of commands only."""
    from hardcore.kernel.names import names

    def ask(words: dict[str, Any]) -> Any:
        if "commands" not in words:
            raise LookupError("completion asks nothing of the music")
        return [[known.name, known.usage] for known in registry().values()]

    return names(ask)[0]


def _attributes(way: tuple[str, ...]) -> list[str]:
    """Return what can stand after names with dots between them; nothing after what is not known."""
    known: Any = _names().get(way[0])
    for name in way[1:]:
        known = getattr(known, name, None)
    return [] if known is None else [name for name in dir(known) if not name.startswith("_")]


def _about(known: object) -> str:
    return (getattr(known, "__doc__", None) or "").partition("\n")[0]
