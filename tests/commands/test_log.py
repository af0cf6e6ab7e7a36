"""The log: every command that may change something is in it, with who and why, whether or not it did."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.projects.log import Log, LogRow
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.store import action_log
from tests.song import studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def say(studio: Studio, line: str, caller: Caller | None = None) -> object:
    return asyncio.run(run_line(studio, line, caller or Caller()))


def logged(studio: Studio, line: str = "/log") -> tuple[LogRow, ...]:
    answer = say(studio, line)
    assert isinstance(answer, Log)
    return answer.items


def test_what_may_change_something_is_logged_with_who_why_and_where_it_led(studio: Studio) -> None:
    say(studio, "/gain kick -3")
    say(studio, "/info")
    say(studio, "/export a.mid", Caller("agent", cause=("a rule", "a beat")))
    with pytest.raises(UserError):
        say(studio, "/gain kik -3")
    with pytest.raises(UserError):
        say(studio, "/undo 10", Caller("reader", permissions=frozenset()))
    say(studio, "/gain kick -4", Caller(dry_run=True))
    say(studio, "/undo")
    rows = logged(studio)
    assert [(row.author, row.line, row.step, row.cause, row.error) for row in rows] == [
        ("you", "gain kick -3", 2, (), ""),
        ("agent", "export a.mid", 2, ("a rule", "a beat"), ""),
        ("you", "gain kik -3", 2, (), "no track 'kik' (did you mean kick?)"),
        ("you", "undo", 1, (), ""),
    ]  # fmt: skip
    assert all(row.at > 1.7e9 for row in rows)
    assert [row.line for row in logged(studio, "/log --last 1")] == ["undo"]


def test_the_log_is_data_and_a_table(studio: Studio) -> None:
    say(studio, "/gain kick -3", Caller("agent", cause=("a rule",)))
    answer = say(studio, "/log")
    assert isinstance(answer, Log)
    data = json.loads(json.dumps(answer.data()))
    assert data["items"][0] | {"at": 0} == {
        "at": 0, "author": "agent", "line": "gain kick -3", "step": 2, "cause": ["a rule"], "error": "",
    }  # fmt: skip
    assert "agent  gain kick -3  2     done     a rule" in answer.text()


def test_the_log_is_saved_with_the_project_and_goes_on_when_it_is_opened(studio: Studio) -> None:
    say(studio, "/gain kick -3")
    say(studio, "/save")
    say(studio, "/new")
    assert [row.line for row in logged(studio)] == ["new"]
    say(studio, "/open song.hcs")
    assert [row.line for row in logged(studio)] == ["gain kick -3", "open song.hcs"]


def test_only_the_newest_lines_are_kept(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_log, "MOST_LINES", 3)
    for db in range(1, 6):
        say(studio, f"/gain kick -{db}")
    assert [row.line for row in logged(studio)] == ["gain kick -3", "gain kick -4", "gain kick -5"]


def test_a_line_that_would_steer_a_terminal_is_made_fit(studio: Studio) -> None:
    say(studio, "/gain kick -3", Caller("ag\x1b[31ment", cause=("a\nrule",)))
    (row,) = logged(studio)
    assert (row.author, row.cause) == ("ag [31ment", ("a rule",))


@pytest.mark.parametrize("outcome", ["done", "[]", "3", '{"step": true, "cause": 7, "error": 8}', "[" * 900])
def test_an_outcome_that_says_something_else_is_none(studio: Studio, outcome: str) -> None:
    say(studio, "/save")
    with sqlite3.connect("song.hcs") as connection:
        connection.execute("DELETE FROM action_log")
        connection.execute("INSERT INTO action_log VALUES (7, 0.5, 'you', 'tempo 101', ?)", (outcome,))
    connection.close()
    say(studio, "/new")
    say(studio, "/open song.hcs")
    row = logged(studio)[0]
    assert (row.line, row.step, row.cause) == ("tempo 101", None, ())


def test_what_was_only_logged_leaves_nothing_to_recover(studio: Studio) -> None:
    say(studio, "/new")
    with pytest.raises(UserError):
        say(studio, "/export nothing.xyz")
    say(studio, "/new")
    assert studio.store.recoverable() == []
