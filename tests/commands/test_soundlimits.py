"""Small files that ask for gigabytes, as they meet every command that reads sounds: a line each, and no memory."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hardcore.engine.pool import Pool
from hardcore.engine.structure import buffers
from hardcore.jobs.preparation import prepare
from hardcore.project.multisample import Load
from hardcore.project.recording import Recording, decoded_path, file_digest, located
from tests.audio.bombs import RATE, fast, flac, silence, wav, wide
from tests.jobs.test_soundfiles import playing

ROOT = Path(__file__).resolve().parents[2]
MOST_KB = 200 << 10
# Answers lines in a studio and says what each took: of its own memory, and of that of its processes, at most, in KB.
STUDIO = """
import json, resource, sys
import hardcore
from hardcore.errors import HardcoreError
def most():
    return [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
said = []
with hardcore.open_studio() as studio:
    for line in json.load(sys.stdin):
        try:
            answer = studio.do(line).text()
        except HardcoreError as error:
            answer = error.line()
        said.append([line, answer, *most()])
print(json.dumps(said))
"""


def answers(folder: Path, lines: list[str]) -> list[tuple[str, str, int, int]]:
    """Return for each line its answer, and the most memory that the studio and its processes have taken by then, KB."""
    done = subprocess.run(
        [sys.executable, "-c", STUDIO], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=json.dumps(lines), capture_output=True, text=True, timeout=250,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [tuple(row) for row in json.loads(done.stdout)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a good sound, and with small ones that unpack to 200 MB or claim absurd things."""
    tmp_path = tmp_path_factory.mktemp("sounds")
    wav(tmp_path / "good.wav")
    silence(tmp_path / "eight.flac", 33, 3000, 8)
    silence(tmp_path / "two.flac", 100, 4000, 2)
    fast(tmp_path / "rate.au", 100_000_000)
    fast(tmp_path / "rate.wav", 100_000_000)
    wide(tmp_path / "wide.wav", 1024)
    flac(tmp_path / "claims.flac", (1 << 36) - 1)
    (tmp_path / "kit.sfz").write_text("<region> sample=two.flac")
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process")
def test_every_command_refuses_small_files_that_ask_for_gigabytes_before_it_takes_any(folder: Path) -> None:
    wanted = {
        "/analyse eight.flac": "eight.flac is 33 minutes long (at most 30 minutes)",
        "/analyse rate.au": "rate.au has a rate of 100000000 Hz (2000 to 384000)",
        "/compare good.wav wide.wav": "wide.wav has 1024 channels (at most 64)",
        "/waveform claims.flac": "claims.flac is 398 hours long (at most 30 minutes)",
        "/spectrogram two.flac": "two.flac is 100 minutes long (at most 30 minutes)",
        "/groove learn eight.flac": "eight.flac has 8 channels (at most 2)",
        "/groove learn rate.wav": "rate.wav has a rate of 100000000 Hz (2000 to 384000)",
        "/instrument import kit.sfz": "region 1: two.flac: it is 100 minutes long (at most 20 minutes)",
    }
    begun, *rest = answers(folder, ["/analyse good.wav", *wanted, "/samples add ."])
    assert "0.25 s, mono" in begun[1]
    for line, answer, own, others in rest[:-1]:
        assert answer == wanted[line]
        assert own - begun[2] < MOST_KB and others - begun[3] < MOST_KB, line
    line, answer, own, others = rest[-1]
    assert "1 new sound, 6 files passed over" in answer
    assert "two.flac: it is 100 minutes long (at most 20 minutes)" in answer
    assert own - begun[2] < MOST_KB and others - begun[3] < MOST_KB


@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process")
def test_a_groove_is_learned_outside_the_studio(tmp_path: Path) -> None:
    # Three minutes at 48 kHz, 70 MB as numbers and several times that at work.
    begun, learned = answers(
        silence(tmp_path / "long.flac", 3, RATE, 2).parent, ["/groove list", "/groove learn long.flac"]
    )
    assert learned[1] == "0 attacks are too few to learn a groove from (8 at least)"
    assert learned[2] - begun[2] < 20 << 10
    assert learned[3] - begun[3] > 100 << 10, "its worker is counted"


def recording(path: Path, **facts: Any) -> Recording:
    """Return a reference to a file as a project from elsewhere may hold it, whatever is in the file."""
    known = {"frames": 48_000, "rate": 48_000, "channels": 2, **facts}
    return Recording(
        sha256=file_digest(path), name=path.stem, path=str(path), size=path.stat().st_size, **known
    )  # fmt: skip


def test_a_render_plays_nothing_that_was_refused_and_says_which_track_is_silent(folder: Path) -> None:
    project = playing(recording(folder / "good.wav"), recording(folder / "two.flac"), recording(folder / "wide.wav"))
    made = asyncio.run(prepare(project, {}, lambda share, words: None))
    assert sorted(path.name for path in made.places.values()) == ["good.wav"]
    assert sorted(made.notes) == [
        "two.flac is 100 minutes long (at most 20 minutes): two is silent",
        "wide.wav has 1024 channels (at most 2): wide is silent",
    ]
    requests = b"".join(buffers(project, made.places))
    assert b"good.wav" in requests and b"two.flac" not in requests and b"wide.wav" not in requests
    assert not any(decoded_path(key).exists() for key in project.recordings)


def test_an_engine_that_plays_live_is_never_given_a_file_to_unpack(folder: Path, tmp_path: Path) -> None:
    packed, plain = recording(folder / "two.flac"), recording(folder / "good.wav")
    pool = Pool(tmp_path)
    assert pool.hold(Load(plain.key, None, plain)) == tmp_path / plain.key
    assert pool.hold(Load(packed.key, None, packed)) is None
    assert located(plain) == folder / "good.wav"
    assert located(packed) is None
    assert b"two.flac" not in b"".join(buffers(playing(packed)))
