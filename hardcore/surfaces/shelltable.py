"""The table that a shell's completion reads: every verb, what it takes, and what could stand there. It is kept in the
cache and made anew when the program, or the user's own styles, are not those that it was made from."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.paths import cache_folder, data_folder, user_folder
from hardcore.version import __version__

if TYPE_CHECKING:
    import argparse


def table() -> dict[str, Any]:
    """Return the table, from the cache where it is of this program. Raises UserError."""
    path, stamp = cache_folder() / "completion.json", _stamp()
    with suppress(OSError, ValueError):
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(kept, dict) and kept.get("stamp") == stamp:
            return kept
    made = {"stamp": stamp, **_made()}
    with suppress(OSError):  # then the next Tab makes it once more
        mine = path.with_suffix(f".{os.getpid()}")
        mine.write_text(json.dumps(made), encoding="utf-8")
        mine.replace(path)
    return made


def script(shell: str) -> str:
    """Return what a shell has to run for Tab to know our words. Raises UserError."""
    return (data_folder("config") / "completion" / f"hardcore.{shell}").read_text(encoding="utf-8")


def _stamp() -> list[Any]:
    """Return what the table depends on, cheap to find: the program, and when it or the user's styles were changed."""
    package, styles = Path(__file__).parents[1], user_folder() / "genres"
    ours = (path for folder in ("commands", "surfaces") for path in (package / folder).rglob("*.py"))
    changed = max(path.stat().st_mtime_ns for path in ours)
    return [__version__, str(package), changed, styles.stat().st_mtime_ns if styles.is_dir() else 0]


def _made() -> dict[str, Any]:
    from hardcore.commands.core import registry
    from hardcore.project.state import new_project

    project, lists, verbs = new_project("empty"), list[list[tuple[str, str]]](), dict[str, Any]()

    def place(values: list[tuple[str, str]]) -> int:
        if values not in lists:
            lists.append(values)
        return lists.index(values)

    for known in registry.registry().values():
        takes = []
        for one in known.arguments:
            choices = list[tuple[str, str]]()
            with suppress(Exception):  # what could stand there depends on arguments before it
                choices = [(choice.value, choice.help) for choice in one.kind.complete(project, ())]
            endings = one.kind.endings if one.kind.name == "file" else None
            option = f"--{one.name.replace('_', '-')}" if one.option else ""
            takes.append({"option": option, "flag": one.flag, "kind": one.kind.name, "rest": one.kind.rest,
                          "endings": endings, "about": one.kind.help, "values": place(choices)})  # fmt: skip
        for name in (known.name, *(alias for alias in known.aliases if alias.isalpha())):
            verbs[name] = {"about": known.summary, "takes": takes}
    return {"verbs": verbs | _own(place), "lists": lists}


def _own(place: Any) -> dict[str, Any]:
    """Return the verbs that are no commands, as the parser of the command line has them."""
    import argparse

    from hardcore.surfaces.verbs import parser

    (kinds,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    about = {action.dest: action.help or "" for action in kinds._choices_actions}
    verbs = {}
    for name, sub in kinds.choices.items():
        takes = [_taken(action, place) for action in sub._actions if action.dest != "help"]
        verbs[name] = {"about": about.get(name, ""), "takes": takes}
    return verbs


def _taken(action: "argparse.Action", place: Any) -> dict[str, Any]:
    shown = str(action.metavar or action.dest)
    endings = None if action.choices else _endings(shown)
    option = next((name for name in action.option_strings if name.startswith("--")), "")
    choices = [(str(choice), "") for choice in action.choices or ()]
    return {"option": option, "flag": action.nargs == 0, "kind": shown.lower(), "rest": False, "endings": endings,
            "about": action.help or "", "values": place(choices)}  # fmt: skip


def _endings(shown: str) -> tuple[str, ...] | None:
    """Return the endings of the files that an argument called so may be, none of them for any file."""
    found = tuple(f".{ending}" for ending in ("hcs", "py") if shown.lower().endswith(f".{ending}"))
    return found or (() if shown in ("FILE", "FOLDER") else None)
