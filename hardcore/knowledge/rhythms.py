"""Loads knowledge_base/rhythm/: the rhythms that come with the program, and rhythm files of the user's own."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from hardcore.errors import NotFound, UserError, nearest
from hardcore.knowledge.source import folder, read_yaml
from hardcore.rhythm.config import Rhythm, load

SUFFIXES = (".yaml", ".yml", ".json")
_MOST_BYTES = 2**20


@cache
def rhythm_ids() -> tuple[str, ...]:
    """Return the names of all rhythms that come with the program, in alphabetical order."""
    return tuple(sorted(path.stem for path in (folder() / "rhythm").glob("*.yaml")))


@cache
def rhythm(name: str) -> Rhythm:
    """Return the rhythm called `name`. Raises UserError naming the nearest one, or what is wrong in its file."""
    return read_rhythm(rhythm_path(name))


def rhythm_path(name: str) -> Path:
    """Return the file of the rhythm called `name`. Raises UserError naming the nearest one."""
    known = name.strip().lower().replace("-", "_").replace(" ", "_")
    if known not in rhythm_ids():
        raise NotFound(f"no rhythm '{name}'", nearest(known, rhythm_ids()))
    return folder() / "rhythm" / f"{known}.yaml"


def read_rhythm(path: Path) -> Rhythm:
    """Return the rhythm in a YAML or JSON file. Raises UserError `file: key: what is wrong`."""
    return load({"name": path.stem, **read_data(path)}, path.name)


def read_data(path: Path) -> dict[str, Any]:
    """Return what a YAML or JSON file of a rhythm says, unchecked. Raises UserError."""
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path.name} is no rhythm file", "one of: " + ", ".join(SUFFIXES))
    if not is_file(path):
        raise NotFound(f"no file {path}")
    if path.stat().st_size > _MOST_BYTES:
        raise UserError(f"{path.name} is too large", "a rhythm file is a page of text")
    data = _json(path) if path.suffix.lower() == ".json" else read_yaml(path)
    if not isinstance(data, dict):
        raise UserError(f"{path.name} holds no rhythm", "it is a mapping: mode, bpm, layers, …")
    return data


def is_file(path: Path) -> bool:
    """Return whether there is such a file. Raises UserError when the system cannot say: a name may be too long."""
    try:
        return path.is_file()
    except OSError as error:
        raise UserError(f"that is not a file name: {error.strerror}") from error


def _json(path: Path) -> Any:
    def strict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
            raise UserError(f"{path.name}: '{twice}' is written twice")
        return found

    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=strict)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path.name} is not JSON: {str(error)[:120]}") from error
    except OSError as error:
        raise UserError(f"{path.name} cannot be read: {error.strerror}") from error
