"""The two folders of the earlier tools, what lies in them, and the codes with which they refuse."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hardcore.artifacts import write_whole
from hardcore.controller.storeports import Library
from hardcore.errors import UserError
from hardcore.paths import user_folder

Code = Literal[
    "OK", "BAD_CONFIG", "BAD_ARGS", "VERSION_MISMATCH", "NO_SUCH_SEED", "IO_ERROR", "PATH_OUT_OF_SANDBOX"
]  # fmt: skip
CODES: tuple[Code, ...] = (
    "OK", "BAD_CONFIG", "BAD_ARGS", "VERSION_MISMATCH", "NO_SUCH_SEED", "IO_ERROR", "PATH_OUT_OF_SANDBOX",
)  # fmt: skip
_LONGEST = 1 << 20


class Refusal(UserError):
    """An earlier tool does not do it; `reason` is one of its codes."""

    def __init__(self, reason: Code, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where the earlier tools read and write, and nowhere else: rhythm files as JSON, and what is rendered."""

    configs: Path
    out: Path
    library: Library

    def new_config(self, name: str) -> Path:
        """Return the file of a new config; of a name only its last part counts, as ever."""
        return self.configs / _named(name)

    def config(self, name: str) -> Path:
        """Return the file of a config by its name or path. Raises Refusal."""
        path = Path(name)
        inside = (self.configs / (path if path.suffix else path.with_suffix(".json"))).resolve()
        if not inside.is_relative_to(self.configs.resolve()):
            raise Refusal("PATH_OUT_OF_SANDBOX", f"{name[:80]} lies outside configs/")
        if not inside.is_file():
            raise Refusal("IO_ERROR", f"no config '{name[:80]}'")
        return inside

    def result(self, name: str | None, kind: str) -> Path:
        """Return the file for a result: named by the caller, inside out/, or with a name of its own."""
        if not name:
            return self.out / f"{kind}-{secrets.token_hex(8)}.mid"
        inside = (self.out / Path(name).with_suffix(".mid")).resolve()
        if not inside.is_relative_to(self.out.resolve()):
            raise Refusal("PATH_OUT_OF_SANDBOX", f"{name[:80]} lies outside out/")
        return inside


def sandbox(library: Library, environment: Mapping[str, str] = os.environ) -> Sandbox:
    """Return the folders that the environment names, else `configs` and `out` of the user's own; made if missing.

    Raises Refusal where they cannot be made.
    """

    def folder(name: str) -> Path:
        known = (f"HARDCORE_{name}_DIR", f"TECH_ENGINE_{name}_DIR")
        named = next((environment[key] for key in known if environment.get(key)), None)
        path = Path(named).expanduser() if named else user_folder() / name.lower()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Refusal("IO_ERROR", f"{path} cannot be made: {error.strerror}") from error
        return path

    return Sandbox(folder("CONFIGS"), folder("OUT"), library)


def _named(name: str) -> str:
    base = Path(name.replace("\\", "/")).name.removesuffix(".json")
    if not base.strip(". ") or not base.isprintable() or len(base.encode()) > 120:
        raise Refusal("BAD_ARGS", f"'{name[:60]}' is no name")
    return f"{base}.json"


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file. Raises Refusal."""
    try:
        if path.stat().st_size > _LONGEST:
            raise Refusal("BAD_CONFIG", f"{path.name} is too large")
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("IO_ERROR", f"{path.name} cannot be read: {error}") from error
    except (ValueError, RecursionError) as error:
        raise Refusal("BAD_CONFIG", f"{path.name} is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise Refusal("BAD_CONFIG", f"{path.name} is no object")
    return data


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write an object as a JSON file. Raises Refusal."""
    try:
        write_whole(path, (json.dumps(data, indent=2) + "\n").encode())
    except (OSError, UserError) as error:
        raise Refusal("IO_ERROR", f"{path.name} cannot be written: {error}") from error
