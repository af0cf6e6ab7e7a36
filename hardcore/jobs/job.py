"""A job: slow work that was asked for, how it stands, and what came of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hardcore.project.history import MAIN
from hardcore.workers.context import Words

State = Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]
OVER: tuple[State, ...] = ("done", "failed", "cancelled", "interrupted")
# How far a generation is when it begins to play and when it begins to write.
PLAYING, WRITING = 0.2, 0.8
# Before so much is done nobody can tell how long the rest will take.
_TELLING_SHARE, _TELLING_S = 0.03, 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """One job, as it stands at a moment; it is replaced by another value when that changes.

    number      its name, rising over all sessions
    kind        which of `kinds.KINDS` does it
    label       the line that asked for it
    author      who asked
    head        the branch that they asked on, which the result belongs to
    arguments   what the function gets, as JSON
    snapshot    the file of its project and who reads it, None for a job without one
    folder      its own folder; what the work writes for a while lies in `scratch` there
    stages      folders elsewhere that are thrown away when it ends, such as the one that its files are written in first
    background  whether it goes on while nobody waits for it
    share       how much is done, 0–1, with `words` for what is being done
    tries       how often a worker has begun it
    answer      what it answered, in words, once it is done
    why         why it failed, was stopped or begins again
    """

    number: int
    kind: str
    label: str
    author: str
    arguments: Words
    snapshot: Mapping[str, str] | None
    folder: Path
    stages: tuple[str, ...] = ()
    background: bool = False
    head: str = MAIN
    state: State = "waiting"
    share: float = 0.0
    words: str = ""
    asked_at: float = 0.0
    began_at: float = 0.0
    ended_at: float = 0.0
    tries: int = 0
    answer: str = ""
    why: str = ""

    @property
    def is_over(self) -> bool:
        """Return whether nothing more comes of it by itself."""
        return self.state in OVER

    @property
    def scratch(self) -> Path:
        """Return the folder that is thrown away when it ends."""
        return self.folder / "scratch"

    def seconds(self, now: float | None = None) -> float:
        """Return how long it has run, or ran."""
        if not self.began_at:
            return 0.0
        end = self.ended_at or (time.time() if now is None else now)
        return max(0.0, end - self.began_at)

    def seconds_left(self, now: float | None = None) -> float | None:
        """Return how long it will still run if it goes on as it did; None when that cannot be told."""
        ran = self.seconds(now)
        if self.state != "running" or self.share < _TELLING_SHARE or ran < _TELLING_S:
            return None
        return ran * (1.0 - self.share) / self.share

    def standing(self, now: float | None = None) -> str:
        """Return how it stands in words: `34 %, rendering, about 0:12 left`."""
        if self.state == "running":
            left = self.seconds_left(now)
            about = f"about {clock(left)} left" if left is not None else f"for {clock(self.seconds(now))}"
            again = self.why if self.tries > 1 else ""
            return ", ".join(filter(None, (f"{self.share:.0%}", self.words, about, again)))
        if self.state == "waiting":
            return "waits for its turn"
        if self.state == "done":
            return f"done in {clock(self.seconds())}"
        return f"{self.state}: {self.why}" if self.why else self.state

    def record(self) -> dict[str, Any]:
        """Return what has to be kept of it besides what never changes."""
        names = ("state", "asked_at", "began_at", "ended_at", "tries", "answer", "why")
        return {name: getattr(self, name) for name in names}


def clock(seconds: float) -> str:
    """Return a duration as `0:12` or `1:02:03`."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
