"""Learning: what the person at the studio does to a piece after it was composed goes into their profile.

    ProfileLearner(studio)

It subscribes to the steps of a studio that a person works in, and ends with it. What counts is how a piece stands when
the next one is begun, when it is saved or exported, when another project is opened or the studio left, and every so
many steps; not each turn of a knob, and nothing that was undone. A piece that was left as soon as it was made says
nothing.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from hardcore.controller.controller import PERSON
from hardcore.controller.events import CommandRan, ProjectOpened, StepMade, actor
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.history import History
from hardcore.project.state import ProjectState

# after so many steps of the person what they made of a piece is written down: a kill loses no more
EVERY = 20
KEEPS = ("save", "save-as", "export")


class AsComposed(NamedTuple):
    """A piece as it was composed, and what the profile made of it: the newest of this session."""

    composed: ProjectState
    liked: ProjectState


@dataclass
class _Watched:
    """A piece that is learned from: the step that made it, and the steps of the person since."""

    history: History
    step: int
    composed: ProjectState
    made: ProjectState
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    steps: set[int] = field(default_factory=set)
    kept: bool = False
    recorded: bool = False


class ProfileLearner:
    """Watches the piece that the person made last; it belongs to the loop in which the studio's steps are made."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._watched: _Watched | None = None
        events = studio.controller.events
        events.subscribe(StepMade, self._made)
        events.subscribe(ProjectOpened, self._opened)
        events.subscribe(CommandRan, self._ran)
        studio.keep(self)

    def settle(self) -> None:
        """Write down what the person has made of the piece until now."""
        if self._watched is not None:
            self._settle(self._watched)

    def close(self) -> None:
        """Write down what was made of the piece; the studio ends."""
        self._leave()

    def _made(self, event: StepMade) -> None:
        by_person = event.author == PERSON and not event.cause and not actor().outside
        if _is_new(event):
            self._leave()
            self._watched = self._begun(event) if by_person else None
        elif by_person and self._watched is not None:
            self._watched.steps.add(event.step)
            if len(self._watched.steps) % EVERY == 0:
                self.settle()

    def _begun(self, event: StepMade) -> _Watched | None:
        if not _style(event.new):
            return None
        pair = self._studio.recall(AsComposed)
        composed = pair.composed if pair is not None and pair.liked.provenance is event.new.provenance else event.new
        return _Watched(self._studio.controller.history, event.step, composed, event.new)

    def _opened(self, event: ProjectOpened) -> None:
        self._leave()

    def _ran(self, event: CommandRan) -> None:
        by_person = event.author == PERSON and not actor().outside
        if self._watched is not None and by_person and event.name in KEEPS and not event.error:
            self._watched.kept = True
            self.settle()

    def _leave(self) -> None:
        self.settle()
        self._watched = None

    def _settle(self, piece: _Watched) -> None:
        """Write down what has become of a piece until now; where that fails, the next time does it."""
        if self._studio.profile is None or not self._studio.settings.producer.profile:
            return
        from hardcore.profile.model import Observation
        from hardcore.profile.observation import observe

        line = piece.history.line()
        numbers = [step.number for step in line]
        if piece.step not in numbers:
            self._forget(piece)
            return
        own = [step for step in line[numbers.index(piece.step) + 1 :] if step.number in piece.steps]
        if not (own or piece.kept):
            self._forget(piece)
            return
        with suppress(UserError):
            state = piece.history.state
            steps = [(state(step.parent), state(step.number)) for step in own]
            found = Observation(
                piece=piece.name,
                style=_style(piece.made),
                at=self._studio.controller.now(),
                offsets=observe(piece.composed, [(piece.composed, piece.made), *steps]),
            )
            self._studio.profile.change(lambda profile: profile.with_piece(found))
            piece.recorded = True

    def _forget(self, piece: _Watched) -> None:
        """Take back what was written down of a piece: it was undone since, or all that was done to it."""
        if piece.recorded and self._studio.profile is not None:
            with suppress(UserError):
                self._studio.profile.change(lambda profile: profile.without_piece(piece.name))
                piece.recorded = False


def _is_new(event: StepMade) -> bool:
    """Return whether a step made another piece, or the piece in another style."""
    if event.new.provenance is event.old.provenance:
        return False
    return event.new.piece != event.old.piece or _style(event.new) != _style(event.old)


def _style(project: ProjectState) -> str:
    """Return the id of the style that a project was composed in, empty for one that was not."""
    source = project.provenance
    try:
        return str(json.loads(source.intent["genre"])) if source is not None else ""
    except (KeyError, ValueError):
        return ""
