"""Routing: in which order tracks must be computed, and the refusal of loops."""

from hardcore.errors import UserError
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def feeds(track: Track) -> set[str]:
    """Return the ids of the tracks that hear this one: its output and the targets of its sends."""
    heard = {send.target for send in track.sends}
    return heard | {track.output} if track.output else heard


def order(project: ProjectState) -> list[Track]:
    """Return the tracks, every one after all that feed it or that it listens to; the master comes last.

    Side-chains count: the listened track comes first. Raises UserError naming the tracks in a loop.
    """
    before: dict[str, set[str]] = {track.id: set() for track in project.tracks}
    for track in project.tracks:
        for target in feeds(track):
            before[target].add(track.id)
        before[track.id] |= {effect.side for effect in track.effects if effect.side}
    done: list[Track] = []
    placed: set[str] = set()
    waiting = list(project.tracks)
    while waiting:
        ready = next((track for track in waiting if before[track.id] <= placed), None)
        if ready is None:
            names = ", ".join(track.name for track in waiting[:5])
            raise UserError(f"that would route sound in a circle ({names})")
        waiting.remove(ready)
        done.append(ready)
        placed.add(ready.id)
    return done


def ensure_no_loop(project: ProjectState) -> None:
    """Raise UserError when sound would go in a circle."""
    order(project)
