"""Which tests share a worker where there are several: those of a file, and all that need the clock, one by one."""

from typing import Any

from xdist.scheduler import LoadFileScheduling

# These need the clock: players that are heard, terminals that are timed. Two at once would make each other late.
REAL_TIME = tuple(
    f"tests/{name}.py"
    for name in (
        "player/test_audition", "player/test_drums", "player/test_end", "player/test_exact", "player/test_external",
        "player/test_kills", "player/test_live", "player/test_loading", "player/test_pieces", "player/test_plugins",
        "player/test_sound", "player/test_stranger", "player/test_tree",
        "surfaces/test_redraw", "surfaces/test_tmux",
    )
)  # fmt: skip


def group_of(nodeid: str) -> str:
    """Return the group that a test runs with, on one worker: `real time`, or its file."""
    file = nodeid.partition("::")[0]
    return "real time" if file in REAL_TIME else file


class Scheduling(LoadFileScheduling):
    """Groups by `group_of`, the real-time tests first: they take the longest, and hardly any of the processor."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        if "real time" in self.workqueue:
            self.workqueue.move_to_end("real time", last=False)
        super()._assign_work_unit(node)
