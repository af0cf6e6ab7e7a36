"""Offline rendering from the parent's side: find an engine, run it in a child, watch the file grow.

Usage: `raw = await render_raw(score, rate=48000, channels=2, folder=folder, progress=None, frames=480000)`.
"""

import asyncio
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hardcore.artifacts import PRIVATE, write_whole
from hardcore.errors import EngineError, UserError
from hardcore.paths import state_folder
from hardcore.workers.child import Child

POLL_S = 0.05
LONGEST_LOG = 1 << 20
_CURE = "install the wheel nanosynth==0.5.0, or put a scsynth program on PATH; `hardcore doctor` shows what was found"
_FAULTS = ("FAILURE IN SERVER", "*** ERROR", "could not be opened", "alloc failed", "exception")
_HARMLESS = re.compile(r"FAILURE IN SERVER:? /n_(set|free|run) Node \d+ not found")
_PLUGIN_FOLDERS = (
    "/usr/lib/SuperCollider/plugins",
    "/usr/local/lib/SuperCollider/plugins",
    "/usr/lib/x86_64-linux-gnu/SuperCollider/plugins",
    "/usr/lib/aarch64-linux-gnu/SuperCollider/plugins",
    "/Applications/SuperCollider.app/Contents/Resources/plugins",
    "C:/Program Files/SuperCollider/plugins",
)


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that can render: the embedded native extension or an external scsynth, and its plug-in folder."""

    kind: Literal["embedded", "external"]
    program: Path
    plugins: Path | None


def find_embedded() -> Engine | None:
    """Return the engine in the package nanosynth, without importing it (that prints), or None."""
    spec = importlib.util.find_spec("nanosynth")
    for folder in spec.submodule_search_locations or () if spec else ():
        plugins = Path(folder) / "plugins"
        for suffix in importlib.machinery.EXTENSION_SUFFIXES:
            extension = Path(folder) / f"_scsynth{suffix}"
            if extension.is_file() and plugins.is_dir():
                return Engine("embedded", extension, plugins)
    return None


def find_external() -> Engine | None:
    """Return the scsynth on PATH with the first plug-in folder that exists (SC_PLUGIN_PATH first), or None."""
    program = shutil.which("scsynth")
    if program is None:
        return None
    folders = [*filter(None, os.environ.get("SC_PLUGIN_PATH", "").split(os.pathsep)), *_PLUGIN_FOLDERS]
    return Engine("external", Path(program), next((Path(f) for f in folders if Path(f).is_dir()), None))


def find_engine() -> Engine:
    """Return the engine to render with, the embedded one if it is there. Raises EngineError when there is none."""
    engine = find_embedded() or find_external()
    if engine is None:
        raise EngineError("no sound engine on this machine", _CURE)
    return engine


async def render_raw(
    score: bytes,
    *,
    rate: int,
    channels: int,
    folder: Path,
    progress: Callable[[float], None] | None = None,
    frames: int,
    engine: Engine | None = None,
) -> Path:
    """Return the path in `folder` of `channels` interleaved float32 channels at `rate`, at least `frames` long.

    `progress` gets the part done, 0 to 1. Cancelling the call kills the child. The file ends on the engine's block
    of 64 frames: the caller trims. Raises EngineError with the last line of the child's log.
    """
    engine = engine or find_engine()
    source, output, log = folder / "score.osc", folder / "render.raw", folder / "render.log"
    source.write_bytes(score)
    output.unlink(missing_ok=True)
    words = [str(engine.program), str(engine.plugins or ""), str(source), str(output), str(rate), str(channels)]
    # Standard input stays open for as long as we live; the child ends when it closes.
    run = (sys.executable, "-I", "-S", str(Path(__file__).with_name("nrt.py")), engine.kind, *words)
    with log.open("wb") as sink:
        async with Child(*run, log=sink) as child:
            status = await _watch(child, output, frames * channels * 4, progress)
    whole = output.exists() and output.stat().st_size >= frames * channels * 4
    complaint = _complaint(log) if status == 0 and whole else _last_line(log, status)
    if complaint:
        raise EngineError(f"the render failed: {complaint}", _kept(log))
    return output


def _kept(log: Path) -> str:
    """Keep the log of the last render that failed, since its folder goes with the job; return in words where."""
    try:
        kept = state_folder() / "render.log"
        write_whole(kept, log.read_bytes()[-LONGEST_LOG:], PRIVATE)
    except (OSError, UserError):
        return ""
    return f"the whole log is in {kept}"


async def _watch(child: Child, output: Path, size: int, progress: Callable[[float], None] | None) -> int:
    """Return the child's exit status, having told meanwhile how far its file has grown."""
    while not (await asyncio.wait([child.ended], timeout=POLL_S))[0]:
        if progress and output.exists():
            progress(min(1.0, output.stat().st_size / max(1, size)))
    status = child.ended.result()
    if progress and status == 0:
        progress(1.0)
    return status


def _complaint(log: Path) -> str:
    """Return the first line that says the engine left something out, though it ended well; empty if there is none.

    A release sent to a note that has already ended by itself is no fault.
    """
    for line in log.read_text("utf-8", errors="replace").splitlines():
        # The engine may have left its own line open before it, as in "nextOSCPacket 1.FAILURE …".
        if any(mark in _HARMLESS.sub("", line) for mark in _FAULTS):
            return line.strip()
    return ""


def _last_line(log: Path, status: int) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else f"the engine ended with status {status}"
