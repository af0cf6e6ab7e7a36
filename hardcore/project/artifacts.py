"""The folder of artifacts: each a FLAC file named by its SHA-256, with what is known of it in a JSON file beside it.

    keep(file, …)        take a finished file into the folder: on the disk, for good, before anything names it
    lookup(sha256)       what is known of one; `made` finds one by its recipe, `find` by what a person says
    path_of(sha256)      where its file lies
    everything()         all of them, the newest first; `listing` for whoever asks often

One artifact is one content: what is kept twice is there once. A file is whole under its name or not there.
"""

import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from hardcore.artifacts import write_whole
from hardcore.errors import NotFound, UserError, near, nearest
from hardcore.paths import user_folder
from hardcore.project.artifact import LARGEST_TOTAL, Artifact, Recipe, SoundRef, as_recording, recipe_key
from hardcore.project.recording import Recording, file_digest, holds

ENDING, FACTS = ".flac", ".json"
_SHORTEST = 6
# What was listed last, and when the folder had changed then; two changes may come within one tick of a file system.
_listed: dict[str, Any] = {}
_SETTLED_NS = 50_000_000


def folder() -> Path:
    """Return the folder of artifacts, made when it is missing. Raises UserError."""
    place = user_folder() / "artifacts"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def path_of(sha256: str) -> Path:
    """Return where the file of an artifact lies, or would lie."""
    return folder() / f"{sha256}{ENDING}"


def recording_of(sound: SoundRef) -> Recording:
    """Return an artifact as what the engine plays, where its file lies in this user's folder."""
    return as_recording(sound, str(path_of(sound.artifact)))


def keep(
    file: Path, *, name: str, frames: int, rate: int, channels: int, kind: str, recipe: Recipe | None = None,
    again: bool = False, parents: Collection[str] = (), licence: str | None = None, tags: Collection[str] = (),
    gain_db: float = 0.0, peaks: Collection[int] = (),
) -> Artifact:  # fmt: skip
    """Move a FLAC file into the folder and return the artifact; when it returns, file and facts are on the disk.

    One that is known already stays as it is, with the tags of both. `file` is best in the folder itself (see
    `staged`), so that moving it is one step. Raises UserError when there is no room, ValueError for impossible facts.
    """
    sha256, size = file_digest(file), file.stat().st_size
    sound = SoundRef(artifact=sha256, name=name, size=size, frames=frames, rate=rate, channels=channels)
    known = lookup(sha256)
    if known is not None and holds(path_of(sha256), sha256, known.sound.size):
        file.unlink()
        return change(known, tags=tuple(dict.fromkeys([*known.tags, *tags])))
    if total_bytes() + size > LARGEST_TOTAL:
        raise UserError(
            f"there is no room for {name}: artifacts take {LARGEST_TOTAL >> 30} GiB at most", "artifacts gc"
        )
    made = Artifact(
        sound=sound, kind=kind, recipe=recipe or {}, again=again, parents=tuple(parents), licence=licence,
        tags=tuple(tags), gain_db=gain_db, made_at=time.time(), peaks=tuple(peaks),
    )  # fmt: skip
    settle(made, file)
    return made


def settle(made: Artifact, file: Path) -> None:
    """Put an artifact's file, already hashed, and its facts on the disk under its name. Raises UserError."""
    try:
        with file.open("rb+") as content:
            os.fsync(content.fileno())
        file.replace(path_of(made.sha256))
        _write(made)
        if os.name == "posix":
            handle = os.open(folder(), os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    except OSError as error:
        raise UserError(f"{made.name} could not be kept: {error.strerror or error}", "check the disk") from error
    if made.again:
        write_whole(_recipe_file(recipe_key(made.kind, made.recipe, made.parents)), made.sha256.encode())


def staged(word: str = "new") -> Path:
    """Return a free path in the folder for a file that is still being written; it ends in .flac."""
    return folder() / f".{word}-{os.getpid()}-{time.monotonic_ns()}{ENDING}"


def lookup(sha256: str) -> Artifact | None:
    """Return what is known of an artifact, None for one that is not there or cannot be read."""
    try:
        return Artifact.model_validate_json((folder() / f"{sha256}{FACTS}").read_bytes())
    except (OSError, ValueError, UserError):
        return None


def made(kind: str, recipe: Recipe, parents: tuple[str, ...] = ()) -> Artifact | None:
    """Return what was made by a recipe before, where its file is still there."""
    try:
        sha256 = _recipe_file(recipe_key(kind, recipe, parents)).read_text("ascii")
    except (OSError, ValueError):
        return None
    known = lookup(sha256)
    return known if known is not None and path_of(known.sha256).is_file() else None


def everything() -> list[Artifact]:
    """Return every artifact, the newest first."""
    found = (lookup(path.stem) for path in sorted(folder().glob(f"*{FACTS}")))
    return sorted((known for known in found if known is not None), key=lambda known: -known.made_at)


def listing() -> tuple[Artifact, ...]:
    """Return every artifact, the newest first, for whoever asks often: the folder is read when it has changed."""
    changed_ns = folder().stat().st_mtime_ns
    mark = (str(folder()), changed_ns)
    if _listed.get("mark") != mark or time.time_ns() - changed_ns < _SETTLED_NS:
        _listed.update(mark=mark, known=tuple(everything()))
    known: tuple[Artifact, ...] = _listed["known"]
    return known


def find(reference: str) -> Artifact:
    """Return the artifact with that id (the beginning of its hash) or name. Raises UserError, naming the nearest."""
    wanted, known = reference.strip().casefold(), everything()
    by_hash = len(wanted) >= _SHORTEST and not set(wanted) - set("0123456789abcdef")
    found = [one for one in known if one.name.casefold() == wanted or (by_hash and one.sha256.startswith(wanted))]
    if not found:
        names = [one.name for one in known]
        raise NotFound(f"no artifact '{reference}'", nearest(wanted, names), near(wanted, names))
    if len(found) > 1:
        ids = ", ".join(f"{one.id} ({one.kind})" for one in found[:5])
        raise UserError(f"there are {len(found)} artifacts named '{reference}'", f"say the id: {ids}")
    return found[0]


def find_or_tagged(reference: str) -> Artifact:
    """Return the artifact with that id or name, or the newest with that tag. Raises UserError, naming the nearest."""
    tag = reference.strip().casefold()
    try:
        return find(reference)
    except NotFound:
        tagged = [one for one in everything() if tag in (own.casefold() for own in one.tags)]
        if not tagged:
            raise
        return tagged[0]


def change(known: Artifact, **changes: Any) -> Artifact:
    """Return an artifact with other facts, kept. Raises UserError, ValidationError."""
    changed = known.evolve(**changes)
    if changed != known:
        _write(changed)
    return changed


def remove(known: Artifact) -> None:
    """Remove an artifact: its facts first, so that nothing names a file that is gone. Raises UserError."""
    try:
        (folder() / f"{known.sha256}{FACTS}").unlink(missing_ok=True)
        path_of(known.sha256).unlink(missing_ok=True)
        _recipe_file(recipe_key(known.kind, known.recipe, known.parents)).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{known.name} could not be removed: {error.strerror or error}", "check the disk") from error


def total_bytes() -> int:
    """Return how much room the artifacts take."""
    return sum(size for _, size in _files())


def _files() -> Iterator[tuple[Path, int]]:
    with os.scandir(folder()) as entries:
        for entry in entries:
            if entry.name.endswith(ENDING):
                yield Path(entry.path), entry.stat().st_size


def left_behind(older_than_s: float) -> list[Path]:
    """Return files that no artifact has and that are older than so many seconds: what a kill left half made."""
    until = time.time() - older_than_s
    return [
        path
        for path, _ in _files()
        if path.stat().st_mtime < until and not path.with_name(f"{path.stem}{FACTS}").is_file()
    ]


def _write(known: Artifact) -> None:
    write_whole(folder() / f"{known.sha256}{FACTS}", known.model_dump_json(indent=1).encode())


def _recipe_file(key: str) -> Path:
    return folder() / f"{key}.recipe"
