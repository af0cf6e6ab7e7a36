"""A batch at work: what is not there yet is made, by this machine or by others, and noted once its files are whole."""

import asyncio
import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from hardcore.artifacts import sweep, write_whole
from hardcore.commands.composing.compose import intent_of
from hardcore.commands.core.background import jobs_of, work
from hardcore.commands.core.call import Call
from hardcore.commands.core.results import counted
from hardcore.commands.exchange.batchfile import Piece
from hardcore.commands.exchange.transfer import corrects
from hardcore.errors import HardcoreError, JobFailed, UserError
from hardcore.jobs.cluster import Cluster
from hardcore.jobs.manifest import Manifest, Row, described, line_of
from hardcore.workers.context import Words
from hardcore.workers.pool import Runner
from hardcore.workers.thread import beside

# So many pieces wait at the machines of a cluster for each that is made there.
_AHEAD = 2


@dataclass(slots=True)
class Batch:
    """A batch that is being made.

    cluster    the machines that make it; None: this one
    fell_back  why this machine made what a cluster should have
    """

    call: Call
    manifest: Manifest
    pieces: Sequence[Piece]
    options: dict[str, Any]
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: list[tuple[Piece, str]] = field(default_factory=list)
    made: int = 0
    there: int = 0
    begun_s: float = 0.0
    fell_back: str = ""
    cluster: Cluster | None = None
    here: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(os.cpu_count() or 1))

    @property
    def folder(self) -> Path:
        """Return the folder of the pieces."""
        return self.manifest.path.parent

    @property
    def failed(self) -> Path:
        """Return the file that lists what failed: `failed.jsonl`."""
        return self.manifest.path.with_name(self.manifest.path.name.replace("manifest", "failed", 1))

    async def all(self) -> None:
        """Make what is not there. Raises UserError for a folder or a manifest that cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{self.folder} cannot be made: {error.strerror}") from error
        todo = await self.look()
        unfinished = {piece.name for piece in todo} | {self.manifest.path.name, self.failed.name}
        await beside(sweep, self.folder, unfinished)
        self.begun_s = time.monotonic()
        going: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            for piece in todo:
                while len(going) >= self._places:
                    await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED, timeout=1.0)
                    going = {task for task in going if not task.done()}
                going.add(group.create_task(self._one(piece)))
        await beside(self._settle)
        lines, table = self.manifest.path, self.manifest.table
        if self.manifest.kind != "jsonl":
            await work(self.call, "write_table", {"source": str(lines), "target": str(table)})
        if self.manifest.kind == "parquet":
            await beside(lines.unlink)

    @property
    def _places(self) -> int:
        """Return how many pieces are begun at once."""
        here = os.cpu_count() or 1
        return max(here, self.cluster.places * _AHEAD) if self.cluster and not self.cluster.why_gone else here

    async def look(self) -> list[Piece]:
        """Return the pieces that are not there yet; a dry run writes nothing. Raises UserError."""
        self.call.caller.progress(0.0, "looking at what is there")
        lines, table = self.manifest.path, self.manifest.table
        with TemporaryDirectory() as folder:
            if table.exists() and not lines.exists():
                lines = Path(folder) / lines.name if self.call.caller.dry_run else lines
                await work(self.call, "read_table", {"source": str(table), "target": str(lines)})
            self.rows = await beside(self.manifest.done, lines)
        todo = [piece for piece in self.pieces if piece.key not in self.rows]
        self.there = len(self.pieces) - len(todo)
        return todo

    async def _one(self, piece: Piece) -> None:
        """Make a piece and its row, or note why it failed."""
        try:
            row = await self._row(piece)
            await beside(self.manifest.add, row)
        except (HardcoreError, OSError) as error:
            self.failures.append((piece, error.line() if isinstance(error, HardcoreError) else str(error)))
        else:
            self.rows[piece.key] = row
            self.made += 1
        self._told()

    async def _row(self, piece: Piece) -> Row:
        """Return the manifest's row of a piece, its files in their places. Raises HardcoreError, OSError."""
        from hardcore.knowledge.loader import is_own

        intent = await beside(intent_of, self.call, piece.prompt.prompt, piece.prompt.given)
        stage = self.folder / f".{piece.name}.{os.getpid()}.part"
        arguments = {
            **self.options, "intent": intent.model_dump(mode="json"), "seed": piece.seed, "name": piece.name,
            "stage": str(stage), "software": f"hardcore {self.call.studio.version}",
            "correct": corrects(self.call, self.options["rate"]),
        }  # fmt: skip
        try:
            made = await self._made(arguments, stage, is_own(intent.genre))
            row = {**made, "key": piece.key, "prompt": piece.prompt.prompt, "seed": piece.seed}
            await beside(_placed, row, piece.name, stage, self.folder)
        finally:
            await beside(shutil.rmtree, stage, ignore_errors=True)
        return row

    async def _made(self, arguments: Words, stage: Path, is_own: bool) -> Row:
        """Return what is to be said of a piece: by the cluster, and where that cannot, by this machine."""
        cluster = self.cluster
        if cluster is not None and not cluster.why_gone and not is_own:
            try:
                return await self._job(arguments, cluster)
            except JobFailed as error:
                self.fell_back = cluster.why_gone or error.message
                await beside(shutil.rmtree, stage, ignore_errors=True)
        async with self.here:
            return await self._job(arguments, None)

    async def _job(self, arguments: Words, runner: Runner | None) -> Row:
        label = f"{self.call.label}: {arguments['name']}"
        return await jobs_of(self.call).run("piece", arguments, label, self.call.caller.author, runner=runner)

    def _told(self) -> None:
        done, total = self.there + self.made + len(self.failures), len(self.pieces)
        now = self.made + len(self.failures)
        each_s = (time.monotonic() - self.begun_s) / now
        left_s = each_s * (total - done)
        failed = f", {len(self.failures)} failed" if self.failures else ""
        left = f"{left_s / 60:.0f} min" if left_s >= 90 else f"{left_s:.0f} s"
        where = f" on {counted(len(self.cluster.machines), 'machine')}" if self.cluster else ""
        speed = f"{60 / each_s:.1f} a minute{where}"
        self.call.caller.progress(done / total, f"{done} of {total}{failed}, {speed}, {left} left")

    def _settle(self) -> None:
        """Put the manifest in the order of the batch, and list what failed."""
        order = {piece.key: place for place, piece in enumerate(self.pieces)}
        self.manifest.settle(self.rows, order)
        self.failures.sort(key=lambda failure: order[failure[0].key])
        if not self.failures:
            with suppress(OSError):
                self.failed.unlink()
            return
        rows = (
            {"prompt": one.prompt.prompt, "seed": one.seed, "key": one.key, "error": why} for one, why in self.failures
        )
        write_whole(self.failed, b"".join(map(line_of, rows)))


def _placed(row: Row, name: str, stage: Path, folder: Path) -> None:
    """Move the files of a piece from its stage to the folder. Raises JobFailed where one is not what its row says."""
    for file in row["files"]:
        path = PurePosixPath(file["file"])
        if not path.parts[0].startswith(name) or ".." in path.parts or described(stage / path, stage) != file:
            raise JobFailed(f"{file['file']} is not what was said of it")
    for file in row["files"]:
        place = folder / file["file"]
        place.parent.mkdir(exist_ok=True)
        (stage / file["file"]).replace(place)
