"""Batches: what is done stays done however often it is killed; what fails is listed; the manifest is true."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import soundfile
from pyarrow import parquet

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.exchange.batchfile import parse_seeds, parse_shard, pieces, prompts_in
from hardcore.commands.exchange.batchrun import BatchDone
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.jobs.manifest import Manifest
from tests.blocks import ROOT
from tests.commands.test_desk import refusal
from tests.commands.test_export import answer
from tests.forking import Forked
from tests.song import studio_with_song
from tests.warm import warm

posix = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed")
# Runs a batch and says how far it is, so that whoever reads that can kill it there.
STUDIO = """
import asyncio, sys
from hardcore.app import open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
with open_project(None) as studio:
    caller = Caller(progress=lambda share, words: print(words, flush=True))
    print(asyncio.run(run_line(studio, sys.argv[1], caller)).text(), flush=True)
"""


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    small(monkeypatch)
    studio = studio_with_song()
    yield studio
    studio.close()


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pieces be small: a low rate, no correction of the mix, half a second of tail."""
    monkeypatch.setenv("HARDCORE_RENDER_RATE", "22050")
    monkeypatch.setenv("HARDCORE_RENDER_TAIL_S", "0.5")


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def written(folder: Path, *lines: str, name: str = "prompts.txt") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_every_prompt_with_every_seed_is_there_and_its_row_is_true(studio: Studio, tmp_path: Path) -> None:
    prompts = written(tmp_path, "# two of one", "", "gabber 180 bpm, A minor, 1 bar", "xyzzy")
    done = answer(studio, f"/batch {prompts} --seeds 1-2 -o {tmp_path}/set --midi --stems --manifest both")
    assert isinstance(done, BatchDone)
    assert (done.pieces, done.made, done.there, len(done.failures), done.failed) == (4, 2, 0, 2, True)
    first, second = rows(tmp_path / "set")
    assert (first["seed"], second["seed"]) == (1, 2)
    assert (first["style"], first["tempo_bpm"], first["music_key"]) == ("gabber", 180, "A minor")
    named = {file["file"] for row in (first, second) for file in row["files"]}
    assert named == {
        path.relative_to(tmp_path / "set").as_posix() for path in (tmp_path / "set").rglob("*") if path.is_file()
    } - {"manifest.jsonl", "manifest.parquet", "failed.jsonl"}
    for file in first["files"]:
        data = (tmp_path / "set" / file["file"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), sha256(data).hexdigest())
    sound = soundfile.info(tmp_path / "set" / first["files"][0]["file"])
    assert sound.frames / sound.samplerate == pytest.approx(first["length_s"], abs=1e-3)
    failed = [json.loads(line) for line in (tmp_path / "set" / "failed.jsonl").read_text().splitlines()]
    assert [(row["prompt"], row["seed"]) for row in failed] == [("xyzzy", 1), ("xyzzy", 2)]

    lines = (tmp_path / "set" / "manifest.jsonl").read_bytes()
    table = parquet.read_table(tmp_path / "set" / "manifest.parquet")
    assert table.to_pylist() == [first, second]
    (tmp_path / "set" / "manifest.jsonl").unlink()
    again = answer(studio, f"/batch {prompts} --seeds 1-2 -o {tmp_path}/set --midi --stems --manifest parquet")
    assert isinstance(again, BatchDone)
    assert (again.made, again.there, again.manifest) == (0, 2, f"{tmp_path}/set/manifest.parquet")
    assert not (tmp_path / "set" / "manifest.jsonl").exists()
    tried = asyncio.run(
        run_line(studio, f"/batch {prompts} --seeds 1 -o {tmp_path}/set --midi --stems", Caller(dry_run=True))
    )
    assert isinstance(tried, BatchDone) and tried.there == 1
    assert not (tmp_path / "set" / "manifest.jsonl").exists(), "a dry run writes nothing"
    (tmp_path / "set" / first["files"][0]["file"]).write_bytes(b"something else")
    prompts = written(tmp_path, "gabber 180 bpm, A minor, 1 bar")
    mended = answer(studio, f"/batch {prompts} --seeds 1-2 -o {tmp_path}/set --midi --stems")
    assert isinstance(mended, BatchDone)
    assert (mended.made, mended.there, mended.failed) == (1, 1, False)
    assert (tmp_path / "set" / "manifest.jsonl").read_bytes() == lines, "what was a table is the same lines again"
    assert not (tmp_path / "set" / "failed.jsonl").exists()


@contextmanager
def running(line: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a studio of its own that runs a line."""
    process = Forked(
        [sys.executable, "-c", STUDIO, line], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def killed(line: str, kills: int) -> int:
    """Run a line, killed so many times, each time when one piece more is there; return how often it was alive."""
    for _ in range(kills):
        with running(line) as process:
            assert process.stdout is not None
            for said in process.stdout:
                if re.match(r"\d+ of \d+", said):
                    os.kill(process.pid, signal.SIGKILL)
                    break
            else:
                return False
    return True


@posix
@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_a_batch_that_is_killed_comes_to_the_manifest_of_one_run(
    kills: int, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch)
    warm(home)
    prompts = written(tmp_path, "gabber 180 bpm, 1 bar")
    seeds = f"1-{kills + 1}"

    def line(folder: str) -> str:
        return f"/batch {prompts} --seeds {seeds} -o {tmp_path}/{folder} --midi"

    assert killed(line("often"), kills)
    left = rows(tmp_path / "often")
    assert kills <= len(left)
    for name in ("often", "once"):
        with running(line(name)) as process:
            assert process.stdout is not None
            assert "made" in process.stdout.read()
    often, once = tmp_path / "often", tmp_path / "once"
    assert (often / "manifest.jsonl").read_bytes() == (once / "manifest.jsonl").read_bytes()
    assert {path.name: path.read_bytes() for path in often.iterdir()} == {
        path.name: path.read_bytes() for path in once.iterdir()
    }, "nothing is left over, and every file is the same"


def test_a_line_that_was_cut_short_is_no_row(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "manifest.jsonl")
    (tmp_path / "a").write_bytes(b"a")
    good = {"key": "1", "files": [{"file": "a", "sha256": sha256(b"a").hexdigest()}]}
    manifest.add(good)
    with manifest.path.open("ab") as file:
        file.write(b'{"key": "2", "fil')
    manifest.add({"key": "3", "files": [{"file": "b", "sha256": "0"}]})
    assert list(manifest.rows()) == ["1", "3"]
    assert manifest.done() == {"1": good}
    manifest.settle(manifest.rows(), ["3", "1"])
    assert [json.loads(line)["key"] for line in manifest.path.read_text().splitlines()] == ["3", "1"]


def test_lines_of_jsonl_fix_what_they_say(tmp_path: Path) -> None:
    path = written(
        tmp_path, '{"prompt": "acid", "seed": 7, "bars": 2, "key": "F minor"}', '{"prompt": "house", "seeds": [1, 2]}',
        '{"prompt": "dub"}', name="a.jsonl",
    )  # fmt: skip
    found = pieces(prompts_in(path), (5, 6), {})
    assert [(one.prompt.prompt, one.seed) for one in found] == [
        ("acid", 7), ("house", 1), ("house", 2), ("dub", 5), ("dub", 6),
    ]  # fmt: skip
    assert found[0].prompt.given["bars"] == 2
    assert len({one.key for one in found}) == 5
    assert {one.key for one in pieces(prompts_in(path), (5, 6), {"stems": True})}.isdisjoint(one.key for one in found)


def test_shards_are_all_of_it_and_what_is_tried_makes_nothing(studio: Studio, tmp_path: Path) -> None:
    prompts = written(tmp_path, "gabber 180 bpm, 1 bar")
    counts = []
    for number in (1, 2):
        line = f"/batch {prompts} --seeds 1-5 -o {tmp_path}/set --shard {number}/2"
        tried = asyncio.run(run_line(studio, line, Caller(dry_run=True)))
        assert isinstance(tried, BatchDone) and tried.tried
        assert tried.manifest == f"{tmp_path}/set/manifest-{number}-of-2.jsonl"
        counts.append(tried.pieces)
    assert counts == [3, 2]
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(("text", "seeds"), [("1-3", (1, 2, 3)), ("7", (7,)), ("3,1-2, 3", (3, 1, 2))])
def test_seeds_are_spans_and_lists(text: str, seeds: tuple[int, ...]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "a", "5-1", "1-9999999999", "-3"])
def test_what_is_no_seed_is_said(text: str) -> None:
    with pytest.raises(UserError):
        parse_seeds(text)


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b"])
def test_what_is_no_share_is_said(text: str) -> None:
    with pytest.raises(UserError):
        parse_shard(text)


@pytest.mark.parametrize(
    ("lines", "name", "said"),
    [
        (["# nothing"], "p.txt", "there are no prompts in p.txt"),
        (['{"prompt": "acid"}', '{"promt": "acid"}'], "p.jsonl", "p.jsonl:2: prompt"),
        (["{"], "p.jsonl", "p.jsonl:1"),
        (["acid"], "p.csv", "p.csv holds no prompts"),
    ],
)
def test_what_cannot_be_read_names_file_and_line(
    lines: list[str], name: str, said: str, studio: Studio, tmp_path: Path
) -> None:
    path = written(tmp_path, *lines, name=name)
    assert said in refusal(studio, f"/batch {path} -o {tmp_path}/set")
    assert not (tmp_path / "set").exists()
