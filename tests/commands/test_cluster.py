"""Batches on other machines: the same bytes, whatever dies; what is asked of a cluster before it is trusted."""

import asyncio
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.exchange.batchrun import BatchDone
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.jobs.cluster import ensure_address
from hardcore.jobs.manifest import Manifest
from hardcore.settings import ClusterSettings
from tests import leavings
from tests.clusters import PATIENCE_S, certificates, inside, processes, trusts
from tests.commands.test_batch import small, written
from tests.commands.test_desk import refusal
from tests.commands.test_export import answer
from tests.song import studio_with_song

pytest.importorskip("distributed")
# a piece of twenty minutes takes much longer than that
GONE_S = 15.0


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    files = certificates(tmp_path / "keys")
    trusts(monkeypatch, files)
    return files


@pytest.fixture
def studio(keys: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    small(monkeypatch)
    studio = studio_with_song()
    yield studio
    studio.close()


def workers(home: Path) -> list[str]:
    """Return the processes that do jobs, forked or started anew; Dask has others of its own."""
    lines = leavings.processes(home)
    return [line for line in lines if "tests.forking" in line or "hardcore.workers.host" in line]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_cluster_makes_what_this_machine_makes(keys: dict[str, str], studio: Studio, tmp_path: Path) -> None:
    prompts = written(tmp_path, "gabber 180 bpm, A minor, 1 bar", "xyzzy")
    line = f"/batch {prompts} --seeds 1 --midi --stems --sidecar"
    here = answer(studio, f"{line} -o {tmp_path}/here")
    with inside(keys) as (address, _):
        there = answer(studio, f"{line} -o {tmp_path}/there --cluster {address}")
    assert isinstance(here, BatchDone) and isinstance(there, BatchDone)
    assert (there.made, there.fell_back, len(there.failures)) == (1, "", 1)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_when_the_scheduler_goes_the_rest_is_made_here(keys: dict[str, str], studio: Studio, tmp_path: Path) -> None:
    prompts = written(tmp_path, "gabber 180 bpm, 1 bar")
    with inside(keys) as (address, end):

        def told(share: float, words: str) -> None:
            if words.startswith("1 of 2"):
                end()

        line = f"/batch {prompts} --seeds 1-2 -o {tmp_path}/set --cluster {address}"
        done = asyncio.run(run_line(studio, line, Caller(progress=told)))
    assert isinstance(done, BatchDone)
    assert (done.made, done.failed) == (2, False)
    assert "made here what the cluster could not" in done.text()
    assert len(Manifest(tmp_path / "set" / "manifest.jsonl").done()) == 2


def test_a_batch_that_is_cancelled_leaves_no_process_on_a_machine(
    keys: dict[str, str], studio: Studio, home: Path, tmp_path: Path
) -> None:
    prompts = written(tmp_path, "techno song, 20 minutes")
    line = f"/batch {prompts} --seeds 1 -o {tmp_path}/set --cluster "

    async def cancelled(address: str) -> None:
        begun = asyncio.ensure_future(run_line(studio, line + address, Caller()))
        end = time.monotonic() + PATIENCE_S
        while not workers(home):
            assert not begun.done() and time.monotonic() < end
            await asyncio.sleep(0.05)
        begun.cancel()
        await asyncio.wait([begun])
        end = time.monotonic() + GONE_S
        while workers(home):
            assert time.monotonic() < end, workers(home)
            await asyncio.sleep(0.05)

    with inside(keys) as (address, _):
        asyncio.run(cancelled(address))
    assert list((tmp_path / "set").iterdir()) == []


def test_what_is_no_cluster_is_refused_in_a_line(keys: dict[str, str], studio: Studio, tmp_path: Path) -> None:
    prompts = written(tmp_path, "gabber 180 bpm, 1 bar")
    line = f"/batch {prompts} -o {tmp_path}/set --cluster"
    with inside(keys, offers="other") as (address, _):
        assert "offers the resource hardcore" in refusal(studio, f"{line} {address}")
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("address", "tcp", "why"),
    [
        ("tls://host", False, "no address of a cluster"),
        ("http://host:1", False, "no address of a cluster"),
        ("tcp://host:8786", False, "is not encrypted"),
        ("tls://host:8786", False, "cluster.ca: it is not set"),
    ],
)
def test_an_address_that_is_not_safe_is_refused(address: str, tcp: bool, why: str) -> None:
    with pytest.raises(UserError, match=why):
        ensure_address(address, ClusterSettings(ca="", cert="", key="", tcp=tcp))


@pytest.mark.parametrize(("address", "tcp"), [("tcp://127.0.0.1:8786", False), ("tcp://host:8786", True)])
def test_without_encryption_only_this_machine_or_where_one_says_so(address: str, tcp: bool) -> None:
    ensure_address(address, ClusterSettings(ca="", cert="", key="", tcp=tcp))


@pytest.mark.soak
def test_a_machine_that_is_killed_costs_nothing_but_time(keys: dict[str, str], studio: Studio, tmp_path: Path) -> None:
    """Two machines in processes of their own: one is killed at the first piece, the scheduler at the fifth."""
    prompts = written(tmp_path, "gabber 180 bpm, A minor, 1 bar")
    line = f"/batch {prompts} --seeds 1-8 --midi"
    with processes(keys, tmp_path, 2) as (address, begun):

        def told(share: float, words: str) -> None:
            if words.startswith("1 of 8"):
                begun[1].send_signal(signal.SIGKILL)
            if words.startswith("5 of 8"):
                begun[0].send_signal(signal.SIGKILL)

        far = asyncio.run(run_line(studio, f"{line} -o {tmp_path}/far --cluster {address}", Caller(progress=told)))
    assert isinstance(far, BatchDone)
    assert (far.made, far.failed) == (8, False)
    assert far.fell_back
    answer(studio, f"{line} -o {tmp_path}/near")
    assert contents(tmp_path / "far") == contents(tmp_path / "near")
