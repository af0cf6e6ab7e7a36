"""The verbs of the command line that are no commands, and what they take; a session at the terminal needs none."""

import argparse
from typing import NoReturn

from hardcore.commands.core.types import EXPORTED
from hardcore.commands.studio.serve import HOST, PORT
from hardcore.project.history import MAIN
from hardcore.surfaces.options import FLAGS, LONG, SHELLS, VALUES, UsageError
from hardcore.version import __version__


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
    for name, (_, shown) in FLAGS.items():
        if name != "-h":
            names = (name, *(long for long, short in LONG.items() if short == name))
            top.add_argument(*names, action="store_true", help=shown)
    for name, (_, metavar, shown) in VALUES.items():
        top.add_argument(name, metavar=metavar, help=shown)
    kinds = top.add_subparsers(dest="verb", metavar="COMMAND", prog="hardcore")
    do = kinds.add_parser("do", help="run lines as they are typed: '/track gain kick -3', or a prompt")
    do.add_argument("lines", nargs="+", metavar="LINE", help="several are saved if all are done")
    render = kinds.add_parser("render", help="a file from a prompt or a project: sound, MIDI, or for another studio")
    render.add_argument("source", metavar="PROMPT|song.hcs")
    render.add_argument("-o", "--output", required=True, metavar="FILE", help=EXPORTED)
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
    completion = kinds.add_parser("completion", help="print what lets a shell complete our words with Tab")
    completion.add_argument("shell", choices=SHELLS)
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
