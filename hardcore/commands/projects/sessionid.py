"""The id of a session: one for each project that is open, as long as it is."""

from dataclasses import dataclass
from uuid import uuid4

from hardcore.controller.studio import Studio
from hardcore.project.history import History


@dataclass(frozen=True, slots=True)
class SessionId:
    """An id, and the history of the project that it is of."""

    id: str
    history: History


def session_id(studio: Studio) -> str:
    """Return the id of the session of the project that is open."""
    known, history = studio.recall(SessionId), studio.controller.history
    if known is None or known.history is not history:
        known = SessionId(f"session-{uuid4()}", history)
        studio.keep(known)
    return known.id
