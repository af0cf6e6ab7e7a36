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
    """A tool: what it does, its arguments as JSON Schema, the work, and the schema of its answers where it has one."""

    name: str
    about: str
    schema: dict[str, Any]
    work: Work
    reads: bool = False
    destroys: bool = False
    answers: dict[str, Any] | None = None


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
    heard = _answered(await service.run("analyse", arguments, caller))
    if not given.get("picture"):
        return heard
    drawn = await service.run(str(given["picture"]), {**arguments, **_DRAWN}, caller)
    return Answer(f"{heard.text}\n{drawn.text()}", {**heard.data, "picture": answer(drawn)})


async def _compare(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    return _answered(await service.run("compare", {key: value for key, value in given.items() if value != ""}, caller))


async def _render(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
    return _answered(await service.run("export", dict(given), caller))


# How large a sound is drawn, in letters.
_DRAWN = {"width": 72, "height": 12}
# What the tools history and jobs do: the command, and the argument of the tool that it takes.
_MOVES: dict[str, tuple[str, str | None]] = {
    "list": ("history list", None),
    "undo": ("undo", None),
    "redo": ("redo", None),
    "goto": ("history goto", "step"),
    "diff": ("history diff", "step"),
    "branches": ("history heads", None),
    "branch": ("history branch", "name"),
    "merge": ("history merge", "branch"),
    "drop": ("history drop", "branch"),
}
_JOBS: dict[str, tuple[str, str | None]] = {
    "list": ("jobs", None),
    "show": ("job show", "job"),
    "wait": ("job wait", "job"),
    "cancel": ("job cancel", "job"),
    "retry": ("job retry", "job"),
}


def _among(actions: Mapping[str, tuple[str, str | None]], values: Mapping[str, str]) -> Work:
    """Return the work of a tool with several actions; `values` are the arguments of theirs by the command's name."""

    async def work(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
        action = str(given.get("action", "list"))
        if action not in actions:
            raise Misused(f"no action '{action}'", ", ".join(actions), "action")
        command, argument = actions[action]
        value = given.get(values.get(argument, argument)) if argument else None
        return _answered(await service.run(command, {} if value is None else {str(argument): value}, caller))

    return work


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
         _object((), sound=_text("a track, a clip such as bass:A, a file; nothing: the project"),
                 picture={"type": "string", "enum": ["spectrogram", "waveform"], "description": "draw it, too"}),
         _listen, reads=True),
    Tool("compare", "Say how two sounds differ, or with `since` what has changed in one, what is audible first.",
         _object((), first=_text("a track, a clip, a file"), second=_text("what it is compared with"),
                 since={"type": "integer", "description": "a step: what has changed in the sound since then"}),
         _compare, reads=True),
    Tool("render", "Write the project to a sound or MIDI file in the folder that you may use.",
         _object(("file",), file=_text("such as song.wav"), bars=_WHOLE, stems=_FLAG, loop=_FLAG), _render),
    Tool("history", "List steps, undo, redo, go to a step; what a step changed; branches, and to merge one.",
         _object((), action={"type": "string", "enum": list(_MOVES)}, step=_WHOLE, branch=_text("a branch's name")),
         _among(_MOVES, {"name": "branch"})),
    Tool("jobs", "List what runs in the background, wait for it, cancel it, begin it once more.",
         _object((), action={"type": "string", "enum": list(_JOBS)}, job=_WHOLE), _among(_JOBS, {})),
)  # fmt: skip


def _by(command: str, *, whole: bool = False) -> Work:
    """Return the work of a tool whose arguments are those of a command; `whole`: its data are not cut."""

    async def work(service: Service, caller: Caller, given: Mapping[str, Any]) -> Answer:
        result = await service.run(command, given, caller)
        return Answer(_answered(result).text, answer(result)) if whole else _answered(result)

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
        _by(known.name, whole=True),
        reads=known.reads,
        destroys=known.effects.confirms,
        answers=_answers_of(known),
    )


def _answers_of(known: Command) -> dict[str, Any]:
    """Return the schema of what a command answers; of several kinds of answer what they share: a name and a text."""
    kinds = known.answers
    if len(kinds) == 1:
        return kinds[0].data_schema()
    names = {"type": "string", "enum": sorted(kind.__name__ for kind in kinds)}
    return {"type": "object", "properties": {"result": names, "text": {"type": "string"}}, "required": ["result"]}


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
