"""Devices: where a model runs, in which precision, and how a pipeline comes to be there."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import ModelFailed
from hardcore.models.backend import Tell, first_line
from hardcore.models.memory import ensure_fits
from hardcore.models.preview import Preview

if TYPE_CHECKING:
    import torch


def device_of(asked: str) -> str:
    """Return the device to use: of `auto` the fastest there is. Raises ModelFailed for one that is not there."""
    import torch

    # A worker is told to be content with one thread; a model is what the machine is for while it works.
    torch.set_num_threads(os.cpu_count() or 1)
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if asked == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if there[name])
    if not there.get(asked, False):
        known = ", ".join(name for name, is_there in there.items() if is_there)
        raise ModelFailed(f"this machine has no {asked}", f"config set models.device auto, or {known}")
    return asked


def precision_of(device: str) -> "torch.dtype":
    """Return the type of numbers that a device computes with: half precision on a GPU, single on others."""
    import torch

    return torch.float16 if device == "cuda" else torch.float32


def seeded(seed: int, device: str) -> "torch.Generator":
    """Return chance that is the same for a seed on one device; what draws from the global one is seeded, too."""
    import torch

    torch.manual_seed(seed)
    return torch.Generator(device="cpu" if device == "mps" else device).manual_seed(seed)


def loaded(kind: Any, folder: Path, device: str, **options: Any) -> Any:
    """Return a pipeline of a class of diffusers on a device, from a folder that was looked at. Raises ModelFailed."""
    ensure_fits(folder, device)
    try:
        pipe = kind.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, torch_dtype=precision_of(device), **options
        )
    except (OSError, ValueError, KeyError, AttributeError, RuntimeError, TypeError) as error:
        raise ModelFailed(f"{folder.name} cannot be loaded: {first_line(error)}") from error
    pipe.to(device)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def stepped(tell: Tell, steps: int | None, *, draws: bool = False) -> Callable[..., dict[str, Any]]:
    """Return what a pipeline calls after each step, to tell it; it wants its arguments back.

    draws  whether what there is so far can be decoded as it is, and is drawn
    """
    preview = Preview()

    def told(pipe: Any, step: int, time: Any, given: dict[str, Any]) -> dict[str, Any]:
        count = steps or getattr(pipe, "num_timesteps", 0) or step + 1
        words = f"step {step + 1} of {count}"
        if draws:
            words = preview.line(words, lambda: as_audio(pipe.vae.decode(given["latents"]).sample))
        tell(min(1.0, (step + 1) / count), words)
        return given

    return told


def as_audio(sound: Any) -> Any:
    """Return what a library gives (a tensor or an array, with or without a batch) as float32 [channels, frames]."""
    import numpy as np

    data = sound.detach().float().cpu().numpy() if hasattr(sound, "detach") else np.asarray(sound, np.float32)
    while data.ndim > 2:
        data = data[0]
    return np.ascontiguousarray(np.atleast_2d(data), np.float32)
