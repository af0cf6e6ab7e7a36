"""Where it is decided whether the project is right, a test that is skipped and not listed lets the run fail."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import skips
from tests.blocks import ROOT

PLAYED = """
import pytest

def test_one(): pass

@pytest.mark.skipif({skipped}, reason="why not")
def test_two(): pass
"""
# the machine decides, whatever it is
DRIVER = """
import sys, pytest
from tests import skips
skips.decides = lambda: True
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]], plugins=[skips]))
"""


def test_a_skip_that_is_not_listed_and_a_listed_test_that_ran_are_surprises() -> None:
    listed, mood = next(iter(skips.SKIPPED)), next(iter(skips.NOW_AND_THEN))
    assert skips.surprises([listed, mood], ["tests/a.py::test_a", mood]) == []
    assert skips.surprises(["tests/a.py::test_a"], [listed]) == [
        "tests/a.py::test_a is skipped and not listed", f"{listed} is listed and ran"
    ]  # fmt: skip


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "by a worker"])
@pytest.mark.parametrize("skipped", [False, True])
def test_a_run_fails_when_a_test_is_skipped(skipped: bool, workers: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(PLAYED.format(skipped=skipped))
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *workers], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == skipped, done.stdout
    assert ("test_it.py::test_two is skipped and not listed: see tests/skips.py" in done.stdout) == skipped


@pytest.mark.parametrize("name", [*skips.SKIPPED, *skips.NOW_AND_THEN])
def test_what_is_listed_is_a_test(name: str) -> None:
    file, _, function = name.partition("[")[0].partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
