"""A model over a real connection: what it calls becomes a plan, shown, then done; what goes wrong is said in a line."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, HardcoreError, ModelFailed, UserError
from hardcore.settings import user_file
from tests.assistant.fakemodel import Answer, Server, calls, fake_model, hangs_up, says, stalls, status, streamed
from tests.song import studio_with_song

KEY = "sk-secret-0123456789abcdef"
LOWER = ("run_command", {"name": "track gain", "arguments": {"tracks": "bass", "gain_db": -3}})
WISH = "give the low end some room please mate"


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    for name in ("HARDCORE_ASSISTANT_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    studio = studio_with_song()
    yield studio
    studio.close()


def do(studio: Studio, line: str, caller: Caller | None = None) -> Any:
    return asyncio.run(run_line(studio, line, caller or Caller()))


@contextmanager
def model(studio: Studio, *script: Answer, **settings: object) -> Iterator[Server]:
    """Yield a server that the studio's assistant is set up with."""
    with fake_model(*script) as server:
        given = {"url": server.url, "model": "scripted", **settings}
        studio.settings = studio.settings.evolve(assistant=studio.settings.assistant.evolve(**given))
        yield server


def gain(studio: Studio, name: str) -> float:
    return studio.controller.project.find_track(name).mixer.gain_db


def test_what_the_grammar_cannot_read_is_planned_shown_and_done_as_one_step(studio: Studio) -> None:
    muted = ("run_command", {"name": "track mute", "arguments": {"tracks": "hats"}})
    with model(studio, calls(LOWER), calls(muted), says("Room.")) as server:
        before = studio.controller.project
        asked = do(studio, WISH)
        assert (asked.message, asked.applied, asked.requests) == ("Room.", False, 3)
        assert asked.commands == ("/track gain bass -3", "/track mute hats")
        assert [change.name for change in asked.changes] == ["hats", "bass"]
        assert "1 does it" in asked.text() and "300 + 30 tokens" in asked.text()
        assert studio.controller.project is before
        assert server.requests[0]["parallel_tool_calls"] is False
    do(studio, "1")
    step = studio.controller.history.step
    assert (step.label, gain(studio, "bass")) == (WISH, -3)
    assert studio.controller.project.find_track("hats").mixer.mute
    studio.controller.undo()
    assert studio.controller.project is before


def test_a_model_is_told_the_project_and_given_about_a_dozen_tools(studio: Studio) -> None:
    do(studio, "/session vibe dark and patient")
    with model(studio, says("Nothing to do.")) as server:
        do(studio, f"/ask {WISH}")
    request = server.requests[0]
    told = request["messages"][-1]["content"]
    for word in (
        "138 bpm",
        "F minor",
        "reese",
        "Scenes: A, B",
        "Vibe: dark and patient",
        "session vibe dark and patient ✓",
        WISH,
    ):
        assert word in told
    names = [tool["function"]["name"] for tool in request["tools"]]
    assert "track_gain" in names and "run_command" in names
    assert 10 <= len(names) <= 16
    assert all("description" in one for tool in request["tools"] for one in _arguments(tool) if tool != "x")


def _arguments(tool: dict[str, Any]) -> list[dict[str, Any]]:
    name = tool["function"]["name"]
    own = ("find_commands", "run_command", "decline")
    return [] if name in own else list(tool["function"]["parameters"]["properties"].values())


def test_parallel_calls_come_in_order_and_later_ones_see_what_earlier_ones_made(studio: Studio) -> None:
    added = ("run_command", {"name": "track add", "arguments": {"name": "air", "kind": "return"}})
    quieter = ("track_gain", {"tracks": "air", "gain_db": -9})
    with model(studio, calls(added, quieter), says("ok")) as server:
        asked = do(studio, f"/ask {WISH}")
    assert [told.startswith("planned") for told in server.told()] == [True, True]
    assert asked.commands[1] == "/track gain air -9"
    do(studio, "1")
    assert gain(studio, "air") == -9


def test_an_error_goes_back_to_the_model_which_mends_its_call(studio: Studio) -> None:
    wrong = ("track_gain", {"tracks": "bas", "gain_db": -3})
    with model(studio, calls(wrong), calls(LOWER), says("ok")) as server:
        asked = do(studio, f"/ask {WISH}")
    assert "error:" in server.told(1)[0] and "bass" in server.told(1)[0]
    assert asked.commands == ("/track gain bass -3",)


def test_a_truncated_call_is_refused_and_can_be_mended(studio: Studio) -> None:
    with model(studio, calls(("track_gain", '{"tracks": "ba')), calls(LOWER), says("ok")) as server:
        asked = do(studio, f"/ask {WISH}")
    assert asked.commands == ("/track gain bass -3",)
    assert len(server.requests) == 3
    broken = streamed(
        {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "track_gain", "arguments": '{"tr'}}]},
        finish="length",
    )
    with model(studio, broken), pytest.raises(ModelFailed, match="cannot be used"):
        do(studio, f"/ask {WISH}")


def test_a_busy_server_is_asked_again_and_no_more_often_than_was_set(studio: Studio) -> None:
    busy = status(429, "slow down", retry_after_ms="1")
    with model(studio, busy, busy, says("ok"), retries=2) as server:
        assert do(studio, f"/ask {WISH}").message == "ok"
        assert len(server.requests) == 3
    with model(studio, busy, retries=1) as server:
        with pytest.raises(ModelFailed, match="answers 429: slow down"):
            do(studio, f"/ask {WISH}")
        assert len(server.requests) == 2


def test_a_server_that_hangs_up_or_breaks_off_is_said_in_a_line(studio: Studio) -> None:
    before = studio.controller.project
    with model(studio, hangs_up, retries=0), pytest.raises(ModelFailed, match="cannot be reached"):
        do(studio, f"/ask {WISH}")
    with fake_model(says("")) as gone:
        pass
    studio.settings = studio.settings.evolve(assistant=studio.settings.assistant.evolve(url=gone.url, retries=0))
    with pytest.raises(ModelFailed, match="cannot be reached") as caught:
        do(studio, f"/ask {WISH}")
    assert "\n" not in caught.value.line()
    assert studio.controller.project is before


def test_a_model_that_comes_to_no_end_is_stopped(studio: Studio) -> None:
    with model(studio, calls(("info", {})), requests=3) as server:
        with pytest.raises(ModelFailed, match="came to no end"):
            do(studio, f"/ask {WISH}")
        assert len(server.requests) == 3


def test_a_server_that_says_nothing_is_given_up_after_the_time_that_was_set(studio: Studio) -> None:
    with model(studio, stalls, timeout_s=1, retries=0), pytest.raises(ModelFailed, match="did not answer in 1 s"):
        do(studio, f"/ask {WISH}")


def test_a_cancelled_question_ends_while_the_server_still_thinks(studio: Studio) -> None:
    async def cancelled(server: Server) -> None:
        running = asyncio.ensure_future(run_line(studio, f"/ask {WISH}", Caller()))
        while not server.stalled.is_set():
            assert not running.done(), "it ended before the server was asked"
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not server.released.is_set()

    with model(studio, stalls) as server:
        asyncio.run(cancelled(server))


def test_words_come_as_they_are_said(studio: Studio) -> None:
    heard: list[str] = []
    with model(studio, says("one two three")):
        do(studio, f"/ask {WISH}", Caller(progress=lambda share, words: heard.append(words)))
    assert heard == ["one", "one two", "one two three"]


def test_what_is_off_the_subject_is_declined(studio: Studio) -> None:
    with model(studio, calls(("decline", {"reason": "this is about taxes"})), says("I can only help with music.")):
        asked = do(studio, "/ask fill in my tax return")
    assert asked.message == "declined: this is about taxes"
    assert asked.commands == ()


def test_a_question_is_given_what_the_guide_says(studio: Studio) -> None:
    with model(studio, says("With /job cancel.")) as server:
        assert do(studio, "/ask how do I cancel a job?").message == "With /job cancel."
    assert "the guide says (" in server.requests[0]["messages"][-1]["content"]


def test_at_once_only_where_no_more_than_was_named_changes(studio: Studio) -> None:
    words = "/ask the bass sits a tad heavy, sort it out"
    with model(studio, calls(LOWER), says("ok"), apply=True):
        assert do(studio, words).applied
        assert gain(studio, "bass") == -3
        assert studio.controller.history.step.author == "assistant"
    louder = ("run_command", {"name": "track gain", "arguments": {"tracks": "kick", "gain_db": -3}})
    with model(studio, calls(louder), says("ok"), apply=True):
        asked = do(studio, words)
    assert (asked.applied, asked.beyond) == (False, "kick would change too (level)")
    assert gain(studio, "kick") == 0
    with model(studio, calls(LOWER), says("ok"), apply=False):
        studio.controller.undo()
        assert do(studio, f"{words} --apply").applied


def test_seeds_are_fixed_so_that_what_is_shown_is_what_is_done(studio: Studio) -> None:
    with model(
        studio, calls(("run_command", {"name": "timing humanize", "arguments": {"tracks": "hats"}})), says("ok")
    ):
        asked = do(studio, f"/ask {WISH}")
    assert "--seed" in asked.commands[0]


def test_the_mode_says_when_a_model_is_asked(studio: Studio) -> None:
    with model(studio, calls(LOWER), says("ok"), mode="off") as server:
        with pytest.raises(UserError):
            do(studio, WISH)
        with pytest.raises(UserError, match="the assistant is off"):
            do(studio, f"/ask {WISH}")
        assert server.requests == []
    with model(studio, calls(LOWER), says("ok"), mode="always") as server:
        assert do(studio, "kick 2 dB down").commands == ("/track gain bass -3",)
        do(studio, "1")
        assert gain(studio, "bass") == -3
        do(studio, "? kick 2 dB down")  # a preview is the grammar's
        assert len(server.requests) == 2
    with model(studio, says("ok"), mode="fallback") as server:
        do(studio, "kick 2 dB down")  # what the grammar reads is its own
        assert server.requests == []


def test_without_a_model_it_says_how_to_set_one_up(studio: Studio) -> None:
    with pytest.raises(UserError, match="no model is set up") as caught:
        do(studio, f"/ask {WISH}")
    assert "assistant.url" in caught.value.hint
    assert ".md:" in do(studio, "/ask how do I cancel a job?").text()


def test_without_the_extra_a_line_says_how_to_add_it(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    with model(studio, says("ok")), pytest.raises(UserError, match="a language model needs more packages") as caught:
        do(studio, f"/ask {WISH}")
    assert caught.value.hint == "pip install 'hardcore[assistant]'"
    assert ".md:" in do(studio, "/docs answer how do I cancel a job?").text()


def test_only_the_person_asks_a_model(studio: Studio, tmp_path: Path) -> None:
    with model(studio, calls(LOWER), says("ok")) as server:
        program = Caller(author="agent", roots=(tmp_path,))
        with pytest.raises(Denied, match="agent may not"):
            do(studio, f"/ask {WISH}", program)
        with pytest.raises(UserError, match="not understood"):
            do(studio, "wibble the wobble quux", program)
        assert server.requests == []


def test_the_key_is_sent_and_neither_shown_nor_stored(
    studio: Studio, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCORE_ASSISTANT_KEY", KEY)
    told = status(401, f"the key {KEY} is wrong, Authorization: Bearer {KEY}")
    with model(studio, told, retries=0) as server:
        with pytest.raises(ModelFailed) as caught:
            do(studio, f"/ask {WISH}")
        assert server.keys == [f"Bearer {KEY}"]
    assert "401" in caught.value.line() and KEY not in caught.value.line()
    assert "with a key" in do(studio, "/about").text()
    shown = [do(studio, line).text() for line in ("/config", "/about", "/log", "/history list")]
    assert not [text for text in shown if KEY in text]
    assert not [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_a_key_comes_from_a_file_beside_the_project_or_the_settings(studio: Studio, tmp_path: Path) -> None:
    Path(".env").write_text(f'OTHER=1\nexport HARDCORE_ASSISTANT_KEY="{KEY}"\nHARDCORE_ASSISTANT_URL=http://evil/\n')
    with model(studio, says("ok")) as server:
        do(studio, f"/ask {WISH}")
        assert server.keys == [f"Bearer {KEY}"]
    Path(".env").write_text("OPENAI_API_KEY=sk-openai-0123456789\n")
    with model(studio, says("ok")) as server:
        do(studio, f"/ask {WISH}")
        assert server.keys == ["Bearer none"], "a key for OpenAI goes nowhere unencrypted"


@pytest.mark.parametrize("url", ["ftp://x", "localhost:11434", "http://user:secret@host/v1"])
def test_a_url_that_is_none_is_refused(studio: Studio, url: str) -> None:
    with pytest.raises(HardcoreError, match=r"assistant\.url"):
        do(studio, f"/config assistant.url {url}")
    assert not user_file().exists()


def test_what_is_no_edit_is_shown_too_and_what_is_slow_goes_alone(studio: Studio) -> None:
    play = ("run_command", {"name": "play", "arguments": {}})
    anew = ("run_command", {"name": "compose", "arguments": {"words": "house 124 bpm", "new": True}})
    with model(studio, calls(LOWER, play, anew), says("ok")) as server:
        asked = do(studio, f"/ask {WISH}")
    assert asked.commands == ("/track gain bass -3", "/play")
    assert "   /track gain bass -3" in asked.text() and "   /play" in asked.text()
    assert [change.name for change in asked.changes] == ["bass"]
    assert "it goes alone" in server.told()[2]


def test_nothing_that_a_model_says_steers_the_terminal(studio: Studio) -> None:
    rename = ("run_command", {"name": "part add", "arguments": {"words": "pad \x1b]0;owned\x07"}})
    heard: list[str] = []
    with model(studio, calls(rename, LOWER), says("ok \x1b[2J\x1b]0;owned\x07")) as server:
        asked = do(studio, f"/ask {WISH}", Caller(progress=lambda share, words: heard.append(words)))
    assert "cannot be shown" in server.told()[0]
    assert not [text for text in (asked.text(), *heard) if "\x1b" in text or "\x07" in text]
