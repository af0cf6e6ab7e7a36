"""Which tests share a worker where there are several: those of a file, those of files that make the same things once
for all of them, and all that need the clock, one by one.

The groups that take longest begin first, so that none of them is left running alone when the others have nothing to do.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parents[1]
REAL_TIME = "real time"
# A recorded sound device, a JACK server, the time that a process takes: players that are heard, terminals that are
# timed. Two at once would make each other late.
_NEEDS_THE_CLOCK = re.compile(r"\brecorder: Recorder\b|\bimport .*\brecording\b|\bjack_server\(|\bcpu_s\(")

# Pieces that are composed and sentences that are read once, for all who look at them.
SHARING = {
    f"tests/{name}.py": group
    for group, names in {
        "pieces": (
            "compose/test_producer", "compose/test_drums", "compose/test_ranges", "compose/test_vary",
            "compose/test_human", "compose/test_ornament", "compose/test_song",
        ),
        "sentences": ("language/test_phrases", "language/test_metamorphic"),
    }.items()
    for name in names
}  # fmt: skip

# These take longest, by the processor: 55 to 5 seconds, the longest first.
LONGEST = (
    "tests/test_readme.py", "pieces",
    *(f"tests/{name}.py" for name in (
        "commands/test_examples", "jobs/test_listening", "surfaces/test_repl", "engine/test_tones", "commands/test_mix",
        "surfaces/test_ending", "engine/test_drums", "store/test_salvage", "jobs/test_styles", "engine/test_presets",
        "jobs/test_render", "commands/test_surfaces", "test_package", "commands/test_batch", "commands/test_critique",
        "jobs/test_targets", "audio/test_spectrogram", "audio/test_oneshots", "commands/test_analysis",
        "commands/test_soundlimits", "engine/test_effects", "store/test_intake", "test_docs", "rhythm/test_properties",
        "commands/test_intents", "language/test_metamorphic", "surfaces/test_arrangement_view", "audio/test_analysis",
        "audio/test_chords", "test_checkpoint", "commands/test_genre", "commands/test_any_input",
        "commands/test_permissions", "project/test_sections", "commands/rhythm/test_session",
    )),
)  # fmt: skip


def group_of(nodeid: str) -> str:
    """Return the group that a test runs with, on one worker: `real time`, that of its file, or its file."""
    file = nodeid.partition("::")[0]
    return REAL_TIME if _needs_the_clock(file) else SHARING.get(file, file)


@cache
def _needs_the_clock(file: str) -> bool:
    path = ROOT / file
    return path.is_file() and bool(_NEEDS_THE_CLOCK.search(path.read_text(encoding="utf-8")))


class Scheduling(LoadFileScheduling):
    """Groups by `group_of`; xdist itself begins with the files that have most tests.

    The real-time tests come first: they take hardly any of the processor, but most of the time.
    """

    _is_ordered = False

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        if not self._is_ordered:
            for group in (REAL_TIME, *LONGEST)[::-1]:
                if group in self.workqueue:
                    self.workqueue.move_to_end(group, last=False)
            self._is_ordered = True
        super()._assign_work_unit(node)
