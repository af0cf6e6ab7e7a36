"""Chain: where an effect of a part is heard, as an insert of its own or through a return that it sends to."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hardcore.knowledge.terms import EffectTerm, effect_called
from hardcore.project.mixer import Effect
from hardcore.project.plugin import is_plugin
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect

# where "reverb" is asked for any of these is one
KIN = {"reverb": ("reverb", "spring"), "delay": ("delay", "tape_delay")}


class Heard(NamedTuple):
    """Where a track's effect is: the track that has the insert, the effect; `through` a return, or on it itself."""

    track: Track
    effect: Effect
    through: bool = False


def kinds_of(term: EffectTerm) -> tuple[str, ...]:
    """Return the devices that a term may be, where it is one already."""
    return KIN.get(term.device, (term.device,)) if term.send else (term.device,)


def kinds_called(words: str) -> tuple[str, ...]:
    """Return the devices that words may mean on a track; a plug-in is itself, whether or not it is on this machine.

    Raises UserError for words that mean no effect at all.
    """
    return (words.casefold(),) if is_plugin(words) else kinds_of(effect_called(words))


def return_of(project: ProjectState, kinds: Iterable[str]) -> Track | None:
    """Return the project's first return with one of these effects, or None."""
    returns = [track for track in project.tracks if track.kind == "return"]
    there = [track for track in returns if any(fx.device in set(kinds) and not fx.bypass for fx in track.effects)]
    return there[0] if there else None


def heard(project: ProjectState, track: Track, words: str) -> Heard | None:
    """Return a track's effect by place, id or what it is called: an insert, else that of a return it sends to.

    None where it has no such effect. Raises UserError for words that mean no effect at all.
    """
    for place, effect in enumerate(track.effects, 1):
        if words.casefold() in (effect.id, effect.device, str(place)):
            return Heard(track, effect)
    kinds = kinds_called(words)
    for kind in kinds:
        if own := next((effect for effect in track.effects if effect.device == kind), None):
            return Heard(track, own)
    for target in (project.find_track(one.target) for one in track.sends):
        if there := next((effect for effect in target.effects if effect.device in kinds), None):
            return Heard(target, there, through=True)
    return None


def has(track: Track) -> str:
    """Return what effects a track has, in brackets for the end of a line; nothing where it has none."""
    names = [effect.device for effect in track.effects]
    return f" (it has {', '.join(names)})" if names else ""


def put(
    project: ProjectState, track: Track, device: str, settings: Mapping[str, float], side: str | None = None
) -> ProjectState:
    """Return the project with an effect last in a track's chain, but before a limiter that ends it.

    Raises UserError as `add_effect` does.
    """
    limited = bool(track.effects) and track.effects[-1].device == "limiter" and device != "limiter"
    return add_effect(project, track.id, device, settings, side, len(track.effects) if limited else None)[0]
