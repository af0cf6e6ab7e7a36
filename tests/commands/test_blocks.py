"""Blocks, time and markers by command; exported marks are read by other libraries."""

import asyncio
import struct
from pathlib import Path
from typing import Any

import mido
import pytest
import soundfile

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.project.section import starts
from hardcore.project.state import ProjectState
from tests.commands.asked import edited, refused
from tests.song import BAR, studio_with_song

TWO = ("/clip copy bass:A bass B", "/place bass:A 1 --bars 4", "/place bass:B 5 --bars 4", "/place kick:A 1 --bars 8")
SONG = ("/song --bars 48 --style techno --seed 2",)


def played(project: ProjectState, name: str) -> list[tuple[float, float, str]]:
    """Return the blocks of a track: first bar from 1, bars, the clip's name."""
    names = {clip.id: clip.name for _, clip in project.clips()}
    return [
        (one.start_ticks / BAR + 1, one.length_ticks / BAR, names[one.clip])
        for one in project.find_track(name).placements
    ]


@pytest.mark.parametrize(
    ("line", "bass"),
    [
        ("remove bass 2", [(5, 4, "bass B")]),
        ("remove bass 2 --bars 1", [(1, 1, "bass A"), (3, 2, "bass A"), (5, 4, "bass B")]),
        ("move bass 2 10", [(5, 4, "bass B"), (9, 4, "bass A")]),
        ("move bass 2 6 --bars 1", [
            (1, 1, "bass A"), (3, 2, "bass A"), (5, 1, "bass B"), (6, 1, "bass A"), (7, 2, "bass B")
        ]),
        ("copy bass,kick 1 9 --bars 2", [(1, 4, "bass A"), (5, 4, "bass B"), (9, 2, "bass A")]),
        ("duplicate bass 5 --times 2", [(1, 4, "bass A"), (5, 4, "bass B"), (9, 4, "bass B"), (13, 4, "bass B")]),
        ("replace bass 1 bass:B", [(1, 4, "bass B"), (5, 4, "bass B")]),
        ("split bass 3", [(1, 2, "bass A"), (3, 2, "bass A"), (5, 4, "bass B")]),
        ("trim bass 2 --start 2 --end 4", [(2, 2, "bass A"), (5, 4, "bass B")]),
        ("extend bass 5 --bars 3", [(1, 4, "bass A"), (5, 7, "bass B")]),
        ("extend bass 1 --bars 2", [(1, 6, "bass A"), (7, 2, "bass B")]),
        ("join bass 1", [(1, 8, "bass A")]),
    ],
)  # fmt: skip
def test_blocks_are_edited_each_by_one_step(line: str, bass: list[tuple[float, float, str]]) -> None:
    assert played(edited(f"/arrangement {line}", *TWO).project, "bass") == bass


def test_what_is_not_there_is_said_and_nothing_changes() -> None:
    assert refused("/arrangement remove bass 12", *TWO) == (
        "nothing plays on bass there (the nearest block begins at bar 5)"
    )
    assert "is a clip of kick" in refused("/arrangement replace bass 1 kick:A", *TWO)
    assert "begins or ends there" in refused("/arrangement split bass 5", *TWO)
    assert "no two blocks" in refused("/arrangement join kick 1", *TWO)
    assert "before the song" in refused("/arrangement move bass 4 1", "/place bass:A 3")
    assert "there is no song yet" in refused("/time insert 1")
    assert "there is no bar 99" in refused("/time delete 99", *SONG)


def test_time_is_put_in_taken_out_and_repeated_with_its_sections() -> None:
    song = edited(SONG[0]).project
    total = starts(song.sections)[-1]
    first = song.sections[0]
    longer = edited("/time insert 2 --bars 3", project=song).project
    assert (longer.sections[0].bars, starts(longer.sections)[-1]) == (first.bars + 3, total + 3)
    assert longer.arrangement[-1].start_ticks == song.arrangement[-1].start_ticks + 3 * BAR
    shorter = edited(f"/time delete 1 --bars {first.bars}", project=song).project
    assert [one.name for one in shorter.sections] == [one.name for one in song.sections[1:]]
    twice = edited("/time duplicate 1 --bars 2", project=song).project
    assert starts(twice.sections)[-1] == total + 2
    kept = played(song, "bass")[-1]
    assert played(twice, "bass")[-1] == (kept[0] + 2, *kept[1:])


def test_markers_are_named_places_that_move_with_the_time() -> None:
    one = edited("/marker add solo 5", *SONG).project
    assert refused("/marker add Solo 7", project=one) == (
        "there is already a marker named 'Solo' (marker move takes it elsewhere)"
    )
    moved = edited("/time insert 1 --bars 2", project=one).project
    assert [(marker.name, marker.tick // BAR) for marker in moved.markers] == [("solo", 6)]
    assert edited("/marker move solo 3.1.1", project=one).project.markers[0].tick == 2 * BAR
    assert edited("/marker rename 1 bridge", project=one).project.markers[0].name == "bridge"
    assert edited("/marker remove solo", project=one).project.markers == ()
    assert "did you mean solo" in refused("/marker remove sol", project=one)


def marked(folder: Path) -> tuple[Path, Path, list[tuple[int, str]]]:
    """Return a MIDI and a WAV file of a short song with a marker, and what is marked at which bar."""
    studio = studio_with_song(folder)
    for line in ("/song --bars 16 --style techno --seed 2", "/marker add 'the turn' 4", "/time delete 9 --bars 99"):
        asyncio.run(run_line(studio, line.replace("'", '"'), Caller()))
    for name in ("song.mid", "song.wav"):
        asyncio.run(run_line(studio, f"/export {folder / name}", Caller()))
    project = studio.controller.project
    wanted = [(bar, one.name) for bar, one in zip(starts(project.sections), project.sections, strict=False)]
    studio.close()
    return folder / "song.mid", folder / "song.wav", sorted([*wanted, (3, "the turn")])


def cues(path: Path) -> list[tuple[int, str]]:
    """Return the cue points of a WAV file as libsndfile reads them: frame and name."""
    library: Any = soundfile
    size, point = 4 + 100 * 280, "<iIiIII256s"
    with soundfile.SoundFile(path) as file:
        room = library._ffi.new("char[]", size)
        assert library._snd.sf_command(file._file, 0x10CE, room, size) == 1
        raw = bytes(library._ffi.buffer(room, size))
    found = [struct.unpack_from(point, raw, 4 + number * 280) for number in range(struct.unpack_from("<I", raw)[0])]
    return [(one[5], one[6].split(b"\0")[0].decode()) for one in found]


@pytest.mark.usefixtures("full_rate")
def test_other_libraries_read_markers_and_sections_from_what_is_exported(tmp_path: Path) -> None:
    midi, wave, wanted = marked(tmp_path)
    assert len(wanted) > 2
    now, found = 0, []
    file = mido.MidiFile(midi)
    for message in file.tracks[0]:
        now += message.time
        if message.type == "marker":
            found.append((now // (4 * file.ticks_per_beat), message.text))
    assert sorted(found) == wanted
    bar_frames = 4 * 60 / 138 * 48000
    assert [(round(frame / bar_frames), name) for frame, name in cues(wave)] == wanted
    assert all(abs(frame - round(frame / bar_frames) * bar_frames) <= 1 for frame, _ in cues(wave))
