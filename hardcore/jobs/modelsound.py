"""The task in which a model makes sound: in windows where it is long, brought onto the grid, kept as an artifact.

It runs in the environment of the models. What was loaded stays as long as its worker does.
"""

from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardcore.errors import ModelFailed
from hardcore.jobs.request import Progress
from hardcore.models.backend import OF_SOURCE, Backend, Take, Wish, ensure_can, first_line
from hardcore.workers.context import Context, Words

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

KIND = "model"
_OURS = {
    "musicgen": "hardcore.models.musicgen:MusicGen",
    "diffusion": "hardcore.models.diffusion:Diffusion",
    "riffusion": "hardcore.models.riffusion:Riffusion",
    "service": "hardcore.models.service:Service",
}
# Windows of a long piece share so many beats, over which one is faded into the next.
_SHARED_BEATS = 1
_loaded: dict[tuple[str, str, str], Backend] = {}


def sound(
    context: Context, name: str, model: Words, device: str, wish: Words, grid: Words, source: Words | None, tries: int,
    place: Words,
) -> Words:  # fmt: skip
    """Return the artifact of what a model made, and what was asked and heard. Raises ModelFailed, UserError.

    name    what it is called
    model   name, backend, place and licence
    wish    the fields of a `Wish`, but seconds and source
    grid    bpm, seconds (exactly so long), loop
    source  path, first and frames of the sound that is started from, and its artifact
    tries   how often it is made anew, with the next seed, until its tempo is right
    place   where its clip comes to: for who takes it
    """
    context.progress(0.0, f"loading {model['name']}")
    backend = load(model["backend"], model["place"], device)
    asked = Wish(**wish, seconds=grid["seconds"], source=_source(source, backend))
    ensure_can(backend.can, asked, model["name"])
    taken = [_fitted(backend, asked, grid, model["name"], context.progress)]
    while not taken[-1][1]["in_tempo"] and len(taken) < tries:
        again = replace(asked, seed=(asked.seed + len(taken)) % (1 << 32))
        taken.append(_fitted(backend, again, grid, model["name"], context.progress))
    audio, heard = next((one for one in taken if one[1]["in_tempo"]), taken[0])
    kept = _kept(audio, backend.can.rate, name, model, asked, {**heard, "tries": len(taken)}, source)
    context.progress(1.0, "made")
    return {"artifact": kept, "heard": heard, "unheard": list(asked.unheard(backend.can))}


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


def _source(source: Words | None, backend: Backend) -> "Audio | None":
    if source is None:
        return None
    import numpy as np
    import soxr  # type: ignore[import-untyped]

    from hardcore.audio.intake import whole

    audio, rate = whole(Path(source["path"]))
    part = audio[:, source["first"] : source["first"] + source["frames"]]
    moved = soxr.resample(np.ascontiguousarray(part.T), rate, backend.can.rate, quality="VHQ")
    return np.ascontiguousarray(moved.reshape(len(moved), -1).T, np.float32)


def _fitted(backend: Backend, asked: Wish, grid: Words, name: str, tell: Progress) -> "tuple[Audio, Words]":
    """Return what a backend made, on the grid, and what was done to it."""
    from hardcore.audio.gridfit import cut, extra_s, first_attack_s, tempo_factor
    from hardcore.audio.seam import seam
    from hardcore.audio.stretch import stretched

    bpm, rate = grid["bpm"], backend.can.rate
    frames = round(grid["seconds"] * rate)
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
    return audio, {
        "asked_bpm": bpm, "heard_bpm": heard, "factor": factor, "shift_s": shift, "in_tempo": in_tempo,
        "seam_times": joined.times if joined else None, "seed": asked.seed, "repeats": take.repeats,
        "applied": dict(take.applied),
    }  # fmt: skip


def _windows(backend: Backend, asked: Wish, beat_s: float, name: str, tell: Progress) -> Take:
    """Return a take of any length: of what a backend can't make at once, windows that go on from each other."""
    import numpy as np

    can = backend.can
    if asked.seconds <= can.longest_s or asked.task in OF_SOURCE:
        return _rendered(backend, asked, name, partial(_told, tell, name, 0.05, 0.85))
    shared_s = _SHARED_BEATS * beat_s
    step_s = (can.longest_s - shared_s) // (4 * beat_s) * 4 * beat_s or can.longest_s - shared_s
    count = int(np.ceil((asked.seconds - shared_s) / step_s))
    whole, first = np.zeros((can.channels, 0), np.float32), None
    for place in range(count):
        left_s = asked.seconds - place * step_s
        window = replace(asked, seconds=min(can.longest_s, left_s), seed=(asked.seed + place) % (1 << 32))
        if place and "continue" in can.tasks:
            window = replace(window, task="continue", source=whole, seconds=window.seconds - shared_s)
        at = 0.05 + 0.85 * place / count
        progress = partial(_told, tell, name, at, 0.85 / count)
        take = _rendered(backend, window, name, progress)
        first = first or take
        shared = 0 if window.task == "continue" else round(shared_s * can.rate)
        whole = _joined(whole, take.audio, shared)
    assert first is not None
    return replace(first, audio=whole)


def _told(tell: Progress, name: str, begin: float, size: float, share: float, words: str) -> None:
    tell(begin + size * share, f"{name}: {words}")


def _rendered(backend: Backend, wish: Wish, name: str, tell: Progress) -> Take:
    """Return a take; what a library says of a wish that it can't carry out is told in its first line."""
    try:
        return backend.render(wish, tell)
    except (ValueError, RuntimeError, TypeError) as error:
        raise ModelFailed(f"{name} cannot do that: {first_line(error)}", "another model, or a shorter piece") from error


def _joined(before: "Audio", after: "Audio", shared: int) -> "Audio":
    """Return one sound after another, faded over so many frames with equal power."""
    import numpy as np

    shared = min(shared, before.shape[1], after.shape[1])
    if not shared:
        return np.concatenate([before, after], axis=1)
    share = np.sin(np.linspace(0, np.pi / 2, shared, dtype=np.float32))
    middle = before[:, -shared:] * np.sqrt(1 - share**2) + after[:, :shared] * share
    return np.concatenate([before[:, :-shared], middle, after[:, shared:]], axis=1)


def _kept(
    audio: "Audio", rate: int, name: str, model: Words, asked: Wish, heard: Words, source: Words | None
) -> str:  # fmt: skip
    from hardcore.jobs.artifactsound import keep_sound
    from hardcore.jobs.soundfiles import playable
    from hardcore.project import artifacts

    given = ("words", "task", "bpm", "key", "meter", "lyrics", "negative", "strength", "span_s")
    recipe: Any = {
        "model": {key: model[key] for key in ("name", "backend", "source", "licence", "commercial")},
        "wish": {key: getattr(asked, key) for key in given if getattr(asked, key) not in (None, "")},
        "heard": heard,
    }
    if audio.shape[0] > 2:
        audio = audio[:2]
    parents = [source["artifact"]] if source else []
    made = keep_sound(
        audio, rate, name=name, kind=KIND, recipe=recipe, parents=parents, licence=model["licence"],
        tags=("generate", model["name"]),
    )  # fmt: skip
    playable(artifacts.recording_of(made.sound), artifacts.path_of(made.sha256))
    return made.sha256
