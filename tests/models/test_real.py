"""The real code of each backend, on tiny weights of the real kinds, in the environment that `make models` makes."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hardcore import open_studio
from hardcore.commands.composing.soundjob import Generating
from hardcore.errors import UserError
from hardcore.project import artifacts
from hardcore.project.artifact import Artifact
from hardcore.settings import models_python
from hardcore.surfaces.live import LiveStudio
from tests.blocks import ROOT
from tests.models.test_sound import clips, played

PYTHON = models_python()
HAS_TORCH = subprocess.run([PYTHON, "-c", "import torch, diffusers, transformers"], capture_output=True).returncode == 0
pytestmark = pytest.mark.skipif(not HAS_TORCH, reason="make models brings what this needs")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    subprocess.run(
        [PYTHON, "-m", "tests.models.tiny", "all", str(folder)], cwd=ROOT, check=True, capture_output=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    return folder


@pytest.fixture
def studio(weights: Path) -> Iterator[LiveStudio]:
    with open_studio() as opened:
        for kind, backend in (("musicgen", "musicgen"), ("stable-audio", "diffusion"), ("ace-step", "diffusion")):
            opened.do(f"/models add {kind} {weights / kind} --backend {backend} --licence MIT --commercial")
        yield opened


def made(studio: LiveStudio, line: str) -> Artifact:
    begun = studio.do(line)
    assert isinstance(begun, Generating)
    studio.call("job wait", job=begun.job)
    return artifacts.everything()[0]


@pytest.mark.parametrize(("model", "rate", "channels"), [
    ("musicgen", 32000, 1), ("stable-audio", 44100, 2), ("ace-step", 48000, 2),
])  # fmt: skip
def test_words_become_a_clip_of_whole_bars(studio: LiveStudio, model: str, rate: int, channels: int) -> None:
    line = f"/generate sound a loop --bars 1 --model {model} --commercial --seed {{seed}}"
    first, again, other = (made(studio, line.format(seed=seed)) for seed in (1, 1, 2))
    assert first.sha256 == again.sha256 != other.sha256, "a seed is a sound"
    sound, own = played(first)
    assert own == rate and sound.shape == (channels, 2 * rate) and np.abs(sound).max() > 0.001
    assert first.recipe["extras"]["heard"]["applied"]["device"] == "cpu"
    assert first.licence == "MIT" and clips(studio)[0].length_ticks == 4 * 1920


@pytest.mark.parametrize("model", ["stable-audio", "ace-step"])
def test_a_clip_is_varied_and_repainted(studio: LiveStudio, model: str) -> None:
    first = made(studio, f"/generate sound a loop --bars 2 --model {model} --seed 1")
    varied = made(studio, f"/generate vary a-loop:A darker --strength 30 --model {model} --seed 2")
    painted = made(studio, f"/generate repaint a-loop:A 2 1 --model {model} --seed 3")
    (before, rate), (after, _), (part, _) = played(first), played(varied), played(painted)
    assert after.shape == before.shape == part.shape and np.abs(after - before).max() > 1e-3
    half = 2 * rate - round(0.02 * rate)
    assert np.abs(part[:, :half] - before[:, :half]).max() < 1e-4
    assert np.abs(part[:, 2 * rate : -round(0.02 * rate)] - before[:, 2 * rate : -round(0.02 * rate)]).max() > 1e-3


def test_musicgen_goes_on_from_a_clip(studio: LiveStudio) -> None:
    made(studio, "/generate sound a loop --bars 1 --model musicgen --seed 1")
    known = made(studio, "/generate continue a-loop:A --bars 1 --model musicgen --seed 2")
    sound, rate = played(known)
    assert sound.shape[1] == 2 * rate and known.recipe["extras"]["wish"]["task"] == "continue"


def test_weights_that_could_run_code_are_refused(studio: LiveStudio, weights: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    for path in (weights / "stable-audio").rglob("*"):
        if path.is_file():
            (bad / path.relative_to(weights / "stable-audio")).parent.mkdir(parents=True, exist_ok=True)
            (bad / path.relative_to(weights / "stable-audio")).write_bytes(path.read_bytes())
    index = (bad / "model_index.json").read_text()
    (bad / "model_index.json").write_text(index.replace('"diffusers",\n    "AutoencoderSAME"', '"os",\n    "system"'))
    studio.do(f"/models add bad {bad} --backend diffusion --licence MIT")
    begun = studio.do("/generate sound a loop --bars 1 --model bad")
    assert isinstance(begun, Generating)
    with pytest.raises(UserError, match=r"vae is a os\.system"):
        studio.call("job wait", job=begun.job)
