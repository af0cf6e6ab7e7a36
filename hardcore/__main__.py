"""`hardcore` and `python -m hardcore`."""

import contextlib
import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the program with the arguments of the process and end with its exit status.

    Everything is closed by then. The process ends at once, because a thread that still loads something in the
    background can abort the interpreter while that takes itself down.
    """
    gc.disable()  # what a start loads stays: looking for garbage in it takes a tenth of the time
    from hardcore.app import run

    status = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
