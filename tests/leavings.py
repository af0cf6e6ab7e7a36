"""What a program leaves behind when it ends: processes, and files that were meant for a while only."""

import os
import time
from pathlib import Path

from tests.forking import FORKS, name_of

# What was killed with its group is gone when the system gets to it.
GONE_S = 2.0
TEMPORARY = (".part", ".tmp", "-wal", "-shm", "-journal")


def processes(home: Path) -> list[str]:
    """Return process id and command line of every process whose HARDCORE_HOME is `home`, but for this one.

    Those that fork others for tests are no processes of a program.
    """
    mark, name = b"HARDCORE_HOME=" + os.fsencode(home) + b"\0", f"({name_of(str(home))})".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state = (place / "stat").read_bytes()
            forked = name in state and state.rpartition(b")")[2].split()[0] != b"Z"
            forks = f"({FORKS})".encode() in state
            its = forked or (not forks and mark in (place / "environ").read_bytes() + b"\0")
            if its and place.name != str(os.getpid()):
                words = (place / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append(f"{place.name} {words.decode(errors='replace')}")
        except OSError:  # it has just ended, or is another user's
            continue
    return found


def lasting(home: Path, within_s: float = GONE_S) -> list[str]:
    """Return what `processes` finds when everything has had so long to be gone, at once when nothing is left."""
    end = time.monotonic() + within_s
    while (found := processes(home)) and time.monotonic() < end:
        time.sleep(0.02)  # between two looks
    return found


def temporary(*folders: Path) -> list[Path]:
    """Return what lies in the folders and is nobody's file: of the first, the one for such files, everything."""
    first, *others = folders
    half = [path for folder in others for path in folder.rglob("*") if path.name.endswith(TEMPORARY)]
    return sorted([*first.iterdir(), *half])
