"""Loads and checks knowledge_base/. Every file is parsed once per process; a mistake is named by file and key."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from hardcore.errors import UserError, nearest
from hardcore.knowledge.genre import Genre
from hardcore.knowledge.source import folder as folder
from hardcore.knowledge.source import read_yaml as read_yaml
from hardcore.model import Model
from hardcore.music.scale import Key


@cache
def genre_ids() -> tuple[str, ...]:
    """Return the ids of all genres, in alphabetical order; an id is the file's name."""
    return tuple(sorted(path.stem for path in (folder() / "genres").glob("*.yaml")))


@cache
def genre(genre_id: str) -> Genre:
    """Return the genre called `genre_id`. Raises UserError naming the nearest one, or what is wrong in its file."""
    if genre_id not in genre_ids():
        raise UserError(f"no genre '{genre_id}'", nearest(genre_id, genre_ids()))
    return read_genre(folder() / "genres" / f"{genre_id}.yaml")


@cache
def genre_words() -> dict[str, str]:
    """Return every genre's synonyms and name as lower-case phrases, each with the id it means."""
    found: dict[str, str] = {}
    for genre_id in genre_ids():
        known = genre(genre_id)
        for phrase in (known.name, *known.synonyms):
            if found.setdefault(phrase, genre_id) != genre_id:
                raise UserError(f"'{phrase}' means both {found[phrase]} and {genre_id}")
    return found


def kin(genre_id: str) -> Iterable[Genre]:
    """Yield the genre and then those it borrows from, for what it does not know itself."""
    known = genre(genre_id)
    yield known
    yield from (genre(other) for other in known.kin)


def read_genre(path: Path) -> Genre:
    """Return the genre in a YAML file. Raises UserError `file: key: what is wrong`."""
    try:
        return Genre.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "top level"
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = f"unknown key ({nearest(str(first['loc'][-1]), known_keys(Genre))})"
        raise UserError(f"{path.name}: {key}: {message}") from error


@cache
def known_keys(section: type[Model]) -> tuple[str, ...]:
    """Return every key that a section and those in it know."""
    found = dict.fromkeys(section.model_fields)
    for field in section.model_fields.values():
        for inner in _sections(field.annotation):
            found |= dict.fromkeys(known_keys(inner))
    return tuple(found)


def _sections(annotation: Any) -> Iterable[type[Model]]:
    """Yield the sections in a type, as in `dict[Role, tuple[Sound, ...]]`."""
    if isinstance(annotation, type) and issubclass(annotation, Model) and annotation is not Key:
        yield annotation
    for part in get_args(annotation):
        yield from _sections(part)
