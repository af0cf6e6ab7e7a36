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
    # pydantic would read the metadata of every package that is installed, for plug-ins that nothing here uses.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # What is imported stays: looking through it for garbage would take a fifth of the start.
    gc.disable()
    try:
        from hardcore.app import run

        gc.freeze()
        gc.enable()
        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # before there was anything to stop
        sys.stderr.write("stopped\n")
        status = 130
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
