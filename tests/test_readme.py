"""README.md and the guide do not lie: every example in them runs and answers what they say."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.blocks import ROOT, Block, blocks, compare, matches, run
from tests.each import each

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
BLOCKS = [block for path in DOCUMENTS for block in blocks(path)]
RUN = [block for block in BLOCKS if block.language != "text"]
RATES = re.compile(r"\b(48000|48 kHz|44\.1|44100|rate)\b")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return an empty folder for each document: what one block writes, those after it may read."""
    return {path.relative_to(ROOT).as_posix(): tmp_path_factory.mktemp(path.stem) for path in DOCUMENTS}


@pytest.mark.parametrize("block", RUN, ids=lambda block: block.name)
def test_a_block_does_what_it_says(block: Block, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    if not RATES.search("\n".join(block.lines)):  # what is written and heard takes half as long then
        monkeypatch.setenv("HARDCORE_RENDER_RATE", "24000")
    run(block, folders[block.document])


@each("block", BLOCKS, ids=lambda block: block.name)
def test_every_block_is_of_a_kind_that_is_run(block: Block) -> None:
    assert block.language in ("console", "python", "hardcore", "text")


def test_the_readme_shows_each_way_in() -> None:
    assert {block.language for block in BLOCKS if block.document == "README.md"} >= {"console", "python", "hardcore"}


def test_make_run_itself_runs_and_says_nothing_of_its_own(tmp_path: Path) -> None:
    make = shutil.which("make")
    if make is None or subprocess.run([make, "-q", ".venv/run"], cwd=ROOT, capture_output=True).returncode:
        pytest.skip("no make, or an environment that is not make's")
    lines = f"gabber 190 bpm, 4 bars\n/export {tmp_path / 'a.wav'}\n"
    done = subprocess.run([make, "-s", "run"], cwd=ROOT, input=lines, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("gabber"), done.stdout
    assert not re.search(r"^make(\[\d+\])?:|pip install", done.stdout, flags=re.MULTILINE)
    assert (tmp_path / "a.wav").stat().st_size > 1_000_000


def test_make_passes_arguments_on() -> None:
    make = shutil.which("make")
    if make is None or subprocess.run([make, "-q", ".venv/run"], cwd=ROOT, capture_output=True).returncode:
        pytest.skip("no make, or an environment that is not make's")
    words = [make, "-s", "run", "ARGS=do '/tempo'"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert "120 bpm" in done.stdout
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("shown", "given", "same"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a"], ["a", "b"], False),
        (["a", "..."], ["a"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["...", "c"], ["a", "b"], False),
        (["a…c (x)"], ["a b c (x)"], True),
        (["a…c"], ["a b c d"], False),
        ([], ["a"], False),
        ([], [], True),
    ],
)
def test_wildcards_stand_for_what_they_say(shown: list[str], given: list[str], same: bool) -> None:
    assert matches(shown, given) is same


def test_a_lie_is_found(tmp_path: Path) -> None:
    for language, lines in (
        ("hardcore", ("> /tempo", "99 bpm")),
        ("hardcore", ("> /tempo",)),
        ("hardcore", ("> /tempo 9999", "...")),
        ("console", ("$ hardcore do /tempo", "99 bpm")),
        ("console", ("$ hardcore do /nothing", "...")),
        ("console", ("$ make run ARGS='do /tempo'", "error: no")),
        ("python", ("raise SystemExit(1)",)),
    ):
        with pytest.raises(AssertionError):
            run(Block("x.md", 1, language, lines), tmp_path)


def test_what_differs_is_shown() -> None:
    with pytest.raises(
        AssertionError, match=re.escape("x.md:3: '/tempo' is said to answer\n    99 bpm\nand answers\n    120 bpm")
    ):
        compare(Block("x.md", 3, "hardcore", ()), "/tempo", ["99 bpm"], "120 bpm\n")
