"""The lines of the guide page Ask that need a model answer what the page says, from a server that stands in for one."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.assistant.mending import Frame, mend
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from tests.assistant.fakemodel import calls, says
from tests.assistant.test_consult import model
from tests.assistant.test_write import GOOD, score
from tests.blocks import ROOT, Block, blocks, compare
from tests.song import BAR, studio_with_song

PAGE = ROOT / "docs/guide/ask.md"
BLOCKS = [block for block in blocks(PAGE) if block.language == "text"]
TYPED = [block for block in BLOCKS if block.lines[0].startswith("> ")]
SCRIPTS = {
    "> give the low end": (
        calls(
            ("run_command", {"name": "track gain", "arguments": {"tracks": "bass", "gain_db": -3}}),
            ("run_command", {"name": "track mute", "arguments": {"tracks": "hats"}}),
        ),
        says("Room for the kick: the bass goes down, the hats out."),
    ),
    "> /write": (score(bass=GOOD),),
}


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.close()


@pytest.mark.parametrize("block", TYPED, ids=lambda block: block.name)
def test_a_line_for_a_model_answers_what_the_page_says(block: Block, studio: Studio) -> None:
    async def typed() -> None:
        as_typed = Block(block.document, block.line, "hardcore", block.lines)
        for line, shown in as_typed.typed():
            result = await run_line(studio, line, Caller())
            assert result is not None
            compare(as_typed, line, shown, result.text() + "\n")
        assert studio.jobs is not None
        await studio.jobs.stop()

    script = next(script for begins, script in SCRIPTS.items() if block.lines[0].startswith(begins))
    with model(studio, *script):
        asyncio.run(typed())


def test_the_settings_and_the_notation_of_the_page_are_those_of_the_program(studio: Studio) -> None:
    settings, notation = (block for block in BLOCKS if block not in TYPED)
    for line in settings.lines:
        asyncio.run(run_line(studio, line, Caller()))
    assert studio.settings.assistant.configured
    bass, drums = notation.lines
    key = studio.controller.project.key
    assert mend([bass], Frame(1, BAR, 28, 52, key, 16))[1] == mend([drums], Frame(1, BAR, 36, 36, None, 16))[1] == ()
    text = PAGE.read_text(encoding="utf-8")
    assert all(
        f".{name}`" in text for name in type(studio.settings.assistant).model_fields if name not in ("url", "model")
    )
