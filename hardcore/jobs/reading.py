"""Files of unknown origin: each is read by a worker with limits, never in the studio itself."""

from pathlib import Path

from hardcore.project.recording import Recording
from hardcore.workers.worker import Kind, Worker

# Ten minutes that a groove is learned from take most: a quarter of a gigabyte (audio/reader.py), and some times that.
READING = Kind("reading the file", "hardcore.jobs.filetasks", ("hardcore.audio.reader",), 3 << 30, 600.0)


class Reading(Worker):
    """A worker that reads files."""

    def __init__(self) -> None:
        super().__init__(READING)

    async def playable(self, recording: Recording, path: Path) -> Path:
        """Return a file the engine reads, as jobs/soundfiles.py makes it. Raises UserError, JobFailed."""
        done = await self.ask("playable", recording=recording.model_dump(mode="json"), path=str(path))
        return Path(done["path"])
