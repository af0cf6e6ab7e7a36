"""Where things lie: the user's own folders, and the data that comes with the program.

HARDCORE_HOME puts all the user's folders under one; tests and portable installs set it.
"""

import os
from functools import lru_cache
from pathlib import Path

from hardcore.errors import NotFound, UserError, nearest

DATA = ("synthdefs", "knowledge_base", "config", "samples", "docs")


KINDS = ("state", "config", "data", "cache")


def state_folder() -> Path:
    """Return the folder of working copies and logs; made when it is missing. Raises UserError."""
    return _made(place("state"))


def config_folder() -> Path:
    """Return the folder of the user's settings and keys; made when it is missing. Raises UserError."""
    return _made(place("config"))


def user_folder() -> Path:
    """Return the folder of the user's library; made when it is missing. Raises UserError."""
    return _made(place("data"))


def cache_folder() -> Path:
    """Return the folder of what can be made again; made when it is missing. Raises UserError."""
    return _made(place("cache"))


def data_folder(name: str) -> Path:
    """Return where `name` (synthdefs, knowledge_base, config, samples or docs) of the program lies.

    In a wheel that is beside this module in `_data`, in a checkout at the top level. Raises UserError.
    """
    if name not in DATA:
        raise NotFound(f"no data folder '{name}'", nearest(name, DATA))
    package = Path(__file__).resolve().parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise UserError(f"the {name} of the program are missing", "install hardcore again")


def place(kind: str) -> Path:
    """Return where the user's folder of a kind (one of KINDS) is, or will be made."""
    home = os.environ.get("HARDCORE_HOME")
    if home:
        return _under(home, kind)
    import platformdirs

    folders = platformdirs.PlatformDirs("hardcore", appauthor=False)
    return Path(
        {
            "state": folders.user_state_dir,
            "config": folders.user_config_dir,
            "data": folders.user_data_dir,
            "cache": folders.user_cache_dir,
        }[kind]
    )


@lru_cache(maxsize=64)
def _under(home: str, kind: str) -> Path:
    return Path(home).expanduser() / kind


def _made(folder: Path) -> Path:
    try:
        # it mostly is there, and looking is far quicker
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"{folder} cannot be made: {reason}", "HARDCORE_HOME names another place") from error
    return folder
