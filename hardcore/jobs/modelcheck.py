"""What a model needs on this machine, tried: its libraries, its memory, and one second of sound."""

import time
from importlib.metadata import PackageNotFoundError, version

from hardcore.errors import HardcoreError
from hardcore.jobs.modeltake import load
from hardcore.models.backend import Wish
from hardcore.models.memory import free_bytes
from hardcore.workers.context import Context, Words

_LIBRARIES = ("torch", "transformers", "diffusers")


def model_check(context: Context, name: str, backend: str, place: str, device: str) -> Words:
    """Return what was tried: rows of what, whether it is good, what was found, and the cure."""
    rows: list[tuple[str, bool, str, str]] = [("libraries", True, ", ".join(map(_version, _LIBRARIES)), "")]
    try:
        context.progress(0.1, f"loading {name}")
        began = time.monotonic()
        loaded = load(backend, place, device)
        free = free_bytes("cpu")
        about = f"{time.monotonic() - began:.1f} s, {free / 1e9:.1f} GB free" if free is not None else ""
        rows.append((f"{name} loads", True, about, ""))
        context.progress(0.5, "one second of sound")
        began = time.monotonic()
        take = loaded.render(Wish("a drum loop", 1.0, 1, steps=2), lambda share, words: None)
        peak = float(abs(take.audio).max())
        where = take.applied.get("device", place)
        said = f"{take.audio.shape[1] / take.rate:.2f} s in {time.monotonic() - began:.1f} s on {where}"
        rows.append(
            ("a second of sound", peak > 0, said if peak > 0 else "silence", "" if peak > 0 else "other weights")
        )
    except HardcoreError as error:
        rows.append((name, False, error.message, error.hint))
    return {"checks": rows}


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"no {library}"
