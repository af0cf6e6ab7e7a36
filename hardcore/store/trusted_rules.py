"""Which rules were made or allowed on this computer: a line each, the digest of what the rule does.

A rule that comes with a file from elsewhere does nothing until a person switches it on here. What counts is what it
does and may change, not what it is called or in which file it stands.
"""

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from hardcore.artifacts import PRIVATE

# More than are ever made by hand; the oldest are forgotten.
MOST = 20_000


class TrustedRules:
    """The digests in a file. What cannot be read is not trusted; what cannot be written is until the program ends."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: set[str] | None = None

    def holds(self, deed: Mapping[str, Any]) -> bool:
        """Return whether what a rule does was made or allowed here."""
        with self._lock:
            return _digest(deed) in self._read()

    def add(self, deed: Mapping[str, Any]) -> None:
        """Trust what a rule does from now on."""
        digest = _digest(deed)
        with self._lock:
            known = self._read()
            if digest in known:
                return
            known.add(digest)
            with suppress(OSError):
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file.touch(PRIVATE)
                with self._file.open("a", encoding="ascii") as lines:
                    lines.write(f"{digest}\n")

    def _read(self) -> set[str]:
        if self._known is None:
            self._known = set()
            with suppress(OSError, UnicodeDecodeError):
                self._known = set(self._file.read_text(encoding="ascii").split()[-MOST:])
        return self._known


def _digest(deed: Mapping[str, Any]) -> str:
    return sha256(json.dumps(deed, sort_keys=True).encode()).hexdigest()
