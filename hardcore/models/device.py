"""Devices: where a model runs, and in which precision."""

import os
from typing import TYPE_CHECKING, Any

from hardcore.errors import ModelFailed

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cpu", "cuda", "mps")


def device_of(asked: str) -> str:
    """Return the device to use: of `auto` the fastest there is. Raises ModelFailed for one that is not there."""
    import torch

    # A worker is told to be content with one thread; a model is what the machine is for while it works.
    torch.set_num_threads(max(1, (os.cpu_count() or 1)))
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


def as_audio(sound: Any) -> Any:
    """Return what a library gives (a tensor or an array, with or without a batch) as float32 [channels, frames]."""
    import numpy as np

    data = sound.detach().float().cpu().numpy() if hasattr(sound, "detach") else np.asarray(sound, np.float32)
    while data.ndim > 2:
        data = data[0]
    return np.ascontiguousarray(np.atleast_2d(data), np.float32)
