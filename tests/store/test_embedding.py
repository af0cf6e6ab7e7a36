"""Artifacts and project files: what a history names travels with its file, checked, and is not collected."""

import sqlite3
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.errors import UserError
from hardcore.jobs.artifactsound import keep_sound
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact
from hardcore.project.state import ProjectState
from hardcore.store import embedding
from hardcore.store.project_file import create, open_project, recover, recoverable
from tests.audio.clips import RATE, kept, noise, with_audio
from tests.store.processes import heard, running


def saved(tmp_path: Path, project: ProjectState) -> Path:
    file = tmp_path / "song.hcs"
    opened = create(file, project)
    opened.save()
    opened.close()
    return file


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go to a machine that knows nothing."""
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path / "other machine"))


def opened_state(file: Path) -> ProjectState:
    opened = open_project(file)
    state = opened.history.state()
    opened.close()
    return state


def test_a_clip_of_audio_is_heard_on_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = noise(3.0)
    known = kept(sound)
    project, _, clip = with_audio(None, known, gain_db=-3.0, reverse=True)
    file = saved(tmp_path, project)
    elsewhere(tmp_path, monkeypatch)
    assert not artifacts.everything()
    assert opened_state(file) == project
    assert artifacts.everything() == [known]
    there, rate = soundfile.read(artifacts.path_of(known.sha256), dtype="float32")
    assert rate == RATE and np.array_equal(there.T, sound)
    # and it goes on from there, as often as it is saved
    opened = open_project(file)
    opened.save()
    opened.close()
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path / "a third one"))
    assert opened_state(file).find_clip(clip)[1].region == project.find_clip(clip)[1].region
    assert artifacts.everything() == [known]


def test_a_step_that_was_undone_keeps_its_artifact_and_none_is_in_the_working_copy(tmp_path: Path) -> None:
    known = kept(noise(1.0))
    project, _, _ = with_audio(None, known)
    opened = create(tmp_path / "song.hcs")
    opened.append(opened.history.push(project, "import", "you", 1.0))
    opened.flush()
    assert embedding.in_use() == {known.sha256}
    opened.history.undo()
    opened.moved(opened.history.at)
    opened.save()
    assert embedding.in_use() == {known.sha256}
    copy = opened.copy.file.stat().st_size
    opened.close()
    assert embedding.in_use() == set(), "a saved file holds it: the folder's may go"
    with sqlite3.connect(tmp_path / "song.hcs") as connection:
        assert embedding.embedded_bytes(connection) == known.sound.size > copy
    connection.close()


def test_what_can_be_made_again_stays_out(tmp_path: Path) -> None:
    known = keep_sound(noise(1.0), RATE, name="stretched", kind="stretch", again=True)
    project, _, _ = with_audio(None, known)
    file = saved(tmp_path, project)
    with sqlite3.connect(file) as connection:
        assert embedding.embedded_bytes(connection) == 0
    connection.close()


def _with(statement: str, *values: object) -> Callable[[sqlite3.Connection], None]:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute(statement, values)

    return change


WRONG = {
    "other bytes": _with("UPDATE chunks SET data = CAST(data || x'00' AS BLOB) WHERE number = 0"),
    "a chunk gone": _with("DELETE FROM chunks"),
    "no facts": _with("DELETE FROM meta WHERE key LIKE 'artifact:%'"),
    "facts that are none": _with("UPDATE meta SET value = '{}' WHERE key LIKE 'artifact:%'"),
    "facts in bytes": _with("UPDATE meta SET value = x'00' WHERE key LIKE 'artifact:%'"),
    "another size": _with("UPDATE artifacts SET size = size + 1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_tampered_artifact_is_refused_and_nothing_of_it_stays(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _, _ = with_audio(None, kept(noise(1.0)))
    file = saved(tmp_path, project)
    with sqlite3.connect(file) as connection:
        WRONG[name](connection)
    connection.close()
    elsewhere(tmp_path, monkeypatch)
    with pytest.raises(UserError, match="is damaged"):
        open_project(file)
    assert not list(artifacts.folder().iterdir())


def test_facts_of_another_artifact_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, _, _ = with_audio(None, kept(noise(1.0)))
    other = kept(noise(1.0, seed=2))
    file = saved(tmp_path, project)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key LIKE 'artifact:%'", (other.model_dump_json(),))
    connection.close()
    elsewhere(tmp_path, monkeypatch)
    with pytest.raises(UserError, match="is another one's"):
        open_project(file)


def imports(home: str, wire: Connection) -> None:
    """Import one sound after the other, each a step; tell which are acknowledged."""
    import os

    os.environ["HARDCORE_HOME"] = home
    opened, project = create(), None
    for number in range(1000):
        known = kept(noise(0.05, seed=number))
        project, _, _ = with_audio(project or opened.history.state(), known, name=f"take {number}")
        opened.append(opened.history.push(project, "import", "you", 1.0))
        opened.flush()
        wire.send(known.sha256)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
@pytest.mark.parametrize("wait_s", [0.0, 0.0017, 0.004])
def test_after_a_kill_every_step_that_is_there_has_its_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_s: float
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    told: list[str] = []
    with running(imports, str(home)) as (process, wire):
        told += [str(heard(wire)) for _ in range(3)]
        wire.poll(wait_s)
        process.kill()
        process.join()
        with pytest.raises(EOFError):
            while True:
                told.append(str(heard(wire)))
    monkeypatch.setenv("HARDCORE_HOME", str(home))
    opened = recover(recoverable()[0])
    named = {clip.region.sound.artifact for _, clip in opened.history.state().clips() if clip.region is not None}
    assert named >= set(told)
    for sha256 in named:
        known = artifacts.lookup(sha256)
        assert isinstance(known, Artifact) and artifacts.file_digest(artifacts.path_of(sha256)) == sha256
    opened.close()
