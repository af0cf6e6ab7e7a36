"""JSON Schemas as every client takes them: no `default`, a type at each node, no references."""

from typing import Any

_TYPES = {"string": str, "integer": int, "number": float, "boolean": bool}


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without references and defaults, with a type at every node; a choice with null is nullable."""
    return _plain(schema, schema.get("$defs", {}))


def _plain(node: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        target = known[node["$ref"].rpartition("/")[2]]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    choices = [_plain(one, known) for key in ("anyOf", "oneOf") for one in node.get(key, ())]
    kept = {key: value for key, value in node.items() if key not in ("default", "title", "$defs", "anyOf", "oneOf")}
    if choices:
        kept = _joined(choices) | kept
    if "properties" in kept:
        kept["properties"] = {name: _plain(one, known) for name, one in kept["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(kept.get(key), dict):
            kept[key] = _plain(kept[key], known)
    if "prefixItems" in kept:
        kept["items"] = _plain(kept.pop("prefixItems")[0], known)
    if "type" not in kept:
        kept["type"] = _type_of(kept)
    return kept


def _joined(choices: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one node for several: their types, and the limits of the only one that is not null."""
    types = list(dict.fromkeys(kind for one in choices for kind in _listed(one["type"])))
    full = [one for one in choices if one["type"] != "null"]
    limits = {key: value for key, value in full[0].items() if key != "type"} if len(full) == 1 else {}
    return {**limits, "type": types if len(types) > 1 else types[0]}


def _listed(kind: Any) -> list[str]:
    return kind if isinstance(kind, list) else [kind]


def _type_of(node: dict[str, Any]) -> str:
    value = node.get("const", next(iter(node.get("enum", ())), None))
    named = (name for name, kind in _TYPES.items() if type(value) is kind)
    return "object" if "properties" in node else next(named, "string")
