"""Loads and checks knowledge_base/. Every file is parsed once per process; a mistake is named by file and key."""

from collections.abc import Hashable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hardcore.errors import UserError, nearest
from hardcore.knowledge.genre import Genre


@cache
def folder() -> Path:
    """Return the folder of the knowledge base: the checkout's, or the one inside the installed package."""
    package = Path(__file__).resolve().parents[1]
    places = (package.parent / "knowledge_base", package / "_data" / "knowledge_base")
    return next((place for place in places if (place / "genres").is_dir()), places[-1])


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
        raise UserError(f"{path.name}: {key}: {message}") from error


def read_yaml(path: Path) -> Any:
    """Return the plain data of a YAML file; a key written twice is refused. Raises UserError."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Strict(base):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            twice = next((key for place, key in enumerate(keys) if key in keys[:place]), None)
            if twice is not None:
                line = node.start_mark.line + 1
                raise UserError(f"{path.name}: '{twice}' is written twice in the section of line {line}")
            plain: dict[Hashable, Any] = super().construct_mapping(node, deep)
            return plain

    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Strict)
    except yaml.YAMLError as error:
        raise UserError(f"{path.name}: {' '.join(str(error).split())[:200]}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path.name} cannot be read: {error}") from error
