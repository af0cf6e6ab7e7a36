"""Everything that may take long stops at its checkpoints, wherever it is, and leaves no file that was not there."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.audio import files
from hardcore.audio.formats import FORMATS
from hardcore.audio.leveller import Goal, Leveller
from hardcore.audio.loudness import measure_file
from hardcore.audio.reader import OURS, read
from hardcore.checkpoint import Stopped, under
from hardcore.commands.rhythm.show import _measured, _of_file
from hardcore.commands.rhythm.writing import write_files
from hardcore.engine.score import build_score
from hardcore.jobs.foldersearch import walk
from hardcore.jobs.instrumentfile import presets_in, read_instrument
from hardcore.jobs.learning import Lesson, learn_file
from hardcore.jobs.rawtake import take
from hardcore.jobs.render import _kept
from hardcore.jobs.request import RenderRequest
from hardcore.jobs.soundfiles import collect, look_for, playable
from hardcore.jobs.stems import stem_taps
from hardcore.knowledge.generalmidi import general_midi
from hardcore.knowledge.rhythms import rhythm
from hardcore.music import midifile
from hardcore.music.meter import MeterMap
from hardcore.project.midi import to_midi
from hardcore.project.midiimport import parts_of
from hardcore.project.recording import Recording, file_digest
from hardcore.project.timeline import timeline
from hardcore.rhythm.log import log
from hardcore.rhythm.session import perform
from tests.audio.soundfonts import layered
from tests.song import song

RATE = 48_000
Work = Callable[[], object]


class StopAt:
    """A stop that is asked for at one of the checkpoints, the `at`-th; without one it only counts them."""

    def __init__(self, at: int | None = None) -> None:
        self.passed, self._at = 0, at
        self._lock = threading.Lock()

    @property
    def wanted(self) -> bool:
        with self._lock:
            self.passed += 1
            return self._at is not None and self.passed > self._at


def noise(seconds: float, rate: int = RATE) -> files.Audio:
    return (0.2 * np.random.default_rng(1).standard_normal((2, round(seconds * rate)))).astype(np.float32)


def recorded(path: Path, **options: Any) -> Recording:
    """Return a sound of six seconds in a file."""
    soundfile.write(path, noise(6).T, RATE, **options)
    return Recording(
        sha256=file_digest(path), name=path.stem, path=str(path), size=path.stat().st_size, frames=6 * RATE, rate=RATE,
        channels=2,
    )  # fmt: skip


def rhythms(folder: Path) -> Iterator[tuple[str, Work]]:
    found = rhythm("warehouse")
    yield "rhythm render", lambda: write_files(folder / "a.mid", folder / "a.csv", found, bars=40, seed=1, bpm=None)
    yield "rhythm plot", lambda: log(perform(found, bars=40))


def midi(folder: Path) -> Iterator[tuple[str, Work]]:
    path = folder / "song.mid"
    path.write_bytes(to_midi(song(), tuple(timeline(song()))))
    known = midifile.read(path)
    yield "midi read", lambda: midifile.read(path)
    yield "midi import", lambda: parts_of(known, "song", general_midi())
    yield "midi export", lambda: to_midi(song(), tuple(timeline(song())))
    yield "rhythm metrics", lambda: _measured(*_of_file(path))
    yield "groove learn", lambda: learn_file(Lesson(path, "x", "x", MeterMap()))


def sounds(folder: Path) -> Iterator[tuple[str, Work]]:
    audio = noise(6)
    for kind in FORMATS:
        there, path = folder / f"there.{kind}", folder / f"new.{kind}"
        files.write(there, audio, RATE)
        yield f"write {kind}", lambda path=path: files.write(path, audio, RATE, depth="16")  # type: ignore[misc]
        yield f"read {kind}", lambda there=there: read(there, OURS)  # type: ignore[misc]
    yield "write mp3 of another rate", lambda: files.write(folder / "new.mp3", audio, 96_000)
    yield "level", lambda: Leveller(audio, RATE, Goal(-1, -12)).sound()
    yield "measure", lambda: measure_file(folder / "there.wav")


def recordings(folder: Path) -> Iterator[tuple[str, Work]]:
    wave, flac = recorded(folder / "a.wav"), recorded(folder / "b.flac")
    yield "hash", lambda: file_digest(folder / "a.wav")
    yield "samples add", lambda: walk(folder)
    yield "samples relink", lambda: look_for({wave.sha256: wave.size, flac.sha256: flac.size}, folder)
    yield "samples collect", lambda: collect([wave], {wave.sha256: Path(wave.path)}, folder / "kept")
    yield "samples audition", lambda: playable(flac, folder / "b.flac")
    (folder / "a.sfz").write_text("<region> sample=a.wav\n<region> sample=b.flac key=40\n" * 3)
    (folder / "a.sf2").write_bytes(layered())
    yield "instrument import sfz", lambda: read_instrument(folder / "a.sfz")
    yield "instrument import sf2", lambda: read_instrument(folder / "a.sf2")
    yield "instrument presets", lambda: presets_in(folder / "a.sf2")


def renders(folder: Path) -> Iterator[tuple[str, Work]]:
    project, playing = song(), tuple(timeline(song()))
    taps = stem_taps(project)
    yield "score", lambda: build_score(project, playing, rate=RATE, tail_s=1.0, taps=taps)
    (folder / "out").mkdir()
    for name, stems in (("a.wav", None), ("a.mp3", None), ("b.flac", folder / "out" / "b stems")):
        request = RenderRequest(project, playing, folder / "out" / name, stems=stems)
        made = asyncio.run(take(request, project, 1.0, taps, folder / name, lambda share, words: None))
        yield f"export {name}", lambda r=request, m=made: _kept(r, m, lambda share, words: None)  # type: ignore[misc]


def listed(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", [rhythms, midi, sounds, recordings, renders])
def test_work_stops_wherever_it_is_and_leaves_nothing(
    kind: Callable[[Path], Iterator[tuple[str, Work]]], tmp_path: Path, home: Path
) -> None:
    for name, work in list(kind(tmp_path)):
        before = listed(tmp_path) | listed(home)
        # Stopped ever later, until it ends: the first run that is not stopped has passed every checkpoint.
        place, stopped = 0, 0
        while True:
            stop = StopAt(place)
            try:
                copy_context().run(under(stop, work))  # type: ignore[arg-type]
            except Stopped:
                stopped += 1
                assert listed(tmp_path) | listed(home) == before, f"{name}, stopped at checkpoint {place}"
            else:
                break
            place = place * 2 + 1
        assert stopped, f"{name} passes no checkpoint"
