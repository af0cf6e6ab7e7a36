"""The user's own files that the library lists and shares: styles and maps of controllers. They stay where they are."""

import tempfile
from pathlib import Path
from typing import NamedTuple

from hardcore.artifacts import write_whole
from hardcore.errors import UserError
from hardcore.paths import config_folder
from hardcore.project.values import clean_name

LARGEST = 1 << 20


class OwnFile(NamedTuple):
    """A file of the user's: what kind it is, its name, where it is, and what it is in a few words."""

    kind: str
    name: str
    path: Path
    about: str


def own_files(kind: str | None = None) -> list[OwnFile]:
    """Return the user's styles and maps of controllers, or those of one kind, by name; broken ones say so."""
    found: list[OwnFile] = []
    for one, (folder, ending) in _places().items():
        if kind in (None, one) and folder.is_dir():
            found += [OwnFile(one, path.stem, path, _about(one, path)) for path in sorted(folder.glob(f"*{ending}"))]
    return found


def _places() -> dict[str, tuple[Path, str]]:
    from hardcore.knowledge import loader

    return {"controller": (config_folder() / "midi", ".toml"), "style": (loader.own_folder(), ".yaml")}


def _about(kind: str, path: Path) -> str:
    from hardcore.commands.performance.devicemap import read_device
    from hardcore.knowledge import index, loader

    try:
        if kind == "controller":
            return f"{read_device(path).name}, {sum(1 for _ in read_device(path).mappings())} controls"
        if path.stem in loader.broken():
            return f"broken: {loader.broken()[path.stem]}"
        return next(entry.about for entry in index.entries() if entry.id == path.stem)
    except (UserError, StopIteration) as error:
        return f"broken: {error}"


def file_named(name: str, kinds: tuple[str, ...] | list[str]) -> OwnFile | None:
    """Return the user's file of a name in any case, None where there is none of these kinds."""
    wanted = name.strip().casefold()
    return next((one for one in own_files() if one.kind in kinds and one.name.casefold() == wanted), None)


def text_of(file: OwnFile) -> str:
    """Return what a file says. Raises UserError."""
    try:
        if file.path.stat().st_size > LARGEST:
            raise UserError(f"{file.path.name} is too large to be shared", f"{LARGEST >> 20} MiB at most")
        return file.path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file.path.name} cannot be read: {error}") from error


def take_in(kind: str, name: str, text: str) -> OwnFile | None:
    """Keep the text of a file that was found to hold under a name of its own; None where the same is there.

    Raises UserError.
    """
    folder, ending = _places()[kind]
    stem = _stem(name)
    if _is_there(kind, text):
        return None
    number, path = 1, folder / f"{stem}{ending}"
    while path.exists() or _is_the_programs(kind, path.stem):
        number += 1
        path = folder / f"{stem}_{number}{ending}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, text.encode())
    return OwnFile(kind, path.stem, path, _about(kind, path))


def _is_there(kind: str, text: str) -> bool:
    folder, ending = _places()[kind]
    return any(path.read_text(encoding="utf-8", errors="replace") == text for path in folder.glob(f"*{ending}"))


def check(kind: str, name: str, text: str) -> None:
    """Raise UserError, with what is wrong, for the text of a file of unknown origin that does not hold."""
    from hardcore.commands.performance.devicemap import read_device
    from hardcore.knowledge import index, loader

    if len(text) > LARGEST:
        raise UserError(f"it is too large for a {kind}", f"{LARGEST >> 20} MiB at most")
    if _is_there(kind, text):
        return
    with tempfile.TemporaryDirectory(prefix="hardcore-") as folder:
        path = Path(folder) / f"{_stem(name)}{_places()[kind][1]}"
        path.write_text(text, encoding="utf-8")
        if kind == "controller":
            read_device(path)
            return
        known = {phrase: entry.id for entry in index.entries() for phrase in entry.phrases}
        for phrase in loader.phrases_of(loader.read_genre(path)):
            if phrase in known:
                raise UserError(f"'{phrase}' means {known[phrase]} already")


def _stem(name: str) -> str:
    from hardcore.commands.composing.genre import slug

    stem = slug(clean_name(name))[:60]
    if not stem:
        raise UserError(f"'{name[:40]}' is no name of a file")
    return stem


def _is_the_programs(kind: str, stem: str) -> bool:
    from hardcore.commands.performance.devicemap import known_devices
    from hardcore.knowledge import index

    taken = known_devices() if kind == "controller" else {entry.id for entry in index.entries()}
    return stem in taken
