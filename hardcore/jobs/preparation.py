"""The user's sounds before they play: found by their content, and made ready for the engine by a worker."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from hardcore.errors import JobFailed, UserError
from hardcore.jobs.reading import Reading
from hardcore.jobs.request import Progress
from hardcore.jobs.soundfiles import found, missing
from hardcore.project.recording import Recording, decoded_path
from hardcore.project.recordings import players
from hardcore.project.state import ProjectState
from hardcore.workers.thread import beside, relayed

# More missing sounds of a track than that are told in one line.
MOST_NAMED = 3
_MOST_KNOWN = 4096
# Files that a worker found the engine can read as they are: path, size and date.
_known: set[tuple[str, int, int]] = set()


@dataclass(slots=True)
class Prepared:
    """Where the sounds of a project lie, by key, and a line for each that is nowhere or cannot be read."""

    places: dict[str, Path] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


async def prepare(project: ProjectState, places: Mapping[str, Path], progress: Progress) -> Prepared:
    """Return where every sound of the project is played from; `places` are the files known already, by hash."""
    prepared = Prepared()
    lost: dict[tuple[str, ...], list[Recording]] = {}
    there = await beside(_search, project, places, relayed(progress))
    async with Preparing() as preparing:
        for key, recording in sorted(project.sounds.items()):
            who, path = tuple(players(project, recording.sha256)), there[key]
            if path is None:
                lost.setdefault(who, []).append(recording)
                continue
            try:
                prepared.places[key] = await preparing.playable(recording, path)
            except (UserError, JobFailed) as error:
                prepared.notes.append(f"{error.line()}: {' and '.join(who)} is silent")
    for who, gone in lost.items():
        prepared.notes += [missing(who, gone)] if len(gone) > MOST_NAMED else [missing(who, [one]) for one in gone]
    return prepared


async def ensure_playable(recording: Recording) -> None:
    """See to it that the engine can read a sound's file. Raises UserError when it is gone or cannot be read."""
    there = await beside(found, recording, {})
    if there is None:
        raise UserError(f"{recording.name} is not where it was ({recording.path})", "samples relink FILE or FOLDER")
    async with Preparing() as preparing:
        await preparing.playable(recording, there)


class Preparing:
    """Makes sounds ready, for as long as the `async with` lasts; a worker is started for the first that needs one."""

    def __init__(self) -> None:
        self._held = AsyncExitStack()
        self._reading: Reading | None = None

    async def __aenter__(self) -> "Preparing":
        """Return itself."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """End the worker, if there is one."""
        await self._held.aclose()

    async def playable(self, recording: Recording, path: Path) -> Path:
        """Return a file the engine reads for a sound that lies at `path`. Raises UserError, JobFailed."""
        copy = decoded_path(recording.key)
        if copy.is_file():
            return copy
        try:
            stamp = path.stat()
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}") from error
        mark = (str(path), stamp.st_size, stamp.st_mtime_ns)
        if mark in _known:
            return path
        if self._reading is None:
            self._reading = await self._held.enter_async_context(Reading())
        ready = await self._reading.playable(recording, path)
        if ready == path and len(_known) < _MOST_KNOWN:
            _known.add(mark)
        return ready


def _search(project: ProjectState, places: Mapping[str, Path], progress: Progress) -> dict[str, Path | None]:
    there = {}
    for key, recording in project.sounds.items():
        progress(0.0, f"looking for {recording.name}")
        there[key] = found(recording, places)
    return there
