"""Edits, the journal and files of a project of 262,144 notes: 64 tracks of 16 clips of 256 notes."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

from hardcore.app import build_studio
from hardcore.controller.controller import Controller
from hardcore.project import clips, scenes, tracks
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.state import ProjectState, new_project
from tests.bench.timing import Measure, median_s

TRACKS, SCENES, NOTES = 64, 16, 256
STEP = 480
EDITS = 300


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the times of edits, of a durable step, and of saving and opening."""
    call = no_op()
    controller = build_studio().controller
    try:
        controller.edit("a large project", lambda project: large())
        controller.flush()
        yield from _edits(controller, call)
        yield from _steps(controller, folder)
        yield from _files(controller, folder)
    finally:
        controller.close()


def large() -> ProjectState:
    """Return the project; no two clips are the same."""
    project = new_project("large", seed=1)
    for number in range(1, SCENES):
        project, _ = scenes.add_scene(project, f"scene {number}")
    for track in range(TRACKS):
        project, track_id = tracks.add_track(project, f"track {track}", role="lead", instrument="pluck")
        for place, scene in enumerate(project.scenes):
            project, _ = clips.add_clip(project, track_id, scene.id, NOTES * STEP, _notes(track, place))
    assert sum(len(clip.notes) for _, clip in project.clips()) == TRACKS * SCENES * NOTES
    return project


def _notes(track: int, place: int) -> NoteBlock:
    key = 36 + (track * 7 + place * 5) % 40
    return NoteBlock.of(
        Note(at * STEP, 240, key + at * (place + 3) % 13, 40 + (at * track) % 80) for at in range(NOTES)
    )


def no_op() -> float:
    """Return the time of a call that does nothing, in seconds."""

    def nothing() -> None:
        return None

    def many() -> None:
        for _ in range(10_000):
            nothing()

    return median_s(many, 20) / 10_000


def _edits(controller: Controller, call: float) -> Iterator[Measure]:
    values = iter(range(10_000))
    name = controller.project.tracks[30].id
    clip_id = controller.project.tracks[30].clips[7].id

    def set_gain() -> None:
        gain_db = -float(next(values) % 40) - 0.25
        controller.edit("gain", lambda project: project.with_mixer(name, gain_db=gain_db))

    def add_note() -> None:
        note = Note(next(values) * 4 + 1, 120, 60)
        controller.edit("note", lambda project: clips.edit_notes(project, clip_id, lambda notes: notes.add(note)))

    # One after another, as a turned knob makes them, while the journal writes; and the first one after a rest, when the
    # caches have gone cold.
    for what, act in (("set a gain", set_gain), ("add a note", add_note), ("undo", controller.undo)):
        found = median_s(act, EDITS)
        rested = median_s(act, EDITS // 10, lambda: _rest(controller))
        yield Measure(f"{what} at 262,144 notes, at the caller", found, "µs", "an empty call", found / call, goal=50e-6)
        yield Measure("… the first after a rest", rested, "µs", "that", rested / found)


def _rest(controller: Controller) -> None:
    controller.flush()
    sleep(0.02)


def _steps(controller: Controller, folder: Path) -> Iterator[Measure]:
    name, values = controller.project.tracks[5].id, iter(range(1000))

    def step() -> None:
        gain_db = -float(next(values) % 50) - 0.5
        controller.edit("gain", lambda project: project.with_mixer(name, gain_db=gain_db))
        controller.flush()

    with (folder / "fsync").open("wb") as file:

        def sync() -> None:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())

        plain = median_s(sync, 100)
    durable = median_s(step, 100)
    yield Measure("a step until it is on the disk", durable, "ms", "write 4 KB and fsync", durable / plain, goal=5e-3)


def _files(controller: Controller, folder: Path) -> Iterator[Measure]:
    path = folder / "large.hcs"
    save = median_s(lambda: controller.save(path), 5)
    data = path.read_bytes()

    def copy() -> None:
        with (folder / "copy").open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    plain = median_s(copy, 5)
    size = f"write its {len(data) / 1e6:.1f} MB and fsync"
    yield Measure("save that project", save, "s", size, save / plain, goal=0.7)
    found = []
    for _ in range(5):
        controller.new()
        start = perf_counter()
        controller.open(path)
        found.append(perf_counter() - start)
    opened = sorted(found)[2]
    assert sum(len(clip.notes) for _, clip in controller.project.clips()) > TRACKS * SCENES * NOTES - 1
    yield Measure("open that project", opened, "s", size, opened / plain, goal=0.7)
