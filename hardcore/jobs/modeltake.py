"""Takes: what a backend renders, in windows where it is long, brought onto the grid."""

from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import ModelFailed
from hardcore.jobs.request import Progress
from hardcore.models.backend import OF_SOURCE, Backend, Take, Wish, first_line
from hardcore.workers.context import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardcore.audio.samples import Audio

_OURS = {
    "musicgen": "hardcore.models.musicgen:MusicGen",
    "musicgen_melody": "hardcore.models.melody:MusicGenMelody",
    "diffusion": "hardcore.models.diffusion:Diffusion",
    "riffusion": "hardcore.models.riffusion:Riffusion",
    "service": "hardcore.models.service:Service",
}
# Windows of a long piece share so many beats, over which one is faded into the next.
_SHARED_BEATS = 1
_loaded: dict[tuple[str, str, str], Backend] = {}


def load(backend: str, place: str, device: str) -> Backend:
    """Return a backend with its weights; one is kept at a time. Raises ModelFailed where it cannot be had."""
    key = (backend, place, device)
    if key not in _loaded:
        _loaded.clear()
        try:
            _loaded[key] = _class(backend)(place, device)
        except ImportError as error:
            raise ModelFailed(
                f"the libraries of models are not here ({error.name} is missing)",
                "make models, or models.python in the settings",
            ) from error
    return _loaded[key]


def _class(backend: str) -> Any:
    if backend in _OURS:
        module, _, name = _OURS[backend].partition(":")
        return getattr(import_module(module), name)
    found = {point.name: point for point in entry_points(group="hardcore.backends")}
    if backend not in found:
        known = ", ".join(sorted(_OURS.keys() | found.keys()))
        raise ModelFailed(f"no backend '{backend}' is installed", f"there are {known}")
    return found[backend].load()


def source_of(pieces: "Sequence[Words]", backend: Backend) -> "Audio | None":
    """Return the sounds that are started from, one after another at the backend's rate; None without.

    pieces  path, first and frames of each, and the gain with which it is heard
    """
    if not pieces:
        return None
    import numpy as np
    import soxr  # type: ignore[import-untyped]

    from hardcore.audio.intake import whole

    found = []
    for piece in pieces:
        audio, rate = whole(Path(piece["path"]))
        part = audio[:, piece["first"] : piece["first"] + piece["frames"]] * np.float32(10 ** (piece["gain_db"] / 20))
        moved = soxr.resample(np.ascontiguousarray(part.T), rate, backend.can.rate, quality="VHQ")
        found.append(np.ascontiguousarray(moved.reshape(len(moved), -1).T, np.float32))
    most = max(len(one) for one in found)
    return np.concatenate([np.broadcast_to(one, (most, one.shape[1])) for one in found], axis=1)


def fitted(backend: Backend, asked: Wish, grid: Words, name: str, tell: Progress) -> "tuple[Audio, Words]":
    """Return what a backend made, on the grid, and what was done to it.

    grid  bpm; start_s and seconds: exactly from here to there of the piece; loop; `cut`: only those seconds, from when
          to when, are kept
    """
    from hardcore.audio.gridfit import cut, extra_s, first_attack_s, tempo_factor
    from hardcore.audio.seam import seam
    from hardcore.audio.stretch import stretched

    bpm, rate = grid["bpm"], backend.can.rate
    frames = round((grid["start_s"] + grid["seconds"]) * rate) - round(grid["start_s"] * rate)
    made_of = asked.task in OF_SOURCE
    wanted_s = grid["seconds"] if made_of else grid["seconds"] + extra_s(bpm)
    take = _windows(backend, replace(asked, seconds=wanted_s), 60 / bpm, name, tell)
    factor, heard = tempo_factor(take.audio, rate, bpm)
    audio, shift = take.audio, 0.0
    if not made_of:
        if abs(factor - 1) > 1e-4:
            audio = stretched(audio, rate, factor)
        shift = first_attack_s(audio, rate) if asked.task == "text" else 0.0
    else:
        factor = 1.0
    audio = cut(audio, rate, shift, frames, loop=grid["loop"])
    joined = seam(audio, rate) if grid["loop"] else None
    in_tempo = None if heard is None else abs(heard * factor / bpm - 1) < 0.01
    if grid["cut"]:
        first, last = (round(second * rate) for second in grid["cut"])
        audio = audio[:, first:last]
    return audio, {
        "asked_bpm": bpm, "heard_bpm": heard, "factor": factor, "shift_s": shift, "in_tempo": in_tempo,
        "seam_times": joined.times if joined else None, "seed": asked.seed, "repeats": take.repeats,
        "applied": dict(take.applied),
    }  # fmt: skip


def _windows(backend: Backend, asked: Wish, beat_s: float, name: str, tell: Progress) -> Take:
    """Return a take of any length: of what a backend can't make at once, windows on bars that go on from each other."""
    import numpy as np

    can = backend.can
    if asked.seconds <= can.longest_s:
        return _rendered(backend, asked, name, partial(_told, tell, name, 0.0, 1.0))
    if asked.task == "repaint":
        return _around_span(backend, asked, name, tell)
    shared_s = _SHARED_BEATS * beat_s
    step_s = (can.longest_s - shared_s) // (4 * beat_s) * 4 * beat_s or can.longest_s - shared_s
    count = int(np.ceil((asked.seconds - shared_s) / step_s))
    whole, first = np.zeros((can.channels, 0), np.float32), None
    for place in range(count):
        left_s = asked.seconds - place * step_s
        window = replace(asked, seconds=min(can.longest_s, left_s), seed=(asked.seed + place) % (1 << 32))
        if asked.task in OF_SOURCE:
            window = replace(window, source=_stretch(asked, can.rate, place * step_s, window.seconds))
        elif place and "continue" in can.tasks:
            window = replace(window, task="continue", source=whole, seconds=window.seconds - shared_s)
        progress = partial(_told, tell, name, place / count, 1 / count)
        take = _rendered(backend, window, name, progress)
        first = first or take
        shared = 0 if window.task == "continue" else round(shared_s * can.rate)
        whole = joined(whole, take.audio, shared)
    assert first is not None
    return replace(first, audio=whole)


def _stretch(asked: Wish, rate: int, start_s: float, seconds: float) -> "Audio":
    """Return so much of the sound that a wish starts from. Raises ModelFailed without one."""
    if asked.source is None:
        raise ModelFailed("there is no sound to start from")
    return asked.source[:, round(start_s * rate) : round((start_s + seconds) * rate)]


def _around_span(backend: Backend, asked: Wish, name: str, tell: Progress) -> Take:
    """Return a sound with a stretch made anew, of which the backend hears no more than it can at once."""
    import numpy as np

    can, (start, end) = backend.can, asked.span_s or (0.0, asked.seconds)
    if end - start > can.longest_s:
        raise ModelFailed(f"{name} makes {can.longest_s:g} s anew at once", "fewer bars")
    first_s = min(max(0.0, (start + end - can.longest_s) / 2), asked.seconds - can.longest_s)
    heard = _stretch(asked, can.rate, first_s, can.longest_s)
    near = replace(asked, source=heard, seconds=can.longest_s, span_s=(start - first_s, end - first_s))
    take = _rendered(backend, near, name, partial(_told, tell, name, 0.0, 1.0))
    assert asked.source is not None
    whole = np.broadcast_to(asked.source, (take.audio.shape[0], asked.source.shape[1])).copy()
    at = round(first_s * can.rate)
    frames = min(take.audio.shape[1], whole.shape[1] - at)
    whole[:, at : at + frames] = take.audio[:, :frames]
    return replace(take, audio=whole)


def _told(tell: Progress, name: str, begin: float, size: float, share: float, words: str) -> None:
    tell(begin + size * share, f"{name}: {words}")


def _rendered(backend: Backend, wish: Wish, name: str, tell: Progress) -> Take:
    """Return a take; what a library says of a wish that it can't carry out is told in its first line."""
    try:
        return backend.render(wish, tell)
    except (ValueError, RuntimeError, TypeError) as error:
        raise ModelFailed(f"{name} cannot do that: {first_line(error)}", "another model, or a shorter piece") from error


def joined(before: "Audio", after: "Audio", shared: int) -> "Audio":
    """Return one sound after another, faded over so many frames with equal power."""
    import numpy as np

    shared = min(shared, before.shape[1], after.shape[1])
    if not shared:
        return np.concatenate([before, after], axis=1)
    share = np.sin(np.linspace(0, np.pi / 2, shared, dtype=np.float32))
    middle = before[:, -shared:] * np.sqrt(1 - share**2) + after[:, :shared] * share
    return np.concatenate([before[:, :-shared], middle, after[:, shared:]], axis=1)
