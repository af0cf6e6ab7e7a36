"""Tab in bash, zsh and fish: what our words become, in the shells themselves, and how little is loaded for it."""

import json
import os
import pty
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from hardcore.app import open_project
from hardcore.paths import cache_folder
from hardcore.project.scenes import add_scene
from hardcore.store.names import project_names
from hardcore.surfaces import shelltable
from hardcore.surfaces.shellwords import completions, words_of
from tests.blocks import ROOT
from tests.each import each
from tests.song import studio_with_song
from tests.waiting import until

SHELLS = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i"),
}
READY = {
    "bash": 'eval "$(hardcore completion bash)"',
    "zsh": 'autoload -Uz compinit; compinit -u -D; eval "$(hardcore completion zsh)"',
    "fish": "hardcore completion fish | source",
}
# The program completes; whatever else is typed is noted, a word a line.
PROGRAM = """#!/bin/sh
[ "$1" = completion ] && exec "{python}" -m hardcore "$@"
for word in "$@"; do echo "$word"; done > "{noted}.part"; mv "{noted}.part" "{noted}"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a project in it."""
    folder = tmp_path_factory.mktemp("typed")
    studio = studio_with_song(folder)
    studio.controller.edit("a scene", lambda project: add_scene(project, "second drop")[0])
    studio.controller.save(folder / "song.hcs")
    studio.close()
    (folder / "notes.txt").touch()
    (folder / "takes").mkdir()
    return folder


def found(line: str) -> list[str]:
    return [word.text for word in completions(words_of(line), shelltable.table(), project_names)]


@each(
    ("line", "some", "never"),
    [
        ("hardcore tra", ["track"], ["tempo"]),
        ("hardcore track ga", ["gain"], ["add"]),
        ("hardcore tempo ", [], ["song.hcs"]),
        ("hardcore ", ["track", "render", "do", "song.hcs", "takes/"], ["notes.txt"]),
        ("hardcore --project s", ["song.hcs"], ["stop"]),
        ("hardcore --project=s", ["--project=song.hcs"], []),
        ("hardcore track gain --project song.hcs ki", ["kick"], ["snare"]),
        ("hardcore --project song.hcs track gain k", ["kick"], ["snare"]),
        ("hardcore track gain ki", [], ["kick"]),
        ("hardcore track gain --project song.hcs kick,s", ["kick,snare"], ["kick,kick", "snare"]),
        ("hardcore track gain --project song.hcs kick -3 --i", ["--in"], ["--json"]),
        ("hardcore track gain kick --", ["--by", "--json", "--project"], ["--stems"]),
        ("hardcore track gain kick --by ", [], ["kick", "--in"]),
        ("hardcore clip show --project song.hcs kick:", ["kick:A"], ["bass:A"]),
        ("hardcore scene copy --project song.hcs ", ["A", "B"], ["kick"]),
        ("hardcore track instrument lead pia", ["piano"], ["organ"]),
        ("hardcore export a.wav --for sp", ["spotify"], ["youtube"]),
        ("hardcore key A m", ["minor"], ["A minor"]),
        ("hardcore key 'A m", ["A minor"], []),
        ("hardcore render s", ["song.hcs"], ["notes.txt"]),
        ("hardcore text --head x so", ["song.hcs"], []),
        ("hardcore --engine e", ["embedded", "external"], []),
        ("hardcore mcp --tools l", ["legacy"], ["all"]),
        ("hardcore nothing like this ", [], ["track"]),
        ("hardcore track gain --project /dev/null k", [], ["kick"]),
        ("hardcore track gain --project takes k", [], ["kick"]),
        ("hardcore \\", [], []),
    ],
    ids=lambda case: case[0],
)
def test_what_could_stand_there_is_told(line: str, some: list[str], never: list[str], folder: Path) -> None:
    with inside(folder):
        told = found(line)
    assert set(some) <= set(told) and not set(never) & set(told), told[:20]


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def test_names_that_would_steer_a_terminal_are_left_out(tmp_path: Path) -> None:
    with open_project(None) as studio:
        studio.controller.save(tmp_path / "a.hcs")
    named = {"track": ["kick\x1b[2J", "kick\nrm -rf", "kicks"]}
    words = completions(["track", "gain", "--project", "a.hcs", "ki"], shelltable.table(), lambda path: named)
    assert [word.text for word in words] == ["kicks"]


def test_the_table_is_made_anew_where_it_is_broken_or_of_another_program() -> None:
    whole = shelltable.table()
    kept = cache_folder() / "completion.json"
    for text in ("", "[]", json.dumps({**whole, "stamp": ["0.0"], "verbs": {}})):
        kept.write_text(text)
        assert shelltable.table()["verbs"].keys() == whole["verbs"].keys()
    assert json.loads(kept.read_text())["stamp"] == whole["stamp"]


def test_what_the_program_needs_is_not_loaded_for_a_word(folder: Path) -> None:
    shelltable.table()
    script = (
        "import sys; from hardcore.__main__ import complete; "
        "status = complete(['--', 'track', 'gain', '--project', 'song.hcs', 'ki']); "
        "heavy = {'pydantic', 'prompt_toolkit', 'rich', 'yaml', 'numpy', 'asyncio', 'argparse', 'hardcore.app'}; "
        "print(status, heavy & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["kick\t", "0 set()"]


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_in_the_shell_itself(shell: str, folder: Path, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell}")
    shelltable.table()
    with typing(shell, folder, tmp_path) as typed:
        assert typed("hardcore track gain --proj\tso\tki\t-3") == "track|gain|--project|song.hcs|kick|-3"
        assert typed("hardcore --project song.hcs clip show bass:\t") == "--project|song.hcs|clip|show|bass:A"
        assert typed("hardcore --project song.hcs scene delete sec\t") == "--project|song.hcs|scene|delete|second drop"
        assert typed("hardcore --project song.hcs scene delete second\\ d\t").endswith("delete|second drop")


@contextmanager
def typing(shell: str, folder: Path, work: Path) -> Iterator[Callable[[str], str]]:
    """Yield a function that types a line into a shell at a terminal, and returns the words that the program got."""
    noted, program = work / "noted", work / "bin" / "hardcore"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable, noted=noted))
    program.chmod(0o755)
    environment = {
        **os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "TERM": "xterm",
        "HOME": str(work), "XDG_CONFIG_HOME": str(work), "XDG_DATA_HOME": str(work),
    }  # fmt: skip
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        SHELLS[shell], cwd=folder, env=environment, preexec_fn=lambda: os.login_tty(theirs), pass_fds=(theirs,)
    )
    os.close(theirs)
    screen = threading.Thread(target=drained, args=(ours,))
    screen.start()

    def typed(line: str) -> str:
        noted.unlink(missing_ok=True)
        os.write(ours, f"{line}\r".encode())
        until(noted.exists, f"{shell} runs {line}", 60)
        return "|".join(noted.read_text().splitlines())

    try:
        os.write(ours, f"{READY[shell]}\r".encode())
        yield typed
    finally:
        process.kill()
        process.wait()
        screen.join()
        os.close(ours)


def drained(terminal: int) -> None:
    """Read what a terminal shows until nobody has it any more."""
    with suppress(OSError):
        while os.read(terminal, 65536):
            pass
