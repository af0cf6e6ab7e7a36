"""The stage: a large view, and a lock, so that no slip of a finger takes away what is heard."""

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.stagelock import StageLock
from hardcore.commands.performance.setlist import set_list_of

VIEW = "stage"


class StageState(Done):
    """Whether the stage is locked, and how often the player was started again unasked."""

    locked: bool
    restarts: int


@command("stage", "stage", effects={"screen"}, immediate=True)
def stage(call: Call) -> StageState:
    """Go on stage: the large view, and a lock; a second time, the large view again.

    What deletes, opens another project, changes settings, writes files or starts slow work is done when the same line
    is typed twice; agents and programs may do nothing of that. The producer does not listen unasked. Undo, launches,
    levels, notes and knobs work as ever, Esc twice silences everything. Every step is on the disk already.
    """
    if call.studio.recall(StageLock) is None:
        call.studio.keep(StageLock())
    set_list_of(call.studio)
    screen = call.studio.stage
    if screen is not None:
        screen.show("session")  # the view in sight makes room for the session
        screen.show(VIEW)
    return _answer(call, "on stage: what takes away is done when it is said twice; /stage off ends it")


@command("stage off", "stage off", effects={"screen"}, immediate=True)
def stage_off(call: Call) -> StageState:
    """Leave the stage: nothing is locked any more."""
    call.studio.forget(StageLock)
    screen = call.studio.stage
    if screen is not None:
        screen.show("session")
    return _answer(call, "off stage: nothing is locked")


def _answer(call: Call, words: str) -> StageState:
    player = call.studio.player
    restarts = player.latest().restarts if player is not None else 0
    locked = call.studio.recall(StageLock) is not None
    return StageState(message=words, locked=locked, restarts=restarts)
