"""The studio: the open project with all that belongs to a session of work, whichever surfaces it has."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from hardcore.controller.controller import Controller
from hardcore.controller.events import Changed, HeadChanged, ProjectOpened
from hardcore.controller.playingports import MidiInputs, Player
from hardcore.controller.ports import Closing, Door, Jobs, Osc, Stage
from hardcore.controller.storeports import Durations, Leaves, Library, ProfileStore, ProjectStore, RuleTrust, SoundIndex
from hardcore.errors import UserError
from hardcore.project.history import MAIN
from hardcore.project.pluginsound import with_plugins
from hardcore.project.rule import Rule
from hardcore.project.state import ProjectState
from hardcore.settings import Settings

if TYPE_CHECKING:
    from hardcore.project.blocks import Held

T = TypeVar("T")

_LOWEST_DB = -96.0


@dataclass(slots=True)
class Studio:
    """An open studio: the controller, where projects and presets are kept, the user's settings, and what plays.

    player     None where a studio does not stay open long enough to play
    sounds     the user's own sounds; None in a studio that keeps none
    jobs       slow work that runs, waits and ran; None in a studio that runs none
    stage      the full screen, None where there is none
    tour       the step of the tour one is at, 0 without one
    closing    whether it is about to be left
    heard      the step or the branch that is heard in place of the present step; None: the present one
    leaves     what of unsaved work stays to be recovered when it closes
    heard_gain_db  how far that is turned down, to compare it
    unheard    the project as a prompt made it, as long as the producer has not listened to its mix
    door       the server for other programs; None in a studio that closes at once
    clipboard  what was last copied or cut in the arrangement
    trust      which rules may act; None: none
    hands      the MIDI inputs; None where nothing plays
    osc        what hears OSC; None in a studio that closes at once
    profile    what is known of the user's taste; None in a studio that keeps nothing
    durations  how long spaces take to make something; None where nothing is learned

    What commands keep from one call to the next, such as a drum session, is kept by its type: `keep`, `recall`,
    `forget`.
    """

    controller: Controller
    store: ProjectStore
    library: Library
    settings: Settings
    version: str
    player: Player | None = None
    stage: Stage | None = None
    tour: int = 0
    closing: bool = False
    sounds: SoundIndex | None = None
    jobs: Jobs | None = None
    heard: int | str | None = None
    heard_gain_db: float = 0.0
    unheard: ProjectState | None = None
    leaves: Leaves = "all"
    door: Door | None = None
    clipboard: "Held | None" = None
    trust: RuleTrust | None = None
    hands: MidiInputs | None = None
    osc: Osc | None = None
    durations: Durations | None = None
    profile: ProfileStore | None = None
    _kept: dict[type, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.controller.events.subscribe(Changed, self._hear_on)
        self.controller.events.subscribe(HeadChanged, self._hear_on)

    def keep(self, thing: object) -> None:
        """Keep a thing for later calls, in place of the one of its type."""
        self._kept[type(thing)] = thing

    def recall(self, kind: type[T]) -> T | None:
        """Return the thing of a type that is kept, None without one."""
        return self._kept.get(kind)

    def forget(self, kind: type) -> None:
        """Keep the thing of a type no longer; without one nothing happens."""
        self._kept.pop(kind, None)

    def trusts(self, rule: Rule) -> bool:
        """Return whether a rule may act: it was made or switched on here, not in a file from elsewhere."""
        return self.trust is not None and self.trust.holds(rule.deed)

    def trust_rule(self, rule: Rule) -> None:
        """Let a rule act from now on."""
        if self.trust is not None:
            self.trust.add(rule.deed)

    def _hear_on(self, changed: Changed | HeadChanged) -> None:
        """Go on with what is heard after a change: with a step until the next edit, with a branch until it ends."""
        here = isinstance(changed, HeadChanged) and changed.head == self.heard
        if here and changed.step is not None:
            self._play(turned_down(changed.new, self.heard_gain_db), provisional=True)
        elif here:
            self.hear(None)
        elif isinstance(changed, ProjectOpened) or (isinstance(changed, Changed) and isinstance(self.heard, int)):
            self.heard = None  # the player follows the project already

    def hear(self, place: int | str | None, gain_db: float = 0.0) -> None:
        """Let the player play the project as it was after a step or is on a branch, or as it is now (None).

        gain_db   how far that is turned down, 0 or less, so that it compares with something softer
        The history stays as it is. Raises UserError when there is none such or nothing that plays; then nothing has
        changed.
        """
        controller = self.controller
        if not gain_db:
            place = None if place in (MAIN, controller.history.at) else place
        if place is None and self.heard is None:
            return
        if self.player is None:
            raise UserError("nothing plays here", "start `hardcore` in a terminal")
        if place is None:
            state = controller.hearing.heard
        else:
            state = controller.on(place) if isinstance(place, str) else controller.history.state(place)
        # while a branch is heard, edits of the present are not
        controller.hearing.hold(isinstance(place, str))
        self._play(turned_down(state, gain_db), provisional=place is not None)
        self.heard, self.heard_gain_db = place, gain_db

    def _play(self, state: ProjectState, *, provisional: bool) -> None:
        if self.player is not None:
            self.player.follow(with_plugins(state), provisional=provisional, opening=self.controller.hearing.opening)

    def close(self) -> None:
        """End what is kept, the player and the jobs, and let go of the project.

        Unsaved steps stay recoverable, as `leaves` says.
        """
        for thing in tuple(self._kept.values()):
            if isinstance(thing, Closing):
                thing.close()
        if self.door is not None:
            self.door.abandon()
        if self.osc is not None:
            self.osc.close()
        if self.hands is not None:
            self.hands.close()
        if self.player is not None:
            self.player.close()
        if self.jobs is not None:
            self.jobs.close()
        self.controller.close(self.leaves)


def turned_down(project: ProjectState, gain_db: float) -> ProjectState:
    """Return a project turned down by as much."""
    if not gain_db:
        return project
    return project.with_mixer(project.master.id, gain_db=max(_LOWEST_DB, project.master.mixer.gain_db + gain_db))
