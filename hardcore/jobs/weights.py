"""The tasks that get weights: what a repository holds, and its files, into a folder that is there when they are."""

import shutil
from pathlib import Path

from hardcore.errors import ModelFailed
from hardcore.models.checkpoint import ensure_plain
from hardcore.models.weights import fetch, listed
from hardcore.workers.context import Context, Words

# So much of the disk is left.
_SPARE = 1 << 30


def weights_list(context: Context, host: str, source: str) -> Words:
    """Return how many files and bytes a repository is. Raises ModelFailed."""
    found = listed(host, source)
    return {"files": len(found.files), "bytes": found.size, "revision": found.revision}


def weights_get(context: Context, name: str, host: str, source: str, place: str) -> Words:
    """Get the weights of a model, going on where they were broken off. Raises ModelFailed."""
    found, folder = listed(host, source), Path(place)
    coming = folder.with_name(f"{folder.name}.part")
    coming.mkdir(parents=True, exist_ok=True)
    there = sum(path.stat().st_size for path in coming.rglob("*") if path.is_file())
    free = shutil.disk_usage(coming).free
    if free < found.size - there + _SPARE:
        raise ModelFailed(f"{name} takes {found.size / 1e9:.1f} GB, and {free / 1e9:.1f} are free", "models remove")
    total = max(1, found.size)
    fetch(
        found, coming,
        lambda done, path: context.progress(done / total, f"{path}: {done / 1e9:.2f} of {total / 1e9:.2f} GB"),
    )  # fmt: skip
    ensure_plain(coming)
    coming.replace(folder)
    return {"place": place, "bytes": found.size, "revision": found.revision}
