"""The listening process: it answers, refuses in words, and is gone afterwards whatever happens."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio import files
from hardcore.audio.analysis import analyse
from hardcore.errors import JobFailed, UserError
from hardcore.jobs.analysistasks import hear
from hardcore.jobs.comparison import differences, signed
from hardcore.workers.context import Context, request
from hardcore.workers.host import answer
from hardcore.workers.worker import Kind, Worker
from tests.audio.sounds import RATE, groove, sine

EARS = Kind("listening", "hardcore.jobs.analysistasks", ("hardcore.audio.analysis",), 8 << 30)


@pytest.fixture
def beat(tmp_path: Path) -> Path:
    path = tmp_path / "beat.wav"
    files.write(path, groove("techno", 138, 4), RATE)
    return path


def test_the_process_hears_what_the_ears_hear_while_the_loop_goes_on(
    beat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(beat.parent)
    ticks = 0

    async def listen() -> dict[str, object]:
        nonlocal ticks
        async with Worker(EARS) as ears:
            asked = asyncio.ensure_future(ears.ask("hear", path=str(beat)))
            while not asked.done():
                await asyncio.sleep(0.005)
                ticks += 1
            return asked.result()

    heard = asyncio.run(listen())
    assert heard == json.loads(json.dumps(hear(Context(lambda words: None), str(beat))))
    assert ticks > 5


def test_one_process_answers_several_questions_and_an_error_does_not_end_it(beat: Path) -> None:
    async def listen() -> None:
        async with Worker(EARS) as ears:
            with pytest.raises(UserError):
                await ears.ask("hear", path=str(beat.with_name("none.wav")))
            drawn = await ears.ask("draw", path=str(beat), what="waveform", width=40, height=8)
            assert drawn["drawing"].count("\n") == 7

    asyncio.run(listen())


def test_a_process_that_dies_is_reported_and_a_cancelled_one_is_gone(beat: Path) -> None:
    async def die() -> None:
        async with Worker(EARS) as ears:
            os.kill(ears.pid, signal.SIGKILL)
            with pytest.raises(JobFailed):
                await ears.ask("hear", path=str(beat))

    async def cancel() -> int:
        async with Worker(EARS) as ears:
            return ears.pid

    asyncio.run(die())
    pid = asyncio.run(cancel())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_request_is_answered_with_a_line_of_json(tmp_path: Path, beat: Path) -> None:
    asked = {"path": str(beat), "what": "waveform", "to": str(tmp_path / "a.png"), "title": "a"}
    done = answer(request("hardcore.jobs.analysistasks:paint", asked))["done"]
    assert done["length_s"] == pytest.approx(16 * 60 / 138, abs=0.01)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "error" in answer(request("hardcore.jobs.analysistasks:hear", {"path": str(tmp_path / "none.wav")}))


def heard_of(sound: np.ndarray) -> dict[str, object]:  # type: ignore[type-arg]
    """Return the analysis as it comes through the pipe."""
    heard: dict[str, object] = json.loads(json.dumps(analyse(sound.astype(np.float32), RATE).data()))
    return heard


def test_a_quieter_and_a_duller_sound_differ_in_that_first() -> None:
    sound = groove("techno", 138, 4)
    whole = heard_of(sound)
    assert differences(whole, whole) == []
    quiet = [one for one in differences(whole, heard_of(sound * 0.5)) if one.audible]
    assert {one.what for one in quiet} == {"loudness", "loudest 3 s"}
    assert quiet[0].change == "−6.0 LU"
    dull = differences(whole, heard_of(np.cumsum(sound, axis=1) * 0.01))
    assert {"brightness", "tilt"} <= {one.what for one in dull if one.audible}
    assert [one.times for one in dull] == sorted((one.times for one in dull), reverse=True)


def test_another_tempo_and_what_is_broken_are_audible() -> None:
    first = heard_of(groove("techno", 138, 4))
    faster = differences(first, heard_of(groove("techno", 144, 4)))
    assert re.fullmatch(r"\+4\.[2-6] %", next(one for one in faster if one.what == "tempo").change)
    broken = groove("techno", 138, 4)
    broken[:, 1000] = np.nan
    assert differences(first, heard_of(broken))[0].what == "faults"
    silent = differences(first, heard_of(np.zeros((2, RATE))))
    assert any(one.what == "loudness" and one.second == "none" for one in silent)
    assert heard_of(sine(100, 0.5))


def test_numbers_are_written_with_a_real_minus_and_no_minus_zero() -> None:
    assert [signed(value, ".1f") for value in (-0.04, -1.25, 3.0)] == ["0.0", "−1.2", "3.0"]
    assert signed(-0.04, "+.1f") == "+0.0"


def test_the_ears_load_no_more_than_they_need() -> None:
    # these took half of the time of an analysis
    said = subprocess.run(
        [sys.executable, "-c", "import sys, hardcore.audio.analysis, hardcore.audio.levels\n"
         "print(sorted({'scipy', 'pyloudnorm', 'librosa'} & set(sys.modules)))"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said.strip() == "[]"
