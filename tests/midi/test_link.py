"""Ableton Link between two processes, in a network of their own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.errors import UserError
from tests.blocks import ROOT

ALONE = ["unshare", "--user", "--map-root-user", "--net"]


def has_networks() -> bool:
    """Return whether a program can get a network of its own here."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_networks(), reason="needs network namespaces, ip and unshare")
def test_two_peers_share_tempo_beat_start_and_stop_and_joining_changes_no_tempo(home: Path) -> None:
    pytest.importorskip("link")
    script = f'ip link set lo up && exec "{sys.executable}" -m tests.midi.linkscript'
    environment = {**os.environ, "HARDCORE_ENGINE_KIND": "none", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [*ALONE, "sh", "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout)
    assert told["joined"] == [pytest.approx(100), pytest.approx(100, abs=0.01), 120], "theirs, ours as heard, ours"
    assert told["said"].startswith("Link: with 1 other, 100")
    is_playing, apart, start = told["began"]
    # a beat lasts 460 ms; where the machine is busy, what is asked over there comes late
    assert is_playing and start == 0 and abs(apart) < 0.1, "on the bar of the session"
    assert told["apart"] < 0.1 and abs(told["again"]) < 0.1
    heard, project, theirs = told["left"]
    assert heard == project == 130 and theirs == pytest.approx(130, abs=0.01)


def test_link_and_a_followed_clock_exclude_each_other_and_off_is_said(home: Path) -> None:
    pytest.importorskip("link")
    with open_studio() as studio:
        answer = studio.do("/link")
        assert answer is not None and answer.text() == "Link: off"
        with pytest.raises(UserError, match="off already"):
            studio.do("/link off")
        studio.do("/clock follow Digitakt")
        with pytest.raises(UserError, match="Digitakt is followed"):
            studio.do("/link on")
