"""A client in nothing but the standard library does thirty tasks from what `--json` says."""

import os
import subprocess
import sys
from pathlib import Path

from hardcore import open_studio
from hardcore.music import midifile
from tests.blocks import ROOT


def test_a_client_without_any_library_does_thirty_tasks(tmp_path: Path) -> None:
    # -S: nothing that is installed can be imported; the studio is another process
    client = [sys.executable, "-I", "-S", str(ROOT / "tests" / "client.py"), str(tmp_path)]
    words = [*client, sys.executable, "-m", "hardcore"]
    done = subprocess.run(
        words, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=100
    )
    tasks = done.stdout.split()
    assert done.returncode == 0, f"after {tasks[-1:]}:\n{done.stderr}"
    assert len(tasks) == len(set(tasks)) >= 30
    with open_studio(str(tmp_path / "song.hcs")) as studio:
        project = studio.project
    assert (project.tempo_map.bpm, project.key.name) == (140, "A minor")
    assert project.find_track("bass").mixer.gain_db == 0
    assert sum(section.bars for section in project.sections) * 4 * 1920 == max(
        placed.start_ticks + placed.length_ticks for placed in project.arrangement
    )
    assert all(track.name != "brass-section" for track in project.tracks)
    song = midifile.read(tmp_path / "song.mid")
    assert song.tempo_map.bpm == 140 and {"kick", "bass", "pad"} <= {track.name for track in song.tracks}
