"""The program itself: help, config, doctor, quit."""

from collections.abc import Iterable
from typing import Annotated

from hardcore.commands.call import Call
from hardcore.commands.registry import Command, command, find, registry
from hardcore.commands.results import Done, Result, Table
from hardcore.commands.types import Choice, Kind, NewName, Words
from hardcore.errors import UserError, nearest
from hardcore.project.state import ProjectState
from hardcore.settings import change_setting, user_file


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


@command("help", "help track gain", effects=(), aliases=("?",))
def help_command(call: Call, command: CommandName = "") -> Result:
    """List the commands, or explain one."""
    words = command.lower().strip().removeprefix("/").split()
    if not words:
        rows = tuple((f"/{known.name}", known.summary) for known in registry().values())
        note = (
            "A line without a slash is a prompt: acid 130 bpm, F minor; or a change: darker. /help COMMAND says more."
        )
        return Table(columns=("command", "what it does"), rows=rows, note=note)
    found = find(words)
    if found is not None and found[1] == len(words):
        return help_of(found[0])
    group = [known for known in registry().values() if known.name.split()[0] == words[0]]
    if group and len(words) == 1:
        rows = tuple((known.usage, known.summary) for known in group)
        return Table(columns=("command", "what it does"), rows=rows)
    raise UserError(f"no command '{command}'", nearest(" ".join(words), registry()))


@command("config", "config render.rate", effects=(), where={"value": {"settings"}})
def config(call: Call, name: NewName | None = None, value: Words | None = None) -> Result:
    """List the settings, say one, or change one (kept in your own config file)."""
    known = call.studio.settings.flat()
    if name is None:
        rows = tuple((key, str(setting)) for key, setting in known.items())
        return Table(columns=("setting", "value"), rows=rows, note=f"your own values are kept in {user_file()}")
    if name not in known:
        raise UserError(f"no setting '{name}'", nearest(name, known))
    if value is None:
        return Done(message=f"{name} = {known[name]}")
    call.studio.settings = change_setting(call.studio.settings, name, value)
    return Done(message=f"{name}: {known[name]} → {call.studio.settings.flat()[name]}")


@command("doctor", "doctor", effects=())
async def doctor(call: Call) -> Table:
    """Check what the studio needs on this machine, with a cure for what is missing."""
    from hardcore.jobs.doctor import examine

    checks = await examine(call.studio.version)
    bad = sum(not check.good for check in checks)
    rows = tuple(("ok" if check.good else "NO", check.what, check.found, check.cure) for check in checks)
    note = "all is well" if not bad else f"{bad} to mend"
    return Table(columns=("", "what", "found", "cure"), rows=rows, note=note)


@command("quit", "quit", effects={"player", "screen", "jobs"}, aliases=("exit", "q"))
def quit_command(call: Call) -> Done:
    """Leave; unsaved steps are kept and offered at the next start."""
    call.studio.closing = True
    unsaved = not call.controller.saved and call.controller.history.at > 0
    return Done(message="goodbye" + ("; unsaved changes are kept: /recover next time" if unsaved else ""))
