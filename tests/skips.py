"""The tests that are skipped where it is decided whether the project is right: Debian, as root, with all it may use.

There every other skip is a failure, so that no test stops running without being noticed; elsewhere programs, rights or
the system may be lacking. `.ci/run` installs the programs.
"""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = {
    "tests/jobs/test_scan.py::test_a_folder_that_may_not_be_read_is_noted": "root may read anything",
}
# what depends on the machine's mood
NOW_AND_THEN = {
    "tests/player/test_exact.py::test_every_note_of_a_set_sounds_once_and_in_time_while_knobs_move_and_the_screen_is_drawn[20]":
        "where the machine loses sound in every take, there is no ruler",
    "tests/player/test_soundrecording.py::test_sound_is_recorded_on_the_bar_and_the_latency_is_measured_and_taken_out":
        "where JACK without a card keeps no time, there is no ruler either",
    "tests/midi/test_link.py::test_two_peers_share_tempo_beat_start_and_stop_and_joining_changes_no_tempo":
        "where the system gives programs no network of their own",
    "tests/player/test_sound.py::test_notes_are_where_they_belong_and_a_scene_starts_on_the_bar": "… nor here",
    "tests/player/test_audio.py::test_what_is_heard_is_the_file_to_the_sample_across_its_segments": "… nor here",
    "tests/player/test_drums.py::test_bars_made_while_it_plays_are_heard_where_they_belong": "… nor here",
}  # fmt: skip
# what needs an environment of 1.4 GB, which `make models` installs; schemas that lie beside a checkout, or do not; and
# the site, where `make site` was not run before
ELSEWHERE = (
    "tests/models/test_real.py::",
    "tests/exchange/test_dawproject.py::test_what_is_written_is_valid",
    "tests/site/test_site.py::test_the_site",
)
PROGRAMS = (
    "scsynth",
    "jackd",
    "jack_rec",
    "ffmpeg",
    "bpm",
    "tmux",
    "make",
    "chromium",
    "zsh",
    "fish",
    "g++",
    "ZamComp",
)


def decides() -> bool:
    """Return whether this machine must be able to run every test that is not listed."""
    if not Path("/etc/debian_version").exists() or os.geteuid() != 0:
        return False
    return Path(sys.prefix) == ROOT / ".venv" and all(map(shutil.which, PROGRAMS))


def surprises(skipped: Iterable[str], ran: Iterable[str]) -> list[str]:
    """Return a line for each test that is skipped and not listed, and for each that is listed and ran."""
    unlisted = set(skipped) - SKIPPED.keys() - NOW_AND_THEN.keys()
    new = sorted(name for name in unlisted if not name.startswith(ELSEWHERE))
    old = sorted(set(ran) & SKIPPED.keys())
    return [f"{name} is skipped and not listed" for name in new] + [f"{name} is listed and ran" for name in old]


def found(config: pytest.Config) -> list[str]:
    """Return the surprises of a run that has ended; the workers' are found by the process that has the reports."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput") or not decides():
        return []
    skipped, *ran = ({one.nodeid for one in reporter.getreports(name)} for name in ("skipped", "passed", "failed"))
    return surprises(skipped, set().union(*ran))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a run with surprises fail."""
    if session.exitstatus == pytest.ExitCode.OK and found(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the surprises are."""
    for line in found(terminalreporter.config):
        terminalreporter.write_line(f"{line}: see tests/skips.py", red=True)
