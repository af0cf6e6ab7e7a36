"""What is recoverable of a damaged working copy, whatever is wrong with it: its objects, steps and settings.

Every page is looked through, those of the log past its first wrong bit too, what is surest first. An object is what its
digest says; where one bit of it is wrong, that bit is found by trying.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hardcore.store import carving, heads, schema, wal, working_copy
from hardcore.store.carving import Fetch, Row
from hardcore.store.objects import Stored, mended, true_digest
from hardcore.store.rows import dated, plain
from hardcore.store.schema import DIGEST_BYTES, split
from hardcore.store.wal import PAGE_BYTES, Frame

UNREADABLE = "(cannot be read)"
_META = ("at", "highest_id", heads.KEY, "work.origin", "work.saved", "work.mark")
_TRIED_BYTES = 2**14


class Remains:
    """What could be read: rows of `steps` by number, `meta`, the heads of steps.

    `add` takes each object that is true, once; `cut` says that the newest of it may be gone.
    """

    def __init__(self, add: Callable[[Stored], None]) -> None:
        self._add = add
        self._refs: dict[bytes, list[bytes]] = {}
        self._broken: dict[bytes, Stored] = {}
        self._complete: dict[bytes, bool] = {}
        self._patience = _TRIED_BYTES
        self.steps: dict[int, tuple[Any, ...]] = {}
        self.meta: dict[str, Any] = {}
        self.made_on: dict[str, str] = {}
        self.cut = False

    def search(self, file: Path) -> None:
        """Look through a database, its log, and the file that it was saved in. Raises OSError."""
        log = wal.read(file)
        self.cut = log.cut
        newer, older = log.frames[log.copied :][::-1], [*log.frames[: log.copied][::-1], *log.earlier[::-1]]
        with _Pages(file, newer, older) as pages:
            self._take([frame.data for frame in newer if frame.holds], pages.fetch)
            self._take(pages.own(), pages.fetch)
            self._take([frame.data for frame in (*older, *newer)], pages.fetch)
        origin, mark = self.meta.get("work.origin"), self.meta.get("work.mark")
        if isinstance(origin, str) and mark is not None and working_copy.mark(Path(origin)) == mark:
            with _Pages(Path(origin)) as pages:
                self._take(pages.own(), pages.fetch)

    def kept(self) -> list[int]:
        """Return the steps of which all is there, in order."""
        return [number for number in sorted(self.steps) if self._is_complete(self.steps[number][5])]

    def _take(self, pages: Iterable[bytes], fetch: Fetch) -> None:
        for row in (row for page in pages for row in carving.rows(page, fetch)):
            match row.values:
                case (bytes(address), str(kind), int(version), bytes(payload), bytes(refs)):
                    self._take_object(Stored(address, kind, version, payload, refs))
                case (None, _, _, _, _, bytes(root), _) if len(root) == DIGEST_BYTES:
                    self._take_step(row)
                case (str(key), str(value)) if key in _META:
                    self._take_meta(key, value)
                case (str(key), str(value)) if key.startswith(heads.MADE_ON):
                    self.made_on.setdefault(key, value)

    def _take_object(self, stored: Stored) -> None:
        if stored.digest in self._refs:
            return
        address = true_digest(stored)
        if address != stored.digest:
            self._broken.setdefault(stored.digest, stored)
        if address is not None and address not in self._refs:  # true under its own digest, where that is what is wrong
            self._add(stored._replace(digest=address))
            self._refs[address] = split(stored.refs)

    def _take_step(self, row: Row) -> None:
        _, parent, label, author, at, root, redo = row.values
        if 0 <= row.key <= schema.MAX_NUMBER and row.key not in self.steps:
            words = [plain(text) if isinstance(text, str) else UNREADABLE for text in (label, author)]
            numbers = [number if isinstance(number, int) else None for number in (parent, redo)]
            date = dated(at) if isinstance(at, int | float) else 0.0
            self.steps[row.key] = (row.key, numbers[0], *words, date, root, numbers[1])

    def _take_meta(self, key: str, value: str) -> None:
        with suppress(ValueError, RecursionError):
            self.meta.setdefault(key, json.loads(value))

    def _is_complete(self, address: bytes) -> bool:
        """Return whether an object and all it reaches are there, mended if need be."""
        if address not in self._complete:
            broken = self._broken.get(address) if address not in self._refs else None
            if broken is not None and self._patience > 0:
                self._patience -= len(broken.payload) + len(broken.refs)
                whole = mended(broken)
                if whole is not None:
                    self._take_object(whole)
            children = self._refs.get(address)
            self._complete[address] = children is not None and all(map(self._is_complete, children))
        return self._complete[address]


class _Pages:
    """The pages of a database file, and of the frames of its log, the newest first."""

    def __init__(self, file: Path, newer: Sequence[Frame] = (), older: Sequence[Frame] = ()) -> None:
        self._newer, self._older = _by_number(newer), _by_number(older)
        self._file = file.open("rb") if file.exists() else None

    def __enter__(self) -> "_Pages":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def own(self) -> Iterable[bytes]:
        """Yield the pages of the file itself; the last may be cut short."""
        number = 1
        while page := self._read(number):
            yield page
            number += 1

    def fetch(self, number: int) -> bytes | None:
        """Return a page by its number, None when there is none."""
        return self._newer.get(number) or self._read(number) or self._older.get(number)

    def _read(self, number: int) -> bytes:
        if self._file is None or not 0 < number < 2**32:
            return b""
        self._file.seek((number - 1) * PAGE_BYTES)
        return self._file.read(PAGE_BYTES)


def _by_number(frames: Sequence[Frame]) -> dict[int, bytes]:
    """Return the newest content of each page, one that holds where there is one; the newest frame comes first."""
    return {frame.page: frame.data for holds in (False, True) for frame in reversed(frames) if frame.holds is holds}
