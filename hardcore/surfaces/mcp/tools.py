"""The tools that an agent gets: about ten, because every command as a tool costs 20,000 tokens at once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller, Progress
from hardcore.commands.core.clientschema import plain
from hardcore.commands.core.registry import Command
from hardcore.commands.core.results import Result
from hardcore.commands.core.search import find_commands
from hardcore.errors import Misused, UserError, nearest
from hardcore.surfaces.service import Service, answer, described

# About 1,500 tokens.
MOST_LETTERS = 6000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool answers: text for the model, data for the program, a picture where there is one."""

    text: str
    data: dict[str, Any] = field(default_factory=dict)


Work = Callable[[Service, Caller, Mapping[str, Any]], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it does, its arguments as JSON Schema, and the work."""

    name: str
    about: str
    schema: dict[str, Any]
    work: Work
    reads: bool = False
    destroys: bool = False


def _text(about: str) -> dict[str, Any]:
    return {"type": "string", "description": about}


def _object(required: tuple[str, ...] = (), **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_FLAG = {"type": "boolean"}
_STEP = {"type": "integer", "description": "refuse unless the project is at this step"}
_WHOLE = {"type": "integer"}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": 40}
_CALLS = {
    "type": "array",
    "minItems": 1,
    "maxItems": 64,
    "items": _object(
        ("name",),
        name=_text("a command, such as track gain"),
        arguments={"type": "object", "additionalProperties": True},
    ),
}


async def _find(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    query, limit = str(given["query"]), int(given.get("limit", 10))
    meant = service.meant(query)
    rest = (known for known in find_commands(query, limit) if known.name not in meant)
    found = (*map(service.command, meant), *rest)[:limit]
    if not found:
        raise UserError(f"no command is about '{given['query']}'", "say what should change: reverb, tempo, clip")
    rows = [{"name": known.name, "usage": known.usage, "summary": known.summary} for known in found]
    return Answer("\n".join(f"{row['usage']}\n    {row['summary']}" for row in rows), {"commands": rows})


async def _describe(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    known = service.command(str(given["name"]))
    data = described(known) | {"schema": plain(known.schema())}
    arguments = "\n".join(f"  {one.name}: {one.kind.help}" for one in known.arguments)
    return Answer(f"{known.usage}\n{known.doc}\n{arguments}\nexample: /{known.example}", data)


async def _run(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    calls = [(str(one["name"]), one.get("arguments", {})) for one in given["calls"]]
    if len(calls) == 1:
        return _answered(await service.run(*calls[0], caller))
    return _answered(await service.batch(calls, caller))


async def _line(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    return _answered(await service.line(str(given["line"]), caller))


async def _say(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    return _answered(await service.say(str(given["text"]), caller, bool(given.get("preview"))))


# What can be looked at, and the command that says it.
LOOKS: dict[str, tuple[str, str | None]] = {
    "project": ("info", None),
    "tracks": ("track list", None),
    "track": ("track show", "track"),
    "scenes": ("scene list", None),
    "clip": ("clip show", "clip"),
    "sections": ("section list", None),
    "markers": ("marker list", None),
    "rules": ("rule list", None),
    "session": ("session show", None),
    "arrangement": ("arrangement show", None),
    "chords": ("chords show", None),
    "automation": ("automation list", None),
    "changes": ("history diff", "step"),
    "position": ("position", None),
}


async def _look(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    what = str(given.get("what", "project"))
    if what not in LOOKS:
        raise Misused(f"'{what}' cannot be looked at", nearest(what, LOOKS), "what")
    command, argument = LOOKS[what]
    if argument is not None and "name" not in given:
        raise Misused(f"which {argument}?", f"name: a {argument}", "name")
    arguments = (
        {} if argument is None else {argument: _number(str(given["name"])) if argument == "step" else given["name"]}
    )
    return _answered(await service.run(command, arguments, caller))


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Misused(f"'{text[:40]}' is no step", "a number, such as 12", "name")
    return int(text)


async def _listen(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    arguments = {"sound": given["sound"]} if given.get("sound") else {}
    return _answered(await service.run("analyse", arguments, caller))


async def _compare(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    arguments = {name: given[name] for name in ("first", "second") if given.get(name)}
    return _answered(await service.run("compare", arguments, caller))


async def _render(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    return _answered(await service.run("export", dict(given), caller))


_MOVES = {
    "list": "history list",
    "undo": "undo",
    "redo": "redo",
    "branches": "history branches",
    "goto": "history goto",
}


async def _history(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    action = str(given.get("action", "list"))
    if action not in _MOVES:
        raise Misused(f"no action '{action}'", ", ".join(_MOVES), "action")
    arguments = {"step": given["step"]} if action == "goto" and "step" in given else {}
    return _answered(await service.run(_MOVES[action], arguments, caller))


FEW: tuple[Tool, ...] = (
    Tool("find_commands", "Find commands by what they do, in plain words.",
         _object(("query",), query=_text("such as: make the bass louder"), limit=_LIMIT),
         _find, reads=True),
    Tool("describe", "Explain a command: its arguments, what it changes, an example.",
         _object(("name",), name=_text("a command's name")), _describe, reads=True),
    Tool("run", "Run commands. Several are one step that one undo takes back; all or nothing.",
         _object(("calls",), calls=_CALLS, dry_run=_FLAG, expected=_STEP), _run),
    Tool("line", "Run one line as it is typed, such as /track gain kick -3.",
         _object(("line",), line=_text("a line"), dry_run=_FLAG, expected=_STEP), _line),
    Tool("say", "Make music from a sentence, or change what is there. The answer shows the commands.",
         _object(("text",), text=_text("such as: dark techno, 138 bpm"), preview=_FLAG, expected=_STEP), _say),
    Tool("look", f"Look at what is there: {', '.join(LOOKS)}.",
         _object((), what={"type": "string", "enum": list(LOOKS)}, name=_text("a track, a clip; a step for changes")),
         _look, reads=True),
    Tool("listen", "Hear the project, a track or a clip: tempo, key, chords, loudness, spectrum, faults.",
         _object((), sound=_text("a track, a clip such as bass:A, a file; nothing: the project")), _listen, reads=True),
    Tool("compare", "Say how two sounds differ, what is audible first.",
         _object(("first",), first=_text("a track, a clip, a file"), second=_text("what it is compared with")),
         _compare, reads=True),
    Tool("render", "Write the project to a sound or MIDI file in the folder that you may use.",
         _object(("file",), file=_text("such as song.wav"), bars=_WHOLE, stems=_FLAG, loop=_FLAG), _render),
    Tool("history", "List steps, undo, redo, go to a step.",
         _object((), action={"type": "string", "enum": list(_MOVES)}, step={"type": "integer"}), _history),
)  # fmt: skip


def _by(command: str) -> Work:
    """Return the work of a tool whose arguments are those of a command."""

    async def work(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
        return _answered(await service.run(command, given, caller))

    return work


# Python that lives, for agents that may run it.
WEAVE: tuple[Tool, ...] = (
    Tool("weave_eval", "Run Python beside the studio; names stay. `studio` reaches every command, see weave_help.",
         _object(("code",), code=_text("an expression or statements"), seconds={"type": "number"}), _by("py")),
    Tool("weave_session", "All that one has to know to go on: vibe, tempo, rules, markers, transport, history.",
         _object(), _by("session show"), reads=True),
    Tool("weave_reset", "Forget every name of the Python; the project stays.",
         _object(clear_session={**_FLAG, "description": "remove the rules that call its functions, too"}),
         _by("py reset")),
    Tool("weave_help", "What Python finds there.",
         _object((), topic={"type": "string", "enum": ["api", "session", "scheduler", "examples"]}),
         _by("py help"), reads=True),
)  # fmt: skip


def _of(known: Command) -> Tool:
    """Return a command as a tool of its own."""
    return Tool(
        known.name.replace(" ", "_").replace("-", "_"),
        known.summary,
        plain(known.schema()),
        _by(known.name),
        reads=known.reads,
        destroys=known.effects.confirms,
    )


def every() -> tuple[Tool, ...]:
    """Return every command as a tool, for clients that choose among many themselves."""
    return tuple(map(_of, registry.registry().values()))


def caller_of(service: Service, given: Mapping[str, Any], author: str, progress: Progress) -> Caller:
    """Return the caller of a tool."""
    expected = given.get("expected")
    return service.caller(author, expected=expected, dry_run=bool(given.get("dry_run")), progress=progress)


def _answered(result: Result | None) -> Answer:
    """Return a result, cut to what a model can take."""
    text = result.text() if result is not None else ""
    data = answer(result)
    if len(text) > MOST_LETTERS:
        text = f"{text[:MOST_LETTERS]}\n… {len(text) - MOST_LETTERS} letters more: ask for less"
    short = {key: value for key, value in data.items() if key != "text"}
    if len(str(short)) > 2 * MOST_LETTERS:
        short = {key: value for key, value in short.items() if not isinstance(value, list | dict)} | {"cut": True}
    return Answer(text, short)
