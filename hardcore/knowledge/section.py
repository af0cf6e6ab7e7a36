"""The base of every section of a knowledge file, and the types they share."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from hardcore.errors import nearest
from hardcore.model import Model

Unit01 = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0, le=1000)]
Settings = dict[str, float]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z0-9ß-öø-ÿ][a-z0-9ß-öø-ÿ &/'+-]*$")]

REST, ACCENT, NORMAL, GHOST, MAYBE = ".", "X", "x", "o", "-"
ROLLS = "234"
_ALPHABET = set(REST + ACCENT + NORMAL + GHOST + MAYBE + ROLLS)


class Section(Model):
    """A part of a knowledge file; an unknown key is refused with the nearest known one."""

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    raise ValueError(f"unknown key '{key}' ({nearest(str(key), cls.model_fields)})")
        return data


def _steps(text: str) -> str:
    """Return step text without its spacing. Raises ValueError."""
    steps = text.replace(" ", "").replace("|", "")
    wrong = sorted(set(steps) - _ALPHABET)
    if wrong:
        raise ValueError(f"'{wrong[0]}' is not a step; steps are X x o - . and 2 3 4")
    if len(steps) > 256:
        raise ValueError("more than 256 steps")
    return steps


Steps = Annotated[str, AfterValidator(_steps)]


def _span(span: tuple[float, float]) -> tuple[float, float]:
    if span[0] > span[1]:
        raise ValueError(f"{span[0]:g} to {span[1]:g} runs backwards")
    return span


Span01 = Annotated[tuple[Unit01, Unit01], AfterValidator(_span)]
