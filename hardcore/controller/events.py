"""The event bus: what happens in a studio is told here, once, to everybody who wants to know.

    stop = events.subscribe(StepMade, lambda event: print(event.label))

A listener is called at once, in the thread where it happened, and returns at once. It edits nothing: whoever reacts
begins a task of its own, with `caused` as its cause. One that fails is logged and harms nobody.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from hardcore.bugs import log_bug
from hardcore.errors import UserError
from hardcore.project.playback import Fired, Playback
from hardcore.project.state import ProjectState

# Why something was done, the first reason first; empty where somebody simply asked for it.
Cause = tuple[str, ...]
MOST_CAUSES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Event):
    """The project went from `old` to `new`, and we stand on `step` now."""

    step: int
    label: str
    author: str
    cause: Cause = ()
    old: ProjectState
    new: ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMade(Changed):
    """An edit made a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReached(Changed):
    """We went to a step that there was: undo, redo, history goto, or what could not be kept was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOpened(Changed):
    """Another project took the place of this one: its steps have numbers of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadChanged(Event):
    """On a named head the project went from `old` to `new`, by an edit, undo, redo or merge, or the head has ended.

    The head stands on `step` now, None: it is gone. Nothing of that is played, shown or saved as the project.
    """

    head: str
    step: int | None
    label: str
    author: str
    cause: Cause = ()
    old: ProjectState
    new: ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingChanged(Event):
    """What is heard is another version: the project, with layers that are only tried out over it.

    It may come from any thread. `opening` numbers the projects that were opened: two of them may have the same ids.
    """

    heard: ProjectState
    opening: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybackChanged(Event):
    """The player does something else than before; levels and the position, which always change, are no event.

    This, BeatReached and MarkerReached come from the player's thread.
    """

    playback: Playback


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatReached(Event):
    """The music reached a beat, both counted from 1. It is told within a tenth of a second: no clock to play by."""

    bar: int
    beat: int
    tick: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerReached(Event):
    """The music reached a marker, as late as a beat is told."""

    marker: str
    tick: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmsFired(Event):
    """Ticks were heard for which rules had armed something with the player; it comes from the player's thread."""

    fired: tuple[Fired, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MidiReceived(Event):
    """A MIDI input was played: a note began or ended (off), or a controller moved. It comes from a thread of its own.

    number  the key, controller, parameter or program; 0 for bend and pressure
    value   the velocity, or where the controller is, 0–127; of fine, nrpn and bend 0–16383
    at_s    when it came, seconds of the machine's steady clock
    """

    port: str
    message: Literal["note", "off", "cc", "fine", "nrpn", "program", "pressure", "poly", "bend"]
    channel: int
    number: int
    value: int
    at_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockHeard(Event):
    """The MIDI clock that is followed, or the Link session, says something; it comes from a thread of its own.

    bpm      its tempo, None as long as there are too few pulses
    running  whether its music runs; `tick`: where it is at `at_s` of the machine's steady clock
    did      start, continue, stop or position, empty where it only goes on
    peers    of a Link session, how many others are in it; None: it is MIDI clock
    """

    bpm: float | None
    running: bool
    tick: float
    at_s: float
    did: str = ""
    peers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFired(Event):
    """A rule has fired: what it did in words, and why it could not, in one line.

    late_beats   how many beats after its own the player did it
    """

    rule: str
    name: str
    words: str
    late_beats: float = 0.0
    error: str = ""
    cause: Cause = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(Event):
    """A rule has something to say to the person at the studio."""

    message: str
    author: str
    cause: Cause = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged(Event):
    """Slow work began, went on (`share` of it is done, 0 to 1, and what it does in words) or ended."""

    job: str
    label: str
    state: Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]
    share: float = 0.0
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactMade(Event):
    """A command wrote a file that the project is not: a sound, a picture, MIDI."""

    path: Path
    label: str
    author: str
    cause: Cause = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """Return what it is: its ending, such as wav, its name, and the first word of what made it."""
        return (
            self.path.suffix.removeprefix(".").lower(),
            self.path.stem.lower(),
            self.label.partition(" ")[0].lower(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRan(Event):
    """A command has answered, or failed.

    line     as it was typed, or its name
    effects  what it may have changed
    step     the step that it made or went to, else the one where the project stands
    error    why it failed, in one line; empty when it did not
    answer   its typed answer, None when it failed
    uses     what of the user's library came into the project by it, each as `kind:name:version`
    """

    name: str
    line: str
    author: str
    cause: Cause = ()
    effects: frozenset[str]
    step: int
    error: str = ""
    answer: object = None
    uses: tuple[str, ...] = ()


Kind = TypeVar("Kind", bound=Event)


def caused(cause: Cause, reason: str) -> Cause:
    """Return the cause of what is done because of `reason`, which had `cause` itself.

    Raises UserError where one thing has led to another so often that they go round in a circle.
    """
    if len(cause) >= MOST_CAUSES:
        chain = " → ".join((*cause, reason))[:200]
        raise UserError(f"stopped: one thing led to another too often: {chain}", "switch one of them off")
    return (*cause, reason)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and why: what is told meanwhile says so. `outside`: they came through a gate, whatever they sign."""

    author: str = "you"
    cause: Cause = ()
    outside: bool = False


_actor: ContextVar[Actor] = ContextVar("actor", default=Actor())  # noqa: B039 it is frozen


def actor() -> Actor:
    """Return who acts at present."""
    return _actor.get()


@contextmanager
def acting(author: str, cause: Cause, *, outside: bool = False) -> Iterator[None]:
    """Let everything that happens inside be told as done by `author`."""
    before = _actor.set(Actor(author, cause, outside))
    try:
        yield
    finally:
        _actor.reset(before)


class Events:
    """The bus of a studio. It may be used from any thread."""

    def __init__(self) -> None:
        self._listeners: list[tuple[type[Event] | tuple[type[Event], ...], Callable[..., object]]] = []
        # who wants to know of each kind of event, as long as nobody comes or goes
        self._wanting: dict[type[Event], tuple[Callable[..., object], ...]] = {}
        self._here = threading.local()

    @property
    def telling(self) -> bool:
        """Return whether this thread is calling listeners."""
        return getattr(self._here, "depth", 0) > 0

    def subscribe(
        self, kinds: type[Kind] | tuple[type[Kind], ...], listener: Callable[[Kind], object]
    ) -> Callable[[], None]:
        """Call `listener` with every event of these kinds from now on; returns a function that stops it."""
        entry = (kinds, listener)
        self._listeners.append(entry)
        self._wanting = {}

        def stop() -> None:
            if entry in self._listeners:
                self._listeners.remove(entry)
                self._wanting = {}

        return stop

    def tell(self, event: Event) -> None:
        """Call everybody who wants to know of `event`, in the order in which they subscribed. Never fails."""
        wanting, kind = self._wanting, type(event)
        if kind not in wanting:
            wanting[kind] = tuple(listener for kinds, listener in tuple(self._listeners) if issubclass(kind, kinds))
        self._here.depth = getattr(self._here, "depth", 0) + 1
        try:
            for listener in wanting[kind]:
                self._call(listener, event)
        finally:
            self._here.depth -= 1

    def _call(self, listener: Callable[..., object], event: Event) -> None:
        try:
            listener(event)
        except Exception as error:
            log_bug(error)
