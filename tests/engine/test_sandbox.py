"""Sandboxes: who may do what in them, which plug-ins are in reach, and that those of the dead are swept, no others."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from hardcore.engine.sandbox import PLUGINS, Sandbox, sandboxes, sweep

# Makes a sandbox, says where, and lives until it is killed.
OWNER = """
import sys, time
from hardcore.engine.sandbox import Sandbox
print(Sandbox(int(sys.argv[1]), None).folder, flush=True)
time.sleep(600)
"""
SWEEPER = """
from hardcore.engine.sandbox import sweep
print("begun", flush=True)
while True:
    sweep()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def started(script: str, *words: str) -> tuple["subprocess.Popen[str]", str]:
    """Return a program of ours and the first line that it says."""
    process = subprocess.Popen([sys.executable, "-c", script, *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def ended(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_it_is_ours_alone_and_the_engine_can_make_nothing_in_it() -> None:
    sandbox = Sandbox(1, None)
    sounds = Path(sandbox.restricted)
    assert sandbox.restricted.endswith("/") and sandbox.pool.parent == sounds
    assert (mode(sandbox.folder), mode(sounds), mode(sandbox.pool)) == (0o700, 0o500, 0o700)
    # As a pattern, the name finds nothing.
    assert not list(sandbox.folder.glob(sounds.name)) and sounds.is_dir()
    sandbox.close()
    assert not sandbox.folder.exists()


def test_no_two_pools_have_one_name() -> None:
    made = [Sandbox(1, None) for _ in range(5)]
    names = {sandbox.pool.name for sandbox in made}
    assert len(names) == 5 and {len(name) for name in names} == {32}
    for sandbox in made:
        sandbox.close()


def test_only_plug_ins_that_are_needed_are_in_reach(tmp_path: Path) -> None:
    for name in (*PLUGINS, "FeatureSave", "StkInst", "DiskIO_UGens", "OscUGens_supernova"):
        (tmp_path / f"{name}.so").touch()
    sandbox = Sandbox(1, tmp_path)
    assert sandbox.plugins is not None
    assert {path.stem for path in sandbox.plugins.iterdir()} == set(PLUGINS)
    assert all(path.resolve().parent == tmp_path.resolve() for path in sandbox.plugins.iterdir())
    sandbox.close()
    assert (tmp_path / "OscUGens.so").exists()


def test_what_a_killed_player_leaves_is_swept_and_what_a_living_one_has_is_not(tmp_path: Path) -> None:
    dead, left = started(OWNER, "64999")
    alive, kept = started(OWNER, "64998")
    memory = Path("/dev/shm/SuperColliderServer_64999")
    try:
        if memory.parent.is_dir():
            memory.touch()
        (Path(left) / "[sounds]").chmod(0o700)
        (Path(left) / "[sounds]" / "of a stranger").touch()
        sweep()
        assert Path(left).is_dir() and Path(kept).is_dir()
        ended(dead)
        sweep()
        assert not Path(left).exists() and not memory.exists()
        assert Path(kept).is_dir()
    finally:
        ended(alive)
        memory.unlink(missing_ok=True)


def test_what_is_not_our_own_is_left(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    sandboxes().mkdir(parents=True)
    (sandboxes() / "1-link").symlink_to(elsewhere, target_is_directory=True)
    (sandboxes() / "a file").touch()
    theirs = sandboxes() / "2-theirs"
    theirs.mkdir()
    if os.geteuid() == 0:
        os.chown(theirs, 65534, 65534)
    sweep()
    assert (elsewhere / "file").exists() and (sandboxes() / "a file").exists()
    assert theirs.exists() == (os.geteuid() == 0)


def test_one_that_is_being_made_is_not_swept() -> None:
    sweeper, _ = started(SWEEPER)
    try:
        made = [Sandbox(1, None) for _ in range(200)]
        assert sweeper.poll() is None
        assert all(sandbox.pool.is_dir() for sandbox in made)
        for sandbox in made:
            sandbox.close()
    finally:
        ended(sweeper)
