"""Lines: what a person types becomes a command and its arguments. Without a slash a line is a prompt."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.registry import Argument, Command
from hardcore.commands.core.results import Result
from hardcore.commands.core.slashless import as_command
from hardcore.commands.core.types import Kind
from hardcore.commands.core.units import value_and_unit
from hardcore.controller.studio import Studio
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.state import ProjectState

_TOKEN = re.compile(r'(--[a-z][\w-]*=)?"((?:[^"\\]|\\.)*)"(?!\S)|(\S+)')


# Every command may be said to another branch than main; `registry.run` takes it as the caller's.
HEAD = Argument("head", str, Kind("branch", "the branch to work on"), None, True, False)


class Token(NamedTuple):
    """A word of a line, and where in the line it stands."""

    text: str
    start: int
    end: int


def tokens(line: str) -> list[Token]:
    """Return the words of a line; "double quotes" around one, or an option's value, hold spaces; ' is a letter."""
    found = []
    for match in _TOKEN.finditer(line):
        option, quoted, bare = match.groups()
        text = bare if quoted is None else (option or "") + re.sub(r'\\(["\\])', r"\1", quoted)
        found.append(Token(text, match.start(), match.end()))
    return found


def resolve(line: str) -> tuple[Command, dict[str, Any]] | None:
    """Return the command of a line and its arguments as text; None for a blank or comment line.

    A line without a slash is a prompt, but for a few commands that are said as they are (`undo that`, `save night`).
    `?` before a command is its help, before a sentence its preview.

    Raises UserError for an unknown command or option, naming the nearest one.
    """
    line = line.strip()
    if not line or line.startswith("#"):
        return None
    line = _asked(line[1:].strip()) if line.startswith("?") else as_command(line) or line
    if not line.startswith("/"):
        composing = registry.registry()["compose"]
        return composing, values(composing, tokens(line), line)
    words = tokens(line[1:])
    found = registry.find([word.text for word in words])
    if found is None:
        raise _unknown([word.text for word in words])
    known, count = found
    return known, values(known, words[count:], line[1:])


def _asked(rest: str) -> str:
    """Return the line that a `?` and what follows it stand for: help for a command, else a sentence's preview."""
    words = [word.text for word in tokens(rest.removeprefix("/"))]
    found = registry.find(words) if words else None
    one = len(words) <= 1 or rest.startswith("/")
    return f"/help {rest}" if one or (found is not None and found[1] == len(words)) else f"{rest} --preview"


def resolve_words(words: Sequence[str]) -> tuple[Command, dict[str, Any], str]:
    """Return the command that the words of a shell are, its arguments as text, and the line that says the same.

    Raises UserError for an unknown command or option, naming the nearest one.
    """
    found = registry.find(list(words))
    if found is None:
        raise _unknown(list(words))
    known, count = found
    listed: list[Token] = []
    line = ""
    raw = next((argument for argument in known.arguments if argument.kind.raw), None)
    if raw is not None and len(words) == count + 1:  # the shell has taken the quotes away
        return known, {raw.name: words[count]}, " ".join(words)[:200]
    for word in words:
        shown = word if word and not re.search(r'[\s"]', word) else '"' + re.sub(r'(["\\])', r"\\\1", word) + '"'
        listed.append(Token(word, len(line), len(line) + len(shown)))
        line += f"{shown} "
    return known, values(known, listed[count:], line), line.strip()[:200]


def _unknown(words: list[str]) -> NotFound:
    """Return what to say to words that no command begins with: of a known noun, the nearest of its verbs."""
    if not words:
        return NotFound("no command", "/help lists them")
    names = sorted({key for known in registry.registry().values() for key in (known.name, *known.aliases)})
    verbs = [name for name in names if name.startswith(f"{words[0].lower()} ")]
    wanted = " ".join(words[: 2 if verbs else 1])
    if verbs and len(words) == 1:
        return NotFound(f"no command '{wanted}'", nearest("", verbs))
    return NotFound(f"no command '{wanted}'", nearest(wanted, verbs or names))


def values(known: Command, words: list[Token], line: str) -> dict[str, Any]:
    """Return a command's arguments from the words after its name, as text. Raises UserError."""
    found: dict[str, Any] = {}
    positional = [argument for argument in known.arguments if not argument.option]
    options = {argument.name: argument for argument in known.arguments if argument.option}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.text == "-o" and "output" in options:
            word = word._replace(text="--output")
        if re.match(r"--[a-z]", word.text):
            name, equals, value = word.text[2:].partition("=")
            argument = _option(known, options, name)
            if argument.flag and equals:
                raise UserError(f"--{name} takes no value")
            found[argument.name] = True if argument.flag else value if equals else _next(argument, rest)
        elif not positional:
            raise _too_many(known, word, words)
        elif positional[0].kind.raw:
            found[positional[0].name] = line[word.start :].rstrip()
            break
        elif positional[0].kind.rest:
            taken = [word]
            while rest and not re.match(r"--[a-z]", rest[0].text):
                taken.append(rest.pop(0))
            argument = positional.pop(0)
            found[argument.name] = _joined(taken, line)
            if argument.kind.name == "name" and found[argument.name].startswith('"'):
                raise _unclosed(known)
        else:
            argument = positional.pop(0)
            found[argument.name] = _value(argument, word.text, rest)
    return found


def _value(argument: Argument, word: str, rest: list[Token]) -> str:
    """Return the value that begins with a word; what belongs to it of the rest is taken away there."""
    value, more = value_and_unit(argument.name, argument.kind.name, word, [token.text for token in rest[:1]])
    del rest[:more]
    return value


def _unclosed(known: Command) -> UserError:
    return UserError(f"{known.name}: a double quote is not closed", 'such as "low end"')


def _too_many(known: Command, word: Token, words: list[Token]) -> UserError:
    """Return what to say to a word that no argument is left for; a name with spaces may be what was meant."""
    if any(word.text.startswith('"') for word in words):
        return _unclosed(known)
    last = [argument for argument in known.arguments if not argument.option][-1:]
    place = words.index(word)
    if last and last[0].kind.name in ("file", "folder", "name"):
        end = next((n for n, token in enumerate(words) if n > place and token.text.startswith("--")), len(words))
        *before, _ = (token.text for token in words[:place])
        whole = " ".join(token.text for token in words[place - 1 : end])
        line = " ".join(["/" + known.name, *before, f'"{whole}"'])
        return UserError(f"{known.name}: a {last[0].kind.name} with spaces stands in double quotes", line)
    return UserError(f"{known.name}: '{word.text}' is one word too many", f"usage: {known.usage}")


def _joined(taken: list[Token], line: str) -> str:
    """Return the words as they were typed: one quoted word loses its quotes, several keep everything."""
    return taken[0].text if len(taken) == 1 else line[taken[0].start : taken[-1].end]


def _option(known: Command, options: dict[str, Argument], name: str) -> Argument:
    argument = options.get(name.replace("-", "_"))
    if argument is None and name == HEAD.name:
        return HEAD
    if argument is None:
        hint = nearest(name, [option.replace("_", "-") for option in options]) if options else f"usage: {known.usage}"
        raise UserError(f"{known.name} has no option --{name}", hint)
    return argument


def _next(argument: Argument, rest: list[Token]) -> str:
    if not rest:
        raise UserError(f"--{argument.name.replace('_', '-')} needs {argument.kind.help}")
    return _value(argument, rest.pop(0).text, rest)


def preview(studio: Studio, line: str) -> ProjectState:
    """Return the project as a line that edits would leave it, having changed nothing. Raises UserError."""
    resolved = resolve(line)
    return studio.controller.project if resolved is None else registry.preview(studio, *resolved)


async def run_line(studio: Studio, line: str, caller: Caller) -> Result | None:
    """Return what a line answers; None for a blank one. Raises UserError, EngineError or JobFailed."""
    resolved = resolve(line)
    if resolved is None:
        return None
    known, arguments = resolved
    label = line.strip().removeprefix("/")
    return await registry.run(studio, known, arguments, caller, label=label[:200])


def quoted(value: str) -> str:
    """Return a value as one word of a line: in quotes when it holds spaces or quotes."""
    if not re.search(r'[\s"]', value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
