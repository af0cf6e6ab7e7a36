"""Priority: sound before everything else, where the system lets us say so."""

import contextlib
import os
from pathlib import Path

# What keeps time, and what plays at once, goes before everything else.
NICE = -11


def hurry(nice: int) -> None:
    """Ask for `nice` (negative: sooner than others) for this process, its threads to come, and its session.

    Linux weighs sessions against each other first (autogroups), and processes only within one.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, nice)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")
