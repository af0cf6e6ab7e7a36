"""Hands: a message on its way, what keeping it costs, and the clock that is sent, alone and beside busy processes."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter

from hardcore.midi.hands import Hands
from hardcore.midi.journal import Journal, Played
from hardcore.midi.sendprocess import Sending, wait
from hardcore.music.tempo import TempoMap
from hardcore.player.osscheduling import before_all
from hardcore.project import tracks
from hardcore.project.hands import Heard, HeardNote
from hardcore.project.midiin import MidiInput
from hardcore.project.state import ProjectState, new_project
from tests.bench.timing import Measure

BPM, SECONDS, BUSY = 174.0, 6.0, 6


def organ() -> ProjectState:
    """Return a project of one held sound that hears every port."""
    project, track = tracks.add_track(new_project(seed=1), "organ", instrument="organ")
    return project.with_track(track, lambda one: one.evolve(midi_in=MidiInput()))


def jitter_s(seconds: float) -> list[float]:
    """Return how late each pulse of a clock at 174 bpm is sent, in order of lateness."""
    sent: list[float] = []
    sending = Sending(lambda port, message: sent.append(monotonic()) if message == (0xF8,) else None)
    sending.clock_ports = ("out",)
    sending.ticker.follow(TempoMap().with_bpm(BPM))
    begun = monotonic() + 0.05
    sending.ticker.heard(True, 0.0, begun, 1)
    bell, _ring = socket.socketpair()
    while monotonic() < begun + seconds:
        wait(sending, bell)
        sending.run()
    pulse_s = 60 / BPM / 24
    return sorted(at - begun - round((at - begun) / pulse_s) * pulse_s for at in sent[24:])


def measured(busy: int) -> tuple[float, float]:
    """Return p50 and p99 of a process that sends as ours does, beside so many busy ones, in seconds."""
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.bench.hands"], check=True, capture_output=True, text=True
        )  # fmt: skip
    finally:
        for one in load:
            one.kill()
            one.wait()
    p50, p99 = map(float, ran.stdout.split())
    return p50, p99


def measures(folder: Path) -> Iterator[Measure]:
    """Yield what a message costs on its way to the engine, what keeping it costs, and the clock's jitter."""
    keys = [(0x90 if place % 2 == 0 else 0x80, 48 + place // 2 % 24, 90) for place in range(2000)]
    hands = Hands(organ(), 2, lambda requests: None)
    yield Measure(
        "MIDI: from a key to the packet for the engine",
        _each(lambda key: hands.hear("keys", key), keys),
        "µs",
        goal=20e-6,
    )
    played = Played(folder / "played")
    journal = Journal(played.folder, (1, "", 0))
    note = HeardNote(Heard("keys", 0x90, 1, 60, 90, 1.5), 960.0, 1)
    yield Measure("capture: a note kept on the disk", _each(lambda key: journal.note(note), keys), "µs")
    played.close()
    _, quiet = measured(0)
    yield Measure("MIDI clock: a pulse from its time, p99", quiet, "ms", goal=0.001)
    _, loaded = measured(BUSY)
    yield Measure(f"the same beside {BUSY} busy processes, p99", loaded, "ms", goal=0.001)


def _each(do: Callable[[tuple[int, int, int]], object], keys: Sequence[tuple[int, int, int]]) -> float:
    """Return the median of what one costs, in seconds."""
    times = []
    for key in keys:
        begun = perf_counter()
        do(key)
        times.append(perf_counter() - begun)
    return median(times)


if __name__ == "__main__":
    before_all()
    before_all()
    late = [abs(one) for one in jitter_s(SECONDS)]
    late.sort()
    print(late[len(late) // 2], late[round(len(late) * 0.99) - 1])
    os._exit(0)
