"""The order of a row that two sides changed: things that one moved, and what both put between them."""

from collections.abc import Collection, Hashable, Sequence
from typing import Any, NamedTuple


class Order(NamedTuple):
    """The keys of a merged row in order; `clash` says that both sides moved things, differently."""

    keys: list[Any]
    clash: bool


def merged_order(
    base: Sequence[Hashable],
    ours: Sequence[Hashable],
    theirs: Sequence[Hashable],
    kept: Collection[Hashable],
    take: str | None = None,
) -> Order:
    """Return the order of the keys in `kept`: what one side moved is there, what it added follows what it followed.

    It does not matter which side is which, unless both moved things: then `take` decides, by default ours.
    """
    common = [key for key in base if key in set(ours) & set(theirs)]
    orders = [[key for key in side if key in set(common)] for side in (ours, theirs)]
    clash = orders[0] != orders[1] and common not in orders
    chosen = orders[1] if orders[0] == common or (clash and take == "theirs") else orders[0]
    follow = [_followers(side, set(common)) for side in (ours, theirs)]
    found: list[Any] = []
    for anchor in (None, *chosen):
        found += [] if anchor is None else [anchor]
        # of two that were put at one place the older goes first
        rows = sorted((row for side in follow if (row := side.get(anchor))), key=lambda row: _age(row[0]))
        found += [key for row in rows for key in row]
    return Order([key for key in dict.fromkeys(found) if key in kept], clash)


def _followers(side: Sequence[Hashable], common: Collection[Hashable]) -> dict[Hashable | None, list[Hashable]]:
    """Return what stands after each common key, up to the next; None stands for the beginning."""
    found: dict[Hashable | None, list[Hashable]] = {}
    anchor: Hashable | None = None
    for key in side:
        if key in common:
            anchor = key
        else:
            found.setdefault(anchor, []).append(key)
    return found


def _age(key: Hashable) -> tuple[int, str]:
    """Return what orders keys by age: ids by their numbers."""
    text = str(key)
    return (int(text[1:]) if text[1:].isdecimal() else 0, text)
