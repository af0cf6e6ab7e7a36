"""The decoder: from stored objects back to a project. It trusts nothing: every value passes the models again."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from hardcore.errors import UserError
from hardcore.model import Shared
from hardcore.project.integrity import check
from hardcore.project.notes import NoteBlock
from hardcore.project.state import ProjectState
from hardcore.store.migrations import OLD_LISTS, ensure_known, migrate, old_children
from hardcore.store.objects import INSTEAD, LEFT_OUT, LISTS, ROWS, SHAPES, SINGLE, Memory, Stored, expand
from hardcore.store.schema import split

# What a project may be made of before it is looked at more closely: fields and items of its JSON, beyond one a byte
# that they take in the file. A clip takes more bytes than it has values, however many there are; the largest
# arrangement of a track has 655,360, the largest instrument of zones as many, and some texts 1,024,000 commas.
MAX_VALUES = 4_000_000
MAX_VALUES_OF_ONE = 1_100_000
# More errors than that are not listed, not even to name the first: it takes a kilobyte for each.
MOST_ERRORS = 1000

Fetch = Callable[[bytes], Stored | None]


class Decoder:
    """Decodes projects from one store; the same digest gives the same object. `fetch` returns an object by digest."""

    def __init__(self, fetch: Fetch, memory: Memory) -> None:
        self._fetch = fetch
        self._memory = memory
        self._values = 0

    def decode(self, root: bytes) -> ProjectState:
        """Return the project at `root`, checked. Raises UserError in one line."""
        self._values = 0
        try:
            kind, project = self._object(root, ("project",))
            check(project)
        except UserError as error:
            raise UserError(f"the project cannot be read: {error.message}", error.hint) from error
        except ValidationError as error:
            raise UserError(f"the project cannot be read: {_first(error)}") from error
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise UserError(f"the project cannot be read: {_line(str(error))}") from error
        assert isinstance(project, ProjectState), kind
        return project

    def _object(self, address: bytes, kinds: tuple[str, ...]) -> tuple[str, Any]:
        """Return kind and object at a digest; it must be one of `kinds`. Raises ValueError."""
        known = self._memory.object(address)
        if known is None:
            stored = self._fetch(address)
            if stored is None:
                raise ValueError("a part is missing")
            known = stored.kind, self._made(stored) if stored.kind in kinds else None
        kind, thing = known
        if kind not in kinds:
            raise ValueError(f"a part is not where it belongs ({kind[:20]})")
        self._memory.learn(kind, thing, address)
        return known

    def _made(self, stored: Stored) -> Any:
        kind, content = stored.kind, expand(stored.payload)
        ensure_known(kind, stored.version)
        is_json = kind in SHAPES or kind in LISTS or kind in OLD_LISTS
        if is_json:
            self._ensure_few(stored, content.count(b",") + content.count(b":"))
        if kind == "chunk":
            return content
        if kind == "notes":
            return self._notes(stored, content)
        if kind == "chunks":
            return tuple(self._object(address, ("chunk",))[1] for address in _refs(stored, content))
        if kind in ROWS:
            return Shared(self._object(address, (ROWS[kind],))[1] for address in _refs(stored, content))
        values = from_json(content, allow_inf_nan=False)
        if kind in LISTS:
            return LISTS[kind].read.validate_python(values)
        if kind in OLD_LISTS:
            return OLD_LISTS[kind].validate_python(values)
        old = old_children(kind, stored.version)
        if not isinstance(values, dict) or (LEFT_OUT[kind] | set(old.values())) & values.keys():
            raise ValueError(f"a {kind} is not a set of fields")
        fields = SHAPES[kind].fields | INSTEAD.get(kind, {}) | old
        for field, children in self._children(fields, stored).items():
            outer, dot, inner = field.partition(".")
            if dot and not isinstance(values.get(outer), dict):
                raise ValueError(f"a {kind} holds a part that nothing in it has a place for")
            (values[outer] if dot else values)[inner or outer] = children
        return SHAPES[kind].model.model_validate(migrate(kind, stored.version, values))

    def _ensure_few(self, stored: Stored, values: int) -> None:
        """Raise ValueError when an object, or the project so far, has more values than any that is made here."""
        self._values += max(0, values - len(stored.payload) - len(stored.refs))
        if values > MAX_VALUES_OF_ONE or self._values > MAX_VALUES:
            raise ValueError(f"a {stored.kind} has too many values")

    def _notes(self, stored: Stored, content: bytes) -> NoteBlock:
        """Return a clip's notes: of its chunks, or, from before there were any, of its content."""
        if stored.version == 1:
            return NoteBlock.decode(content)
        return NoteBlock.joined(self._parts(_refs(stored, content)))

    def _parts(self, refs: list[bytes]) -> Iterator[bytes]:
        """Yield the chunks that are referred to, alone or in runs."""
        for address in refs:
            kind, thing = self._object(address, ("chunk", "chunks"))
            yield from (thing,) if kind == "chunk" else thing

    def _children(self, fields: dict[str, str], stored: Stored) -> dict[str, Any]:
        """Return the fields of an object that hold its children; `fields` says which by kind."""
        grouped: dict[str, list[Any]] = {}
        for address in split(stored.refs):
            child, thing = self._object(address, tuple(fields))
            grouped.setdefault(child, []).append(thing)
        for child in SINGLE:
            if len(grouped.get(child, ())) > 1:
                raise ValueError(f"a {stored.kind} has two {child}")
        if "chunk" in grouped:
            if "notes" in grouped:
                raise ValueError(f"a {stored.kind} has two notes")
            grouped["chunk"] = [NoteBlock.joined(grouped["chunk"])]
        return {fields[child]: things[0] if child in SINGLE else tuple(things) for child, things in grouped.items()}


def _refs(stored: Stored, content: bytes) -> list[bytes]:
    """Return the digests in an object that is nothing but references. Raises ValueError."""
    if content:
        raise ValueError(f"{stored.kind} hold more than references")
    return split(stored.refs)


def _first(error: ValidationError) -> str:
    """Return the first thing pydantic found, as words."""
    if error.error_count() > MOST_ERRORS:
        return f"{error.error_count()} of its values are not what they should be"
    found = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in found["loc"])[:80]
    return _line(f"{place}: {found['msg']}" if place else found["msg"])


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
