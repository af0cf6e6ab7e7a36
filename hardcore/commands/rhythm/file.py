"""Rhythm files of your own: made from one that is known, and changed key by key."""

import json
import shlex
from pathlib import Path
from typing import Any

from hardcore.artifacts import write_whole
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Kept
from hardcore.commands.core.types import FileName, RhythmRef, Words
from hardcore.errors import NotFound, UserError


@command(
    "rhythm new",
    "rhythm new mine.yaml --like warehouse",
    effects={"files"},
    about={"file": "the new file, .yaml or .json"},
)
def rhythm_new(call: Call, file: FileName, *, like: RhythmRef = "default") -> Kept:
    """Make a rhythm file of your own, .yaml or .json, from one that is known; `rhythm edit` changes it."""
    from hardcore.knowledge import rhythms
    from hardcore.rhythm.config import load

    path = _rhythm_path(call, file)
    if rhythms.is_file(path):
        raise UserError(f"{path.name} is there already", "choose another name, or: rhythm edit")
    data = rhythms.read_data(_source(call, like))
    if "layers" not in data:
        # said out loud, so that changing one of them does not leave out the others
        data["layers"] = {name: {} for name in load(data, like).layers}
    _write(path, data | ({"name": path.stem} if "name" in data else {}))
    return Kept(message=f"{path} is like {like}", kind="rhythm", name=path.stem, file=str(path))


@command(
    "rhythm edit",
    "rhythm edit mine.yaml bpm=140 layers.kick.fills=5",
    effects={"files"},
    about={"file": "a rhythm file, .yaml or .json", "changes": "path=value, such as layers.hat.density=60"},
)
def rhythm_edit(call: Call, file: FileName, changes: Words) -> Kept:
    """Change keys of a rhythm file: path=value, and path= takes one away. Nothing is written unless all of it is valid.

    A path names the sections with dots: targets.S_low=0.3, layers.hat_c.conditions.0.p=0.5, 'layers.ride={fills: 5}'.
    Comments of the file are not kept.
    """
    from hardcore.knowledge import rhythms
    from hardcore.rhythm.config import load

    path = _rhythm_path(call, file)
    data = rhythms.read_data(path)
    try:
        words = shlex.split(changes)
    except ValueError as error:
        raise UserError(f"the changes cannot be read: {error}") from error
    said = tuple(_changed(data, word) for word in words)
    if not said:
        raise UserError("nothing to change", "path=value, such as bpm=140")
    load({"name": path.stem, **data}, path.name)
    _write(path, data)
    return Kept(message=f"changed {path.name}", details=said, kind="rhythm", name=path.stem, file=str(path))


def _rhythm_path(call: Call, file: str) -> Path:
    from hardcore.knowledge.rhythms import SUFFIXES

    path = call.caller.path(file)
    if path.suffix.lower() not in SUFFIXES:
        raise NotFound(f"no format '{path.suffix or path.name}'", "a rhythm file is .yaml or .json")
    return path


def _source(call: Call, name: str) -> Path:
    from hardcore.knowledge import rhythms

    is_file = Path(name).suffix.lower() in rhythms.SUFFIXES
    return call.caller.path(name) if is_file else rhythms.rhythm_path(name)


def _changed(data: dict[str, Any], word: str) -> str:
    """Change one key in place and return what was done. Raises UserError."""
    path, equals, text = word.partition("=")
    keys = path.split(".")
    if not equals or not all(keys):
        raise UserError(f"'{word}' is not path=value")
    section: Any = data
    for key in keys[:-1]:
        section = _inner(section, key, path)
    last = keys[-1]
    if isinstance(section, list):
        before = _inner(section, last, path)
        if text:
            section[int(last)] = _value(text)
        else:
            del section[int(last)]
    else:
        before = section.get(last)
        if text:
            section[last] = _value(text)
        elif section.pop(last, None) is None:
            raise UserError(f"there is no {path}")
    return f"{path}: {_said(before)} → {_said(_value(text))}"


def _inner(section: Any, key: str, path: str) -> Any:
    if isinstance(section, list):
        if not key.isdecimal() or int(key) >= len(section):
            raise UserError(f"{path}: no entry '{key}', they count from 0 to {len(section) - 1}")
        return section[int(key)]
    if section.get(key) is None:
        section[key] = {}
    if not isinstance(section[key], dict | list):
        raise UserError(f"{path}: '{key}' is a value, not a section")
    return section[key]


def _value(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text) if text else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UserError(f"'{text[:60]}' is no value") from error


def _said(value: Any) -> str:
    return "–" if value is None else json.dumps(value, ensure_ascii=False, default=str)[:60]


def _write(path: Path, data: dict[str, Any]) -> None:
    if path.suffix.lower() == ".json":
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    else:
        import yaml

        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
    write_whole(path, text.encode())
