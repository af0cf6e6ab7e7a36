"""Weights from a host that keeps repositories of them: what a repository holds, and files that resume.

The host speaks the interface of the Hugging Face hub: `/api/models/OWNER/NAME` lists the files of a revision,
`/OWNER/NAME/resolve/REVISION/FILE` gives one. A token for what needs one is in the environment as HF_TOKEN and goes
to the host alone, not to where it redirects.
"""

import hashlib
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from hardcore.errors import ModelFailed

TOKEN = "HF_TOKEN"
# Only what is loaded: numbers, settings, tokenizers, and what is read by people. Half-precision doubles are not.
_WANTED = re.compile(r"(?!.*\.fp16\.).+\.(safetensors|json|model|txt|md)|LICEN[SC]E.*")
_PLAIN_PATH = re.compile(r"(?:[\w][\w.-]*/)*[\w][\w.-]*")
_LARGEST_LIST, _MOST_FILES = 16 << 20, 4096
_CHUNK = 1 << 20
# So often in a row it may break off without a byte, and so long it waits before it goes on, at most.
_TRIES, _LONGEST_WAIT_S, _PATIENCE_S = 6, 5.0, 30.0

Tell = Callable[[int, str], None]


class _BrokenOff(ModelFailed):
    """A request that may succeed when it is made again."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository: its path there, its size, and its SHA-256 where the host says it."""

    path: str
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """The files of a repository at a revision, as far as they are needed."""

    host: str
    name: str
    revision: str
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Return how many bytes they are."""
        return sum(one.size for one in self.files)


def listed(host: str, name: str) -> Repository:
    """Return what a repository holds. Raises ModelFailed."""
    with _opened(host, f"/api/models/{name}?blobs=true", 0) as answer:
        body = answer.read(_LARGEST_LIST + 1)
    try:
        known = json.loads(body)
        files = tuple(_file(one) for one in known["siblings"] if _WANTED.fullmatch(one["rfilename"].rpartition("/")[2]))
        revision = str(known["sha"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFailed(f"{host} does not answer as a host of weights does", "config models.host") from error
    if len(files) > _MOST_FILES or not re.fullmatch(r"\w{1,64}", revision):
        raise ModelFailed(f"{name} has no plain list of files")
    if not any(one.path.endswith(".safetensors") for one in files):
        raise ModelFailed(f"{name} has no weights as safetensors", "another repository")
    return Repository(host, name, revision, files)


def _file(known: dict[str, Any]) -> RemoteFile:
    path, lfs = known["rfilename"], known.get("lfs") or {}
    if not _PLAIN_PATH.fullmatch(path) or len(path) > 400:
        raise ModelFailed(f"a file of it is called {path[:60]!r}", "another repository")
    return RemoteFile(path, int(known["size"]), str(lfs.get("sha256", "")))


def fetch(repository: Repository, folder: Path, tell: Tell) -> None:
    """Get the files of a repository into a folder, from where they were broken off. Raises ModelFailed.

    tell  gets how many bytes are there and which file is coming
    """
    done = 0
    for one in repository.files:
        place = folder / one.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not (place.is_file() and place.stat().st_size == one.size):
            _fetch_file(repository, one, place, partial(_told, tell, done, one.path))
        done += one.size
        tell(done, one.path)


def _told(tell: Tell, before: int, path: str, size: int) -> None:
    tell(before + size, path)


def _fetch_file(repository: Repository, one: RemoteFile, place: Path, tell: Callable[[int], None]) -> None:
    part = place.with_name(f"{place.name}.part")
    part.touch()
    tries = 0
    while (there := part.stat().st_size) < one.size:
        with suppress(_BrokenOff, OSError, HTTPException):
            _go_on(repository, one, part, there, tell)
        tries = 0 if part.stat().st_size > there else tries + 1
        if tries >= _TRIES:
            raise ModelFailed(f"{repository.host} breaks off at {one.path}", "models get once more: it goes on there")
        time.sleep(min(0.1 * 2**tries, _LONGEST_WAIT_S) if tries else 0)
    if part.stat().st_size != one.size or (one.sha256 and _digest(part) != one.sha256):
        part.unlink()
        raise ModelFailed(f"{one.path} is not what {repository.host} says it is", "models get once more")
    part.replace(place)


def _go_on(repository: Repository, one: RemoteFile, part: Path, there: int, tell: Callable[[int], None]) -> None:
    """Get a file from a byte on; where the host gives the whole, from its beginning."""
    path = f"/{repository.name}/resolve/{repository.revision}/{quote(one.path)}"
    with _opened(repository.host, path, there) as answer:
        goes_on = there and answer.status == 206  # type: ignore[attr-defined]
        with part.open("ab" if goes_on else "wb") as file:
            size = file.tell()
            while chunk := answer.read(_CHUNK):
                size += len(chunk)
                if size > one.size:
                    raise ModelFailed(f"{one.path} is larger than {repository.host} says")
                file.write(chunk)
                tell(size)


def _opened(host: str, path: str, first: int) -> IO[bytes]:
    """Return the answer to a request, from a byte on. Raises ModelFailed; _BrokenOff where another try may help."""
    request = urllib.request.Request(host.rstrip("/") + path)
    if token := os.environ.get(TOKEN, "").strip():
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    if first:
        request.add_header("Range", f"bytes={first}-")
    try:
        answer: IO[bytes] = urllib.request.urlopen(request, timeout=_PATIENCE_S)
    except urllib.error.HTTPError as error:
        said = f"{host} answers {error.code} to {path[:80]}"
        if error.code >= 500 or error.code == 429:
            raise _BrokenOff(said, "later again") from error
        refused = error.code in (401, 403)
        hint = f"its licence has to be accepted there, and {TOKEN} set" if refused else "models list"
        raise ModelFailed(said, hint) from error
    except (OSError, ValueError, HTTPException) as error:
        raise _BrokenOff(f"{host} cannot be reached", "later again, or config models.host") from error
    return answer


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
