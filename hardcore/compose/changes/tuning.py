"""Tuning: "tune the kick to F"."""

from hardcore.compose.changes.scope import Outcome, chosen
from hardcore.compose.edits import tuning
from hardcore.compose.orders import Order
from hardcore.project.state import ProjectState


def tune(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named drums tuned to the note whose pitch class is the order's value, 0–11."""
    if order.value is None or not order.targets:
        return Outcome(project, (), ("say what to tune, and to which note: tune the kick to F",))
    tracks, failed = chosen(project, order, lambda track: False)
    outcome = tuning.tune(project, tracks, int(order.value))
    return outcome._replace(failed=(*failed, *outcome.failed))
