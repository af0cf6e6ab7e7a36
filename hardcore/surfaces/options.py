"""The words of the command line: options that count before and after the verb, the verb, and what the verbs take."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from hardcore.commands.studio.serve import HOST, PORT
from hardcore.errors import UserError
from hardcore.project.history import MAIN
from hardcore.version import __version__

VERBS = ("do", "render", "demo", "text", "serve", "mcp", "live", "commands")
ENGINES = ("embedded", "external", "none")
_FLAGS = {
    "--json": ("as_json", "answer with one JSON object a line"),
    "--plain": ("plain", "no colour, no redrawing: for screen readers and logs"),
    "--dry-run": ("dry_run", "say what would happen, change nothing"),
    "--create": ("create", "make the project file when there is none"),
    "--wait": ("wait", "wait for a project that is open elsewhere"),
    "-v": ("verbose", "say more: the step, how much changed, how long it took"),
    "-q": ("quiet", "say nothing but errors and what was asked for"),
    "-h": ("help", "this, or the help of a command"),
}
_LONG = {"--verbose": "-v", "--quiet": "-q", "--help": "-h"}
_VALUES = {
    "--project": ("project", "FILE.hcs", "open this project; what a command makes of it is saved"),
    "--seed": ("seed", "N", "the seed of what is drawn by chance"),
    "--engine": ("engine", "|".join(ENGINES), "what plays, this time only"),
}


class UsageError(UserError):
    """The command line was wrong."""

    code = "usage"


@dataclass(slots=True)
class Options:
    """What counts wherever it stands; `words` are the others: the verb and what it takes."""

    as_json: bool = False
    plain: bool = False
    dry_run: bool = False
    create: bool = False
    wait: bool = False
    verbose: bool = False
    quiet: bool = False
    help: bool = False
    project: str | None = None
    seed: str | None = None
    engine: str | None = None
    words: list[str] = field(default_factory=list)

    @property
    def verb(self) -> str:
        """Return the first word, empty without one."""
        return self.words[0] if self.words else ""

    @property
    def file(self) -> Path | None:
        """Return the project's file: --project, or the one word that is a file's name."""
        if self.project is not None:
            return Path(self.project)
        return Path(self.verb) if self.opens else None

    @property
    def opens(self) -> bool:
        """Return whether the one word is a project's file, which is opened then."""
        return len(self.words) == 1 and self.verb.lower().endswith(".hcs")


def split(arguments: Sequence[str]) -> Options:
    """Return the options and words of a command line; after `--` everything is a word. Raises UsageError."""
    found, rest = Options(), list(arguments)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        name = _LONG.get(name, name)
        if word == "--":
            found.words += rest
            break
        if name in _FLAGS and not equals:
            setattr(found, _FLAGS[name][0], True)
        elif name in _VALUES:
            if not equals and not rest:
                raise UsageError(f"{name} needs {_VALUES[name][1]}")
            setattr(found, _VALUES[name][0], value if equals else rest.pop(0))
        else:
            found.words.append(word)
    if found.engine is not None and found.engine not in ENGINES:
        raise UsageError(f"no engine '{found.engine}'", f"one of: {', '.join(ENGINES)}")
    return found


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are raised."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"{self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verbs that are no commands; their help says what counts everywhere too."""
    top = _Parser(
        prog="hardcore",
        description="A music studio in the terminal: one sentence becomes a session.",
        usage="hardcore [FILE.hcs] [options]\n       hardcore COMMAND … [--project FILE.hcs] [options]",
        epilog="Every command is a verb: hardcore track gain kick -3 --project song.hcs; hardcore track gain --help. "
        "Without one, lines are read from the terminal or from stdin.",
    )
    top.add_argument("--version", action="version", version=f"hardcore {__version__}")
    for name, (_, shown) in _FLAGS.items():
        if name != "-h":
            names = (name, *(long for long, short in _LONG.items() if short == name))
            top.add_argument(*names, action="store_true", help=shown)
    for name, (_, metavar, shown) in _VALUES.items():
        top.add_argument(name, metavar=metavar, help=shown)
    kinds = top.add_subparsers(dest="verb", metavar="COMMAND", prog="hardcore")
    do = kinds.add_parser("do", help="run lines as they are typed: '/track gain kick -3', or a prompt")
    do.add_argument("lines", nargs="+", metavar="LINE", help="several are saved if all are done")
    render = kinds.add_parser("render", help="a sound or MIDI file from a prompt or a project")
    render.add_argument("source", metavar="PROMPT|song.hcs")
    render.add_argument("-o", "--output", required=True, metavar="FILE", help=".wav .flac .ogg .mp3 .aiff or .mid")
    for name, kind in (("bars", int), ("bpm", float), ("rate", int), ("tail", float)):
        render.add_argument(f"--{name}", type=kind)
    render.add_argument("--key", help="such as 'F minor'")
    render.add_argument("--depth", choices=("16", "24", "32f"))
    render.add_argument("--for", metavar="TARGET", help="where it goes: spotify, apple, youtube, club, ebu, cd")
    render.add_argument("--also", metavar="FORMATS", help="further formats, such as mp3,flac")
    render.add_argument("--sidecar", action="store_true", help="all facts as .json beside it")
    render.add_argument("--stems", action="store_true", help="one file per track beside it")
    render.add_argument("--loop", action="store_true", help="exactly the bars, the tail laid over the beginning")
    demo = kinds.add_parser("demo", help="make and render a first piece")
    demo.add_argument(
        "-o", "--output", metavar="FILE", help="hardcore-demo.wav, or with --all the folder hardcore-demo"
    )
    demo.add_argument("--all", action="store_true", help="the album: a piece of every style, each a .flac in a folder")
    text = kinds.add_parser("text", help="a project as text, one line a thing: for git diff")
    text.add_argument("source", metavar="FILE.hcs")
    text.add_argument("--head", default=MAIN, help="a branch of it")
    _add_serving(kinds)
    kinds.add_parser("commands", help="list every command with its JSON Schema")
    return top


def _add_serving(kinds: "argparse._SubParsersAction[_Parser]") -> None:
    """Add the verbs that let others use a studio."""
    serve = kinds.add_parser("serve", help="serve a studio to other programs, until it is ended")
    serve.add_argument("--host", default=HOST, help="an address of this machine")
    serve.add_argument("--port", type=int, default=PORT, help="0: any that is free")
    serve.add_argument("--folder", metavar="FOLDER", help="where callers may read and write, else here")
    serve.add_argument("--agents-write", action="store_true", help="agents may write files there too")
    serve.add_argument("--allow-eval", action="store_true", help="callers and agents may run Python: all that you can")
    live = kinds.add_parser("live", help="a studio for a file of Python that runs at the next bar after each save")
    live.add_argument("file", metavar="FILE.py")
    mcp = kinds.add_parser("mcp", help="the studio for one agent, on stdin and stdout")
    mcp.add_argument(
        "--tools", choices=("few", "all", "legacy"), default="few", help="ten, every command, or earlier ones"
    )
    mcp.add_argument("--folder", metavar="FOLDER", help="where the agent may read, else here")
    mcp.add_argument("--agents-write", action="store_true", help="it may write files there too")
    mcp.add_argument("--allow-eval", action="store_true", help="it may run Python: all that you can")
    mcp.add_argument("--branch", default=MAIN, metavar="NAME", help="the branch that it works on")
    mcp.add_argument("--attach", action="store_true", help="the studio that serves already, instead of one of its own")
