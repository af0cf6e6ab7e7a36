"""`history compact` as it is typed, and what is said of a project that is nearly full."""

import asyncio
import io
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.app import open_project
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.store import schema, working_copy
from hardcore.store.compaction import Compaction
from hardcore.surfaces.cli import main
from tests.song import studio_with_song


def do(studio: Studio, line: str) -> str:
    result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result.text()


def worked(folder: Path) -> Studio:
    """Return a studio with a saved song and twenty steps after it."""
    studio = studio_with_song(folder)
    for number in range(1, 21):
        do(studio, f"/track gain kick -{number}")
    return studio


def test_compact_leaves_steps_out_and_says_where_all_of_them_are(tmp_path: Path) -> None:
    studio = worked(tmp_path)
    project, heard = studio.controller.project, studio.controller.hearing.opening
    said = do(studio, "/history compact --days 0")
    assert said.startswith("19 of 22 steps left out, 0.1 → 0.1 MB")
    assert said.endswith("all of them are in song.before-compact.hcs")
    assert studio.controller.project is project and studio.controller.hearing.opening == heard, "the music goes on"
    assert do(studio, "/undo") == "undone: track gain kick -20"
    assert do(studio, "/undo") == "undone: track gain kick -19"
    assert studio.controller.history.at == 0
    studio.close()
    with open_project(tmp_path / "song.before-compact.hcs") as before:
        assert len(before.controller.history.steps) == 22


def test_compact_says_when_there_is_nothing_to_leave_out_or_no_file(tmp_path: Path) -> None:
    studio = worked(tmp_path)
    assert do(studio, "/history compact").startswith("none of its 22 steps can go")
    assert [path.name for path in tmp_path.glob("*.hcs")] == ["song.hcs"]
    studio.close()
    studio = studio_with_song()
    with pytest.raises(UserError, match="no file yet"):
        do(studio, "/history compact --days 0")
    studio.close()


def test_compact_that_is_cancelled_leaves_everything_as_it_was(tmp_path: Path) -> None:
    studio = worked(tmp_path)

    async def cancelled() -> None:
        task = asyncio.ensure_future(run_line(studio, "/history compact --days 0", Caller()))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert len(studio.controller.history.steps) == 22
    assert [path.name for path in tmp_path.glob("*.hcs")] == ["song.hcs"]
    assert len(list(working_copy.home().iterdir())) == 1
    assert "left out" in do(studio, "/history compact --days 0")
    studio.close()


def test_an_edit_while_it_compacts_stands_and_stops_it_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, prepare = worked(tmp_path), Compaction.prepare

    async def edited_meanwhile() -> None:
        loop = asyncio.get_running_loop()

        def edit() -> None:
            studio.controller.edit("title other", lambda project: project.evolve(title="other"))

        def prepared(compaction: Compaction) -> None:
            prepare(compaction)
            loop.call_soon_threadsafe(edit)  # before the loop hears that it is prepared

        monkeypatch.setattr(Compaction, "prepare", prepared)
        await run_line(studio, "/history compact --days 0", Caller())

    with pytest.raises(UserError, match="edited meanwhile"):
        asyncio.run(edited_meanwhile())
    assert studio.controller.project.title == "other" and len(studio.controller.history.steps) == 23
    assert len(list(working_copy.home().iterdir())) == 1, "what was prepared is gone"
    studio.close()


@pytest.mark.parametrize("days", ["-1", "x", "40000"])
def test_days_out_of_range_are_refused_in_words(days: str, tmp_path: Path) -> None:
    studio = worked(tmp_path)
    with pytest.raises(UserError, match="days"):
        do(studio, f"/history compact --days {days}")
    studio.close()


LINES = ("/title one", *(f"/compose acid 130 bpm, 4 bars --new --seed {seed}" for seed in range(40)))


def test_a_project_that_is_nearly_full_says_so_beside_the_answers_and_then_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MAX_FILE_BYTES", 150_000)
    out, err = io.StringIO(), io.StringIO()
    status = main(["--json"], open_project, io.StringIO("\n".join(LINES)), out, err)
    assert status == 1
    notes = [line for line in err.getvalue().splitlines() if line.startswith("note: ")]
    assert len(notes) in (2, 3) and all("% full" in note and "/history compact makes room" in note for note in notes)
    refusal = out.getvalue().splitlines()[-1]
    assert "full" in refusal or "more than a project may hold" in refusal
    assert "/history compact makes room" in refusal
    with open_studio() as studio:
        said = ""
        while not said:
            studio.do("/compose acid 130 bpm, 4 bars --new")
            said = studio.news()
        assert "% full" in said and studio.news() == ""
