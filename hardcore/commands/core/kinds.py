"""Kinds: how an argument is called, explained and completed, and how text becomes its value."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BeforeValidator

from hardcore.errors import UserError
from hardcore.project.state import ProjectState


class Choice(NamedTuple):
    """A possible value and one line about it."""

    value: str
    help: str = ""


Complete = Callable[[ProjectState, tuple[str, ...]], Iterable[Choice]]


def _nothing(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """How an argument is called in a usage line, what it is, and what could stand there.

    `complete` gets the project and the arguments before this one. `rest`: it takes the rest of the line;
    `raw`: exactly as it is typed, quotes and dashes too; `each`: every word of it may be completed by itself.
    `formerly`: what callers by name may still call it. `endings`: of the files that could stand there, empty for any.
    """

    name: str
    help: str
    complete: Complete = _nothing
    rest: bool = False
    raw: bool = False
    each: bool = False
    formerly: str = ""
    endings: tuple[str, ...] = ()


def text_as(parse: Callable[[str], Any]) -> BeforeValidator:
    """Let a type be given as text too; a UserError's words become the validation's."""

    def before(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return parse(value.strip())
        except UserError as error:
            raise ValueError(error.line()) from error
        except OverflowError as error:
            raise ValueError("that is too large") from error

    return BeforeValidator(before)


def whole(text: str) -> int:
    """Return the whole number of a text. Raises UserError."""
    value = number(text, "")
    if not value.is_integer():  # nor is what is too large for a float
        raise UserError(f"'{text}' is not a whole number")
    return int(value)


def number(text: str, unit: str) -> float:
    """Return the number of a text, signed or not; `unit` is a pattern of what may follow it. Raises UserError."""
    match = re.fullmatch(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*" + unit, text.lower().replace("−", "-"))
    if match is None:
        raise UserError(f"'{text}' is not a number")
    return float(match.group(1))
