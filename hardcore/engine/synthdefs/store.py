"""Compiled SynthDefs on disk: where they are and how they are read."""

from functools import cache
from pathlib import Path

from hardcore.errors import EngineError

SUFFIX = ".scsyndef"


def synthdef_folder() -> Path:
    """Return the folder of compiled SynthDefs: the installed package's data, else the checkout's `synthdefs/`."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "_data" / "synthdefs"
    return installed if installed.is_dir() else package.parent / "synthdefs"


@cache
def synthdef_bytes(name: str) -> bytes:
    """Return the compiled SynthDef called `name`. Raises EngineError when there is none."""
    path = synthdef_folder() / f"{name}{SUFFIX}"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise EngineError(
            f"no SynthDef '{name}'", f"expected {path}; run: python -m hardcore.engine.synthdefs"
        ) from None


def parameter_defaults(compiled: bytes) -> dict[str, float]:
    """Return every control of a compiled SynthDef with its default.

    Reads the first definition of an SCgf version 2 file ("Synth Definition File Format" in the SuperCollider help).
    """
    import struct

    def number(at: int) -> int:
        return int(struct.unpack_from(">i", compiled, at)[0])

    if compiled[:4] != b"SCgf" or number(4) != 2:
        raise EngineError("not a SynthDef file of version 2")
    at = 11 + compiled[10]
    at += 4 + 4 * number(at)
    count = number(at)
    values = struct.unpack_from(f">{count}f", compiled, at + 4)
    at += 4 + 4 * count
    names: dict[str, float] = {}
    names_at = at + 4
    for _ in range(number(at)):
        size = compiled[names_at]
        name = compiled[names_at + 1 : names_at + 1 + size].decode("ascii")
        names[name] = values[number(names_at + 1 + size)]
        names_at += 5 + size
    return names
