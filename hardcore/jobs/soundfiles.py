"""The user's sounds as files: found by their content, decoded once where the engine cannot read them, collected."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.jobs.foldersearch import SUFFIXES, walk
from hardcore.project.recording import Recording, cut_out, decoded_path, file_digest, holds

# Files that hold many sounds.
FONTS = (".sf2", ".sf3")
_BLOCK = 1 << 20


def found(recording: Recording, places: Mapping[str, Path]) -> Path | None:
    """Return a file with a recording's content: the known place, else its own path if it still holds it."""
    known, own = places.get(recording.sha256), Path(recording.path)
    if known is not None and known.is_file():
        return known
    return own if holds(own, recording.sha256, recording.size) else None


def missing(who: Sequence[str], gone: Sequence[Recording]) -> str:
    """Return the line that says sounds are missing, which tracks are silent for it, and what to do."""
    silent = f"{' and '.join(who)} {'is' if len(who) == 1 else 'are'} silent"
    first = gone[0]
    if len(gone) == 1:
        return f"{first.name} is missing ({first.path}): {silent}; samples relink FILE or FOLDER finds it again"
    files = len({one.sha256 for one in gone})
    what = f"{len(gone)} sounds are missing" if files > 1 else f"a file with {len(gone)} sounds is missing"
    return f"{what}, such as {first.name} ({first.path}): {silent} there; samples relink FOLDER finds them again"


def playable(recording: Recording, path: Path) -> Path:
    """Return a file the engine reads: `path` itself, or its decoded copy in the cache, made when it is not there.

    A worker does this: see jobs/reading.py. Raises UserError when it cannot be read.
    """
    copy = decoded_path(recording.key)
    if copy.is_file():
        return copy
    from hardcore.audio.intake import decode

    if recording.offset is not None and recording.packed is not None:
        with stream_in(path, recording.offset, recording.packed) as stream:
            decode(stream, copy)
        return copy
    if recording.offset is not None:
        part = cut_out(recording, path)
        if part is None:
            raise UserError(f"{recording.name} cannot be copied out of {path.name}")
        return part
    return copy if decode(path, copy) else path


@contextmanager
def stream_in(path: Path, offset: int, size: int) -> Iterator[Path]:
    """Yield a file with an Ogg stream that lies in another one."""
    with tempfile.TemporaryDirectory() as folder, path.open("rb") as file:
        file.seek(offset)
        stream = Path(folder) / "packed.ogg"
        with stream.open("wb") as written:
            while size and (block := file.read(min(size, _BLOCK))):
                checkpoint()
                written.write(block)
                size -= len(block)
        yield stream


def look_for(wanted: Mapping[str, int], place: Path) -> dict[str, Path]:
    """Return where the contents in `wanted` (hash to size) lie in a file or folder, by hash. Raises UserError."""
    sizes = set(wanted.values())
    there: dict[str, Path] = {}
    for file in walk(place, suffixes=(*SUFFIXES, *FONTS)).files:
        if file.size not in sizes:
            continue
        try:
            sha256 = file_digest(Path(file.path))
        except OSError:
            continue
        if sha256 in wanted:
            there.setdefault(sha256, Path(file.path))
    return there


def collected_folder(project_file: Path) -> Path:
    """Return the folder beside a project file that its sounds are copied to."""
    return project_file.with_name(f"{project_file.stem} samples")


def collected(recording: Recording, folder: Path) -> Path | None:
    """Return the copy of a sound in a folder of collected ones, None when there is none of that content."""
    for path in _names(recording, folder):
        if holds(path, recording.sha256, recording.size):
            return path
    return None


def collect(known: Iterable[Recording], places: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Return where each sound is now, by hash, having copied those that were not in `folder` yet.

    A copy is checked before it counts. Raises UserError when one cannot be written.
    """
    made: dict[str, Path] = {}
    for recording in known:
        there = collected(recording, folder)
        source = found(recording, places)
        if there is None and source is not None:
            there = _copied(recording, source, folder)
        if there is not None:
            made[recording.sha256] = there
    return made


def _copied(recording: Recording, source: Path, folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = next(path for path in _names(recording, folder) if not path.exists())
        beside = target.with_name(f".{target.name[:150]}.part")
        try:
            with source.open("rb") as read, beside.open("wb") as written:
                while block := read.read(_BLOCK):
                    checkpoint()
                    written.write(block)
            if file_digest(beside) != recording.sha256:
                raise UserError(f"{source} changed while it was copied", "try again")
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, StopIteration) as error:
        raise UserError(f"{recording.name} cannot be copied to {folder}: {error}", "check the disk") from error
    return target


def _names(recording: Recording, folder: Path) -> Sequence[Path]:
    """Return where a copy may lie: under its own file name, or with the beginning of its hash before it."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", Path(recording.path).name)[-150:] or "sound"
    return folder / name, folder / f"{recording.sha256[:8]} {name}"
