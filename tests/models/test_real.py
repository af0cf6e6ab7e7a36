"""The real code of each backend, on tiny weights of the real kinds, in the environment that `make models` makes."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

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
# As workers run, and without the network.
ENV = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_WAIT_POLICY": "PASSIVE"}
pytestmark = pytest.mark.skipif(not HAS_TORCH, reason="make models brings what this needs")


# Backend, rate and channels of each, and how many steps are enough here.
KINDS = {
    "musicgen": ("musicgen", 32000, 1, None),
    "musicgen-stereo": ("musicgen", 32000, 2, None),
    "musicgen-melody": ("musicgen_melody", 32000, 1, None),
    "stable-audio": ("diffusion", 44100, 2, None),
    "stable-audio-open": ("diffusion", 44100, 2, 4),
    "ace-step": ("diffusion", 48000, 2, None),
    "audioldm2": ("diffusion", 16000, 1, 4),
    "riffusion": ("riffusion", 44100, 1, 2),
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    subprocess.run(
        [PYTHON, "-m", "tests.models.tiny", "all", str(folder)], cwd=ROOT, check=True, capture_output=True,
        env=ENV,
    )  # fmt: skip
    return folder


@pytest.fixture
def studio(weights: Path) -> Iterator[LiveStudio]:
    with open_studio() as opened:
        for kind, (backend, *_) in KINDS.items():
            opened.do(f"/models add {kind} {weights / kind} --backend {backend} --licence MIT --commercial")
        yield opened


def told(module: str, *words: str) -> dict[str, Any]:
    """Return what a module of these tests prints in the environment of models."""
    line = [PYTHON, "-m", f"tests.models.{module}", *words]
    found = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True, env=ENV)
    known: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return known


def made(studio: LiveStudio, line: str) -> Artifact:
    begun = studio.do(line)
    assert isinstance(begun, Generating)
    studio.call("job wait", job=begun.job)
    return artifacts.everything()[0]


@pytest.mark.parametrize("model", KINDS)
def test_words_become_a_clip_of_whole_bars(studio: LiveStudio, model: str) -> None:
    _, rate, channels, steps = KINDS[model]
    line = f"/generate sound a loop --bars 1 --model {model} --commercial --seed {{seed}}"
    line += f" --steps {steps}" if steps else ""
    first, again, other = (made(studio, line.format(seed=seed)) for seed in (1, 1, 2))
    assert first.sha256 == again.sha256 != other.sha256, "a seed is a sound"
    sound, own = played(first)
    assert own == rate and sound.shape == (channels, 2 * rate) and np.abs(sound).max() > 0.001
    applied = first.recipe["extras"]["heard"]["applied"]
    assert applied["device"] == "cpu" and (steps is None or applied["steps"] == steps)
    assert first.licence == "MIT" and clips(studio)[0].length_ticks == 4 * 1920


def test_a_model_of_melody_follows_a_tune(studio: LiveStudio, tmp_path: Path) -> None:
    for name, hertz in (("low", 220.0), ("high", 311.13)):
        tone = 0.5 * np.sin(2 * np.pi * hertz * np.arange(2 * 44100) / 44100)
        soundfile.write(tmp_path / f"{name}.wav", tone, 44100)
        studio.do(f"/import {tmp_path / name}.wav")
    line = "/generate vary {clip} a tune --model musicgen-melody --seed 3"
    one, other = (played(made(studio, line.format(clip=clip)))[0] for clip in ("low:A", "high:A"))
    assert one.shape == other.shape == (1, 2 * 32000) and np.abs(one - other).max() > 1e-4


def test_the_autoencoder_in_windows_is_the_same_sound() -> None:
    known = told("windows")
    assert known["decoded"] < 1e-5 and known["encoded"] < 1e-5 and known["loud"] > 0.01
    assert known["largest"] <= 32 + 2 * 4, "never more latents at once, however long it is"


@pytest.mark.parametrize("kind", ["musicgen", "musicgen-stereo"])
def test_what_is_drawn_on_the_way_is_the_sound_that_comes(weights: Path, kind: str) -> None:
    known = told("previews", str(weights / kind))
    assert known["error"] == 0 and known["grows"]
    assert "█" not in known["first"] and "█" in known["last"]


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


def test_the_doctor_makes_a_second_of_sound(studio: LiveStudio) -> None:
    found = studio.do("/doctor --backend stable-audio").items  # type: ignore[attr-defined]
    assert [one.what for one in found] == ["weights", "libraries", "stable-audio loads", "a second of sound"]
    assert all(one.good for one in found) and "1.00 s" in found[-1].found


def test_what_does_not_fit_into_memory_is_refused_before_it_is_loaded(studio: LiveStudio, tmp_path: Path) -> None:
    folder = tmp_path / "huge"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    head = json.dumps({"a": {"dtype": "F16", "shape": [10**12], "data_offsets": [0, 2 * 10**12]}}).encode()
    (folder / "model.safetensors").write_bytes(len(head).to_bytes(8, "little") + head)
    studio.do(f"/models add huge {folder} --backend musicgen --licence MIT")
    begun = studio.do("/generate sound a loop --bars 1 --model huge")
    with pytest.raises(UserError, match=r"takes about 4000\.5 GB on the cpu"):
        studio.call("job wait", job=begun.job)  # type: ignore[attr-defined]
