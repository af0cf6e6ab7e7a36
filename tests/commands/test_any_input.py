"""Whatever is typed, the answer is a result or an error in one line; the project stays sound, nothing breaks."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import registry
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.project.integrity import check
from tests.effort import examples
from tests.song import studio_with_song

# what writes files where it is told, or takes seconds, has tests of its own
LEFT_OUT = {
    "doctor", "quit", "export", "analyse", "compare", "spectrogram", "waveform", "samples add", "samples relink",
    "samples audition", "learn",
}  # fmt: skip
# these play the piece when their arguments happen to hold: a few times will do
SLOW = {"mix check", "mix correct", "critique"}
# fmt: off
WORDS = [
    "kick", "bass", "hats", "bass:A", "kick:B", "A", "B", "master", "reverb", "drums", "1", "0", "-1",
    "99999999999999999", "-3", "1e309", "nan", "2.1.1", "0.0.0", "1/16", "1/0", "F2", "H9", "C-5", "on", "off",
    "maybe", "cutoff", "cutoff=500", "cutoff=", "=", "filter", "drive", "reverb", "F minor", "\xe9", "\u65e5\u672c",
    "\u202e", "\x1b[31m", "--pre", "--bars", "--seed", "4", "--amount", "50", "--key", "Am", '"', '"two words"', "",
    "--by", "--factor", "--steps", "--to", "0.5", "all", "all-kick", "kick,bass", "low", "high", "verb", "brightness",
    "2khz",
    " ", "'", "\\", "../../x", "/", "--", "#", "%s", "{}", "a" * 300,
]
# fmt: on


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.close()


def answer(studio: Studio, line: str) -> str:
    """Return what a line answers, or the error it gives. Raises anything that is a bug."""
    try:
        result = asyncio.run(run_line(studio, line, Caller()))
    except HardcoreError as error:
        assert "\n" not in error.line()
        return error.line()
    return result.text() if result else ""


def test_random_arguments_to_every_command_never_break_it(studio: Studio) -> None:
    rng = random.Random(7)
    names = [name for name in registry() if name not in LEFT_OUT]
    often = [0.2 if name in SLOW else 1.0 for name in names]
    for name in rng.choices(names, often, k=examples(4000)):
        line = " ".join(["/" + name, *rng.choices(WORDS, k=rng.randrange(6))])
        answer(studio, line)
        project = studio.controller.project
        check(project)
        if len(project.tracks) > 40 or len(project.scenes) > 40:
            studio.controller.new()
            answer(studio, "house 124 bpm, 2 bars --seed 1")
    studio.controller.close()


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_is_answered_in_words(studio: Studio, text: str) -> None:
    for line in (text, "/" + text, "/compose " + text):
        if not line.strip().lower().startswith(("/export", "/render", "/save", "/doctor")):
            answer(studio, line)
    check(studio.controller.project)
