"""How hard a property is tried: the ordinary run draws the same few examples each time, the soak draws many others."""

import os

IS_SOAK = bool(os.environ.get("HARDCORE_SOAK"))


def examples(count: int) -> int:
    """Return how many examples to draw: `count` in the soak, a third of them in the ordinary run."""
    return count if IS_SOAK else max(count // 3, 5)
