"""The studio as the kernel's code sees it: lines, calls by name, and every command as an attribute.

studio.do("/tempo 140")
studio.call("track gain", "kick", gain_db=-3)
studio.track.gain("kick", -3)
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, Self

from hardcore.errors import near

Ask = Callable[[dict[str, Any]], Any]


class Answer(dict[str, Any]):
    """What a command answered, as data; it shows itself as its text, and its fields are attributes too."""

    def __getattr__(self, name: str) -> Any:
        """Return a field. Raises AttributeError."""
        if name in self:
            return self[name]
        raise AttributeError(f"this answer has no '{name}' (it has {', '.join(self)})")

    def __repr__(self) -> str:
        """Return its text."""
        return str(self["text"])

    def __await__(self) -> Generator[None, None, Self]:
        """Return it: it is there already, so that code may await what it asks for, or not."""
        return self
        yield


class Studio:
    """The studio beside which this code runs. What it refuses raises StudioError, in one line."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[tuple[str, ...], tuple[str, str]] = {}

    def do(self, line: str) -> Answer:
        """Return what a typed line answers: a sentence, or a command after a slash."""
        return Answer(self._ask({"do": line}))

    def call(self, name: str, /, *values: Any, **named: Any) -> Answer:
        """Return what the command called `name` answers to arguments in order and by name."""
        # Python needs `in_` for `in`
        given = {key.removesuffix("_"): value for key, value in named.items()}
        return Answer(self._ask({"name": name, "values": values, "named": given}))

    def batch(self, calls: Iterable[tuple[str, Mapping[str, Any]]], label: str = "") -> Answer:
        """Return what several commands come to, each a name and its arguments; edits are one step, all or nothing."""
        return Answer(self._ask({"batch": [[name, dict(named)] for name, named in calls], "label": label}))

    def _commands(self) -> dict[tuple[str, ...], tuple[str, str]]:
        """Return the commands by the attributes that lead to them: the name, and how it is used."""
        if not self._known:
            listed: list[list[str]] = self._ask({"commands": True})
            self._known = {tuple(name.replace("-", "_").split()): (name, usage) for name, usage in listed}
        return self._known

    def __getattr__(self, name: str) -> "Noun":
        """Return a command, or the first word of some. Raises AttributeError."""
        if name.startswith("_"):
            raise AttributeError(name)
        return Noun(self, (name,))

    def __dir__(self) -> list[str]:
        """Return what can stand after the dot."""
        return sorted({"do", "call", "batch", *(words[0] for words in self._commands())})


class Noun:
    """A command, or the first words of several: `studio.track.gain`."""

    def __init__(self, studio: Studio, words: tuple[str, ...]) -> None:
        self._studio, self._words = studio, words
        if words not in studio._commands() and not dir(self):
            choices = {known[len(words) - 1] for known in studio._commands() if known[: len(words) - 1] == words[:-1]}
            close = near(words[-1], choices)
            hint = f" (did you mean {' or '.join(close)}?)" if close else ""
            raise AttributeError(f"no command '{' '.join(words)}'{hint}")

    def __getattr__(self, name: str) -> "Noun":
        """Return a command that begins with these words. Raises AttributeError."""
        if name.startswith("_"):
            raise AttributeError(name)
        return Noun(self._studio, (*self._words, name))

    def __dir__(self) -> list[str]:
        """Return what can stand after the dot."""
        size = len(self._words)
        known = self._studio._commands()
        return sorted({words[size] for words in known if len(words) > size and words[:size] == self._words})

    def __call__(self, *values: Any, **named: Any) -> Answer:
        """Return what the command answers. Raises StudioError."""
        name, _ = self._studio._commands().get(self._words, (" ".join(self._words), ""))
        return self._studio.call(name, *values, **named)

    def __repr__(self) -> str:
        """Return how it is used."""
        rest = f"one of: {', '.join(dir(self))}"
        return self._studio._commands().get(self._words, ("", rest))[1]
