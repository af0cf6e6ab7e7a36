"""The Makefile: what `make help` lists can be made, and what lies beside the checkout is found or named."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.blocks import ROOT

MAKE = shutil.which("make") or ""
pytestmark = pytest.mark.skipif(not MAKE, reason="no make")


def made(*words: str) -> subprocess.CompletedProcess[str]:
    """Return what make did, run in the checkout; it is no part of a make that runs the tests."""
    own = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run([MAKE, *words], cwd=ROOT, env=own, capture_output=True, text=True, timeout=60)


def test_everything_that_can_be_made_is_listed_once_and_is_no_file() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    listed = [line.split()[0] for line in made("help").stdout.splitlines()]
    assert {"run", "test", "words", "help"} <= set(listed)
    assert len(listed) == len(set(listed))
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text, flags=re.MULTILINE)
    assert set(re.findall(r"^([a-z]+):", text, flags=re.MULTILINE)) == set(phony.split())


def test_sentences_beside_the_checkout_are_run_against_it(tmp_path: Path) -> None:
    (tmp_path / "run_corpus.py").touch()
    done = made("--dry-run", "words", f"WORDS={tmp_path}")
    assert re.search(rf"python {re.escape(str(tmp_path))}/run_corpus\.py \. all ", done.stdout), done.stdout


def test_without_sentences_one_line_says_what_is_missing(tmp_path: Path) -> None:
    done = made("words", f"WORDS={tmp_path}")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert f"{tmp_path}/run_corpus.py" in done.stdout
    assert "WORDS=" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="programs are shell scripts here")
@pytest.mark.parametrize("wrong", ["", "ruff", "mypy", "python"])
def test_a_test_run_fails_with_any_of_its_parts_and_shows_what_that_part_said(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("ruff", "mypy", "python"):
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\necho {name} ran\nexit {int(name == wrong)}\n")
        program.chmod(0o755)
    for stamp in ("run", "test"):
        (tmp_path / stamp).touch()
    done = made("test", f"VENV={tmp_path}")
    assert (done.returncode == 0) == (not wrong), done.stderr
    assert ("python ran" in done.stdout) == (wrong != "ruff")  # lint takes a second, and comes first
    assert ("mypy ran" in done.stdout) == (wrong == "mypy")
