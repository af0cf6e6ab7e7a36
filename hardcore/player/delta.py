"""What makes one version of a project the next: only what is not the same object any more, as JSON can say it.

A change of a value says one of:

    {"value": whole}                     it is this now
    {"fields": {name: change}}           a model: these fields changed
    {"items": [first, last, [item]]}     a tuple of models: so many at both ends stay; between them come items, each
                                         [place, fields], the one that stood there with changed fields, or [-1, whole]
    {"chunks": [first, last, [chunk]]}   a clip's notes: so many chunks at both ends stay; between them come these
    {"entries": [gone, {key: value}]}    a mapping: these keys are gone, these have a value, new ones behind the others
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from itertools import compress, count
from operator import is_not
from types import NoneType
from typing import Any

from hardcore.model import Model, Shared
from hardcore.project.chunks import Chunks
from hardcore.project.note import ensure_sound
from hardcore.project.notes import PACKED, NoteBlock

Words = dict[str, Any]
_PLAIN = (str, int, float, NoneType)


def whole(model: Model) -> Any:
    """Return all of a model as JSON, its notes packed; what it is made of validates it again."""
    return model.model_dump(mode="json", context=PACKED)


def changed(old: Model, new: Model) -> Words:
    """Return the changes of `new` against `old`, by field."""
    found: Words = {}
    apart: set[str] = set()
    had, has = vars(old), vars(new)
    for name in type(new).__pydantic_fields__:
        before, after = had[name], has[name]
        if before is after:
            continue
        if isinstance(after, _PLAIN):
            if before != after:
                found[name] = {"value": after}
            continue
        change = _change(before, after)
        if change is None:
            apart.add(name)
        elif change:
            found[name] = change
    if apart:
        values = new.model_dump(mode="json", include=apart, context=PACKED)
        found |= {name: {"value": values[name]} for name in apart}
    return found


def _change(before: Any, after: Any) -> Words | None:
    """Return the change of a value that has parts: none of them, or None where it has to be said whole."""
    if isinstance(before, NoteBlock) and isinstance(after, NoteBlock):
        first, last = _ends(before.chunks, after.chunks)
        middle = after.chunks[first : len(after.chunks) - last]
        return {"chunks": [first, last, [b64encode(chunk).decode() for chunk in middle]]}
    if isinstance(after, Model) and type(before) is type(after):
        fields = changed(before, after)
        return {"fields": fields} if fields else {}
    if _are_models(before) and _are_models(after):
        return {"items": _items(before, after)}
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return _entries(before, after)
    return None


def _are_models(value: Any) -> bool:
    if isinstance(value, Shared):
        return True
    return isinstance(value, tuple) and all(isinstance(item, Model) for item in value)


def _items(before: Sequence[Model], after: Sequence[Model]) -> list[Any]:
    first, last = _ends(before, after)
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    # what has an id may have moved; what has none is taken for what stood in its place
    known = {getattr(item, "id", place): place for place, item in enumerate(old)}
    items: list[Any] = []
    for place, item in enumerate(new):
        here = known.get(getattr(item, "id", place), -1)
        same = here >= 0 and type(old[here]) is type(item)
        items.append([here, changed(old[here], item)] if same else [-1, whole(item)])
    return [first, last, items]


def _entries(before: Mapping[str, Any], after: Mapping[str, Any]) -> Words | None:
    gone = [key for key in before if key not in after]
    put = {key: value for key, value in after.items() if key not in before or before[key] != value}
    if list(_put(before, gone, put)) != list(after):
        return None  # in another order
    return {"entries": [gone, put]} if gone or put else {}


def _put(before: Mapping[str, Any], gone: Sequence[str], put: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in before.items() if key not in gone} | dict(put)


def _ends(before: Sequence[object], after: Sequence[object]) -> tuple[int, int]:
    """Return how many things are the same objects from the beginning on, and of the rest from the end."""
    most = min(len(before), len(after))
    first = next(compress(count(), map(is_not, before, after)), most)
    last = next(compress(count(), map(is_not, reversed(before), reversed(after))), most)
    return first, min(last, most - first)


def applied(old: Model, changes: Words) -> Any:
    """Return the model with the changes; what did not change stays the same object. Raises ValueError."""
    return old.evolve(**{name: _applied(getattr(old, name), change) for name, change in changes.items()})


def _applied(before: Any, change: Words) -> Any:
    """Return what a value is now: models and notes, or JSON that its field validates."""
    ((kind, words),) = change.items()
    if kind == "value":
        return words
    if kind == "fields":
        return applied(before, words)
    if kind == "items":
        return _with_items(before, *words)
    if kind == "chunks":
        return _with_chunks(before.chunks, *words)
    if kind == "entries":
        return _put(before, *words)
    raise ValueError(f"a change of an unknown kind '{kind}'")


def _with_items(before: tuple[Model, ...], first: int, last: int, middle: Sequence[tuple[int, Words]]) -> Any:
    stood = before[first : len(before) - last]
    items = (words if place < 0 else applied(stood[place], words) if words else stood[place] for place, words in middle)
    return (*before[:first], *items, *before[len(before) - last :])


def _with_chunks(before: Chunks, first: int, last: int, middle: Sequence[str]) -> NoteBlock:
    chunks = [b64decode(chunk) for chunk in middle]
    for chunk in chunks:
        ensure_sound(chunk)
    return NoteBlock((*before[:first], *chunks, *before[len(before) - last :]))
