"""Lyrics: put on notes, carried by what cuts clips, and out as lyrics that other programs read."""

import io
from pathlib import Path
from xml.etree import ElementTree

import mido
import pytest

from hardcore.exchange.losses import Losses
from hardcore.exchange.musicxml import to_musicxml
from hardcore.project.clip import Clip
from hardcore.project.midi import to_midi
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from tests.commands.asked import answered, edited, refused
from tests.song import BAR

WORDS = '/lyrics set bass:A "hard-core will / ne-ver die"'
SYLLABLES = ["hard-", "core ", "will ", "/ne-", "ver ", "die "]


def clip(project: ProjectState, name: str = "bass:A") -> Clip:
    """Return a clip by its place."""
    return project.find_clip(name)[1]


def sung(data: bytes) -> list[str]:
    """Return the syllables of a MIDI file as another library reads them."""
    return [m.text for track in mido.MidiFile(file=io.BytesIO(data)).tracks for m in track if m.type == "lyrics"]


def test_words_come_on_the_notes_are_shown_and_taken_off() -> None:
    made = edited(WORDS)
    assert made.said[0].startswith("bass A sings: hardcore will / never die")
    assert [one.text for one in clip(made.project).lyrics] == SYLLABLES
    starts = sorted({note.start_ticks for note in clip(made.project).notes})
    assert [one.tick for one in clip(made.project).lyrics] == starts[: len(SYLLABLES)]
    assert "sings: hardcore will / never die" in answered("/clip show bass:A", made.project)
    assert "hard-" in answered("/lyrics list bass:A", made.project)
    assert not clip(edited("/lyrics clear bass:A", project=made.project).project).lyrics
    assert "bass A has no lyrics" in refused("/lyrics clear bass:A")
    assert "syllables, and" in refused(f'/lyrics set bass:A "{"la " * 200}"')


def test_what_cuts_doubles_and_stretches_a_clip_takes_its_words_along() -> None:
    project = edited(WORDS).project
    words = [(one.tick, one.text) for one in clip(project).lyrics]
    double = clip(edited("/clip double bass:A", project=project).project).lyrics
    assert [(one.tick, one.text) for one in double] == words + [(tick + 2 * BAR, text) for tick, text in words]
    half = clip(edited("/clip stretch bass:A 0.5", project=project).project).lyrics
    assert [(2 * one.tick, one.text) for one in half] == words
    at = BAR // 4
    part = clip(edited("/clip crop bass:A --start 1.2.1 --end 2.1.1", project=project).project).lyrics
    assert [(one.tick + at, one.text) for one in part] == [one for one in words if at <= one[0] < BAR]
    parted = edited("/clip split bass:A 1.2.1", project=project).project
    joined = edited("/clip join bass:A bass:B", project=parted).project
    assert [(one.tick, one.text) for one in clip(joined).lyrics] == words
    assert not clip(edited("/clip reverse bass:A", project=project).project).lyrics


def test_other_programs_read_the_words_in_a_midi_file_and_in_a_score(tmp_path: Path) -> None:
    project = edited(WORDS).project
    assert sung(to_midi(project, timeline(project))) == SYLLABLES
    made = to_musicxml(project, timeline(project), [project.find_track("bass")], Losses())
    notes = [one for one in ElementTree.fromstring(made).iter("note") if one.find("lyric") is not None]
    said = [(note.findtext("lyric/syllabic"), note.findtext("lyric/text")) for note in notes]
    assert said == [
        ("begin", "hard"), ("single", "core"), ("single", "will"),
        ("begin", "ne"), ("single", "ver"), ("single", "die"),
    ]  # fmt: skip
    assert all(note.find("tie[@type='stop']") is None for note in notes), "where the note begins"
    assert all(list(note)[-1].tag == "lyric" for note in notes), "after notations, as the format has it"


@pytest.mark.parametrize("kind", ["lyrics", "text"])
def test_words_of_a_track_without_notes_come_to_the_part_that_sings_them(kind: str, tmp_path: Path) -> None:
    """Karaoke files have texts in a track of their own, which begins with one that starts with @."""
    file, words = mido.MidiFile(ticks_per_beat=480), mido.MidiTrack([mido.MetaMessage("text", text="@KMIDI KARAOKE")])
    words += [mido.MetaMessage(kind, text=text, time=time) for text, time in (("\\la", 0), ("/li", 480), ("lu", 480))]
    tune, chords = mido.MidiTrack(), mido.MidiTrack()
    for key in (60, 62, 64):
        tune += [mido.Message(name, note=key, time=240, channel=1) for name in ("note_on", "note_off")]
    tune[0].time = 0
    chords += [mido.Message(name, note=48, time=1000) for name in ("note_on", "note_off")]
    file.tracks = [words, chords, tune]
    file.save(tmp_path / "song.mid")
    project = edited(f"/import {tmp_path / 'song.mid'}").project
    singing = [(track.name, [one.text for one in c.lyrics]) for track, c in project.clips() if c.lyrics]
    assert singing == [("part 2", ["\\la", "/li", "lu"])]
