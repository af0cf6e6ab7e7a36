"""Arguments for any command, drawn by its schema: mostly of the right kind, within limits or not."""

import random
from typing import Any

WORDS = (
    "", "kick", "all", "A", "kick:A", "1", "1.1", "-1", "0.5", "on", "C minor", "x" * 300, "😀" * 40, "\x00", "a\nb",
    "../../etc/passwd", "/tmp/x.wav", "NaN", "'; --", "--by", "4/4", "track gain",
)  # fmt: skip
NUMBERS = (0, 1, -1, 3, 0.5, 130, 1e308, -1e308, 2**31, 2**63, 10**30)
OTHERS: tuple[Any, ...] = (None, True, False, [], [1], {}, {"a": 1}, "", 7)


def a_value(node: dict[str, Any], chance: random.Random) -> Any:
    """Return a value for a node of a schema: mostly of its kind, within its limits or not."""
    if chance.random() < 0.1:
        return chance.choice(OTHERS)
    if "enum" in node:
        return chance.choice(node["enum"])
    kind = node["type"] if isinstance(node["type"], str) else chance.choice(node["type"])
    if kind == "object":
        return an_object(node, chance)
    if kind == "array":
        return [a_value(node.get("items", {"type": "string"}), chance) for _ in range(chance.randrange(3))]
    if kind in ("integer", "number"):
        return chance.choice([node.get("minimum", 1), node.get("maximum", 2), *NUMBERS])
    return {"string": chance.choice(WORDS), "boolean": chance.random() < 0.5, "null": None}[kind]


def an_object(schema: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return an object with most of what is needed and some of what is not."""
    needed = schema.get("required", ())
    chosen = [name for name in schema.get("properties", {}) if chance.random() < (0.9 if name in needed else 0.3)]
    made = {name: a_value(schema["properties"][name], chance) for name in chosen}
    return made | ({"unknown": 1} if chance.random() < 0.05 else {})
