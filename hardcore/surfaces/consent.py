"""`hardcore doctor --fix`: what can be mended is mended item by item, each only when it is wanted.

It comes before a studio is opened, which settings that cannot be read would forbid.
"""

from typing import TextIO

from hardcore.errors import why
from hardcore.escaping import escaped_line
from hardcore.mending import faults
from hardcore.surfaces.answers import Answers
from hardcore.workers.thread import unattended


async def mend(answers: Answers, stdin: TextIO, *, sure: bool) -> None:
    """Ask of each fault on stderr, or with `sure` of none, and mend those that a line `y` or `yes` follows."""
    for fault in faults():
        asked = f"{escaped_line(f'{fault.what}: {fault.found}')}\n  {escaped_line(fault.remedy)}?"
        if not sure:
            print(f"{asked} [y/N] ", end="", file=answers.err, flush=True)
            if (await unattended(stdin.readline)).strip().lower() not in ("y", "yes"):
                continue
        try:
            answers.news(fault.mend())
        except OSError as error:
            answers.news(f"{fault.what} cannot be mended: {why(error)}")
