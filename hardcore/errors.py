"""What can go wrong, as the user sees it.

UserError      the input cannot be carried out: one line, and a hint with the nearest valid choice
Misused        a UserError of a call: an argument that it does not have or that is wrong
Denied         a UserError of a caller: it may not do that
Stale          a UserError of a caller: the project is at another step than it believes
NotFound       a UserError: there is nothing of that name
Conflict       a UserError: it does not go with what is there
Locked         a UserError: somebody else has it open; waiting may help
Refused        a UserError of what keeps the project: a step can't be kept, and is taken back
EngineError    the sound engine failed: reported with a cure
JobFailed      a job ended without a result
ModelFailed    a language model, or the server that runs it, gave no answer that can be used
Each has a `code` that programs can rely on. Anything else that escapes is a bug: it is logged, and one line is shown.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from hardcore.escaping import escaped_line

if TYPE_CHECKING:
    from pydantic import ValidationError


class HardcoreError(Exception):
    """Base of the errors that carry a message fit for the user and an optional hint; `code` is for programs."""

    code: ClassVar[str] = "failed"

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = _without_walls(message), _without_walls(hint)
        super().__init__(self.message)

    def line(self) -> str:
        """Return message and hint as one line, with nothing in it that steers a terminal."""
        whole = f"{self.message} ({self.hint})" if self.hint else self.message
        return escaped_line(" ".join(whole.split()))


def _without_walls(text: str) -> str:
    """Return a text whose words of more than 300 letters are cut: what was given may have had 5,000 digits."""
    return _WALL.sub(lambda wall: f"{wall[0][:100]}…{wall[0][-40:]}", text)


_WALL = re.compile(r"\S{301,}")


class UserError(HardcoreError):
    """The input was wrong; nothing has changed."""

    code = "invalid"


class NotFound(UserError):
    """There is nothing of that name; `near` are the names closest to it."""

    code = "not_found"

    def __init__(self, message: str, hint: str = "", near: Sequence[str] = ()) -> None:
        super().__init__(message, hint)
        self.near = tuple(near)


class Locked(UserError):
    """Somebody else has it open."""

    code = "locked"


class Misused(UserError):
    """A command was called with an argument that it does not have, or that is wrong; `field` names it."""

    code = "argument"

    def __init__(self, message: str, hint: str = "", field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


class Denied(UserError):
    """The caller may not do that."""

    code = "denied"


class Stale(UserError):
    """The project is at another step than the caller believes."""

    code = "stale"


class Conflict(UserError):
    """What is asked for does not go with what is there."""

    code = "conflict"


class Refused(UserError):
    """What was done can't be kept, however often it is tried; it is taken back."""

    code = "refused"


class EngineError(HardcoreError):
    """The sound engine could not do its work."""

    code = "engine"


class JobFailed(HardcoreError):
    """A job ended without a result."""

    code = "job"


class ModelFailed(HardcoreError):
    """A language model, or the server that runs it, gave no answer that can be used; nothing has changed."""

    code = "model"


def why(error: Exception) -> str:
    """Return why the system refused something, in small letters; where it has only words of its own, those as they are.

    They may name a path, whose case counts.
    """
    said: str | None = getattr(error, "strerror", None)
    return said.lower() if said else str(error).removeprefix("database or ")


def without_extra(what: str, error: ImportError, extra: str) -> UserError:
    """Return what to say where the packages of an extra are not installed."""
    return UserError(f"{what} needs more packages ({error.name} is missing)", f"pip install 'hardcore[{extra}]'")


def in_a_line(error: BaseException) -> str:
    """Return why something ended, as one line: the words of an error, that it was cancelled, or that it was a bug."""
    if isinstance(error, HardcoreError):
        return error.line()
    return f"a bug in hardcore ({type(error).__name__})" if isinstance(error, Exception) else "cancelled"


def near(word: str, choices: Iterable[str]) -> list[str]:
    """Return the valid choices that `word` may have meant, the closest first, three at most."""
    return difflib.get_close_matches(word.lower(), list(choices), n=3, cutoff=0.5)


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return a hint naming the valid choices closest to `word`, or the first few of them."""
    known = list(choices)
    if close := near(word, known):
        return "did you mean " + " or ".join(close) + "?"
    few = ", ".join(known[:8])
    return f"one of: {few}{', …' if len(known) > 8 else ''}" if known else "there are none yet"


# What pydantic finds wrong, in words.
_WORDS = {
    "greater_than_equal": "at least {ge}",
    "greater_than": "more than {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "int_parsing": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "int_type": "a whole number is needed",
    "int_parsing_size": "that number is too large",
    "float_parsing": "a number is needed",
    "float_type": "a number is needed",
    "finite_number": "a finite number is needed",
    "bool_parsing": "on or off",
    "bool_type": "on or off",
    "string_type": "text is needed",
    "string_too_short": "it needs {min_length} or more letters",
    "string_too_long": "at most {max_length} letters",
    "too_short": "at least {min_length} are needed",
    "too_long": "at most {max_length}",
    "tuple_type": "a list is needed",
    "dict_type": "names with values are needed",
}


def complaint(error: "ValidationError") -> tuple[str, str, Any]:
    """Return the first thing that pydantic finds wrong: where (`tempo_map.bpm`), why, and the value."""
    first = error.errors()[0]
    place, given, context = ".".join(map(str, first["loc"])), first["input"], first.get("ctx", {})
    if first["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return place, nearest(str(given), choices), given
    if first["type"] == "string_too_short" and not given:
        return place, "nothing is given", given
    words = _WORDS.get(first["type"])
    if words is None:
        return place, first["msg"].removeprefix("Value error, ").removeprefix("Input should be "), given
    values = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
    return place, words.format(**values), given
