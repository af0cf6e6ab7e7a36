"""The task in which a model makes sounds: one, a clip of a layer, or the sections of a plan, kept as artifacts.

It runs in the environment of the models. What was loaded stays as long as its worker does.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hardcore.jobs.job import PLAYING, WRITING
from hardcore.jobs.modelcheck import model_check as model_check
from hardcore.jobs.modeltake import fitted, joined, load, source_of
from hardcore.jobs.request import Progress
from hardcore.models.backend import Backend, Wish, ensure_can
from hardcore.workers.context import Context, Words

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

KIND = "model"
# The sections of a piece that is one sound are faded into each other over so long, seconds.
JOIN_S = 0.02


def sound(
    context: Context, name: str, model: Words, device: str, parts: list[Words], tries: int, piece: Words | None,
    **noted: Any,
) -> Words:  # fmt: skip
    """Return the artifacts of what a model made, and what was asked and heard. Raises ModelFailed, UserError.

    model   name, backend, place and licence
    parts   what is made: `name`; `wish`, the fields of a `Wish` but seconds and source; `grid` as `fitted` has it;
            `sources`: path, first, frames, gain and artifact of what it is started from
    tries   how often it is made anew, with the next seed, until its tempo is right
    piece   words, seed and plan where the parts become one sound, one after another
    noted   what is only for who takes the result, such as the places of clips
    """
    context.progress(0.0, f"loading {model['name']}")
    backend = load(model["backend"], model["place"], device)
    total = sum(part["grid"]["seconds"] for part in parts)
    done_s, made, sounds = 0.0, list[Words](), list["Audio"]()
    for part in parts:
        seconds = part["grid"]["seconds"]
        tell = _progress(context.progress, done_s / total, seconds / total)
        audio, facts = _part(
            backend, part, model["name"], tries, tell, JOIN_S if piece and part is not parts[-1] else 0
        )
        sounds.append(audio)
        made.append(facts if piece else facts | {"artifact": _kept(audio, backend, model, part, facts)})
        done_s += seconds
    context.progress(WRITING, "writing")
    whole = _kept_piece(sounds, backend, name, model, piece, made) if piece else made[0]["artifact"]
    context.progress(1.0, "made")
    return {"artifact": whole, "motif": None, "seconds": total, "made": made}


def _progress(tell: Progress, begin: float, size: float) -> Progress:
    def told(share: float, words: str) -> None:
        tell(PLAYING + (WRITING - PLAYING) * (begin + size * share), words)

    return told


def _part(backend: Backend, part: Words, name: str, tries: int, tell: Progress, more_s: float) -> "tuple[Audio, Words]":
    """Return a part, `more_s` longer than its grid, and what was asked and heard: the first take that is in tempo."""
    grid = {**part["grid"], "seconds": part["grid"]["seconds"] + more_s}
    asked = Wish(**part["wish"], seconds=grid["seconds"], source=source_of(part["sources"], backend))
    ensure_can(backend.can, asked, name)
    taken = [fitted(backend, asked, grid, name, tell)]
    while not taken[-1][1]["in_tempo"] and len(taken) < tries:
        again = replace(asked, seed=(asked.seed + len(taken)) % (1 << 32))
        taken.append(fitted(backend, again, grid, name, tell))
    audio, heard = next((one for one in taken if one[1]["in_tempo"]), taken[0])
    unheard = list(asked.unheard(backend.can))
    return audio, {"name": part["name"], "heard": {**heard, "tries": len(taken)}, "unheard": unheard}


def _kept(audio: "Audio", backend: Backend, model: Words, part: Words, facts: Words) -> str:
    wish = {key: value for key, value in part["wish"].items() if value not in (None, "")}
    about = {"prompt": wish["words"], "seed": facts["heard"]["seed"]}
    extras = {"wish": wish, "heard": facts["heard"]}
    parents = list(dict.fromkeys(one["artifact"] for one in part["sources"]))
    return _artifact(audio, backend, part["name"], model, {**about, "extras": extras}, parents)


def _kept_piece(
    sounds: "list[Audio]", backend: Backend, name: str, model: Words, piece: Words, made: list[Words]
) -> str:  # fmt: skip
    whole = sounds[0]
    for after in sounds[1:]:
        whole = joined(whole, after, round(JOIN_S * backend.can.rate))
    about = {"prompt": piece["words"], "seed": piece["seed"], "plan": piece["plan"], "extras": {"sections": made}}
    return _artifact(whole, backend, name, model, about, [])


def _artifact(
    audio: "Audio", backend: Backend, name: str, model: Words, about: Words, parents: list[str]
) -> str:  # fmt: skip
    """Return the artifact that a sound is kept as, with the metadata that generations have, and a form that plays."""
    from hardcore.jobs.artifactsound import keep_sound
    from hardcore.jobs.soundfiles import playable
    from hardcore.project import artifacts

    known = {key: model[key] for key in ("name", "backend", "source", "licence", "commercial")}
    seconds = audio.shape[1] / backend.can.rate
    recipe: Any = {
        **about, "model_id": model["name"], "duration_seconds": seconds,
        "extras": {"model": known, **about["extras"]},
    }  # fmt: skip
    kept = keep_sound(
        audio[:2], backend.can.rate, name=name, kind=KIND, recipe=recipe, parents=parents, licence=model["licence"],
        tags=("generate", model["name"]),
    )  # fmt: skip
    playable(artifacts.recording_of(kept.sound), artifacts.path_of(kept.sha256))
    return kept.sha256
