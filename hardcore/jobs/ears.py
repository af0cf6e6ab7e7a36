"""Listening from the studio's side: a worker that measures sound files and draws them.

async with Ears() as ears:
    heard = await ears.ask("hear", path="song.wav")
"""

from hardcore.workers.worker import Kind, Worker

# What audio/reader.py lets the ears take in is 1 GiB at most, and they take six times that while they work.
HEARING = Kind(
    "listening", "hardcore.jobs.listener", ("hardcore.audio.analysis", "hardcore.audio.levels"), 8 << 30, 1200.0
)


class Ears(Worker):
    """A worker that listens."""

    def __init__(self) -> None:
        super().__init__(HEARING)
