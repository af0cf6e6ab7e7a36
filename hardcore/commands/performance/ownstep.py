"""Steps that the studio makes when a gesture or a take is over: nobody has typed a line for them."""

from hardcore.commands.core.call import Call, Caller
from hardcore.commands.performance.maptarget import PERMISSIONS
from hardcore.controller.controller import Change
from hardcore.controller.events import acting
from hardcore.controller.studio import Studio
from hardcore.project.history import MAIN


def make_step(studio: Studio, name: str, label: str, change: Change, head: str = MAIN) -> None:
    """Make one step of a change, with the permissions of a controller; `name` is what did it. Raises HardcoreError."""
    call = Call(studio, Caller(permissions=PERMISSIONS, head=head), label[:200])
    with acting(call.caller.author, call.caller.cause):
        call.edit(change)
        call.ran(name, frozenset(("project",)))
