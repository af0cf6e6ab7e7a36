"""`hardcore` and `python -m hardcore`."""

import sys


def main() -> int:
    """Return the exit status of the program run with the arguments of the process."""
    from hardcore.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
