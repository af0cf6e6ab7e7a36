"""Bugs: what nobody foresaw is logged with its traceback, and one line says where."""

import traceback

from hardcore.errors import HardcoreError
from hardcore.paths import state_folder


def log_bug(error: BaseException) -> str:
    """Append an error with its traceback to the log, and return in words where that is. Never fails."""
    try:
        path = state_folder() / "errors.log"
        path.touch(0o600)
        with path.open("a", encoding="utf-8") as log:
            log.write("".join(traceback.format_exception(error)))
    except (OSError, HardcoreError):
        return "and the log could not be written"
    return f"details in {path}"
