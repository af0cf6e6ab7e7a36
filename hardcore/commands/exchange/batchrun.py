"""Many pieces at once: every prompt of a file with every seed, in a folder with a manifest; begun again it goes on."""

import time
from contextlib import AsyncExitStack
from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import text_as as value
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result, Row, counted
from hardcore.commands.core.types import FileName, Flag, Kind
from hardcore.commands.exchange.batchfile import parse_seeds, parse_shard, pieces, prompts_in
from hardcore.commands.exchange.batchwork import Batch
from hardcore.commands.exchange.transfer import Formats, TargetName, further_endings
from hardcore.jobs.cluster import connected
from hardcore.jobs.exporters import sound_format
from hardcore.jobs.manifest import Manifest
from hardcore.workers.thread import beside


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
    fell_back: str = ""
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
        if self.fell_back:
            lines.append(f"  made here what the cluster could not: {self.fell_back}")
        if len(self.failures) > 20:
            lines.append(f"  and {len(self.failures) - 20} more")
        if self.failures:
            lines.append(f"{self.failed_file} lists them; the same line again tries them once more")
        return "\n".join(lines)


Seeds = Annotated[tuple[int, ...], value(parse_seeds), Field(min_length=1), Kind("seeds", "1-100, or 3,7,20-29")]
Shard = Annotated[tuple[int, int], value(parse_shard), Kind("shard", "a share of the pieces: 2/8 is the second of 8")]
ManifestKind = Annotated[Literal["jsonl", "parquet", "both"], Kind("manifest", "jsonl, parquet or both")]
Address = Annotated[str, Field(max_length=300), Kind("address", "tls://host:port of a Dask scheduler")]
SoundFormat = Annotated[Literal["wav", "flac", "ogg", "mp3", "aiff"], Kind("format", "wav, flac, ogg, mp3 or aiff")]


@command(
    "batch",
    "batch prompts.txt --output set",
    effects={"files"},
    where={"cluster": {"code"}},
    tries=True,
    about={
        "prompts": ".txt with a prompt a line, or .jsonl with an object a line",
        "output": "the folder of the pieces and their manifest; made where it is not there",
        "stems": "a file per track of each piece",
        "midi": "a MIDI file of each piece",
        "sidecar": "all facts of each piece as .json beside it",
        "manifest": "jsonl, parquet or both",
        "cluster": "the scheduler of machines that make the pieces",
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
    manifest: ManifestKind = "jsonl",
    cluster: Address | None = None,
) -> BatchDone:
    """Make a piece of every prompt in a file with every seed, and a manifest of them: an album, or a data set.

    As many as there are cores are made beside each other. manifest.jsonl gets a line a piece, once its files are whole:
    prompt, seed, style, tempo, key, sections, what was heard, and each file with its SHA-256. The same line begun again
    goes on where it was: a piece whose line is there and whose files match is done. What fails is listed in
    failed.jsonl and stops nothing else. A line of .jsonl is {"prompt": "acid 130 bpm", "seed": 7}, and may have seeds,
    bars, bpm and key. --for, --also, --stems and --sidecar as in `export`; --shard 2/8 makes every eighth piece, so
    that eight machines share a batch, and --cluster tls://host:8786 lets the machines of a Dask scheduler make all of
    them (extra `cluster`; its certificates are the settings cluster.ca, cluster.cert and cluster.key); what they cannot
    make is made here. --manifest parquet or both writes the manifest as a table.
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
    name = "manifest" if shard is None else f"manifest-{number}-of-{count}"
    kept = Manifest(call.caller.path(output) / f"{name}.jsonl", manifest)
    run = Batch(call, kept, everything[number - 1 :: count], options)
    if call.caller.dry_run:
        await run.look()
        return _answer(run, tried=True)
    async with AsyncExitStack() as held:
        if cluster is not None:
            run.cluster = await held.enter_async_context(connected(cluster, call.studio.settings.cluster))
        await run.all()
    return _answer(run)


def _answer(run: Batch, *, tried: bool = False) -> BatchDone:
    seconds = time.monotonic() - run.begun_s if run.begun_s else 0.0
    return BatchDone(
        folder=str(run.folder), manifest=str(run.manifest.result), pieces=len(run.pieces), made=run.made,
        there=run.there, seconds=seconds, a_minute=60 * run.made / seconds if run.made else None, tried=tried,
        failed_file=str(run.failed) if run.failures else None, fell_back=run.fell_back,
        failures=tuple(Failure(prompt=one.prompt.prompt, seed=one.seed, error=why) for one, why in run.failures),
    )  # fmt: skip
