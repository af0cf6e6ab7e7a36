"""Scope: which tracks an order is about, and the turning of one parameter."""

from collections.abc import Callable, Sequence

from hardcore.compose.edits.outcome import Outcome as Outcome
from hardcore.compose.edits.turning import figure as figure
from hardcore.compose.edits.turning import parameter_of as parameter_of
from hardcore.compose.edits.turning import shown as shown
from hardcore.compose.edits.turning import turned as turned
from hardcore.compose.edits.turning import turned_effect as turned_effect
from hardcore.compose.edits.turning import within as within
from hardcore.compose.orders import Order, Target
from hardcore.project.parts import device_of as device_of
from hardcore.project.parts import plays as plays
from hardcore.project.roles import DRUMS, Role
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

# asked for one, the project may have the other
STAND_IN: dict[Role, tuple[Role, ...]] = {
    "bass": ("sub",), "sub": ("bass",), "chords": ("keys", "pad", "pluck"), "keys": ("chords",), "pluck": ("lead",),
    "snare": ("clap",), "clap": ("snare",), "lead": ("pluck",), "perc": ("tom", "rim"), "texture": ("pad",),
    "hat_open": ("hat_closed",),
}  # fmt: skip


def found(project: ProjectState, target: Target, stand_in: bool = True) -> list[Track]:
    """Return the tracks a target means; of roles that are missing, what may stand in for them.

    A part that is named by its instrument is meant only where it plays that.
    """
    tracks = of_role(project, target)
    device = target.entry.device if target.entry else None
    if device is not None:
        playing = [track for track in project.tracks if plays(track) and device_of(track).id == device]
        # "the trumpet" is no other lead; "the stabs" are the chords, whatever plays them
        if playing or not (target.entry and target.entry.traits):
            return [track for track in playing if track in tracks] or playing
    if not tracks and stand_in and not (target.entry and target.entry.group):
        others = [role for wanted in target.roles for role in STAND_IN.get(wanted, ())]
        first = next((role for role in others if any(track.role == role for track in project.tracks)), None)
        tracks = [track for track in project.tracks if track.role == first] if first else []
    return tracks


def of_role(project: ProjectState, target: Target) -> list[Track]:
    """Return the tracks in the roles of a target, whatever plays them."""
    if target.track:
        return [track for track in project.tracks if track.id == target.track]
    return [track for track in project.tracks if track.role in target.roles]


def chosen(project: ProjectState, order: Order, default: Callable[[Track], bool]) -> tuple[list[Track], list[str]]:
    """Return the tracks of an order, those that `default` is true of when none is named, and what is not there."""
    if not order.targets:
        return [track for track in project.tracks if default(track)], []
    tracks: list[Track] = []
    missing: list[str] = []
    for target in order.targets:
        here = found(project, target)
        if not here:
            missing.append(f"{no(target)} to change")
        tracks += [track for track in here if track not in tracks]
    return tracks, missing


def label(target: Target) -> str:
    """Return a target as it was typed."""
    return target.words.casefold()


def no(target: Target) -> str:
    """Return that there is no such part: "there is no lead", "there are no hats"."""
    words = label(target)
    return f"there {'are' if words.endswith('s') and not words.endswith('ss') else 'is'} no {words}"


def already(target: Target) -> str:
    """Return that there is such a part: "there is a pad already", "there are strings already"."""
    words = label(target)
    several = words.endswith("s") and not words.endswith("ss")
    return f"there {'are' if several else 'is a'} {words} already (say: {'more' if several else 'another'} {words})"


def is_drum(track: Track) -> bool:
    """Return whether a track is a drum."""
    return track.role in DRUMS


def other_sound(target: Target, tracks: Sequence[Track]) -> bool:
    """Return whether a target names an instrument and every one of the tracks plays another."""
    device = target.entry.device if target.entry else None
    return bool(device) and all(plays(track) and device_of(track).id != device for track in tracks)
