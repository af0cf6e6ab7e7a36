"""The project files that were last opened or saved: a list in the state folder, which costs nothing when it is lost."""

import contextlib
import json
from pathlib import Path

from hardcore.artifacts import PRIVATE, write_whole
from hardcore.errors import UserError
from hardcore.paths import state_folder

FILE, MOST = "recent.json", 10


def recent() -> list[Path]:
    """Return the files that are still there, the last one first."""
    try:
        listed = json.loads((state_folder() / FILE).read_bytes())
    except (OSError, ValueError, UserError):
        return []
    paths = [Path(each) for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    return [path for path in paths[:MOST] if _is_there(path)]


def note(path: Path) -> None:
    """Put a file at the head of the list. Where that cannot be written, nothing happens."""
    path = path.absolute()
    others = [each for each in recent() if each != path]
    with contextlib.suppress(UserError):
        listed = [str(each) for each in [path, *others][:MOST]]
        write_whole(state_folder() / FILE, json.dumps(listed).encode(), PRIVATE)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
