"""Where a piece is delivered to: knowledge_base/targets.yaml, loaded and checked once per process."""

from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from hardcore.errors import NotFound, UserError, nearest
from hardcore.knowledge.section import Section
from hardcore.knowledge.source import folder, read_yaml

FILE = "targets.yaml"
# what is exported without a word
PLAIN = "none"

Depth = Literal["16", "24", "32f"]


class Target(Section):
    """What is asked for somewhere: loudness, highest true peak, and what is written where nothing else is said.

    lufs     integrated loudness; None leaves it as it is
    rms      instead of it, the mean power of all channels, 0 to 1
    tilt_db  how much brighter it is made at half the rate, dB
    sidecar  the facts lie in a .json beside it
    """

    about: Annotated[str, Field(max_length=100)]
    lufs: Annotated[float, Field(ge=-40, le=-3)] | None = None
    rms: Annotated[float, Field(gt=0, le=0.7)] | None = None
    tilt_db: Annotated[float, Field(ge=-6, le=6)] = 0.0
    peak: Annotated[float, Field(ge=-9, le=0)]
    format: str = "wav"
    rate: Annotated[int, Field(ge=8000, le=192_000)] | None = None
    depth: Depth | None = None
    sidecar: bool = False


@cache
def targets() -> dict[str, Target]:
    """Return every target by name. Raises UserError `file: key: what is wrong`."""
    try:
        return TypeAdapter(dict[str, Target]).validate_python(read_yaml(folder() / FILE))
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"{FILE}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def target(name: str) -> Target:
    """Return a target. Raises NotFound with the nearest one."""
    known = targets()
    if name.lower() not in known:
        raise NotFound(f"nothing is delivered to '{name}'", nearest(name, known))
    return known[name.lower()]
