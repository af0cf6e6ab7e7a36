"""What is wrong with the user's own folders and can be put right: told first, mended only when that is wanted.

Nothing is thrown away that a person wrote: what is in the way, or cannot be read, is renamed and stays.
"""

import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from hardcore.errors import UserError
from hardcore.lockedfolder import hold
from hardcore.paths import KINDS, place
from hardcore.settings import load_settings, user_file

# Folders in which others must find nothing: unsaved work, tokens and keys.
PRIVATE = ("state", "config")
# How the folders begin in which work lies while it is done, and after how long one is nobody's.
TEMPORARY, ABANDONED_S = ("hardcore-render-", "hardcore-mix-", "hardcore-samples-", "hardcore-doctor-"), 86_400.0
LOCKS = "*.hcs.lock"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: what it is about, what was found, what would be done, and what does it.

    `mend` returns in words what was done, and raises OSError.
    """

    what: str
    found: str
    remedy: str
    mend: Callable[[], str]


def faults(folder: Path | None = None) -> list[Fault]:
    """Return what can be mended in the user's folders, and of lock files in `folder`, else in the present one."""
    return [*_folders(), *_settings(), *_locks(folder or Path.cwd()), *_temporary(time.time() - ABANDONED_S)]


def _folders() -> Iterator[Fault]:
    for kind in KINDS:
        path, what = place(kind), f"the {kind} folder"
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            if path.is_symlink():
                yield _in_the_way(what, path, "a link to nothing")
            continue
        except OSError:
            continue
        if not stat.S_ISDIR(mode):
            yield _in_the_way(what, path, "no folder")
        elif sys.platform != "win32" and path.stat().st_uid == os.geteuid():
            if mode & stat.S_IRWXU != stat.S_IRWXU:
                found = f"you may not read and write {path}"
            elif kind in PRIVATE and mode & (stat.S_IRWXG | stat.S_IRWXO):
                found = f"others may look into {path}"
            else:
                continue
            yield Fault(what, found, "let you, and nobody else, use it", partial(_ours_alone, path))


def _in_the_way(what: str, path: Path, found: str) -> Fault:
    aside = _aside(path)

    def mend() -> str:
        path.rename(aside)
        path.mkdir(mode=0o700)
        return f"{path} is there; what was in its place is {aside}"

    return Fault(what, f"{path} is {found}", f"rename it to {aside.name} and make the folder", mend)


def _ours_alone(path: Path) -> str:
    path.chmod(0o700)
    return f"{path} is yours alone"


def _aside(path: Path) -> Path:
    """Return a free name beside a path."""
    names = (path.with_name(f"{path.name}.aside-{number}") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))


def _settings() -> Iterator[Fault]:
    path = user_file() if place("config").is_dir() else None
    if path is None or not path.exists():
        return
    try:
        load_settings({})
    except UserError as error:
        aside = _aside(path)

        def mend() -> str:
            path.rename(aside)
            return f"the settings are those of the program; yours are kept in {aside}"

        yield Fault("the settings", error.message, f"rename {path.name} to {aside.name} and begin anew", mend)


def _locks(folder: Path) -> Iterator[Fault]:
    """Yield the lock files that no process holds: of programs that were killed."""
    with suppress(OSError):
        for path in sorted(folder.glob(LOCKS)):
            if _is_free(path):
                words = f"{path.name} is left by a program that has ended"
                yield Fault("a lock", words, "remove it", partial(_unlocked, path))


def _is_free(path: Path, *, remove: bool = False) -> bool:
    """Return whether nobody holds a lock file; with `remove` it goes while we hold it."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        hold(handle)
        if remove:
            path.unlink()
        return True
    except OSError:
        return False
    finally:
        os.close(handle)


def _unlocked(path: Path) -> str:
    return f"{path.name} is gone" if _is_free(path, remove=True) else f"{path.name} is held now: it stays"


def _temporary(before: float) -> Iterator[Fault]:
    """Yield our folders of temporary files in which nothing was written since a time, in seconds of the clock."""
    with suppress(OSError):
        for path in sorted(Path(tempfile.gettempdir()).iterdir()):
            if path.name.startswith(TEMPORARY) and _is_abandoned(path, before):
                yield Fault("temporary files", f"{path} is left over", "remove it", partial(_removed, path))


def _is_abandoned(path: Path, before: float) -> bool:
    try:
        facts = path.lstat()
        ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == getattr(os, "geteuid", lambda: facts.st_uid)()
        return ours and all(one.lstat().st_mtime < before for one in (path, *path.rglob("*")))
    except OSError:
        return False


def _removed(path: Path) -> str:
    shutil.rmtree(path)
    return f"{path} is gone"
