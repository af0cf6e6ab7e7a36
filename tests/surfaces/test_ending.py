"""Ctrl-C, /quit, SIGTERM and a closed window, whatever goes on: the program ends, and nothing of it is left."""

import os
import random
import shlex
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("what is left is read from /proc", allow_module_level=True)

from tests.leavings import processes, temporary
from tests.song import studio_with_song
from tests.surfaces import screen
from tests.surfaces.forked import ForkedTerminal
from tests.surfaces.screen import ROOT, Terminal

READY = "? help"
PROMPT = "acid 130 bpm, A minor, 4 bars --seed 3"
ANSWER = "acid: 130 bpm"
HUNG_UP, TERMINATED = 128 + signal.SIGHUP, 128 + signal.SIGTERM
# The line, and what is on the screen while it runs.
SLOW = {
    "rhythm render": ("/rhythm render warehouse out.mid --bars 100000", "\n…"),
    "import": ("/import big.mid", "\n…"),
    "export": ("/export out.wav --bars 600", "rendering"),
    "rhythm metrics": ("/rhythm metrics big.mid", "\n…"),
    "groove learn": ("/groove learn big.mid --name mine", "\n…"),
    "export midi": ("/export out.mid --bars 4096", "\n…"),
    "samples add": ("/samples add sounds", "sounds"),
    "analyse": ("/analyse", "rendering"),
    "mix check": ("/mix check --style house", "rendering"),
}
soak = pytest.mark.soak


@contextmanager
def studio(home: Path, temp: Path, *words: str, start: type[Terminal] = Terminal) -> Iterator[Terminal]:
    """Yield a studio at its prompt, whose temporary files go to `temp`; at the end nothing may be left."""
    environment = {"TMPDIR": str(temp), "HARDCORE_ENGINE_KIND": "none"}
    with start(home, *words, environment=environment) as terminal:
        terminal.wait("\n>" if "--plain" in words else READY)
        yield terminal
        assert terminal.process.poll() is not None, "it must have ended by now"
        assert (processes(home), temporary(temp, home)) == ([], [])


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait longer than elsewhere for what takes seconds of work."""
    monkeypatch.setattr(screen, "PATIENCE_S", 60.0)


@pytest.fixture
def temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for temporary files."""
    return tmp_path_factory.mktemp("temp")


@pytest.fixture
def work(home: Path) -> Path:
    """Return the folder that terminals start in, with a song, a MIDI file of many notes, and many sounds."""
    studio_with_song(home).controller.close()
    (home / "big.mid").write_bytes(many_notes())
    (home / "sounds").mkdir()
    wave = next((ROOT / "samples").rglob("*.wav")).read_bytes()
    for number in range(300):
        (home / "sounds" / f"{number}.wav").write_bytes(wave)
    return home


def many_notes(each: int = 60_000, tracks: int = 10) -> bytes:
    """Return a MIDI file that takes seconds to read."""
    parts = []
    for channel in range(tracks):
        note = bytes((48, 0x90 | channel, 60, 100, 48, 0x80 | channel, 60, 0))
        body = note * each + b"\0\xff\x2f\0"
        parts.append(b"MTrk" + struct.pack(">I", len(body)) + body)
    return struct.pack(">4sIHHH", b"MThd", 6, 1, tracks, 96) + b"".join(parts)


def said(terminal: Terminal, line: str) -> str:
    """Return what stands on the screen after a line was typed, the last time it was."""
    return terminal.contents().rpartition(f"> {line}"[:90])[2]


def begun(terminal: Terminal, kind: str) -> str:
    """Type a slow line, and return it once it runs."""
    line, shown = SLOW[kind]
    terminal.run(line, f"> {line}"[:90])
    terminal.settle(lambda: shown in said(terminal, line))
    return line


@pytest.mark.parametrize("count", [10, pytest.param(200, marks=soak)])
def test_ctrl_c_at_any_moment_stops_what_runs_and_quit_ends_the_studio(count: int, work: Path, temp: Path) -> None:
    drawn = random.Random(count)
    with studio(work, temp, "--project", "song.hcs") as terminal:
        for number in range(count):
            lines = (
                f"/rhythm render warehouse out.mid --bars {99_000 + number}",
                f"/export out.wav --bars {600 + number}",
            )
            line = drawn.choice(lines)
            terminal.run(line, f"> {line}")
            end = time.monotonic() + drawn.uniform(0, 0.6)
            while (left := end - time.monotonic()) > 0:
                terminal.read(left)
            stopped(terminal, line, work)
        terminal.type("/quit<enter>")
        assert terminal.ended() == 0
        assert not list(work.glob("out*"))


@soak
def test_ctrl_c_stops_everything_that_is_slow(work: Path, temp: Path) -> None:
    with studio(work, temp, "--project", "song.hcs") as terminal:
        for kind in SLOW:
            stopped(terminal, begun(terminal, kind), work)
        terminal.type("/quit<enter>")
        assert terminal.ended() == 0
        assert not list(work.glob("out*"))


def stopped(terminal: Terminal, line: str, work: Path) -> None:
    """Press Ctrl-C; once the answer is there, nothing but the studio runs."""
    terminal.type("<c-c>")
    terminal.settle(lambda: "cancelled" in said(terminal, line))
    assert processes(work) == [f"{terminal.process.pid} {sys.executable} -m hardcore --project song.hcs "]


@soak
@pytest.mark.parametrize("kind", SLOW)
def test_sigterm_ends_the_studio_while_something_is_being_stopped(kind: str, work: Path, temp: Path) -> None:
    with studio(work, temp, "--project", "song.hcs") as terminal:
        begun(terminal, kind)
        terminal.type("<c-c>")
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.ended() == TERMINATED
        assert not list(work.glob("out*"))


@soak
@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/export out.mp3 --bars 40", "writing"),
        ("/export out.wav --bars 400", "rendering"),
        ("/export out.wav --bars 40", "measuring"),
        ("/export out.flac --bars 40 --stems", "stem "),
        ("/export out.ogg --bars 40", "listening"),
    ],
)
def test_sigterm_during_an_export_leaves_what_was_there(line: str, shown: str, work: Path, temp: Path) -> None:
    with studio(work, temp, "--project", "song.hcs") as terminal:
        terminal.run(line, f"> {line}")
        terminal.settle(lambda: shown in said(terminal, line))
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.ended() == TERMINATED
    # The file that is only being listened to is there, whole.
    kept = {"out.ogg"} if shown == "listening" else set()
    assert {path.name for path in work.iterdir() if path.name.startswith(("out", "."))} == kept


def moments(seed: int, count: int) -> list[tuple[str, float]]:
    """Return moments at which a window is closed: seconds after a prompt was typed, or after it was answered, where the
    studio has just begun to listen to what it made."""
    drawn = random.Random(seed)
    return [("typed", drawn.uniform(0, 1.5)) if n % 2 else ("answered", drawn.uniform(0, 0.06)) for n in range(count)]


def close_the_window(
    home: Path, temp: Path, after: str, seconds: float, *words: str, start: type[Terminal] = Terminal
) -> None:
    home.mkdir()
    with studio(home, temp, *words, start=start) as terminal:
        terminal.type(f"{PROMPT}<enter>")
        if after == "answered":
            terminal.wait(ANSWER)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            terminal.read(left)
        assert terminal.hang_up() == HUNG_UP, f"closed {seconds:.3f} s after a prompt was {after}"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("count", "start"), [(10, ForkedTerminal), pytest.param(200, Terminal, marks=soak)])
def test_a_window_that_closes_at_any_moment_leaves_no_process(
    count: int, start: type[Terminal], home: Path, temp: Path
) -> None:
    for number, (after, seconds) in enumerate(moments(count, count)):
        close_the_window(home / str(number), temp, after, seconds, start=start)


@soak
def test_so_does_a_plain_one(home: Path, temp: Path) -> None:
    for number, (after, seconds) in enumerate(moments(1, 30)):
        close_the_window(home / str(number), temp, after, seconds, "--plain")


@soak
def test_a_window_that_closes_while_it_begins_to_play_leaves_no_player(home: Path, temp: Path) -> None:
    drawn = random.Random(3)
    for _ in range(30):
        with studio(home, temp) as terminal:
            terminal.type("/play<enter>")
            end = time.monotonic() + drawn.uniform(0, 1.5)
            while (left := end - time.monotonic()) > 0:
                terminal.read(left)
            assert terminal.hang_up() == HUNG_UP


@contextmanager
def program(home: Path, temp: Path, *words: str, ignored: int = 0) -> Iterator["subprocess.Popen[str]"]:
    """Yield the program without a terminal, perhaps deaf to a signal; at the end nothing may be left."""
    variables = {**os.environ, "TMPDIR": str(temp), "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [sys.executable, "-m", "hardcore", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, cwd=home, env=variables,
        preexec_fn=(lambda: signal.signal(ignored, signal.SIG_IGN)) if ignored else None,
    )  # fmt: skip
    try:
        yield running
        assert running.poll() is not None, "it must have ended by now"
        assert (processes(home), temporary(temp, home)) == ([], [])
    finally:
        running.kill()
        running.communicate()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, TERMINATED), pytest.param(signal.SIGHUP, HUNG_UP, marks=soak)]
)
def test_a_render_without_a_terminal_ends_in_order_too(number: int, status: int, home: Path, temp: Path) -> None:
    with program(home, temp, "render", "acid 130 bpm, 256 bars", "-o", "out.wav") as running:
        end = time.monotonic() + 30
        while not list((home / "state").glob("jobs/*/scratch/hardcore-render-*/first/render.raw")):
            assert time.monotonic() < end and running.poll() is None, "it does not render"
            with pytest.raises(subprocess.TimeoutExpired):
                running.wait(0.05)
        running.send_signal(number)
        assert running.wait(30) == status
        assert not list(home.glob("out*")) and not list(home.glob(".hardcore*"))


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes a stream there in another way")
def test_a_stdin_that_is_closed_is_one_without_lines(home: Path) -> None:
    closed = f"exec {shlex.quote(sys.executable)} -m hardcore <&-"
    done = subprocess.run(["sh", "-c", closed], capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_one_that_waits_for_a_line_ends_and_nohup_is_heeded(home: Path, temp: Path) -> None:
    with program(home, temp, ignored=signal.SIGHUP) as running:
        assert running.stdin is not None and running.stdout is not None
        for tempo in (130, 140):
            running.stdin.write(f"/tempo {tempo}\n")
            running.stdin.flush()
            assert f"→ {tempo} bpm" in running.stdout.readline()
            running.send_signal(signal.SIGHUP)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == TERMINATED
