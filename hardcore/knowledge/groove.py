"""A groove that comes with the program: the schema of knowledge_base/grooves/*.yaml, and its loader."""

from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from hardcore.errors import NotFound, UserError, nearest
from hardcore.knowledge.section import Section, Word
from hardcore.knowledge.source import folder, read_yaml
from hardcore.music.groove import GrooveTemplate, swing
from hardcore.music.ticks import WHOLE

Ticks = Annotated[int, Field(ge=-480, le=480)]
Level = Annotated[float, Field(ge=0.2, le=2)]
Percent = Annotated[float, Field(ge=50, le=75)]
Line = Annotated[str, Field(min_length=1, max_length=400)]


class GrooveFile(Section):
    """One named groove, a bar of 4/4.

    name      as it is shown
    about     what it does, one sentence
    source    where its shape comes from, or that it is our own
    words     phrases of a prompt that mean it
    grid      steps to the bar: 8, 16 or 32
    swing     percent, 50–75; delays every second step
    timing    ticks (1920 to the quarter) added to that, late above 0; a list shorter than the bar is repeated
    velocity  how loud each step is against the others, repeated likewise; brought to an average of 1
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    about: Line
    source: Line
    words: tuple[Word, ...] = ()
    grid: Annotated[int, Field(ge=8, le=32)] = 16
    swing: Percent = 50
    timing: Annotated[tuple[Ticks, ...], Field(min_length=1, max_length=32)] = (0,)
    velocity: Annotated[tuple[Level, ...], Field(min_length=1, max_length=32)] = (1.0,)

    @model_validator(mode="after")
    def _fits(self) -> "GrooveFile":
        if self.grid not in (8, 16, 32):
            raise ValueError(f"grid {self.grid} is none of 8, 16, 32")
        for what, values in (("timing", self.timing), ("velocity", self.velocity)):
            if self.grid % len(values):
                raise ValueError(f"{len(values)} values of {what} do not fill a bar of {self.grid} steps")
        return self

    def template(self, groove_id: str) -> GrooveTemplate:
        """Return the groove as a project holds it."""
        step_ticks = WHOLE // self.grid
        late = swing(self.swing, step_ticks).timing
        middle = fmean(self.velocity)
        steps = range(self.grid)
        return GrooveTemplate(
            id=groove_id,
            name=self.name,
            step_ticks=step_ticks,
            timing=tuple(late[step % 2] + self.timing[step % len(self.timing)] for step in steps),
            velocity=tuple(round(self.velocity[step % len(self.velocity)] / middle, 4) for step in steps),
            bar_ticks=WHOLE,
            about=self.about,
        )


@cache
def groove_ids() -> tuple[str, ...]:
    """Return the ids of the grooves that come with the program, in alphabetical order; an id is the file's name."""
    return tuple(sorted(path.stem for path in (folder() / "grooves").glob("*.yaml")))


@cache
def groove_file(groove_id: str) -> GrooveFile:
    """Return what a groove's file says. Raises UserError naming the nearest one, or what is wrong in its file."""
    if groove_id not in groove_ids():
        raise NotFound(f"no groove '{groove_id}'", nearest(groove_id, groove_ids()))
    return read_groove(folder() / "grooves" / f"{groove_id}.yaml")


@cache
def groove(groove_id: str) -> GrooveTemplate:
    """Return a groove that comes with the program. Raises UserError naming the nearest one."""
    return groove_file(groove_id).template(groove_id)


def read_groove(path: Path) -> GrooveFile:
    """Return the groove in a YAML file. Raises UserError `file: key: what is wrong`."""
    try:
        found = GrooveFile.model_validate(read_yaml(path))
        found.template(path.stem)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "top level"
        raise UserError(f"{path.name}: {where}: {first['msg'].removeprefix('Value error, ')}") from error
    return found


@cache
def groove_words() -> dict[str, str]:
    """Return the phrases that mean a groove, lower case, with the id of each. Raises UserError for one with two."""
    found: dict[str, str] = {}
    for groove_id in groove_ids():
        known = groove_file(groove_id)
        for phrase in dict.fromkeys((known.name.casefold(), *known.words)):
            if found.setdefault(phrase, groove_id) != groove_id:
                raise UserError(f"'{phrase}' means both {found[phrase]} and {groove_id}")
    return found
