"""The schemas of what commands answer, version 1: frozen, so that a program that reads answers goes on working.

A schema may gain fields and kinds of things; nothing that was there may go, change its type or become optional.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardcore.commands.core.registry import registry
from hardcore.commands.core.results import Result
from hardcore.surfaces.answers import Error

DRAFT = "https://json-schema.org/draft/2020-12/schema"
VERSION = "v1"


def kinds() -> dict[str, type[Result]]:
    """Return every kind of answer by its name. Raises ValueError when two kinds share one."""
    found: dict[str, type[Result]] = {}
    for known in registry().values():
        for kind in known.answers:
            if found.setdefault(kind.__name__, kind) is not kind:
                raise ValueError(f"two kinds of result are called {kind.__name__}")
    return dict(sorted(found.items()))


def result_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every kind of answer, and of an error, by its name."""
    every = {**kinds(), "Error": Error}
    return {name: {"$schema": DRAFT, "$id": f"{VERSION}/{name}", **kind.data_schema()} for name, kind in every.items()}


def answers_index() -> dict[str, list[str]]:
    """Return the kinds of answer that each command has."""
    return {known.name: sorted({kind.__name__ for kind in known.answers}) for known in registry().values()}


def breaking(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return what a program that relies on the old schema would miss in the new one."""
    return list(_breaking(old, new, old.get("$defs", {}), new.get("$defs", {}), "", ()))


def _breaking(old: Any, new: Any, before: Any, after: Any, place: str, seen: tuple[str, ...]) -> Iterator[str]:
    name = str(old.get("$ref", "")) + str(new.get("$ref", ""))
    if name and name in seen:
        return
    old, new = _resolved(old, before), _resolved(new, after)
    seen = (*seen, name)
    for key in ("type", "const", "format"):
        if old.get(key) != new.get(key):
            yield f"{place or 'it'}: {key} {old.get(key)} → {new.get(key)}"
    if gone := set(map(str, old.get("enum", ()))) - set(map(str, new.get("enum", ()))):
        yield f"{place}: no {', '.join(sorted(gone))} any more"
    for field, schema in old.get("properties", {}).items():
        if field not in new.get("properties", {}):
            yield f"{place}.{field} is gone"
            continue
        if field in old.get("required", ()) and field not in new.get("required", ()):
            yield f"{place}.{field} may be missing"
        yield from _breaking(schema, new["properties"][field], before, after, f"{place}.{field}", seen)
    for key in ("items", "additionalProperties"):
        if isinstance(old.get(key), dict):
            yield from _breaking(old[key], new.get(key) or {}, before, after, f"{place}[]", seen)
    yield from _parts(old, new, before, after, place, seen)


def _parts(old: Any, new: Any, before: Any, after: Any, place: str, seen: tuple[str, ...]) -> Iterator[str]:
    for key in ("anyOf", "prefixItems"):
        ours, theirs = old.get(key, []), new.get(key, [])
        if len(ours) != len(theirs):
            yield f"{place or 'it'}: {len(ours)} → {len(theirs)} forms"
        for one, two in zip(ours, theirs, strict=False):
            yield from _breaking(one, two, before, after, place, seen)


def _resolved(schema: Any, definitions: Any) -> Any:
    reference = schema.get("$ref")
    return definitions[reference.rpartition("/")[2]] if reference else schema


def broken(folder: Path, files: dict[str, str]) -> list[str]:
    """Return what the schemas in `files`, texts by name, break of those that are kept in `folder`."""
    kept = {name: folder / name for name in files if (folder / name).exists()}
    return [
        f"{name}: {fault}"
        for name, path in kept.items()
        if not name.endswith("index.json")
        for fault in breaking(json.loads(path.read_text(encoding="utf-8")), json.loads(files[name]))
    ]
