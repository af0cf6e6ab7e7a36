"""Which tests share a worker where there are several: those of a file, and all that need the clock, one by one.

The groups that take longest begin first, so that none of them is left running alone when the others have nothing to do.
"""

from typing import Any

from xdist.scheduler import LoadFileScheduling

# These need the clock: players that are heard, terminals that are timed. Two at once would make each other late.
REAL_TIME = tuple(
    f"tests/{name}.py"
    for name in (
        "player/test_audition", "player/test_drums", "player/test_end", "player/test_exact", "player/test_external",
        "player/test_kills", "player/test_live", "player/test_loading", "player/test_pieces", "player/test_plugins",
        "player/test_rest", "player/test_sound", "player/test_stranger", "player/test_tree",
        "surfaces/test_redraw", "surfaces/test_tmux",
        "midi/test_knobs", "midi/test_listener", "player/test_arms", "player/test_audio", "rules/test_live",
    )
)  # fmt: skip

# These take longest, by processor or by disk: 45 to 5 seconds, the longest first.
LONGEST = tuple(
    f"tests/{name}.py"
    for name in (
        "surfaces/test_repl", "test_readme", "jobs/test_listening", "store/test_kills", "store/test_intake",
        "jobs/test_styles", "store/test_salvage", "engine/test_tones", "compose/test_producer", "commands/test_mix",
        "language/test_metamorphic", "commands/test_examples", "surfaces/test_hostile_project",
        "commands/test_analysis", "commands/test_soundfolder", "engine/test_presets", "engine/test_drums",
        "jobs/test_render",
        "project/test_sections", "commands/test_surfaces", "audio/test_analysis", "test_checkpoint",
        "commands/rhythm/test_session", "surfaces/test_panic", "audio/test_spectrogram", "audio/test_oneshots",
        "test_package", "surfaces/test_ending", "audio/test_chords", "commands/test_soundlimits",
        "commands/test_genre", "commands/test_any_input", "engine/test_colour_effects",
    )
)  # fmt: skip


def group_of(nodeid: str) -> str:
    """Return the group that a test runs with, on one worker: `real time`, or its file."""
    file = nodeid.partition("::")[0]
    return "real time" if file in REAL_TIME else file


class Scheduling(LoadFileScheduling):
    """Groups by `group_of`; xdist itself begins with the files that have most tests.

    The real-time tests come first: they take hardly any of the processor, but most of the time.
    """

    _is_ordered = False

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        if not self._is_ordered:
            for group in ("real time", *LONGEST)[::-1]:
                if group in self.workqueue:
                    self.workqueue.move_to_end(group, last=False)
            self._is_ordered = True
        super()._assign_work_unit(node)
