"""Damaged files of every kind, one after the other in one process: each is read, or refused in one line, soon."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.effort import IS_SOAK
from tests.hostile import kinds

COUNT = 10_000 if IS_SOAK else 160


@pytest.mark.skipif(sys.platform == "win32", reason="a process is asked for its memory as Unix has it")
@pytest.mark.timeout(3600)
def test_every_damaged_file_is_read_or_refused_in_one_line(home: Path, tmp_path: Path) -> None:
    seed = int.from_bytes(os.urandom(4)) if IS_SOAK else 1
    asked = [sys.executable, "-m", "tests.hostile", str(COUNT), str(seed)]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, f"seed {seed}: {done.stderr[-3000:]}"
    found = json.loads(done.stdout.splitlines()[-1])
    came = found["came"]
    endings = {name.split()[0] for name in came}
    assert endings == {kind.ending for kind in kinds(tmp_path)} and sum(came.values()) == COUNT
    assert found["odd_lines"] == 0, "a line with control characters, or longer than a page"
    took_s, what = found["slowest"]
    assert took_s < 2, f"seed {seed}: {what}"
    assert found["peak_mb"] < 300
