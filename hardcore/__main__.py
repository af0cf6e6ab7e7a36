"""`hardcore` and `python -m hardcore`."""

import gc
import sys


def main() -> int:
    """Return the exit status of the program run with the arguments of the process."""
    # What is imported stays: looking through it for garbage would take a fifth of the start.
    gc.disable()
    from hardcore.app import run

    gc.freeze()
    gc.enable()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
