"""Rhythms through the surfaces: the same bytes from Python, a command and the command line; files that stay small."""

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.app import build_studio, open_project
from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.rhythm.writing import write_files
from hardcore.errors import UserError
from hardcore.knowledge.rhythms import rhythm
from hardcore.rhythm import log, smf
from hardcore.rhythm.session import Session, perform
from hardcore.surfaces.cli import main


def call(name: str, **values: object) -> str:
    studio = build_studio()
    try:
        return asyncio.run(registry.run(studio, registry.registry()[name], dict(values), Caller())).text()
    finally:
        studio.controller.close()


def do(line: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    assert main(["do", line], open_project, io.StringIO(), out, err) == 0, err.getvalue()
    return out.getvalue()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


ROOT = Path(__file__).parents[2]
WORDS = "--bars 40 --seed 3 --bpm 128"
VALUES: dict[str, object] = {"rhythm": "showcase", "bars": 40, "seed": 3, "bpm": 128.0}


def by_line(file: str) -> None:
    with open_project(None) as studio:
        asyncio.run(run_line(studio, f"/rhythm render showcase {file} {WORDS}", Caller()))


def by_python(file: str) -> None:
    with open_studio() as studio:
        studio.call("rhythm render", file=file, **VALUES)


def by_stdin(file: str) -> None:
    lines = io.StringIO(f"/rhythm render warehouse other.mid\n/rhythm render showcase {file} {WORDS}\n")
    out, err = io.StringIO(), io.StringIO()
    assert main([], open_project, lines, out, err) == 0, err.getvalue()


def by_process(file: str) -> None:
    words = ["-m", "hardcore", "do", f"/rhythm render showcase {file} {WORDS}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, *words], capture_output=True, check=True, stdin=subprocess.DEVNULL, env=environment)


SURFACES: dict[str, Callable[[str], object]] = {
    "call": lambda file: call("rhythm render", file=file, **VALUES),
    "line": by_line,
    "command line": lambda file: do(f"/rhythm render showcase {file} {WORDS}"),
    "with a log": lambda file: do(f"/rhythm render showcase {file} {WORDS} --log b.json"),
    "lines on stdin": by_stdin,
    "Python": by_python,
    "another process": by_process,
}


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_writes_the_same_bytes_again_and_again(folder: Path, surface: str) -> None:
    data = smf.encode(perform(rhythm("showcase"), bars=40, seed=3, bpm=128))
    for file in ("a.mid", "b.mid"):
        SURFACES[surface](file)
        assert (folder / file).read_bytes() == data
    assert data != smf.encode(perform(rhythm("showcase"), bars=40, seed=4, bpm=128))


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_a_log_has_a_row_a_bar(folder: Path, suffix: str) -> None:
    call("rhythm render", rhythm="showcase", file="a.mid", bars=1100, log=f"a.{suffix}")
    text = (folder / f"a.{suffix}").read_text()
    rows = json.loads(text) if suffix == "json" else list(csv.DictReader(io.StringIO(text)))
    expected = log.log(perform(rhythm("showcase"), bars=1100))
    assert [{name: float(value) for name, value in row.items()} for row in rows] == [
        pytest.approx(row, rel=1e-5) for row in expected
    ]
    assert set(log.COLUMNS) <= set(rows[0]) and "hat_c hits" in rows[0]


def test_memory_does_not_grow_with_the_bars(folder: Path) -> None:
    def most(bars: int) -> int:
        tracemalloc.start()
        write_files(folder / "x.mid", None, rhythm("polymeter"), bars=bars, seed=None, bpm=None)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    write_files(folder / "x.mid", None, rhythm("polymeter"), bars=8, seed=None, bpm=None)
    few, many = most(2048), most(8192)
    assert (folder / "x.mid").stat().st_size > 2_500_000
    assert many - few < 300_000


def test_a_bar_far_on_takes_as_much_memory_as_the_first() -> None:
    found = rhythm("showcase")
    assert found.accent is not None

    def most(first: int) -> int:
        session = Session(found)
        session.block(first, 8)
        tracemalloc.start()
        session.block(first + 8, 64)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(0)
    assert most(20_000) < 1.2 * most(0)


@pytest.mark.parametrize("key", ["out", "log_path"])
def test_a_rhythm_file_writes_nothing_outside_the_folder_one_works_in(folder: Path, key: str) -> None:
    ending = "mid" if key == "out" else "csv"
    for lead in (f"../x.{ending}", str(folder.parent / f"x.{ending}")):
        (folder / "r.yaml").write_text(f"mode: m1\nbars: 1\n{key}: {lead}\n")
        with pytest.raises(UserError, match="leads out of this folder"):
            call("rhythm render", rhythm="r.yaml")
    assert not list(folder.parent.glob("x.*"))


def test_nothing_is_left_when_a_file_cannot_be_written(folder: Path) -> None:
    (folder / "there.mid").mkdir()
    with pytest.raises(UserError, match="could not be written"):
        call("rhythm render", rhythm="default", file="there.mid", bars=1)
    with pytest.raises(UserError, match="could not be written"):
        call("rhythm render", rhythm="default", file="missing/a.mid", bars=1)
    assert [path.name for path in folder.iterdir()] == ["there.mid"]


@pytest.mark.parametrize("name", ["mine.yaml", "mine.json"])
def test_a_file_of_your_own_is_made_changed_and_played(folder: Path, name: str) -> None:
    call("rhythm new", file=name)
    with pytest.raises(UserError, match="already"):
        call("rhythm new", file=name)
    changes = "bpm=140 layers.kick.fills=5 'layers.ride={fills: 3}' targets.E_target="
    said = call("rhythm edit", file=name, changes=changes)
    assert "bpm: 132 → 140" in said
    call("rhythm render", rhythm=name, file="a.mid", bars=2)
    assert "ride" in call("rhythm show", rhythm=name)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("bpm", "not path=value"), ("bpm=fast", "bpm"), ("bmp=120", "unknown key"), ("nothing=", "there is no nothing"),
        ("bpm.x=1", "a value, not a section"), ("modulators.0.name=x", "modulators"),
        ("'", "cannot be read"), (" ", "nothing"),
    ],
)  # fmt: skip
def test_an_edit_that_cannot_be_changes_nothing(folder: Path, changes: str, said: str) -> None:
    call("rhythm new", file="mine.yaml")
    before = (folder / "mine.yaml").read_bytes()
    with pytest.raises(UserError, match=said):
        call("rhythm edit", file="mine.yaml", changes=changes)
    assert (folder / "mine.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["rhythm new", "rhythm edit"])
@pytest.mark.parametrize("bad", ["../configs2/x.yaml", "/etc/x.yaml", "link/x.yaml", "a\0.yaml"])
def test_files_of_your_own_stay_in_the_callers_folders(folder: Path, name: str, bad: str) -> None:
    (folder / "configs").mkdir()
    (folder / "configs2").mkdir()
    (folder / "configs" / "link").symlink_to(folder / "configs2")
    studio, caller = build_studio(), Caller(roots=(folder / "configs",))
    values = {"file": bad} | ({"changes": "bpm=120"} if name == "rhythm edit" else {})
    try:
        with pytest.raises(UserError, match=r"outside|not a file name"):
            asyncio.run(registry.run(studio, registry.registry()[name], values, caller))
    finally:
        studio.controller.close()
    assert not list(folder.rglob("*.yaml"))


def test_a_plot_has_a_curve_for_every_figure() -> None:
    text = call("rhythm plot", rhythm="warehouse", bars=100)
    for name in ("E", "S", "H", "D", "T_ms", "swing", "thin_bias", "rescue", "kick hits"):
        assert f"\n{name} " in text
    assert "0.28–0.36" in text and "█" in text


def test_a_rhythm_becomes_clips_of_a_scene() -> None:
    said = do("/rhythm to-clip warehouse --bars 4 --seed 3")
    assert "4 bars, seed 3" in said and "kick" in said
