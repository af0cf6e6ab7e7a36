"""Loads and checks knowledge_base/ and the user's own genres. A mistake is named by file and key.

A genre is a file, `<id>.yaml`, shipped or in the folder `genres` of the user's library; the user's one takes the place
of a shipped one of the same id. A file is read again when it changes. A mistake in a user's file stops no other.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from hardcore.errors import NotFound, UserError, nearest
from hardcore.knowledge.genre import Genre
from hardcore.knowledge.source import folder as folder
from hardcore.knowledge.source import read_yaml as read_yaml
from hardcore.model import Model
from hardcore.music.scale import Key
from hardcore.paths import user_folder

Stamp = tuple[tuple[Path, int, int], ...]
# of a file that builds on another, these are its own
_OWN = ("name", "about", "synonyms", "kin", "based_on")
# weights that make sense only together are replaced as one
_WHOLE = ("behaviours", "forms")


def own_folder() -> Path:
    """Return the folder of the user's genres, which need not exist."""
    return user_folder() / "genres"


def path_of(genre_id: str) -> Path:
    """Return the file of a genre. Raises UserError when there is none."""
    paths = _paths(stamp())
    if genre_id not in paths:
        raise NotFound(f"no genre '{genre_id}'", nearest(genre_id, paths))
    return paths[genre_id]


def is_own(genre_id: str) -> bool:
    """Return whether a genre is the user's, not the program's. Raises UserError when there is none."""
    return not path_of(genre_id).is_relative_to(folder())


def stamp() -> Stamp:
    """Return what changes when a user's genre is added, edited or removed: path, time (ns) and size of each."""
    try:
        own = own_folder()
    except UserError:  # without a folder of their own a user has no genres
        return ()
    return _stamp_of(own) if own.is_dir() else ()


def shipped_stamp() -> Stamp:
    """Return what changes when a genre of the program does: path, time (ns) and size of each."""
    return _stamp_of(folder() / "genres")


def _stamp_of(where: Path) -> Stamp:
    return tuple(
        (path, stat.st_mtime_ns, stat.st_size) for path in sorted(where.glob("*.yaml")) if (stat := path.stat())
    )


def genre_ids() -> tuple[str, ...]:
    """Return the ids of all genres that can be read, in alphabetical order; an id is the file's name."""
    return _usable(stamp())


def broken() -> dict[str, str]:
    """Return the user's genres that cannot be read, each with what is wrong in its file."""
    return dict(_broken(stamp()))


def genre(genre_id: str) -> Genre:
    """Return the genre called `genre_id`. Raises UserError naming the nearest one, or what is wrong in its file."""
    return _genre(genre_id, stamp())


def plain(genre_id: str) -> dict[str, Any]:
    """Return a genre's data as its file and those it builds on have it, unchecked. Raises UserError."""
    data = _data(path_of(genre_id), stamp(), ())
    if not isinstance(data, dict):
        raise UserError(f"{genre_id}.yaml: top level: sections are missing")
    return data


def genre_words() -> dict[str, str]:
    """Return every genre's synonyms and name as lower-case phrases, each with the id it means."""
    found: dict[str, str] = {}
    for genre_id in genre_ids():
        for phrase in phrases_of(genre(genre_id)):
            if found.setdefault(phrase, genre_id) != genre_id:
                raise UserError(f"'{phrase}' means both {found[phrase]} and {genre_id}")
    return found


def phrases_of(known: Genre) -> tuple[str, ...]:
    """Return the phrases that mean a genre."""
    return (known.name, *known.synonyms)


def kin(genre_id: str) -> tuple[Genre, ...]:
    """Return the genre and then those it borrows from, for what it does not know itself. Raises UserError."""
    return _kin(genre_id, stamp())


def read_genre(path: Path) -> Genre:
    """Return the genre in a YAML file. Raises UserError `file: key: what is wrong`."""
    try:
        return Genre.model_validate(_data(path, stamp(), ()))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "top level"
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = f"unknown key ({nearest(str(first['loc'][-1]), known_keys(Genre))})"
        raise UserError(f"{path.name}: {key}: {message}") from error


@lru_cache(maxsize=4)
def _paths(stamp: Stamp) -> dict[str, Path]:
    shipped = {path.stem: path for path in sorted((folder() / "genres").glob("*.yaml"))}
    return shipped | {path.stem: path for path, _, _ in stamp}


@lru_cache(maxsize=4)
def _broken(stamp: Stamp) -> dict[str, str]:
    """Return what is wrong with the user's files; a phrase of theirs that already means another genre is wrong, too."""
    found: dict[str, str] = {}
    own = {path.stem for path, _, _ in stamp}
    meaning: dict[str, str] = {}
    for genre_id in sorted(_paths(stamp), key=lambda name: (name in own, name)) if own else ():
        try:
            phrases = phrases_of(_genre(genre_id, stamp))
            taken = next((words for words in phrases if meaning.get(words, genre_id) != genre_id), None)
            if taken and genre_id in own:
                raise UserError(f"{genre_id}.yaml: synonyms: '{taken}' means {meaning[taken]} already")
            meaning |= dict.fromkeys(phrases, genre_id)
        except UserError as error:
            if genre_id not in own:
                raise
            found[genre_id] = error.line()
    return found


@lru_cache(maxsize=4)
def _usable(stamp: Stamp) -> tuple[str, ...]:
    return tuple(sorted(set(_paths(stamp)) - set(_broken(stamp))))


@lru_cache(maxsize=256)
def _genre(genre_id: str, stamp: Stamp) -> Genre:
    return read_genre(path_of(genre_id))


@lru_cache(maxsize=256)
def _kin(genre_id: str, stamp: Stamp) -> tuple[Genre, ...]:
    known = _genre(genre_id, stamp)
    return (known, *(_genre(other, stamp) for other in known.kin))


def _data(path: Path, stamp: Stamp, before: tuple[str, ...]) -> Any:
    """Return a file's data, laid over that of the genre it builds on."""
    data = _file(path, path.stat().st_mtime_ns)
    base_id = data.get("based_on") if isinstance(data, dict) else None
    if base_id is None:
        return data
    paths = _paths(stamp)
    if base_id not in paths:
        raise UserError(f"{path.name}: based_on: no genre '{base_id}'", nearest(str(base_id), paths))
    if base_id in (path.stem, *before):
        raise UserError(f"{path.name}: based_on: {' → '.join((*before, path.stem, base_id))} goes in a circle")
    base = _data(paths[base_id], stamp, (*before, path.stem))
    if not isinstance(base, dict):
        raise UserError(f"{base_id}.yaml: top level: sections are missing")
    inherited = {key: value for key, value in base.items() if key not in _OWN}
    family = {"kin": [base_id, *(one for one in base.get("kin", ()) if one != path.stem)]}
    return laid_over(inherited | family, data)


@lru_cache(maxsize=256)
def _file(path: Path, time_ns: int) -> Any:
    """Return a file's data, which nobody changes; many genres build on one."""
    return read_yaml(path)


def laid_over(base: Any, own: Any) -> Any:
    """Return `own` over `base`: sections are joined key by key, all else is replaced; null takes a key away.

    The weights of `behaviours` and `forms` are replaced as one.
    """
    if not (isinstance(base, dict) and isinstance(own, dict)):
        return own
    joined = {key: value if key in _WHOLE else laid_over(base.get(key), value) for key, value in own.items()}
    return {key: value for key, value in (base | joined).items() if value is not None}


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
