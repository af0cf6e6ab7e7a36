"""Memory: how much a model's weights take on a device, and how much is free there."""

import json
import math
import struct
from pathlib import Path

from hardcore.errors import ModelFailed

# What working takes besides the weights, bytes; and the weights that a device computes with, bytes a number.
_WORKING = 1 << 29
_NUMBER = {"cpu": 4, "cuda": 2, "mps": 4}
_LONGEST_HEADER = 100 << 20


def needed_bytes(folder: Path, device: str) -> int:
    """Return how much memory the weights of a folder take on a device, with what working takes."""
    return sum(map(_numbers, folder.rglob("*.safetensors"))) * _NUMBER[device] + _WORKING


def _numbers(file: Path) -> int:
    """Return how many numbers a file of safetensors holds; of one that is cut short as many as its bytes may be."""
    with file.open("rb") as opened:
        head = opened.read(8)
        length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
        if not 0 < length <= _LONGEST_HEADER:
            return 0
        try:
            tensors = json.loads(opened.read(length))
            shapes = [one["shape"] for name, one in tensors.items() if name != "__metadata__"]
            return sum(math.prod(map(int, shape)) for shape in shapes)
        except (ValueError, KeyError, TypeError, AttributeError):
            return 0


def free_bytes(device: str) -> int | None:
    """Return how much memory is free on a device, None where that is not told."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None


def ensure_fits(folder: Path, device: str) -> None:
    """Raise ModelFailed where a folder's weights do not fit into what is free on a device."""
    needed, free = needed_bytes(folder, device), free_bytes(device)
    if free is not None and needed > free:
        raise ModelFailed(
            f"{folder.name} takes about {needed / 1e9:.1f} GB on the {device}, and {free / 1e9:.1f} are free",
            "a smaller model, or close what else takes memory",
        )
