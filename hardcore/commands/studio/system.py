"""The program itself: help, config, doctor, quit."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from hardcore.commands.composing.soundmodels import SoundModelName
from hardcore.commands.core.background import work
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import Command, command, find, registry
from hardcore.commands.core.results import Done, Listing, Result, Row
from hardcore.commands.core.types import Choice, Flag, Kind, NewName, Words
from hardcore.errors import NotFound, nearest
from hardcore.project.state import ProjectState
from hardcore.settings import change_setting, user_file

if TYPE_CHECKING:
    from hardcore.jobs.doctor import Check


def _commands(project: ProjectState, before: tuple[str, ...]) -> Iterable[Choice]:
    return (Choice(known.name, known.summary) for known in registry().values())


CommandName = Annotated[str, Kind("command", "a command's name", _commands, rest=True)]


class Help(Result):
    """The help of one command."""

    name: str
    usage: str
    doc: str
    example: str
    aliases: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...]

    def text(self) -> str:
        """Return usage, what it does, its arguments and an example."""
        lines = [self.usage, "", self.doc, ""]
        lines += [f"  {name:<14} {help}" for name, help in self.arguments]
        lines += [""] if self.arguments else []
        if self.aliases:
            lines.append("also: " + ", ".join(f"/{alias}" for alias in self.aliases))
        lines.append(f"example: /{self.example}")
        return "\n".join(lines)


def help_of(known: Command) -> Help:
    """Return the help of a command."""
    arguments = tuple((f"--{a.name.replace('_', '-')}" if a.option else a.shown, a.kind.help) for a in known.arguments)
    return Help(
        name=known.name,
        usage=known.usage,
        doc=known.doc,
        example=known.example,
        aliases=known.aliases,
        arguments=arguments,
    )


class CommandRow(Row):
    """A command in a line."""

    name: str
    usage: str
    summary: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (f"/{self.name}", self.summary)


class CommandUsage(CommandRow):
    """A command with its usage."""

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.usage, self.summary)


class CommandList(Listing[CommandRow]):
    """Commands."""

    headings = ("command", "what it does")


def _row(known: Command) -> CommandRow:
    return CommandRow(name=known.name, usage=known.usage, summary=known.summary)


@command("help", "help track gain", effects=(), aliases=("?",))
def help_command(call: Call, command: CommandName = "") -> Help | CommandList:
    """List the commands, or explain one."""
    words = command.lower().strip().removeprefix("/").split()
    if not words:
        rows = tuple(map(_row, registry().values()))
        note = (
            "A line without a slash is a prompt: acid 130 bpm, F minor; or a change: darker. /help COMMAND says more."
        )
        return CommandList(items=rows, note=note)
    found = find(words)
    if found is not None and found[1] == len(words):
        return help_of(found[0])
    group = [known for known in registry().values() if known.name.split()[0] == words[0]]
    if group and len(words) == 1:
        return CommandList(items=tuple(CommandUsage(**dict(_row(known))) for known in group))
    raise NotFound(f"no command '{command}'", nearest(" ".join(words), registry()))


SettingValue = str | bool | int | float | None


class SettingRow(Row):
    """A setting and its value."""

    name: str
    value: SettingValue

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return (self.name, str(self.value))


class SettingList(Listing[SettingRow]):
    """The settings."""

    headings = ("setting", "value")


class Setting(Done):
    """A setting and its value; `before` is the one it had, where it was changed."""

    name: str
    value: SettingValue
    before: SettingValue = None


@command(
    "config",
    "config render.rate",
    effects=(),
    where={"value": {"settings"}},
    about={"name": "a setting, such as render.rate", "value": "what it is from now on"},
)
def config(call: Call, name: NewName | None = None, value: Words | None = None) -> SettingList | Setting:
    """List the settings, say one, or change one (kept in your own config file)."""
    known = call.studio.settings.flat()
    if name is None:
        rows = tuple(SettingRow(name=key, value=setting) for key, setting in known.items())
        return SettingList(items=rows, note=f"your own values are kept in {user_file()}")
    if name not in known:
        raise NotFound(f"no setting '{name}'", nearest(name, known))
    if value is None:
        return Setting(message=f"{name} = {known[name]}", name=name, value=known[name])
    call.studio.settings = change_setting(call.studio.settings, name, value)
    now = call.studio.settings.flat()[name]
    return Setting(message=f"{name}: {known[name]} → {now}", name=name, value=now, before=known[name])


class CheckRow(Row):
    """Something the studio needs: whether it is good, what was found, and what cures it."""

    good: bool
    what: str
    found: str
    cure: str | None

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        return ("ok" if self.good else "NO", self.what, self.found, self.cure)


class Examination(Listing[CheckRow]):
    """What the doctor found; `good` is whether all is well."""

    headings = ("", "what", "found", "cure")

    good: bool

    @property
    def failed(self) -> bool:
        """Return whether something is to be mended."""
        return not self.good


@command(
    "doctor",
    "doctor",
    effects=(),
    where={"yes": {"settings", "files"}},
    about={
        "backend": "a model of sound: it is loaded, and makes one second",
        "fix": "ask of each thing that can be mended; in the studio they are listed",
        "yes": "mend all of it without asking",
    },
)
async def doctor(
    call: Call, *, backend: SoundModelName | None = None, fix: Flag = False, yes: Flag = False
) -> Examination:
    """Check what the studio needs on this machine, with a cure for what is missing; or what a model of sound needs.

    --fix mends what is wrong with your own folders (locks and files left over, permissions, settings that cannot be
    read): in a shell it asks of each, in the studio --yes says so.
    """
    from hardcore.jobs.doctor import examine, mended

    done = mended() if yes else []
    checks = [*done, *(await (examine(call.studio.version) if backend is None else _model_checks(call, backend)))]
    bad = sum(not check.good for check in checks)
    rows = tuple(CheckRow(good=one.good, what=one.what, found=one.found, cure=one.cure or None) for one in checks)
    return Examination(items=rows, good=not bad, note="all is well" if not bad else f"{bad} to mend")


async def _model_checks(call: Call, name: str) -> "list[Check]":
    from hardcore.jobs.doctor import Check
    from hardcore.knowledge.soundmodels import sound_model

    model = sound_model(name)
    there = Check("weights", model.is_there, f"{model.place}, licence {model.licence}", f"models get {name}")
    if not model.is_there:
        return [there]
    device = call.studio.settings.models.device
    given = {"name": name, "backend": model.backend, "place": model.place, "device": device}
    done = await work(call, "model_check", given)
    return [replace(there, cure=""), *(Check(*row) for row in done["checks"])]


class Left(Done):
    """The studio was left; `unsaved` is whether steps are kept that no file has."""

    unsaved: bool


@command("quit", "quit", effects={"player", "screen", "jobs"}, aliases=("exit", "q"))
def quit_command(call: Call) -> Left:
    """Leave; unsaved steps are kept and offered at the next start."""
    call.studio.closing = True
    unsaved = not call.controller.saved and call.controller.history.at > 0
    words = "goodbye" + ("; unsaved changes are kept: /recover next time" if unsaved else "")
    return Left(message=words, unsaved=unsaved)
