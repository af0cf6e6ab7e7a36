"""Chords: the harmony of what exists made anew as words for it say; lines, rhythms and seeds stay the same."""

from hardcore.compose.changes.scope import Outcome
from hardcore.compose.edits.chords import colour_chords, set_chords
from hardcore.compose.orders import Order
from hardcore.project.roles import UNTUNED
from hardcore.project.state import ProjectState


def chords(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the chords that a word for them asks for; every part with pitches follows."""
    if not any(track.role not in UNTUNED and track.clips for track in project.tracks):
        return Outcome(project, (), (f"{order.words}: there is nothing that plays chords",))
    return colour_chords(project, order.value)


def typed(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the chords that were typed, in the key that holds them; every part follows."""
    return set_chords(project, order.value)
