"""`hardcore` and `python -m hardcore`."""

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def complete(asked: Sequence[str]) -> int:
    """Print what the last word of a shell's line could be, as `word<TAB>what it is`: the program is not loaded for it.

    `asked` is `--line` and the line up to the cursor, or `--` and its words, the last being typed.
    """
    from hardcore.errors import HardcoreError
    from hardcore.store.names import project_names
    from hardcore.surfaces.shelltable import table
    from hardcore.surfaces.shellwords import completions, words_of

    kind, *words = asked
    try:
        for word in completions(words_of(words[0]) if kind == "--line" else words, table(), project_names):
            sys.stdout.write(f"{word.text}\t{word.about}\n")
    except HardcoreError:
        return 1
    return 0


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
        if sys.argv[1:2] == ["completion"] and sys.argv[2:3] in (["--"], ["--line"]):
            status = complete(sys.argv[2:])
        else:
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
