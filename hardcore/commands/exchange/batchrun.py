"""Many pieces at once: every prompt of a file with every seed, in a folder with a manifest; begun again it goes on."""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from hardcore.artifacts import sweep, write_whole
from hardcore.commands.composing.compose import piece as composed
from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import text_as as value
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result, Row, counted
from hardcore.commands.core.types import FileName, Flag, Kind
from hardcore.commands.exchange.batchfile import Piece, parse_seeds, parse_shard, pieces, prompts_in
from hardcore.commands.exchange.exportresult import Exported
from hardcore.commands.exchange.transfer import Formats, TargetName, corrects, further_endings, write_midi, write_sound
from hardcore.errors import HardcoreError, UserError
from hardcore.jobs.exporters import sound_format
from hardcore.jobs.manifest import Manifest, described, line_of
from hardcore.project.state import ProjectState
from hardcore.workers.thread import beside

# Of what was heard, what is compared with what was asked.
_HEARD = ("tempo_bpm", "tempo_confidence", "key", "key_confidence", "faults")


class Failure(Row):
    """A piece that could not be made, and why."""

    prompt: str
    seed: int
    error: str


class BatchDone(Result):
    """What a batch came to: the pieces there are, how many were made now, which failed; how fast."""

    folder: str
    manifest: str
    pieces: int
    made: int
    there: int
    failures: tuple[Failure, ...] = ()
    failed_file: str | None = None
    seconds: float = 0.0
    a_minute: float | None = None
    tried: bool = False

    @property
    def failed(self) -> bool:
        """Return whether a piece failed."""
        return bool(self.failures)

    def text(self) -> str:
        """Return the counts, then what failed."""
        left = self.pieces - self.there - self.made - len(self.failures)
        if self.tried:
            return f"{counted(self.pieces, 'piece')}, {self.there} there already: {left} would be made in {self.folder}"
        speed = f", {self.a_minute:.1f} a minute" if self.a_minute is not None else ""
        lines = [f"{self.manifest}: {counted(self.pieces, 'piece')}, {self.there} were there, {self.made} made{speed}"]
        lines += [f"  failed: {one.prompt[:60]}, seed {one.seed}: {one.error}" for one in self.failures[:20]]
        if len(self.failures) > 20:
            lines.append(f"  and {len(self.failures) - 20} more")
        if self.failures:
            lines.append(f"{self.failed_file} lists them; the same line again tries them once more")
        return "\n".join(lines)


Seeds = Annotated[tuple[int, ...], value(parse_seeds), Field(min_length=1), Kind("seeds", "1-100, or 3,7,20-29")]
Shard = Annotated[tuple[int, int], value(parse_shard), Kind("shard", "a share of the pieces: 2/8 is the second of 8")]
SoundFormat = Annotated[Literal["wav", "flac", "ogg", "mp3", "aiff"], Kind("format", "wav, flac, ogg, mp3 or aiff")]


@command(
    "batch",
    "batch prompts.txt --output set",
    effects={"files"},
    tries=True,
    about={
        "prompts": ".txt with a prompt a line, or .jsonl with an object a line",
        "output": "the folder of the pieces and their manifest; made where it is not there",
        "stems": "a file per track of each piece",
        "midi": "a MIDI file of each piece",
        "sidecar": "all facts of each piece as .json beside it",
    },
)
async def batch(
    call: Call,
    prompts: FileName,
    *,
    output: FileName,
    seeds: Seeds = (0,),
    for_: TargetName = "none",
    format: SoundFormat | None = None,
    also: Formats | None = None,
    stems: Flag = False,
    midi: Flag = False,
    sidecar: Flag = False,
    shard: Shard | None = None,
) -> BatchDone:
    """Make a piece of every prompt in a file with every seed, and a manifest of them: an album, or a data set.

    As many as there are cores are made beside each other. manifest.jsonl gets a line a piece, once its files are whole:
    prompt, seed, style, tempo, key, sections, what was heard, and each file with its SHA-256. The same line begun again
    goes on where it was: a piece whose line is there and whose files match is done. What fails is listed in
    failed.jsonl and stops nothing else. A line of .jsonl is {"prompt": "acid 130 bpm", "seed": 7}, and may have seeds,
    bars, bpm and key. --for, --also, --stems and --sidecar as in `export`; --shard 2/8 makes every eighth piece, so
    that eight machines share a batch.
    """
    from hardcore.knowledge.targets import target

    settings = call.studio.settings.render
    goal = target(for_)
    form = sound_format(format or (goal.format if for_ != "none" else "wav"))
    options = {
        "target": for_, "format": form.name, "also": further_endings(form, also),
        "stems": stems, "midi": midi, "sidecar": sidecar or goal.sidecar, "rate": goal.rate or settings.rate,
        "depth": form.depth(goal.depth or settings.depth), "tail_s": None, "longest_tail_s": settings.tail_s,
    }  # fmt: skip
    everything = pieces(await beside(prompts_in, call.caller.path(prompts)), seeds, options)
    number, count = shard or (1, 1)
    folder = call.caller.path(output)
    name = "manifest.jsonl" if shard is None else f"manifest-{number}-of-{count}.jsonl"
    run = _Batch(call, folder, Manifest(folder / name), everything[number - 1 :: count], options)
    return await run.tried() if call.caller.dry_run else await run.all()


@dataclass(slots=True)
class _Batch:
    """A batch that is being made."""

    call: Call
    folder: Path
    manifest: Manifest
    pieces: Sequence[Piece]
    options: dict[str, Any]
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: list[tuple[Piece, str]] = field(default_factory=list)
    made: int = 0
    there: int = 0
    begun_s: float = 0.0

    async def tried(self) -> BatchDone:
        """Return what would be made."""
        await self._look()
        return self._answer(tried=True)

    async def all(self) -> BatchDone:
        """Make what is not there; return what became of it. Raises UserError for a folder that cannot be."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{self.folder} cannot be made: {error.strerror}") from error
        todo = await self._look()
        unfinished = {f"{piece.name}.mid" for piece in todo} | {self.manifest.path.name, self._failed}
        await beside(sweep, self.folder, unfinished)
        self.begun_s = time.monotonic()
        slots = asyncio.Semaphore(os.cpu_count() or 1)

        async def one(piece: Piece) -> None:
            try:
                await self._one(piece)
            finally:
                slots.release()

        async with asyncio.TaskGroup() as group:
            for piece in todo:
                await slots.acquire()
                group.create_task(one(piece))
        await beside(self._settle)
        return self._answer()

    async def _look(self) -> list[Piece]:
        """Return the pieces that are not there yet."""
        self.call.caller.progress(0.0, "looking at what is there")
        self.rows = await beside(self.manifest.done)
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

    async def _row(self, piece: Piece) -> dict[str, Any]:
        """Return the manifest's row of a piece, having written its files. Raises HardcoreError, OSError."""
        quiet = replace(self.call, caller=replace(self.call.caller, progress=lambda share, words: None))
        project, _ = await beside(composed, quiet, piece.prompt.prompt, piece.seed, piece.prompt.given)
        path = self.folder / f"{piece.name}.{self.options['format']}"
        settings = {name: given for name, given in self.options.items() if name not in ("format", "midi")}
        settings |= {
            "also": [str(path.with_suffix(ending)) for ending in self.options["also"]],
            "stems": str(self.folder / f"{piece.name} stems") if self.options["stems"] else None,
            "sidecar": str(path.with_suffix(".json")) if self.options["sidecar"] else None,
            "correct": corrects(self.call, self.options["rate"]),
        }
        made = await write_sound(quiet, project, path, settings)
        assert isinstance(made, Exported)
        files = [*made.artifacts, *(Path(other) for other in (made.sidecar, made.stems_readme) if other)]
        if self.options["midi"]:
            files.append(await write_midi(project, path.with_suffix(".mid")))
        return await beside(_described, piece, project, made, files, self.folder, self.options["target"])

    def _told(self) -> None:
        done, total = self.there + self.made + len(self.failures), len(self.pieces)
        now = self.made + len(self.failures)
        each_s = (time.monotonic() - self.begun_s) / now
        left_s = each_s * (total - done)
        failed = f", {len(self.failures)} failed" if self.failures else ""
        left = f"{left_s / 60:.0f} min" if left_s >= 90 else f"{left_s:.0f} s"
        self.call.caller.progress(done / total, f"{done} of {total}{failed}, {60 / each_s:.1f} a minute, {left} left")

    def _settle(self) -> None:
        """Put the manifest in the order of the batch, and list what failed."""
        order = {piece.key: place for place, piece in enumerate(self.pieces)}
        self.manifest.settle(self.rows, order)
        self.failures.sort(key=lambda failure: order[failure[0].key])
        failed = self.manifest.path.with_name(self._failed)
        if not self.failures:
            with suppress(OSError):
                failed.unlink()
            return
        rows = (
            {"prompt": one.prompt.prompt, "seed": one.seed, "key": one.key, "error": why} for one, why in self.failures
        )
        write_whole(failed, b"".join(map(line_of, rows)))

    @property
    def _failed(self) -> str:
        """Return the name of the file that lists what failed: `failed.jsonl`."""
        return self.manifest.path.name.replace("manifest", "failed", 1)

    def _answer(self, *, tried: bool = False) -> BatchDone:
        seconds = time.monotonic() - self.begun_s if self.begun_s else 0.0
        return BatchDone(
            folder=str(self.folder), manifest=str(self.manifest.path), pieces=len(self.pieces), made=self.made,
            there=self.there, seconds=seconds, a_minute=60 * self.made / seconds if self.made else None, tried=tried,
            failed_file=str(self.folder / self._failed) if self.failures else None,
            failures=tuple(Failure(prompt=one.prompt.prompt, seed=one.seed, error=why) for one, why in self.failures),
        )  # fmt: skip


def _described(
    piece: Piece, project: ProjectState, made: Exported, files: Sequence[Path], folder: Path, target: str
) -> dict[str, Any]:
    """Return what the manifest says of a piece."""
    intent = dict(project.provenance.intent) if project.provenance else {}
    heard = made.heard or {}
    return {
        "key": piece.key,
        "prompt": piece.prompt.prompt,
        "seed": piece.seed,
        "title": project.title,
        "style": intent.get("genre", "").strip('"') or None,
        "tempo_bpm": project.tempo_map.bpm,
        "music_key": project.key.name,
        "meter": f"{project.meter_map.numerator}/{project.meter_map.denominator}",
        "bars": made.bars,
        "sections": [{"name": one.name, "kind": one.kind, "bars": one.bars} for one in project.sections],
        "length_s": made.length_s,
        "target": target,
        "lufs": made.lufs,
        "true_peak_dbtp": made.true_peak_dbtp,
        "heard": {
            name: heard.get(name) for name in ("tempo_bpm", "tempo_confidence", "key", "key_confidence", "faults")
        },
        "files": [described(file, folder) for file in files],
        "made_by": project.provenance.version if project.provenance else None,
    }
