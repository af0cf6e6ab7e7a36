"""Sounds are copied, checked and loaded beside the music, and only what plays has a copy."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import numpy as np
import soundfile

from hardcore.engine.osc import message
from hardcore.engine.sandbox import sandboxes
from hardcore.engine.server import Connection
from hardcore.player.enginewatch import LARGEST_LOG
from hardcore.player.remote import Remote
from hardcore.project import clips, recordings, tracks
from hardcore.project.notes import Note
from hardcore.project.recording import Recording, file_digest
from hardcore.project.state import ProjectState
from tests.player.device import RATE, Recorder, needs_alsa, onsets
from tests.player.test_kills import port_of
from tests.player.test_sound import BAR, beats
from tests.player.watched import Watched

pytestmark = needs_alsa
HZ = 1000.0
# How much of a tone, at least, is heard where it is played; a rim shot has a third of it.
HEARD = 1e-3


def tone(path: Path, hz: float = HZ) -> Recording:
    """Return a recording of a soft second of a tone, which is written."""
    wave = 0.01 * np.sin(np.arange(RATE) * hz * 2 * np.pi / RATE)
    soundfile.write(path, wave, RATE)
    return Recording(
        sha256=file_digest(path), name=path.stem, path=str(path), size=path.stat().st_size, frames=RATE, rate=RATE,
        channels=1,
    )  # fmt: skip


def with_sounds(project: ProjectState, *sounds: Recording) -> ProjectState:
    """Return the project with a track for each sound, which plays it at every bar."""
    for sound in sounds:
        project, track = tracks.add_track(project, sound.name, instrument="sampler")
        project = recordings.set_recording(project, track, sound)
        project, _ = clips.add_clip(project, track, "s2", BAR, [Note(0, BAR, sound.root_note)])
    return project


def levels(recorder: Recorder, *tones_hz: float) -> list[float]:
    """Return how much of each tone is heard in two seconds from now on."""
    begin = recorder.frames
    recorder.wait_s(2.0)
    sound = recorder.sound(begin)[0]
    turns = -2j * np.pi / RATE * np.arange(len(sound))
    return [float(np.abs((sound * np.exp(turns * hz)).mean()) * 2) for hz in tones_hz]


def copies() -> set[str]:
    """Return the names of the copies in the only engine's pool."""
    (sandbox,) = sandboxes().iterdir()
    (pool,) = (sandbox / "[sounds]").iterdir()
    return {path.name for path in pool.iterdir()}


def wait_until(remote: Remote, met: Callable[[], bool]) -> None:
    deadline = monotonic() + 20
    while not met():
        assert monotonic() < deadline and remote.state().restarts == 0
    assert remote.state().restarts == 0


@contextmanager
def held_back(path: Path) -> Iterator[None]:
    """Let whoever opens a file wait for as long as this lasts (a lease; the kernel gives 45 s)."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        yield
    finally:
        os.close(handle)
        signal.signal(signal.SIGIO, before)


def test_the_music_goes_on_while_a_file_lets_itself_be_waited_for(
    recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path
) -> None:
    sound = tone(tmp_path / "tone.wav")
    project = beats(150)
    remote = play(project)
    remote.play()
    recorder.wait_s(0.5)
    with held_back(Path(sound.path)):
        begin = recorder.frames
        remote.follow(with_sounds(project, sound))
        recorder.wait_s(2.0)
        assert len(onsets(recorder.sound(begin))) in (4, 5, 6), "the music waits"
        assert remote.state().playing
    wait_until(remote, lambda: copies() == {sound.sha256})
    recorder.wait_s(1.6)
    assert levels(recorder, HZ)[0] > HEARD and remote.state().restarts == 0


def test_a_version_that_another_replaces_while_files_are_waited_for_is_not_loaded(
    recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path
) -> None:
    (tmp_path / "between").mkdir()
    first, last = tone(tmp_path / "first.wav"), tone(tmp_path / "last.wav", 3 * HZ)
    between = tone(tmp_path / "between" / "between.wav", 2 * HZ)
    project = beats(150)
    remote = play(project)
    remote.play()
    watched = Watched(tmp_path / "between")
    with held_back(Path(first.path)):
        for sound in (first, between, last):
            remote.follow(with_sounds(project, sound))
        remote.state()
    wait_until(remote, lambda: copies() == {last.sha256})
    assert watched.touched() == set()
    watched.close()


def test_only_what_plays_has_a_copy(recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path) -> None:
    low, high = tone(tmp_path / "low.wav"), tone(tmp_path / "high.wav", 3 * HZ)
    project = beats(150)
    remote = play(with_sounds(project, low))
    remote.play()
    assert copies() == {low.sha256}
    remote.follow(with_sounds(project, low, high))
    wait_until(remote, lambda: copies() == {low.sha256, high.sha256})
    remote.follow(with_sounds(project, high))
    wait_until(remote, lambda: copies() == {high.sha256})
    recorder.wait_s(1.6)
    below, above = levels(recorder, HZ, 3 * HZ)
    assert above > HEARD > below
    remote.follow(project)
    wait_until(remote, lambda: not copies())
    # The engine has it still: neither its file nor a copy is needed.
    Path(low.path).unlink()
    remote.follow(with_sounds(project, low))
    recorder.wait_s(1.6)
    below, above = levels(recorder, HZ, 3 * HZ)
    assert below > HEARD > above and not copies()


def test_what_was_tried_leaves_no_copy(
    recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path
) -> None:
    sound = tone(tmp_path / "tone.wav")
    remote = play(beats(150))
    remote.play()
    remote.audition(recordings.audition(sound))
    assert levels(recorder, HZ)[0] > HEARD
    wait_until(remote, lambda: not copies())


def test_a_copy_that_was_overwritten_is_not_heard(
    recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path
) -> None:
    sound = tone(tmp_path / "tone.wav")
    project = with_sounds(beats(150), sound)
    remote = play(project)
    remote.play()
    (sandbox,) = sandboxes().iterdir()
    (copy,) = (sandbox / "[sounds]").glob(f"*/{sound.sha256}")
    loud = tone(tmp_path / "loud.wav", 5 * HZ)
    copy.chmod(0o600)
    copy.write_bytes(Path(loud.path).read_bytes())
    remote.stop()
    # The same file is loaded once more, to another place of the engine.
    remote.audition(recordings.audition(sound))
    right, wrong = levels(recorder, HZ, 5 * HZ)
    assert right > HEARD > wrong
    assert file_digest(copy) == sound.sha256


def test_a_log_that_somebody_fills_stays_small(
    recorder: Recorder, play: Callable[[ProjectState], Remote], tmp_path: Path
) -> None:
    remote = play(beats(150))
    remote.play()
    log, engine = tmp_path / "player.log", Connection(port_of(remote))
    engine.send(message("/dumpOSC", 1))
    sent, longest = 0, 0
    while sent < 4 * LARGEST_LOG:
        engine.send(message("/nothing", "x" * 8000))
        sent += 8000
        longest = max(longest, log.stat().st_size)
        engine.wait(0.001)
    engine.send(message("/dumpOSC", 0))
    wait_until(remote, lambda: log.stat().st_size <= LARGEST_LOG)
    assert longest > LARGEST_LOG, "nothing was printed"
    engine.close()
