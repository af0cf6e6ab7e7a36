"""Jobs as they are used: edits go on, the file is of the project as it was, on every surface."""

import asyncio
import io
import subprocess
import sys
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.app import open_project
from hardcore.commands.studio.jobs import JobState
from hardcore.surfaces.cli import main
from tests.song import studio_with_song

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def song(home: Path) -> Path:
    """Return the file of a song."""
    studio_with_song(home).close()
    return home / "song.hcs"


def test_edits_go_on_while_a_file_is_written_and_it_is_of_the_project_as_it_was(song: Path, home: Path) -> None:
    with open_studio(str(song)) as studio:
        studio.do(f"/export {home}/waited.wav")
        begun = studio.do(f"/export {home}/background.wav --background")
        assert begun is not None
        studio.do("/gain kick -20")
        listed = studio.call("jobs").text()
        assert "export" in listed and studio.project.find_track("kick").mixer.gain_db == -20
        ended = studio.call("job wait", job=begun.job)  # type: ignore[attr-defined]
        (job,) = ended.jobs  # type: ignore[attr-defined]
        assert isinstance(job, JobState) and job.state == "done" and "LUFS" in job.answer
    assert (home / "background.wav").read_bytes() == (home / "waited.wav").read_bytes()
    assert not list(home.glob(".hardcore*"))


def test_a_correction_in_the_background_leaves_what_was_changed_meanwhile(song: Path) -> None:
    with open_studio(str(song)) as studio:
        studio.do("/gain kick 12")
        studio.do("/gain bass 12")
        begun = studio.do("/mix correct --style techno --background")
        assert begun is not None
        studio.do("/gain kick 11")
        ended = studio.call("job wait", job=begun.job)  # type: ignore[attr-defined]
        assert ended.jobs[0].state == "done"  # type: ignore[attr-defined]
        step = studio.project.find_track("bass").mixer.gain_db
        assert step < 12 and studio.project.find_track("kick").mixer.gain_db == 11
        studio.do("/undo")
        assert studio.project.find_track("bass").mixer.gain_db == 12


def test_an_export_in_the_background_that_is_cancelled_leaves_nothing(song: Path, home: Path) -> None:
    with open_studio(str(song)) as studio:
        begun = studio.do(f"/export {home}/long.wav --bars 400 --background")
        assert begun is not None
        job = studio.call("job cancel", job=begun.job)  # type: ignore[attr-defined]
        studio.do("/job wait")
        assert isinstance(job, JobState)
        assert studio.call("job show", job=job.job).text().endswith("cancelled")
    assert not list(home.glob("*.wav")) and not list(home.glob(".hardcore*"))


def test_python_works_where_a_loop_runs_already_as_in_a_notebook(song: Path) -> None:
    async def cell() -> float:
        with open_studio(str(song)) as studio:
            studio.do("/tempo 150")
            return studio.project.tempo_map.bpm

    assert asyncio.run(cell()) == 150


def test_a_script_without_a_main_guard_has_jobs(song: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    script = home / "script.py"
    script.write_text(
        "from hardcore import open_studio\n"
        f"studio = open_studio({str(song)!r})\n"
        f"studio.do('/export {home}/script.wav --background')\n"
        "print(studio.do('/job wait').jobs[0].state)\n"
        "studio.close()\n"
    )
    ran = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("done\n", "")
    assert (home / "script.wav").exists()


def test_a_single_line_waits_for_what_it_sent_into_the_background(song: Path, home: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    line = f"/export {home}/line.wav --background"
    assert main(["do", line, "--project", str(song)], open_project, sys.stdin, out, err) == 0
    assert "done" in out.getvalue() and (home / "line.wav").exists()
