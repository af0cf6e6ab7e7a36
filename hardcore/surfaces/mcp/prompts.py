"""The prompts that a client offers its user: ways to begin, as words for the agent."""

from collections.abc import Mapping
from typing import NamedTuple

import mcp_types as types

from hardcore.errors import NotFound, nearest
from hardcore.escaping import escaped_line


class Beginning(NamedTuple):
    """A prompt: what it is for, what it asks of its user (each needed or not), and its words."""

    about: str
    arguments: tuple[tuple[str, str, bool], ...]
    words: str


BEGINNINGS = {
    "new_piece": Beginning(
        "Make a piece of music from a description",
        (("description", "such as: dark warehouse techno, 138 bpm, F minor", True),),
        "Make a piece: {description}. Begin with `say`. Then `look` at the tracks and `listen` to it; change what does "
        "not fit the description with `say` or `run`, and `compare` with `since` to hear whether it did. In the end, "
        "tell me what you changed and why.",
    ),
    "mix": Beginning(
        "Mix what is there",
        (("wish", "what it should be like, such as: warmer, more room for the kick", False),),
        "Mix this project{wish}. `listen` first, with a picture; find commands for what you hear; change little at a "
        "time, and `compare` with `since` after each change. Take back with `history` what made it worse.",
    ),
    "arrange": Beginning(
        "Make a whole song of the scenes that are there",
        (("minutes", "how long it should be", False),),
        "Arrange a song of the scenes that are there{minutes}. `look` at scenes and sections first. Use the command "
        "`song`, then shape sections: energy, who plays, transitions. `listen` to the whole in the end.",
    ),
}
_MORE = {"wish": ": {}", "minutes": ", {} minutes long"}


def prompts() -> list[types.Prompt]:
    """Return what is offered."""
    return [
        types.Prompt(
            name=name,
            description=one.about,
            arguments=[types.PromptArgument(name=n, description=a, required=r) for n, a, r in one.arguments],
        )
        for name, one in BEGINNINGS.items()
    ]


def prompt(name: str, given: Mapping[str, str]) -> types.GetPromptResult:
    """Return the words of a prompt. Raises NotFound."""
    if name not in BEGINNINGS:
        raise NotFound(f"no prompt '{name[:60]}'", nearest(name, BEGINNINGS))
    one = BEGINNINGS[name]
    values = {argument: escaped_line(given.get(argument, "").strip()[:500]) for argument, _, _ in one.arguments}
    filled = {key: _MORE.get(key, "{}").format(value) if value else "" for key, value in values.items()}
    message = types.PromptMessage(role="user", content=types.TextContent(type="text", text=one.words.format(**filled)))
    return types.GetPromptResult(description=one.about, messages=[message])
