"""How long spaces take to make something: learned from what they took, and kept for the next session."""

import json
import threading
from contextlib import suppress
from pathlib import Path

from hardcore.artifacts import PRIVATE, replacing
from hardcore.errors import UserError

# What is expected of a space that has made nothing yet.
UNKNOWN_S = 5.0


class Durations:
    """Mean durations in a file, as whole milliseconds and how many there were. What cannot be read is learned anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, int]] | None = None

    def estimate_s(self, space: str) -> float:
        """Return how many seconds a space will take, by what it took so far."""
        with self._lock:
            mean_ms, times = self._read().get(space, (0, 0))
        return mean_ms / 1000 if times else UNKNOWN_S

    def learn(self, space: str, seconds: float) -> None:
        """Take in that a space took so long. Never fails: it is only learned for this session then."""
        with self._lock:
            known = self._read()
            mean_ms, times = known.get(space, (0, 0))
            known[space] = (round((mean_ms * times + seconds * 1000) / (times + 1)), times + 1)
            with suppress(OSError, UserError):
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with replacing(self._file, PRIVATE) as file:
                    file.write(json.dumps(known).encode())

    def _read(self) -> dict[str, tuple[int, int]]:
        if self._known is None:
            self._known = {}
            with suppress(OSError, ValueError, TypeError):
                kept = json.loads(self._file.read_text(encoding="utf-8"))
                self._known = {str(space): (int(mean), int(times)) for space, (mean, times) in kept.items()}
        return self._known
