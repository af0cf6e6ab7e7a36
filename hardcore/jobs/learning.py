"""Learning a groove from a file: notes of a MIDI file, attacks of a sound. A worker does it: see jobs/reading.py."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from hardcore.errors import NotFound, UserError
from hardcore.jobs import exporters
from hardcore.music import midifile
from hardcore.music.learning import Learned, learn, of_song, steps_of
from hardcore.music.meter import MeterMap
from hardcore.music.ticks import SIXTEENTH

MIDI, SOUND = exporters.MIDI.endings, (".wav", ".flac", ".ogg", ".mp3")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What to learn from: the file, the groove's name and id, its grid, and what is known of a sound's tempo."""

    path: Path
    name: str
    id: str
    meter_map: MeterMap
    step_ticks: int = SIXTEENTH
    bars: int = 1
    bpm: float | None = None
    start_s: float | None = None


# How both come and go as JSON.
LESSON, LEARNED = TypeAdapter(Lesson), TypeAdapter(Learned)


def learn_file(lesson: Lesson) -> tuple[Learned, str]:
    """Return the groove in a MIDI file or a sound, and what was found out on the way in one line. Raises UserError.

    A MIDI file says its own meter; of a sound, ten minutes at most, the lesson's meter is taken.
    """
    ensure_there(lesson.path)
    return _from_midi(lesson) if lesson.path.suffix.lower() in MIDI else _from_sound(lesson)


def ensure_there(path: Path) -> None:
    """Raise UserError unless there is a file by whose name one can learn from it; nothing is read."""
    if path.suffix.lower() not in MIDI + SOUND:
        raise UserError(f"cannot learn from '{path.name}'", f"one of: {', '.join(MIDI + SOUND)}")
    if not path.is_file():
        raise NotFound(f"no file {path}")


def _from_midi(lesson: Lesson) -> tuple[Learned, str]:
    song = midifile.read(lesson.path)
    about = f"learned from {_printable(lesson.path.name)}"
    onsets = of_song(song)
    learned = learn(
        onsets, lesson.name, id=lesson.id, meter_map=song.meter_map, step_ticks=lesson.step_ticks, bars=lesson.bars,
        about=about,
    )  # fmt: skip
    return learned, f"{len(onsets)} notes in {song.meter_map.text}"


def _from_sound(lesson: Lesson) -> tuple[Learned, str]:
    from hardcore.audio import reader

    bar_ticks = lesson.meter_map.bar_ticks()
    steps_of(bar_ticks, lesson.step_ticks, lesson.bars)
    audio, rate = reader.read(lesson.path, reader.LEARNED)
    from hardcore.audio.beatgrid import onsets_on_grid

    onsets, grid = onsets_on_grid(
        audio,
        rate,
        bar_ticks=bar_ticks,
        step_ticks=lesson.step_ticks,
        bpm=lesson.bpm,
        start_s=lesson.start_s,
    )
    learned = learn(
        onsets,
        lesson.name,
        id=lesson.id,
        meter_map=MeterMap(points=lesson.meter_map.points[:1]),
        step_ticks=lesson.step_ticks,
        bars=lesson.bars,
        about=f"learned from {_printable(lesson.path.name)} at {grid.bpm:.1f} bpm",
    )
    heard = f"{len(onsets)} attacks at {grid.bpm:.2f} bpm, bar 1 at {grid.start_s:.3f} s"
    return learned, f"{heard}, attacks {grid.spread_s * 1000:.1f} ms from their step's mean"


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:120]
