"""Files of unknown origin from the studio's side: each is read by a worker, never in the studio itself.

What can be said without reading is said before there is one.
"""

from pathlib import Path

from hardcore.jobs import instrumentfile, learning
from hardcore.jobs.instrumentfile import IMPORTED, Imported
from hardcore.jobs.learning import LEARNED, LESSON, Lesson
from hardcore.music.learning import Learned
from hardcore.project.recording import Recording
from hardcore.workers.worker import Kind, Progress, Worker

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


async def learned(lesson: Lesson) -> tuple[Learned, str]:
    """Return what `learn_file` of jobs/learning.py does. Raises UserError, JobFailed."""
    learning.ensure_there(lesson.path)
    async with Reading() as reading:
        done = await reading.ask("learn", lesson=LESSON.dump_python(lesson, mode="json"))
    return LEARNED.validate_python(done["learned"]), done["said"]


async def imported(path: Path, preset: str, progress: Progress) -> Imported:
    """Return what jobs/instrumentfile.py reads, its sounds made ready. Raises UserError, JobFailed."""
    instrumentfile.ensure_there(path)
    async with Reading() as reading:
        done = await reading.ask("instrument", progress, path=str(path), preset=preset)
    return IMPORTED.validate_python(done["imported"])


async def presets(path: Path) -> list[tuple[int, int, str, int]]:
    """Return bank, program, name and number of zones of each preset of a SoundFont. Raises UserError, JobFailed."""
    instrumentfile.ensure_there(path)
    async with Reading() as reading:
        done = await reading.ask("presets", path=str(path))
    return [tuple(row) for row in done["presets"]]
