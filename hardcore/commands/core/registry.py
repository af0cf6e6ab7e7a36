"""The registry: the only way to offer a feature. A typed function becomes a command on every surface.

    @command("track gain", "track gain kick -3", aliases=("gain",))
    def track_gain(call: Call, track: TrackRef, gain_db: Decibels) -> Done:
        \"\"\"Set a track's fader.\"\"\"

Parameters before `*` are given in order, those after it as `--name value`. A command that lacks a type, a
docstring or an example is refused when it registers.
"""

import inspect
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from keyword import iskeyword
from typing import Annotated, Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from hardcore.checkpoint import checkpoint
from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.changes import Steps, as_edited
from hardcore.commands.core.effects import Effect, Effects
from hardcore.commands.core.groups import GROUPS, group_of, module_of
from hardcore.commands.core.results import Done, Edited, Result
from hardcore.commands.core.stagelock import StageLock
from hardcore.commands.core.types import Choice, Kind, ScopeText
from hardcore.controller.events import ArtifactMade, acting
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, Misused, UserError, complaint, in_a_line
from hardcore.project.difference import difference
from hardcore.project.history import MAIN
from hardcore.project.state import ProjectState

Function = Callable[..., Result | Awaitable[Result]]
_REQUIRED = inspect.Parameter.empty
_EDIT: frozenset[Effect] = frozenset({"project"})


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter of a command."""

    name: str
    annotation: Any
    kind: Kind
    default: Any
    option: bool
    flag: bool

    @property
    def required(self) -> bool:
        """Return whether it has to be given."""
        return self.default is _REQUIRED

    def usage(self) -> str:
        """Return how it stands in a usage line."""
        if self.flag:
            return f"[--{self.name.replace('_', '-')}]"
        shown = f"--{self.name.replace('_', '-')} {self.kind.name.upper()}" if self.option else self.shown
        return shown if self.required else f"[{shown}]"

    @property
    def shown(self) -> str:
        """Return its name as a reader sees it: the kind of thing, or its own name when two are of one kind."""
        return (self.kind.name if self.kind.name.startswith(self.name[:3]) else self.name).upper()


@dataclass(frozen=True)
class Command:
    """A feature: its name, what it may change, its arguments, help and example."""

    name: str
    function: Function
    effects: Effects
    arguments: tuple[Argument, ...]
    doc: str
    example: str
    aliases: tuple[str, ...]
    tries: bool = False

    @property
    def group(self) -> str:
        """Return the module it comes from, as in GROUPS."""
        return group_of(self.function.__module__)

    @property
    def reads(self) -> bool:
        """Return whether it changes nothing, whatever its arguments are."""
        return not self.effects.all

    @property
    def is_step(self) -> bool:
        """Return whether it is one synchronous step of the project and nothing else."""
        slow = inspect.iscoroutinefunction(self.function)
        return self.effects.all == {"project"} and not self.effects.moves and not slow

    @property
    def summary(self) -> str:
        """Return the first line of the help."""
        return self.doc.splitlines()[0]

    @property
    def usage(self) -> str:
        """Return the usage line."""
        return " ".join([f"/{self.name}", *(argument.usage() for argument in self.arguments)])

    @cached_property
    def model(self) -> type[BaseModel]:
        """Return the pydantic model of the arguments, made on first use: making all of them costs start-up time."""
        fields: dict[str, Any] = {
            argument.name: (argument.annotation, ... if argument.required else argument.default)
            for argument in self.arguments
        }
        config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False)
        return create_model(self.name.replace(" ", "_"), __config__=config, **fields)

    @property
    def edits(self) -> bool:
        """Return whether it may change the project."""
        return "project" in self.effects.all

    @property
    def answers(self) -> tuple[type[Result], ...]:
        """Return the kinds of result it has; words alone of what changes the project are `Edited`."""
        declared = inspect.signature(self.function).return_annotation
        kinds = cast(tuple[type[Result], ...], get_args(declared) or (declared,))
        return tuple(Edited if kind is Done and self.edits else kind for kind in kinds)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the arguments."""
        return self.model.model_json_schema()

    def parsed(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments validated. Raises Misused that names the argument, what is wrong and the usage."""
        try:
            model = self.model.model_validate(self._renamed(values))
        except ValidationError as error:
            place = error.errors()[0]["loc"]
            raise Misused(_complaint(self, error), f"usage: {self.usage}", str(place[0]) if place else "") from error
        return {argument.name: getattr(model, argument.name) for argument in self.arguments}

    def _renamed(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values by the names that arguments have now, where a caller knows a former one."""
        own = {argument.name for argument in self.arguments}
        now = {argument.kind.formerly: argument.name for argument in self.arguments}
        old = [name for name in values if name in now and name not in own and now[name] not in values]
        return {now[name] if name in old else name: value for name, value in values.items()}


def _complaint(command: Command, error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    known = {argument.name: argument for argument in command.arguments}
    if first["type"] == "extra_forbidden":
        return f"{command.name} has no argument '{name}'"
    if first["type"] == "missing":
        return f"{command.name} needs {known[name].kind.help or name}"
    _, why, given = complaint(error)
    if isinstance(given, int | float) or (isinstance(given, str) and given.isdecimal()):
        return f"{name} {float(given):g}: {why}"
    shown = f" '{given}'" if isinstance(given, str) and f"'{given}'" not in why else ""
    return f"{name}{shown}: {why}"


_commands: dict[str, Command] = {}


# The first to ask may be a thread that completes; nobody may see half of the commands.
_loading, _loaded = threading.RLock(), threading.Event()


def command(
    name: str,
    example: str,
    *,
    effects: Collection[Effect] = _EDIT,
    where: Mapping[str, Collection[Effect]] | None = None,
    moves: bool = False,
    shared: bool = False,
    immediate: bool = False,
    confirms: bool = False,
    aliases: tuple[str, ...] = (),
    tries: bool = False,
    scoped: bool = False,
    about: Mapping[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Register the decorated function as the command `name`. Raises TypeError when something is missing.

    effects  what it may change; () for a command that only reads. What they and where, moves, shared, immediate and
             confirms mean is said in effects.py. A function that changes nothing but the project and awaits nothing is
             one step of the history; what is slow listens first and edits last.
    tries    a command that is no step and obeys the caller's dry run itself
    scoped   an edit of tracks that can be done to a stretch of the piece only, or what looks at one: it has the option
             --in besides its own
    about    what its arguments are, by name, where their types cannot say it: `name`, `bars`, flags
    """
    changes = Effects.of(effects, where or {}, moves=moves, shared=shared, immediate=immediate, confirms=confirms)

    def register(function: Function) -> Function:
        doc = inspect.getdoc(function)
        if not doc or not example.startswith(name):
            raise TypeError(f"command '{name}' needs a docstring and an example that begins with its name")
        arguments = _arguments(name, function, about or {}) + ((_WITHIN,) if scoped else ())
        if strange := changes.where.keys() - {argument.name for argument in arguments}:
            raise TypeError(f"command '{name}' has no argument {', '.join(sorted(strange))}")
        made = Command(name, function, changes, arguments, doc, example, aliases, tries)
        if scoped and not made.is_step and made.effects.always:
            raise TypeError(f"command '{name}': what is done to a stretch is one synchronous step")
        for key in (name, *aliases):
            if any(key == taken or key in known.aliases for taken, known in _commands.items()):
                raise TypeError(f"command '{key}' is registered twice")
        _commands[name] = made
        return function

    return register


def _arguments(name: str, function: Function, about: Mapping[str, str]) -> tuple[Argument, ...]:
    signature = inspect.signature(function)
    returns = signature.return_annotation
    if not all(isinstance(kind, type) and issubclass(kind, Result) for kind in get_args(returns) or (returns,)):
        raise TypeError(f"command '{name}' must say which Result it returns")
    parameters = list(signature.parameters.values())
    if not parameters or parameters[0].annotation is not Call:
        raise TypeError(f"command '{name}': the first parameter is the Call")
    if strange := about.keys() - {_named(parameter) for parameter in parameters[1:]}:
        raise TypeError(f"command '{name}' has no argument {', '.join(sorted(strange))}")
    return tuple(_argument(name, parameter, about.get(_named(parameter))) for parameter in parameters[1:])


def _named(parameter: inspect.Parameter) -> str:
    """Return what an argument is called: `for` where Python needs `for_`."""
    return parameter.name.removesuffix("_")


def _argument(name: str, parameter: inspect.Parameter, about: str | None) -> Argument:
    annotation = parameter.annotation
    kind = _kind(annotation)
    if kind is None:
        raise TypeError(f"command '{name}': {parameter.name} needs a type of commands/core/types.py")
    kind = replace(kind, help=about) if about else kind
    option = parameter.kind is inspect.Parameter.KEYWORD_ONLY
    return Argument(_named(parameter), annotation, kind, parameter.default, option, option and kind.name == "")


def invoke(known: Command, call: Call, arguments: dict[str, Any]) -> Result | Awaitable[Result]:
    """Return what a command answers to arguments that `parsed` made; its edits hold where `in` says."""
    given = dict(arguments)
    within = given.pop("in", None)
    given = {f"{name}_" if iskeyword(name) else name: value for name, value in given.items()}
    return known.function(replace(call, within=within) if within else call, **given)


def _kind(annotation: Any) -> Kind | None:
    """Return the Kind inside an annotation, also when it is `X | None` or a Literal."""
    if get_origin(annotation) is Annotated:
        base, *metas = get_args(annotation)
        found = next((meta for meta in metas if isinstance(meta, Kind)), None)
        fixed = _kind(base) if get_origin(base) is Literal else None
        return replace(found, complete=fixed.complete) if found and fixed else found
    if get_origin(annotation) is Literal:
        values = tuple(str(value) for value in get_args(annotation))
        return Kind("|".join(values), "one of " + ", ".join(values), lambda project, before: map(Choice, values))
    return next((kind for part in get_args(annotation) if (kind := _kind(part))), None)


_WITHIN = Argument("in", ScopeText | None, cast(Kind, _kind(ScopeText)), None, True, False)


def registry() -> dict[str, Command]:
    """Return every command by name, in the order of the reference."""
    if not _loaded.is_set():
        with _loading:
            for group in GROUPS:
                checkpoint()
                import_module(module_of(group))
            # A group that something imported earlier stands in its own place all the same.
            places = {group: place for place, group in enumerate(GROUPS)}
            ordered = sorted(_commands.items(), key=lambda item: places[item[1].group])
            _commands.clear()
            _commands.update(ordered)
            _loaded.set()
    return _commands


def find(words: list[str]) -> tuple[Command, int] | None:
    """Return the command with the longest name or alias that `words` begin with, and how many words it took."""
    names = {key: known for known in registry().values() for key in (known.name, *known.aliases)}
    for count in (3, 2, 1):
        key = " ".join(words[:count]).lower()
        if len(words) >= count and key in names:
            return names[key], count
    return None


async def run(studio: Studio, known: Command, values: dict[str, Any], caller: Caller, label: str = "") -> Result:
    """Return what the command answers; an edit is one durable step when this returns.

    Raises UserError (nothing has changed), EngineError or JobFailed.
    """
    caller, values = _where(known, values, caller)
    arguments = known.parsed(values)
    call = Call(studio, caller, label or known.name)
    call.ensure_expected()
    effects = ensure_may(known, arguments, caller)
    lock = studio.recall(StageLock)
    if lock is not None and not caller.dry_run:
        lock.ensure(known, effects, call.label, caller.author, time.monotonic())
    if caller.dry_run and effects and not known.tries:
        return _rehearsal(studio, known, arguments, caller)
    with acting(caller.author, caller.cause, outside=caller.outside):
        try:
            result = await _carried_out(known, call, arguments, effects)
        except BaseException as error:
            call.ran(known.name, effects, error=in_a_line(error))
            raise
        for path in result.artifacts:
            call.events.tell(ArtifactMade(path=path, label=call.label, author=caller.author, cause=caller.cause))
        call.ran(known.name, effects, answer=result, uses=result.uses)
    return result


def ensure_may(known: Command, arguments: dict[str, Any], caller: Caller) -> frozenset[Effect]:
    """Return the effects of a command with these arguments. Raises Denied where the caller may not have them."""
    effects = known.effects.given(arguments)
    caller.ensure_may(known.name, effects)
    if effects and known.effects.shared and caller.head != MAIN:
        raise Denied(
            f"{known.name} changes what all branches share: {caller.author} works on the branch {caller.head}",
            "whoever works on main does it, without --head",
        )
    return effects


def _where(known: Command, values: dict[str, Any], caller: Caller) -> tuple[Caller, dict[str, Any]]:
    """Return the caller on the branch that `--head` names, and the values that the command itself takes.

    Raises Denied where a caller who works on a branch names another one: what is there is not theirs to change.
    """
    if "head" not in values or any(argument.name == "head" for argument in known.arguments):
        return caller, values
    own = {name: value for name, value in values.items() if name != "head"}
    if caller.head not in (MAIN, values["head"]):
        raise Denied(f"{caller.author} works on the branch {caller.head}", "leave --head away")
    return replace(caller, head=str(values["head"])), own


async def _carried_out(known: Command, call: Call, arguments: dict[str, Any], effects: frozenset[Effect]) -> Result:
    """Return what a command answers, once what it made of the project is durable."""
    with Steps(call.controller) as steps:
        if known.is_step:
            with call.step():
                result = invoke(known, call, arguments)
        else:
            result = invoke(known, call, arguments)
        if inspect.isawaitable(result):
            result = await result
    assert isinstance(result, Result)
    if known.effects.moves:
        call.arrived()
    if "project" in effects and call.caller.waits:
        await call.controller.durable()
    return steps.told(as_edited(result) if known.edits else result)


def preview(studio: Studio, known: Command, values: dict[str, Any]) -> ProjectState:
    """Return the project as an edit would leave it, having changed nothing. Raises UserError."""
    controller, after = studio.controller, studio.controller.project
    try:
        with controller.step(known.name):
            invoke(known, Call(studio, Caller(), known.name), known.parsed(values))
            after = controller.project
            raise _Rehearsed
    except _Rehearsed:
        return after


class _Rehearsed(Exception):
    """Carries the answer out of a step that must not be kept."""


def _rehearsal(studio: Studio, known: Command, arguments: dict[str, Any], caller: Caller) -> Result:
    """Return what an edit would answer, having changed nothing. Raises UserError for what cannot be tried."""
    if not known.is_step:
        raise UserError(f"{known.name} cannot be tried without doing it")
    call = Call(studio, caller, known.name)
    answer: list[Result] = []
    before = call.project
    try:
        with studio.controller.step(known.name, caller.author, caller.head):
            result = invoke(known, call, arguments)
            assert isinstance(result, Result)
            result = as_edited(result)
            if isinstance(result, Edited):
                result = result.with_difference(None, difference(before, call.project))
            answer.append(result)
            raise _Rehearsed
    except _Rehearsed:
        return answer[0]
