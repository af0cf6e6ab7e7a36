"""Density: twice or half as many hits, denser and sparser, ghost notes."""

from collections.abc import Sequence

from hardcore.compose.changes.scope import Outcome, chosen, is_drum
from hardcore.compose.edits.density import of_steps, set_density
from hardcore.compose.edits.ghosts import add_ghosts, ghosts, remove_ghosts
from hardcore.compose.orders import Order
from hardcore.project.roles import TRANSITIONS
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

ANCHORS = ("kick", "snare", "clap", "sub", "pad", "texture", *TRANSITIONS)  # they stay as they are unless named


def double(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with twice as many hits, each new one halfway to the next; with sign −1 half as many."""
    if not order.targets:
        return Outcome(project, (), (f"say what to {'double' if order.sign > 0 else 'halve'}: double the hats",))
    tracks, failed = chosen(project, order, lambda track: False)
    if all(set(target.roles) == {"hat_closed", "hat_open"} for target in order.targets):
        # of both hats the closed one keeps the time
        tracks = [track for track in tracks if track.role == "hat_closed"] or tracks
    return _with(set_density(project, _selected(tracks), 2 if order.sign > 0 else 0.5, seed), failed)


def double_time(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with its drums, or the named parts, playing twice as many hits in the same time."""
    if order.targets:
        return double(project, order, seed)
    tracks = [track for track in project.tracks if is_drum(track) and track.clips]
    if not tracks:
        return Outcome(project, (), ("there are no drums to play in double time",))
    return set_density(project, _selected(tracks), 2, seed)


def density(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or fewer notes in the named parts, or in all but kick, backbeat and backgrounds."""
    tracks, failed = chosen(project, order, lambda track: bool(track.clips) and track.role not in ANCHORS)
    return _with(set_density(project, _selected(tracks), of_steps(order.sign * order.amount), seed), failed)


def ghost(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or fewer ghost notes: on the named drums, else the snare, else another drum."""
    tracks, failed = chosen(project, order, lambda track: track.role == "snare" and bool(track.clips))
    if not tracks and not failed:
        drums = [track for track in project.tracks if track.clips]
        for role in ("clap", "rim", "perc", "hat_closed", "kick"):
            tracks = tracks or [track for track in drums if track.role == role]
    if order.sign < 0 and not order.targets:
        tracks = [track for track in project.tracks if is_drum(track) and any(ghosts(c.notes) for c in track.clips)]
    if order.sign > 0:
        return _with(add_ghosts(project, _selected(tracks), order.amount, seed), failed)
    return _with(remove_ghosts(project, _selected(tracks), 2 if order.sign < -1 else order.amount), failed)


def _selected(tracks: Sequence[Track]) -> list[Selected]:
    return [Selected(track, track.clips) for track in tracks]


def _with(outcome: Outcome, failed: Sequence[str]) -> Outcome:
    return outcome._replace(failed=(*failed, *outcome.failed))
