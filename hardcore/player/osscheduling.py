"""Priority: sound before everything else, where the system lets us say so."""

import contextlib
import os
from pathlib import Path

# What keeps time, and what plays at once, goes before everything else.
NICE = -11


def before_all() -> None:
    """Let this thread run as soon as it is due, before every ordinary one, where the system allows that.

    For a thread that sleeps nearly always: nothing else would run on its processor.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))


def hurry(nice: int) -> None:
    """Ask for `nice` (negative: sooner than others) for this process, its threads to come, and its session.

    Linux weighs sessions against each other first (autogroups), and processes only within one.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, nice)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")
