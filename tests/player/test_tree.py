"""A running engine's node tree, asked for: changed step by step it equals one built at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.player.device import needs_alsa, recording

pytestmark = needs_alsa

# The engine prints and never unloads: it runs in a process of its own.
SCRIPT = """
import os, random, sys
from hardcore.engine.boot import boot
from hardcore.engine.offline import find_embedded
from hardcore.engine.osc import message
from hardcore.engine.plan import datagrams, plan
from tests.project.edits import random_edit
from tests.song import song

server = boot(find_embedded(), rate=48000, device="", buffer_frames=0)
syncs = iter(range(1000))

def follow(old, new):
    prepare, change = plan(old, new)
    for request in prepare:
        server.send(request)
    server.sync(next(syncs))
    for pack in datagrams(change):
        server.send_at(2.0**-32, pack)
    server.sync(next(syncs))

def tree():
    return server.ask(message("/g_queryTree", 0, 1), "/g_queryTree.reply")

wrong = 0
for seed in range(4):
    rng, project = random.Random(seed), song()
    follow(None, project)
    for _ in range(15):
        after = random_edit(project, rng)[1]
        follow(project, after)
        project = after
    changed = tree()
    server.send(message("/g_freeAll", 0))
    follow(None, project)
    wrong += tree() != changed
    assert len(changed) > 50
    server.send(message("/g_freeAll", 0))
server.close()
open(sys.argv[1], "w").write(f"{wrong} wrong")
os._exit(0)
"""


def test_a_running_engines_tree_is_the_same_however_it_came_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recording(tmp_path / "device", monkeypatch):
        report = tmp_path / "report"
        run = subprocess.run([sys.executable, "-c", SCRIPT, str(report)], capture_output=True, text=True, timeout=60)
        assert report.exists(), run.stderr
        assert report.read_text() == "0 wrong", run.stdout
