"""Tasks for tests of jobs: small, and each does one thing that slow work does."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

from hardcore.errors import UserError
from hardcore.workers.context import Context, Words


def count(context: Context, to: int) -> Words:
    """Count, telling every number and handing it over."""
    for number in range(to):
        context.progress(number / to, f"number {number}")
        context.part({"number": number})
    return {"counted": to, "folder": str(context.folder)}


def refuse(context: Context) -> Words:
    """Refuse."""
    raise UserError("that cannot be done", "something else can")


def stray(context: Context) -> Words:
    """Fail as only a bug does."""
    raise KeyError("nobody expects this")


def title(context: Context) -> Words:
    """Return the title and the tempo of the project."""
    project = context.project()
    return {"title": project.title, "bpm": project.tempo_map.bpm}


def await_file(context: Context, fifo: str) -> Words:
    """Say that it waits, and wait until somebody writes to a pipe."""
    context.progress(0.5, "waiting")
    return {"read": Path(fifo).read_text()}


def die(context: Context, log: str, times: int) -> Words:
    """Kill the process the first so many times."""
    with Path(log).open("a") as lines:
        lines.write("begun\n")
    if Path(log).read_text().count("begun") <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"tries": Path(log).read_text().count("begun")}


def litter(context: Context, stage: str) -> Words:
    """Start processes and write temporary files, here and in a stage, without end."""
    Path(stage).mkdir(exist_ok=True)
    number = 0
    while True:
        number += 1
        if number <= 3:
            subprocess.Popen(["sleep", "1000"])  # nothing ends it but its group
        for folder in (tempfile.gettempdir(), str(context.folder), stage):
            (Path(folder) / f"{number % 50}.raw").write_bytes(b"x" * 1000)
        context.progress(0.0, f"file {number}")
