"""Music by a model, asked in a job: validated, corrected by the model, mended, signed; offline by the composer."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.exceptions import UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessage, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel

from hardcore.assistant.mending import Frame
from hardcore.assistant.planner import Limits
from hardcore.assistant.writer import Written, write
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import Denied, UserError
from hardcore.music.scale import Key
from tests.assistant.fakemodel import Answer, Server, calls, stalls
from tests.assistant.test_consult import model
from tests.song import BAR, studio_with_song

KEY = "sk-secret-0123456789abcdef"
GOOD = ["F1:4! -:2 Ab1:2 C2:8", "Eb2:4 C2:4 Ab1:4 F1:4"]


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.close()


class Typed:
    """Lines typed into a studio in one loop, so that the process that asks the model is started once."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._runner = studio, asyncio.Runner()

    def __enter__(self) -> "Typed":
        return self

    def __call__(self, line: str, caller: Caller | None = None) -> Any:
        return self._runner.run(run_line(self._studio, line, caller or Caller()))

    def __exit__(self, *_: object) -> None:
        assert self._studio.jobs is not None
        self._runner.run(self._studio.jobs.stop())
        self._runner.close()


@pytest.fixture
def do(studio: Studio) -> Iterator[Typed]:
    with Typed(studio) as typed:
        yield typed


def score(about: str = "It walks.", **parts: list[str]) -> Answer:
    listed = [{"name": name, "bars": bars} for name, bars in parts.items()]
    return calls(("final_result", {"parts": listed, "about": about}))


def clip(studio: Studio, reference: str = "bass:A") -> Any:
    return studio.controller.project.find_clip(reference)[1]


def test_a_clip_is_written_by_a_model_as_one_step_and_signed(
    studio: Studio, do: Typed, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCORE_ASSISTANT_KEY", KEY)
    before = studio.controller.project
    with model(studio, score(bass=GOOD)) as server:
        wrote = do('/write bass:A "a walking line that answers the lead"')
        told = server.requests[0]["messages"][-1]["content"]
        assert server.keys == [f"Bearer {KEY}"]
    for word in (
        "138 bpm",
        "F minor (F G Ab Bb C Db Eb)",
        "2 bars of 16 sixteenths, bass",
        "kick plays: x...x",
        "walk",
    ):
        assert word in told
    assert (wrote.notes, wrote.writer, wrote.model, wrote.mended, wrote.requests) == (7, "model", "scripted", (), 1)
    assert [note.pitch for note in clip(studio).notes] == [29, 32, 36, 39, 36, 32, 29]
    source = clip(studio).provenance
    assert (source.producer, source.prompt) == ("model scripted", "a walking line that answers the lead")
    step = studio.controller.history.step
    assert step.label == 'write bass:A "a walking line that answers the lead"'
    do("/undo")
    assert studio.controller.project is before
    with model(studio, score(bass=GOOD)):  # in the background, on the project as it is then
        begun = do("/write bass:A walking --background")
        do("/tempo 150")
        do(f"/job wait {begun.job}")
    assert (len(clip(studio).notes), studio.controller.project.tempo_map.bpm) == (7, 150)
    with model(studio, score(bass=["-:16", "-:16"])), pytest.raises(UserError, match="nothing that can be played"):
        do("/write bass:A walking --with model")
    assert len(clip(studio).notes) == 7
    written = [path for path in home.rglob("*") if path.is_file()]
    assert written and not [path for path in written if KEY.encode() in path.read_bytes()]


def test_a_new_piece_is_written_by_a_model_in_the_tempo_key_and_bars_that_were_asked(studio: Studio, do: Typed) -> None:
    bass, kick = ["A1:8 C2:8", "E2:8 A1:8"], ["X...X...X...X...", "X...X...X..xX..."]
    with model(studio, score(bass=bass, kick=kick)):
        made = do("/compose house 124 bpm, A minor, 4 bars, bass and kick --with model --seed 3")
    project = studio.controller.project
    assert (project.tempo_map.bpm, project.key.name) == (124, "A minor")
    assert made.model == "scripted"
    assert made.mended == ("bass: bars repeated to fill the clip: 2", "kick: bars repeated to fill the clip: 2")
    assert [note.start_ticks // BAR for note in clip(studio, "bass:A").notes] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert len(clip(studio, "kick:A").notes) == 4 + 5 + 4 + 5
    assert studio.controller.history.step.label.startswith("compose house")
    with model(studio, stalls) as server:
        do._runner.run(cancelled(studio, server))
        assert not server.released.is_set()
    assert studio.controller.project is project


async def cancelled(studio: Studio, server: Server) -> None:
    """Cancel a writing while the server still thinks."""
    running = asyncio.ensure_future(run_line(studio, "/write bass:A walking --with model", Caller()))
    while not server.stalled.is_set():
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def written(*scores: dict[str, list[str]]) -> tuple[Written | Exception, list[str]]:
    """Return what comes of a model that writes these scores one after the other, and what it was told."""
    rest, told = list(scores), list[str]()

    def respond(messages: list[ModelMessage], info: AgentInfo) -> dict[int, DeltaToolCall]:
        told.extend(str(part.content) for part in messages[-1].parts if not isinstance(part, UserPromptPart))
        parts = [{"name": name, "bars": bars} for name, bars in (rest.pop(0) if len(rest) > 1 else rest[0]).items()]
        return {0: DeltaToolCall(info.output_tools[0].name, json.dumps({"parts": parts}))}

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[dict[int, DeltaToolCall]]:
        yield respond(messages, info)

    frames = {"bass": Frame(2, BAR, 28, 52, Key.parse("F minor"), 8)}
    wanted = write(
        FunctionModel(stream_function=stream), "walk", "", frames, Limits(9, 100_000, 60), lambda words: None
    )
    try:
        return asyncio.run(wanted), told
    except UnexpectedModelBehavior as error:
        return error, told


def test_a_model_is_told_what_is_wrong_and_has_two_more_chances() -> None:
    good, told = written({"bass": ["F1:4"]}, {"bass": GOOD})
    assert isinstance(good, Written) and good.bars == {"bass": GOOD}
    assert ["bar 1 lasts 4 sixteenths, not 16" in words for words in told] == [True]
    bad, told = written({"bass": ["A1:3 C7:4 hm"]})
    assert isinstance(bad, Written) and bad.bars == {"bass": ["A1:3 C7:4 hm"]}  # which is mended
    assert (len(told), bad.usage.requests) == (2, 3)
    strange, told = written({"lead": GOOD})
    assert isinstance(strange, UnexpectedModelBehavior)
    assert "write these parts: bass" in told[0]


def test_without_a_model_the_composer_writes_by_the_words_it_knows(studio: Studio, do: Typed) -> None:
    do("house 124 bpm, A minor, 2 bars, bass and drums --seed 4")
    before = [note.pitch for note in clip(studio).notes]
    wrote = do("/write bass:A a walking line that answers the lead --seed 5")
    assert (wrote.writer, wrote.model) == ("composer", None)
    assert "walking" in wrote.message and "not understood: answers" in wrote.message
    after = [note.pitch for note in clip(studio).notes]
    assert after != before
    do("/undo")
    do("/write bass:A a walking line that answers the lead --seed 5")
    assert [note.pitch for note in clip(studio).notes] == after


def test_what_cannot_be_written_is_said(studio: Studio, do: Typed, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="bass was not made from a prompt"):
        do("/write bass:A walking")
    with pytest.raises(UserError, match="no model is set up"):
        do("/write bass:A walking --with model")
    with model(studio, score(bass=GOOD)) as server:
        with pytest.raises(Denied, match="agent may not"):
            do("/write bass:A walking --with model", Caller(author="agent", roots=(tmp_path,)))
        assert server.requests == []
