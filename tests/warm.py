"""Homes in which the program was started before: what it keeps of its knowledge base is there."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hardcore.knowledge import index


@cache
def _index() -> bytes:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARDCORE_HOME", folder)
        index._entries.cache_clear()
        index.entries()
        return (Path(folder) / "cache" / index.FILE).read_bytes()


def warm(home: Path) -> Path:
    """Put the index of genres into a home, and return the home.

    Each program that tests start would make it anew, which is a fifth of a second of its time.
    """
    cache_folder = home / "cache"
    cache_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (cache_folder / index.FILE).write_bytes(_index())
    return home
