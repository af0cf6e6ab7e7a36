"""Live coding in a file: each time it is saved, its Python runs at the next bar; what it started before goes on."""

import asyncio
import time
from pathlib import Path

from hardcore.bugs import log_bug
from hardcore.commands.assistant.kernelcalls import KernelCalls, kernel_of
from hardcore.commands.assistant.python import LIMIT_S, Evaluated
from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result
from hardcore.commands.core.types import FileName
from hardcore.controller.events import Notified
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError, UserError
from hardcore.rules.runner import RuleRunner

LOOK_S = 0.1
MOST_BYTES = 100_000


class LiveFile:
    """A file that is watched until `close`, in the loop in which it was made."""

    def __init__(self, studio: Studio, path: Path, caller: Caller) -> None:
        self.path = path
        self._studio, self._caller = studio, caller
        self._seen = _stamp(path)
        self._task = asyncio.ensure_future(self._watch())

    async def run(self) -> Evaluated:
        """Return what the file comes to now. Raises HardcoreError, also where it cannot be read."""
        try:
            with self.path.open("rb") as file:
                code = file.read(MOST_BYTES + 1).decode()
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{self.path.name} cannot be read: {getattr(error, 'strerror', None) or error}") from error
        if len(code) > MOST_BYTES:
            raise UserError(f"{self.path.name} is longer than {MOST_BYTES // 1000} kB")
        calls = KernelCalls(self._studio, self._caller)
        return Evaluated(**await calls.run(kernel_of(self._studio), {"code": code}, LIMIT_S))

    def close(self) -> None:
        """Watch no longer; what the file started goes on."""
        self._task.cancel()

    async def _watch(self) -> None:
        before = self._seen
        while True:
            await asyncio.sleep(LOOK_S)
            now = _stamp(self.path)
            if now is not None and now == before != self._seen:  # it is written, not just being written
                self._seen = now
                await asyncio.sleep(until_bar_s(self._studio))
                await self._again()
            before = now

    async def _again(self) -> None:
        try:
            done = await self.run()
            words = f"{done.error}; what went before goes on" if done.error else done.text()
        except HardcoreError as error:
            words = error.line()
        except Exception as error:
            words = f"a bug in hardcore: {log_bug(error)}"
        self._studio.controller.events.tell(Notified(message=f"{self.path.name}: {words}", author="live"))


def until_bar_s(studio: Studio) -> float:
    """Return the seconds until the next bar of the music, 0 where it stands."""
    if studio.player is None or not (latest := studio.player.latest()).playing:
        return 0.0
    project = studio.controller.project
    tick = max(0.0, latest.tick_at(project, time.monotonic()))
    bar = project.meter_map.bar_start(project.meter_map.bar_of(int(tick)) + 1)
    return max(0.0, project.tempo_map.seconds(bar) - project.tempo_map.seconds(tick))


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what tells one version of a file from the next, None while there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


class Watched(Result):
    """The file that is watched, and what it came to when it was last asked for by hand; null: none, or not asked."""

    file: str | None
    done: Evaluated | None = None

    def text(self) -> str:
        """Return both."""
        if self.file is None:
            return "no file is watched: live FILE.py"
        came = self.done.text() if self.done is not None else ""
        return "\n".join(filter(None, [came, f"{Path(self.file).name} runs again at the next bar after each save"]))

    @property
    def failed(self) -> bool:
        """Return whether it went wrong; it is watched all the same."""
        return self.done is not None and self.done.failed


@command("live", "live", effects=(), where={"file": {"code"}}, about={"file": "a file with Python, such as set.py"})
async def live(call: Call, file: FileName | None = None) -> Watched:
    """Run a file of Python now, and at the next bar after each save; without a name, say which file is watched.

    It finds what /py finds: `live_loop`, `studio`, `on_beat` and so on. What goes wrong is said in one line, and the
    loops that ran go on; `live stop` watches no longer.
    """
    known = call.studio.recall(LiveFile)
    if file is None:
        return Watched(file=str(known.path) if known else None)
    if call.studio.recall(RuleRunner) is None:
        raise UserError("a single line cannot watch a file: the studio closes after it", f"hardcore live {file}")
    path = call.caller.file(file)
    if not path.is_file():
        raise UserError(f"no file {path}")
    if known is not None:
        known.close()
    watched = LiveFile(call.studio, path, call.caller)
    call.studio.keep(watched)
    return Watched(file=str(path), done=await watched.run())


@command("live stop", "live stop", effects={"code"})
def live_stop(call: Call) -> Watched:
    """Watch the file no longer; its loops go on: stop_loop, rule remove or py reset end them."""
    if (known := call.studio.recall(LiveFile)) is not None:
        known.close()
        call.studio.forget(LiveFile)
    return Watched(file=None)
