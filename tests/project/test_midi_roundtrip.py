"""MIDI files of other programs, into a project and out again: another library reads the same from both."""

import io
from collections.abc import Iterator
from fractions import Fraction
from random import Random

import mido
import pytest
import symusic

from hardcore.knowledge.generalmidi import general_midi
from hardcore.music import midifile
from hardcore.project.markers import marks
from hardcore.project.midi import to_midi
from hardcore.project.midiimport import add_song, parts_of
from hardcore.project.state import new_project
from hardcore.project.timeline import end_ticks, timeline
from tests.effort import examples


def round_trip(data: bytes) -> bytes:
    """Return a file as a new project exports it that has imported it."""
    song = midifile.read(data)
    project = add_song(new_project(), song, "file", parts_of(song, "file", general_midi()))
    playing = timeline(project)
    return to_midi(project, playing, marks(project, end_ticks(playing)))


def music(data: bytes) -> dict[str, list[tuple[object, ...]]]:
    """Return what symusic reads in a file, times in quarters: notes with their programs, maps, markers, last level."""
    score = symusic.Score.from_midi(data)

    def at(ticks: int) -> Fraction:
        return Fraction(ticks, score.ticks_per_quarter)

    notes = [
        (at(n.time), at(n.duration), n.pitch, n.velocity, "drums" if track.is_drum else track.program)
        for track in score.tracks
        for n in track.notes
    ]
    controls = {
        (c.number, "drums" if track.is_drum else track.program, c.value)
        for track in score.tracks
        for c in track.controls
        if c.number in (7, 10)
    }
    return {
        "notes": sorted(notes, key=str),
        "tempos": [(at(one.time), one.mspq) for one in score.tempos],
        "meters": [(at(one.time), one.numerator, one.denominator) for one in score.time_signatures],
        "keys": [(one.key, one.tonality) for one in score.key_signatures[:1]],
        "markers": [(at(one.time), one.text) for one in score.markers],
        "controls": sorted(controls, key=str),
    }


def conductor(random: Random, bars: int, division: int) -> mido.MidiTrack:
    """Return a track of a meter and a key, tempos that change at beats, and markers at bars."""
    top = random.choice((3, 4, 5, 7))
    track = mido.MidiTrack([
        mido.MetaMessage("time_signature", numerator=top, denominator=random.choice((4, 8))),
        mido.MetaMessage("key_signature", key=random.choice(("C", "Am", "Eb", "F#m", "B", "Gm"))),
    ])  # fmt: skip
    for beat in range(bars * 2):
        tempo = mido.MetaMessage("set_tempo", tempo=300_000 + 1000 * random.randrange(500) + beat)
        tempo.time = division if beat else 0
        track.append(tempo)
        if random.random() < 0.3:
            track.append(mido.MetaMessage("marker", text=f"part {beat}"))
    return track


def part(random: Random, channel: int, bars: int, division: int) -> mido.MidiTrack:
    """Return a track of notes, those of a pitch one after the other, with a program, a volume and a pan."""
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=f"part {channel}")])
    if channel != 9:
        track.append(mido.Message("program_change", program=random.randrange(128), channel=channel))
    for number, plain in ((7, 100), (10, 64)):
        value = random.choice([one for one in range(1, 128) if one != plain])
        track.append(mido.Message("control_change", control=number, value=value, channel=channel))
    happenings = []
    for pitch in random.sample(range(27, 88), 8):
        now = 0
        while (now := now + random.randrange(1, 2 * division)) < bars * 4 * division:
            length = random.randrange(1, division)
            happenings += [(now, 1, pitch, random.randrange(1, 128)), (now + length, 0, pitch, 64)]
            now += length
    now = 0
    for tick, is_on, pitch, velocity in sorted(happenings):
        kind = "note_on" if is_on else "note_off"
        track.append(mido.Message(kind, note=pitch, velocity=velocity, channel=channel, time=tick - now))
        now = tick
    return track


def files(count: int) -> Iterator[bytes]:
    """Yield files that mido writes: one to six parts, of several divisions."""
    for seed in range(count):
        random = Random(seed)
        division, bars = random.choice((96, 120, 192, 240, 384, 480, 960)), random.randrange(1, 5)
        channels = random.sample([0, 1, 2, 3, 9, 15], random.randrange(1, 7))
        file = mido.MidiFile(ticks_per_beat=division)
        file.tracks = [conductor(random, bars, division)]
        file.tracks += [part(random, channel, bars, division) for channel in channels]
        file.save(file=(out := io.BytesIO()))
        yield out.getvalue()


def test_notes_programs_levels_maps_and_markers_go_out_as_they_came_in() -> None:
    for number, data in enumerate(files(examples(300))):
        before, after = music(data), music(round_trip(data))
        assert before.keys() == after.keys()
        for name, rows in before.items():
            assert after[name] == rows, f"file {number}: {name}"


@pytest.mark.parametrize("writer", ["symusic", "mido"])
def test_what_went_round_once_goes_round_again(writer: str) -> None:
    (data,) = files(1)
    if writer == "symusic":
        data = symusic.Score.from_midi(data).dumps_midi()
    once = round_trip(data)
    assert music(round_trip(once)) == music(once)
