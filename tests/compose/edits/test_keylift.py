"""Key lifts: from the last chorus on a song is higher, all of it, and comes back as it was."""

import io
from functools import cache
from random import Random
from xml.etree import ElementTree

import mido
import pytest

from hardcore.compose.edits.key import set_key
from hardcore.compose.edits.keylift import lift, with_habit
from hardcore.compose.form.song import arranged, song
from hardcore.errors import UserError
from hardcore.exchange.losses import Losses
from hardcore.exchange.musicxml import to_musicxml
from hardcore.knowledge.form import KeyLift
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.music.scale import Key
from hardcore.project.integrity import check
from hardcore.project.midi import to_midi
from hardcore.project.region import AudioRegion, SoundRef
from hardcore.project.roles import DRUMS, TRANSITIONS
from hardcore.project.section import starts
from hardcore.project.sectionkeys import key_changes, key_of
from hardcore.project.sections import ticks_of
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from tests.compose.judge import song_of
from tests.compose.measures import composed


@cache
def pop() -> ProjectState:
    return song(composed("pop", 3), genre("pop").song, 1)[0]


def tones(project: ProjectState, place: int) -> list[tuple[str, int, int, int]]:
    """Return what sounds in a section but for drums and effects: (part, place in its bars, length, pitch)."""
    drums = {track.name for track in project.tracks if track.role in (*DRUMS, *TRANSITIONS)}
    bars, (_, first, end) = song_of(project).bars, song_of(project).sections[place]
    return sorted(one for bar in bars[first:end] for one in bar if one[0] not in drums)


def test_all_that_has_a_pitch_rises_from_the_last_chorus_on_and_nothing_before() -> None:
    project = lift(pop(), 2).project
    check(project)
    names = [one.name for one in project.sections]
    assert [one.lift for one in project.sections] == [0] * names.index("chorus 3") + [2, 2]
    for place, section in enumerate(project.sections):
        before, after = tones(pop(), place), tones(project, place)
        assert {a[3] % 12 for a in after} == {(b[3] + section.lift) % 12 for b in before}, section.name
        assert len(before) == len(after)
        at, bass = [[row[3] for row in rows if row[0] == "bass"] for rows in (before, after)]
        assert sum(b - a == section.lift for a, b in zip(at, bass, strict=True)) >= 0.8 * len(bass)
    assert end_ticks(timeline(project)) == end_ticks(timeline(pop()))
    assert project.key == pop().key and key_of(project, project.sections[-1]).tonic == (pop().key.tonic + 2) % 12


def test_a_lift_is_counted_from_the_key_so_it_moves_once_and_nothing_takes_it_back() -> None:
    once = lift(pop(), 1).project
    for again in (lift(lift(pop(), 5).project, 1).project, lift(once, 3, "bridge").project):
        assert tones(lift(again, 0).project, 6) == tones(pop(), 6)
    with pytest.raises(UserError, match="major already"):
        lift(once, 1)
    with pytest.raises(UserError, match="where the song begins"):
        lift(pop(), 1, "intro")
    with pytest.raises(UserError, match="no section 'brige'"):
        lift(pop(), 1, "brige")


def test_a_lifted_section_stays_above_where_the_whole_song_moves_to_another_key() -> None:
    moved = set_key(lift(pop(), 2).project, Key.parse("D minor")).project
    plain = set_key(pop(), Key.parse("D minor")).project
    assert {one[3] % 12 for one in tones(moved, 6)} == {(one[3] + 2) % 12 for one in tones(plain, 6)}


def test_audio_with_a_key_rises_too() -> None:
    sound = SoundRef(artifact="0" * 64, name="vox", size=1, frames=960_000, rate=48_000, channels=1)
    region = AudioRegion(sound=sound, frames=960_000, key=Key.parse("C major"), warp="stretch", bpm=112)
    lead = next(track for track in pop().tracks if track.role == "lead")
    project = pop().with_track(lead.id, lambda track: track.evolve(
        clips=tuple(one.evolve(notes=type(one.notes)(), region=region) for one in track.clips)))  # fmt: skip
    start, _ = ticks_of(project, 6)
    raised = lift(project, 2).project.find_track(lead.id)
    clips = {one.id: one for one in raised.clips}
    for placed in raised.placements:
        played = clips[placed.clip].region
        assert played is not None and played.transpose == (2 if placed.start_ticks >= start else 0)


def test_songs_rise_as_often_as_their_style_says_and_the_plan_plays_it() -> None:
    row, habit = pop().sections, KeyLift(chance=0.3, semitones=(1, 2))
    found = [with_habit(row, habit, seed)[-1].lift for seed in range(400)]
    assert 90 <= sum(by > 0 for by in found) <= 150 and set(found) == {0, 1, 2}
    assert with_habit(row, habit, Random(1).randrange(400), 0) == row
    assert not genre("house").lift.chance and sum(genre(name).lift.chance > 0 for name in genre_ids()) >= 8
    asked, _ = song(composed("pop", 3), genre("pop").song, 1, lift=1)
    again, _ = arranged(asked, asked.sections, 1, ending="hit")
    assert song_of(again) == song_of(asked) and asked.sections[-1].lift == 1


def test_other_programs_read_the_key_of_a_lifted_section_where_it_begins() -> None:
    project = set_key(lift(pop(), 2).project, Key.parse("D minor")).project
    bars, lifted = starts(project.sections), [one.lift for one in project.sections].index(2)
    playing = timeline(project)
    seen, now = [], 0
    for message in mido.MidiFile(file=io.BytesIO(to_midi(project, playing))).tracks[0]:
        now += message.time
        if message.type == "key_signature":
            seen.append((now, message.key))
    assert seen == [(0, "Dm"), (project.meter_map.bar_start(bars[lifted]), "Em")]
    lead = project.find_track("lead")
    measures = ElementTree.fromstring(to_musicxml(project, playing, [lead], Losses())).findall(".//measure")
    signs = {at: one.findtext(".//fifths") for at, one in enumerate(measures) if one.find(".//key") is not None}
    assert signs == {0: "-1", bars[lifted]: "1"}
    alone = [timeline(project, scene) for scene in project.scenes if scene.name in ("verse", "outro")]
    assert [[key.short for _, key in key_changes(project, one)] for one in alone] == [["Dm"], ["Em"]]
