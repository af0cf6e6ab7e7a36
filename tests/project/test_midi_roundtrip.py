"""MIDI files of other programs, into a project and out again: two other libraries read the same from both."""

import io
from collections.abc import Iterator
from fractions import Fraction
from operator import itemgetter
from random import Random
from typing import Any

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


def music(data: bytes) -> dict[str, object]:
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
    keys = [(at(one.time), one.key, one.tonality) for one in score.key_signatures]
    return {
        "notes": sorted(notes, key=str),
        "tempos": [(at(one.time), one.mspq) for one in score.tempos],
        "meters": [(at(one.time), one.numerator, one.denominator) for one in score.time_signatures],
        "keys": [key for key, before in zip(keys, [None, *keys], strict=False) if not before or key[1:] != before[1:]],
        "markers": [(at(one.time), one.text) for one in score.markers],
        "controls": sorted(controls, key=str),
    }


def moves(data: bytes) -> dict[str, object]:
    """Return what mido reads of the rest, times in quarters: what moves a channel and from when on, lyrics, ports."""
    file = mido.MidiFile(file=io.BytesIO(data))
    moved: dict[tuple[object, ...], dict[Fraction, float]] = {}
    lyrics, places = [], set()
    for track in file.tracks:
        now, port, reach, number = Fraction(0), None, {}, {}
        for message in track:
            now += Fraction(message.time, file.ticks_per_beat)
            channel = getattr(message, "channel", None)
            if message.type == "midi_port":
                port = message.port
            elif message.type == "lyrics":
                lyrics.append((now, message.text))
            elif message.type == "note_on":
                places.add((port, channel))
            elif message.type == "control_change" and message.control in (100, 101):
                number[channel, message.control] = message.value
            elif message.type == "control_change" and message.control == 6:
                assert (number[channel, 101], number[channel, 100]) == (0, 0)
                reach[channel] = message.value
            elif message.type == "control_change" and message.control not in (7, 10, 38):
                moved.setdefault((port, channel, "cc", message.control), {})[now] = message.value
            elif message.type == "pitchwheel":
                semitones = message.pitch / 8192 * reach.get(channel, 2)
                moved.setdefault((port, channel, "bend"), {})[now] = semitones
            elif message.type == "aftertouch":
                moved.setdefault((port, channel, "pressure"), {})[now] = message.value
            elif message.type == "polytouch":
                moved.setdefault((port, channel, message.note), {})[now] = message.value
    changes: dict[tuple[object, ...], list[tuple[Fraction, float]]] = {}
    for name, values in moved.items():
        held = [(Fraction(-1), 0.0)]
        for now, value in sorted(values.items()):
            held += [(now, value)] if value != held[-1][1] else []
        changes[name] = held[1:]
    return {"moves": {name: held for name, held in changes.items() if held}, "lyrics": sorted(lyrics), "places": places}


KEYS = ("C", "Am", "Eb", "F#m", "B", "Gm", "D", "Bbm")


def near(moved: Any) -> dict[object, list[tuple[Fraction, object]]]:
    """Return moves to compare with: a wheel of another range has other steps."""
    return {name: [(now, pytest.approx(value, abs=0.01)) for now, value in rows] for name, rows in moved.items()}


def conductor(random: Random, bars: int, division: int) -> mido.MidiTrack:
    """Return a track of a meter and a key, tempos that change at beats, and markers at bars."""
    top = random.choice((3, 4, 5, 7))
    track = mido.MidiTrack([
        mido.MetaMessage("time_signature", numerator=top, denominator=random.choice((4, 8))),
        mido.MetaMessage("key_signature", key=random.choice(KEYS)),
    ])  # fmt: skip
    for beat in range(bars * 2):
        tempo = mido.MetaMessage("set_tempo", tempo=300_000 + 1000 * random.randrange(500) + beat)
        tempo.time = division if beat else 0
        track.append(tempo)
        if random.random() < 0.3:
            track.append(mido.MetaMessage("marker", text=f"part {beat}"))
        if beat and random.random() < 0.2:
            track.append(mido.MetaMessage("key_signature", key=KEYS[(beat * 5 + top) % len(KEYS)]))
    return track


def part(random: Random, channel: int, bars: int, division: int) -> mido.MidiTrack:
    """Return a track of notes, those of a pitch one after the other, with a program, a volume and a pan.

    Its wheel turns, and keys are pressed harder; some have words.
    """
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=f"part {channel}")])
    if random.random() < 0.3:
        track.append(mido.MetaMessage("midi_port", port=random.randrange(4)))
    if channel != 9:
        track.append(mido.Message("program_change", program=random.randrange(128), channel=channel))
    for number, plain in ((7, 100), (10, 64)):
        value = random.choice([one for one in range(1, 128) if one != plain])
        track.append(mido.Message("control_change", control=number, value=value, channel=channel))
    reach = random.choice((2, 2, 7, 12))
    for number, value in ((101, 0), (100, 0), (6, reach)):
        track.append(mido.Message("control_change", control=number, value=value, channel=channel))
    happenings: list[tuple[int, int, mido.Message | mido.MetaMessage]] = list(
        moving(random, channel, bars * 4 * division)
    )
    for pitch in random.sample(range(27, 88), 8):
        now = 0
        while (now := now + random.randrange(1, 2 * division)) < bars * 4 * division:
            length = random.randrange(1, division)
            on = mido.Message("note_on", note=pitch, velocity=random.randrange(1, 128), channel=channel)
            happenings += [(now, 2, on), (now + length, 0, mido.Message("note_off", note=pitch, channel=channel))]
            now += length
    now = 0
    for tick, _, message in sorted(happenings, key=itemgetter(0, 1)):
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def moving(random: Random, channel: int, end: int) -> Iterator[tuple[int, int, mido.Message | mido.MetaMessage]]:
    """Yield bends, aftertouch, controllers and syllables at random ticks before the end; those of a tick, each once."""
    for tick in sorted(random.sample(range(1, end), 12)):
        kind = random.choice(("wheel", "all", "key", "control", "word"))
        if kind == "wheel":
            yield tick, 1, mido.Message("pitchwheel", pitch=random.randrange(-8192, 8192), channel=channel)
        elif kind == "all":
            yield tick, 1, mido.Message("aftertouch", value=random.randrange(128), channel=channel)
        elif kind == "key":
            yield tick, 1, mido.Message("polytouch", note=60, value=random.randrange(128), channel=channel)
        elif kind == "control":
            number = random.choice((1, 2, 5, 94))
            yield tick, 1, mido.Message("control_change", control=number, value=random.randrange(128), channel=channel)
        else:
            yield tick, 1, mido.MetaMessage("lyrics", text=random.choice(("la ", "hard-", "/core ", "x")))


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


def test_all_of_a_file_goes_out_as_it_came_in() -> None:
    for number, data in enumerate(files(examples(300))):
        again = round_trip(data)
        before, after = music(data) | moves(data), music(again) | moves(again)
        assert before.keys() == after.keys()
        for name, rows in before.items():
            assert after[name] == (near(rows) if name == "moves" else rows), f"file {number}: {name}"


@pytest.mark.parametrize("writer", ["symusic", "mido"])
def test_what_went_round_once_goes_round_again(writer: str) -> None:
    (data,) = files(1)
    if writer == "symusic":
        data = symusic.Score.from_midi(data).dumps_midi()
    once = round_trip(data)
    assert music(round_trip(once)) == music(once)
    assert moves(round_trip(once)) == moves(once)
