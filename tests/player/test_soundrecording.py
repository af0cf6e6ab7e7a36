"""Recording sound: what an input hears, on the grid to the sample, in a file that is readable at any moment."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardcore import open_studio
from hardcore.commands.performance.soundrecording import SoundRecorder
from hardcore.errors import HardcoreError, UserError
from hardcore.player.soundrecording import WavFile
from hardcore.project.artifacts import recording_of
from hardcore.project.audioclips import audio_of
from hardcore.project.recording import decoded_path
from hardcore.surfaces.live import LiveStudio
from tests.blocks import ROOT
from tests.player.device import RATE, onsets
from tests.player.jack import jack_server, needs_jack
from tests.takes import Spoilt, taken
from tests.waiting import until

BEAT = 60 / 120 * RATE
SYNC = ["--sync", "--timeout", "100"]
KILLED = """
import sys, time
from hardcore.player.soundrecording import WavFile
from pathlib import Path
file = WavFile(Path(sys.argv[1]), 48000, 2)
while True:
    file.append(b"\\0\\0\\0?" * 9600)
    time.sleep(0.1)
    print(file.frames, flush=True)
"""


def patched() -> None:
    """Let the engine hear what it plays."""
    for side in (1, 2):
        words = ["jack_connect", f"SuperCollider:out_{side}", f"SuperCollider:in_{side}"]
        subprocess.run(words, capture_output=True, check=True)


def recorded(studio: LiveStudio) -> NDArray[np.float32]:
    """Record a bar and return the clip as it will be heard, [2, frames]."""
    import soundfile

    studio.do("/record sound loop --bars 1")
    recorder = studio._studio.recall(SoundRecorder)
    assert recorder is not None
    with pytest.raises(UserError, match="being recorded already"):
        studio.do("/record sound loop")
    until(lambda: studio._studio.recall(SoundRecorder) is None, "it does not end", 20)
    region = audio_of(studio.project.find_track("loop").clips[-1])
    found, _ = soundfile.read(decoded_path(recording_of(region.sound).key), dtype="float32", always_2d=True)
    return np.asarray(found[region.first : region.first + region.frames].T)


def late(studio: LiveStudio) -> float:
    """Return how many samples after their beats kicks are recorded."""

    def take() -> float:
        found = onsets(recorded(studio)[:, : round(3.9 * BEAT)])
        off = [at - round(at / BEAT) * BEAT for at in found]
        if len(found) != 4 or np.ptp(off) > 4:
            raise Spoilt("JACK without a card keeps no time here")
        return float(np.median(off))

    return taken(take, tries=5)


@needs_jack
@pytest.mark.soak
def test_sound_is_recorded_on_the_bar_and_the_latency_is_measured_and_taken_out(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "external")
    with jack_server(tmp_path, monkeypatch, SYNC), open_studio() as studio:
        studio.do("/config engine.inputs 2")
        studio.do("/track add kick --instrument kick909")
        studio.do("/clip add kick A --bars 1")
        for beat in range(1, 5):
            studio.do(f"/note add kick:A 1.{beat}.1 C2")
        studio.do("/launch A")
        player = studio._studio.player
        assert player is not None and player.latest().sound == "external 48000 Hz", player.latest().trouble
        patched()
        latency = late(studio)
        studio.do(f"/config engine.latency_ms {latency / RATE * 1000:.4f}")
        rest = late(studio)
        with capsys.disabled():
            print(f"\nrecorded {latency / RATE * 1000:.2f} ms late; compensated {rest:+.0f} samples off")
        assert 0 < latency < 0.1 * RATE and abs(rest) <= 1
        clips = studio.project.find_track("loop").clips
        assert {clip.length_ticks for clip in clips} == {4 * 1920}
        assert not list((home / "data" / "recorded").iterdir()), "the artifact has it"
        studio.do("/undo")
        assert len(studio.project.find_track("loop").clips) == len(clips) - 1


def test_what_cannot_be_recorded_is_said_in_a_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARDCORE_ENGINE_KIND", "none")
    with open_studio() as studio:
        studio.do("/track add bass --instrument acid303")
        for line, why in (
            ("/record sound voice", "has 0 inputs"),
            ("/record sound stop", "no sound is recorded"),
            ("/config engine.inputs 3", "engine.inputs"),
        ):
            with pytest.raises(UserError, match=why):
                studio.do(line)
        studio.do("/config engine.inputs 2")
        for line, why in (("/record sound bass", "is a midi track"), ("/record sound voice", "there is no engine")):
            with pytest.raises(HardcoreError, match=why):
                studio.do(line)


def test_a_file_is_true_at_any_moment_though_its_writer_is_killed(tmp_path: Path) -> None:
    import soundfile

    path = tmp_path / "take.wav"
    writer = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert writer.stdout is not None
    frames = 0
    while frames < 48_000:
        frames = int(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == 48_000 and sound.shape[1] == 2 and (sound == 0.5).all()
    assert len(sound) >= frames - 0.7 * rate, "no more than the last moment is missing"
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_channel_of_two_is_kept(tmp_path: Path) -> None:
    import soundfile

    file = WavFile(tmp_path / "mono.wav", 44_100, 1)
    file.append(np.array([[0.25, 0.5], [-0.25, 0.5]], dtype="<f4").tobytes())
    file.close()
    assert file.frames == 2
    sound, rate = soundfile.read(file.path, dtype="float32", always_2d=True)
    assert rate == 44_100 and sound.T.tolist() == [[0.25, -0.25]]
