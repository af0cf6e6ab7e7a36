"""The lines typed in earlier sessions, one a line in the state folder; secrets are never written."""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import History

KEPT = 5_000
# `/config assistant.api_key sk-…` holds a secret; so may any line that names one and gives it a value.
_SECRET = re.compile(r"\b\w*(?:key|token|secret|passw\w*)[\s=:]+[^\s,;]{12,}|\bsk-\w+", re.IGNORECASE)


def is_private(line: str) -> bool:
    """Return whether a line must not be kept: it begins with a space, or seems to hold a secret."""
    return line[:1].isspace() or _SECRET.search(line) is not None


class HistoryFile(History):
    """Prompt history in a text file. A file that cannot be read or written is no error: history is a convenience."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines, the newest first; a file grown to twice `KEPT` is cut."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        if len(lines) > 2 * KEPT:
            self._rewrite(lines[-KEPT:])
        return lines[-KEPT:][::-1]

    def append_string(self, string: str) -> None:
        """Remember a line; the same line twice in a row counts once, a private one lives for this session only."""
        if string.strip() and self._loaded_strings[:1] != [string]:
            super().append_string(string)

    def store_string(self, string: str) -> None:
        """Append a line to the file, which only its owner may read."""
        if is_private(string):
            return
        line = " ".join(string.splitlines()) + "\n"
        with contextlib.suppress(OSError):
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8", errors="replace") as file:
                file.write(line)

    def _rewrite(self, lines: list[str]) -> None:
        spare = self.path.with_name(self.path.name + "~")
        with contextlib.suppress(OSError):
            spare.touch(0o600)
            spare.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace")
            spare.replace(self.path)
