"""Spaces: what makes or brings music by words. Each is a command, with the inference parameters that it understands.

Each model of sound (models list) is a space by its name, unless something else has that name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Choice
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Listing, Row
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.state import ProjectState

# Every parameter there is, and what it means; a space has some of them.
INFERENCE: Mapping[str, str] = {
    "temperature": "how freely it chooses, 0 to 2",
    "top_p": "the share of likelihood that it chooses from, 0 to 1",
    "top_k": "how many of the likeliest it chooses from",
    "seed": "a whole number that makes chance repeatable",
    "max_tokens": "how long it may become, in tokens",
    "duration_seconds": "how long it is",
    "guidance_scale": "how closely it keeps to the words",
    "steps": "how many steps it takes, where it works in steps",
    "variant": "which way of playing",
}


@dataclass(frozen=True, slots=True)
class Space:
    """What makes or brings music by words.

    command     the command that does it
    prompt      the argument that takes the words; empty: it takes none
    parameters  its argument for each inference parameter that it understands
    fixed       arguments that are always given
    """

    name: str
    about: str
    command: str
    prompt: str
    parameters: Mapping[str, str]
    fixed: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Raise ValueError for a parameter that there is not."""
        if unknown := self.parameters.keys() - INFERENCE.keys():
            raise ValueError(f"no inference parameter {', '.join(sorted(unknown))}")

    def arguments(self, project: ProjectState, prompt: str, inference: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of its command. Raises UserError for a parameter that it does not understand."""
        found: dict[str, Any] = dict(self.fixed)
        if prompt and self.prompt:
            found[self.prompt] = prompt
        for name, value in inference.items():
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise UserError(f"{self.name} does not understand {name}", f"it has: {known}")
            found[self.parameters[name]] = _bars(project, value) if self.parameters[name] == "bars" else value
        return found


def _bars(project: ProjectState, seconds: object) -> int:
    """Return how many bars take about so many seconds, 1 at least. Raises UserError."""
    if not isinstance(seconds, int | float) or seconds <= 0:
        raise UserError(f"duration_seconds '{seconds}' is no length of time")
    return max(1, round(project.tempo_map.ticks(seconds) / project.meter_map.bar_ticks()))


_SPACES = (
    Space("composer", "a part in words, in the style of the piece", "part add", "words", {"seed": "seed"},
          {"another": True}),
    Space("bass", "a bass line to the drums", "bass follow", "",
          {"seed": "seed", "variant": "mode", "duration_seconds": "bars"}, {}),
    Space("lead", "a lead of questions and answers", "lead answer", "",
          {"seed": "seed", "duration_seconds": "bars"}, {}),
    Space("rhythm", "drums of a rhythm, by its name", "rhythm to-clip", "rhythm",
          {"seed": "seed", "duration_seconds": "bars"}, {}),
    Space("samples", "the best of your samples for words", "samples place", "words", {}, {}),
    Space("artifacts", "a kept sound by its name, or the newest with a tag", "artifacts place", "artifact", {}, {}),
)  # fmt: skip
# What `generate sound` takes for every model; one that takes no notice of something says so when it is done.
_MODEL_PARAMETERS: Mapping[str, str] = {
    "seed": "seed", "duration_seconds": "bars", "guidance_scale": "guidance", "steps": "steps",
    "temperature": "temperature",
}  # fmt: skip
_OURS = {one.name: one for one in _SPACES}


def spaces() -> dict[str, Space]:
    """Return every space by its name. Raises UserError where the user's own models cannot be read."""
    from hardcore.knowledge.soundmodels import sound_models

    models = {
        name: Space(name, one.about or one.backend, "generate sound", "words", _MODEL_PARAMETERS, {"model": name})
        for name, one in sound_models().items()
    }
    return _OURS | {name: one for name, one in models.items() if name not in _OURS}


def space_names() -> Iterator[Choice]:
    """Yield what a space may be called, and what it makes."""
    return (Choice(one.name, one.about) for one in spaces().values())


def space_called(name: str) -> Space:
    """Return a space by its name. Raises NotFound naming the nearest."""
    if name in _OURS:  # whatever is wrong with the models
        return _OURS[name]
    known = spaces()
    if name not in known:
        raise NotFound(f"no space '{name}'", nearest(name, known))
    return known[name]


class SpaceRow(Row):
    """A space: what it makes, by which command, and the inference parameters that it understands."""

    name: str
    about: str
    command: str
    parameters: tuple[str, ...]

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, self.about, self.command, ", ".join(self.parameters))


class SpaceList(Listing[SpaceRow]):
    """What makes or brings music by words."""

    headings = ("space", "what it makes", "command", "parameters")


@command("space list", "space list", effects=(), aliases=("spaces",))
def space_list(call: Call) -> SpaceList:
    """List the spaces, which make or bring music by words for rules and programs, with their inference parameters."""
    rows = (
        SpaceRow(name=one.name, about=one.about, command=one.command, parameters=tuple(one.parameters))
        for one in spaces().values()
    )
    return SpaceList(items=tuple(rows))
