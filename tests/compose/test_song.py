"""A song: sections of one scene, placed one after another."""

from statistics import fmean

import pytest

from hardcore.compose.form.drama import premaster
from hardcore.compose.form.song import PlacedSection, song
from hardcore.compose.vary import regenerate
from hardcore.errors import UserError
from hardcore.knowledge.form import SongSection
from hardcore.knowledge.loader import genre, genre_ids
from hardcore.project import clips, scenes, tracks
from hardcore.project.integrity import check
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.roles import DRUMS, TRANSITIONS
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import end_ticks, timeline
from hardcore.project.track import Track
from tests.compose.judge import likeness, only, song_of
from tests.compose.measures import composed
from tests.each import each

HOUSE = genre("house").song


def made(
    style: str = "house", seed: int = 3, bars: int | None = None
) -> tuple[ProjectState, tuple[PlacedSection, ...]]:
    return song(composed(style, seed), genre(style).song, 1, bars)


def bus(project: ProjectState) -> Track:
    found = premaster(project)
    assert found is not None
    return found


@each("style", genre_ids())
def test_every_style_has_a_song_whose_sections_follow_each_other_and_differ(style: str) -> None:
    project, placed = made(style)
    check(project)
    at = 0
    for section in placed:
        assert section.bar == at and section.tracks
        at += section.bars
    assert end_ticks(timeline(project)) == project.meter_map.bar_start(at)
    assert len({section.tracks for section in placed}) >= 2
    whole = max(len(section.tracks) for section in placed)
    assert len(placed[0].tracks) < whole or style in ("jazz_trio", "bossa_nova", "samba", "waltz")


def test_sections_bring_parts_in_and_take_them_out_as_they_say() -> None:
    project, placed = made()
    roles = {track.name: track.role for track in project.tracks}
    by_name = {section.name: {roles[name] for name in section.tracks} for section in placed}
    assert by_name["intro"] <= {*DRUMS, "texture"}
    assert "lead" not in by_name["build"] and {"kick", "bass"} <= by_name["drop"]
    assert not by_name["break"] & {"kick", "bass", "clap", "snare"}


def test_an_edit_is_heard_in_every_section_that_is_not_composed_or_varied() -> None:
    project, _ = made()
    kick = project.find_track("kick")
    by_name = {scene.name: scene.slots.get(kick.id) for scene in project.scenes}
    assert by_name["A"] == by_name["intro"] == by_name["drop"]
    assert by_name["drop 2"] not in (None, by_name["A"])
    bass = project.find_track("bass").id
    first, second = (project.find_clip(f"bass:{name}")[1] for name in ("drop", "drop 2"))
    assert first.notes != second.notes and first.length_ticks == second.length_ticks
    placed = {one.clip for one in project.arrangement if one.track == bass}
    others = {project.find_clip(f"bass:{name}")[1].id for name in ("build", "end")}
    assert placed == {first.id, second.id, *others}


def test_a_verse_has_a_tune_and_chords_to_itself_lower_than_the_chorus_and_is_the_same_song() -> None:
    for style in ("pop", "rock"):
        project, _ = made(style)
        heard = song_of(project)
        chorus, verse = heard.of("chorus"), heard.of("verse")
        assert likeness(only(chorus, "lead"), only(verse, "lead")) < 0.5
        assert likeness(heard.of("chorus", 0), heard.of("chorus", 1)) >= 0.9  # the first keeps colours back
        assert likeness(only(heard.of("chorus", 0), "lead"), only(heard.of("chorus", 1), "lead")) == 1
        assert fmean(p for bar in only(verse, "lead") for _, p in bar) < fmean(
            p for bar in only(chorus, "lead") for _, p in bar
        )
        told = [project.find_clip(f"lead:{name}")[1].provenance for name in ("chorus", "verse")]
        names = [one.intent["chords_played"].split(" | ") for one in told if one]
        assert sum(a != b for a, b in zip(*names, strict=True)) >= 0.25 * len(names[0])


def test_a_section_that_is_made_anew_stays_what_it_is() -> None:
    project, _ = made("pop")
    clip = project.find_clip("lead:verse")[1]
    again = regenerate(project, clip.id, clip.provenance.seed if clip.provenance else 0)
    assert again.find_clip(clip.id)[1].notes == clip.notes


def test_what_was_edited_since_stays_in_every_section() -> None:
    project = composed("pop", 3)
    lead = next(clip for track, clip in project.clips() if track.role == "lead")
    edited = clips.replace_clip(project, lead.evolve(notes=NoteBlock.of([Note(0, 960, 72)])))
    done, _ = song(edited, genre("pop").song, 1)
    assert list(done.find_clip("lead:verse")[1].notes) == [Note(0, 960, 72)]
    chords = [done.find_clip(f"pluck:{name}")[1].provenance for name in ("verse", "chorus")]
    assert chords[0] and chords[1] and chords[0].intent["chords_played"] == chords[1].intent["chords_played"]


def test_a_build_rolls_thins_and_falls_silent_before_the_drop() -> None:
    project, _ = made()
    heard = song_of(project)
    name, first, end = next(section for section in heard.sections if section[0] == "build")
    assert not [note for note in heard.bars[end - 1] if note[1] >= 3 * 1920 and note[0] not in ("riser", "impact")]
    hits = [sum(part == "clap" for part, *_ in bar) for bar in heard.bars[first:end]]
    assert hits[0] == 4 and hits[-1] > hits[len(hits) // 2] > hits[0]
    cuts = next(one for one in bus(project).automation if one.parameter == "low_cut")
    bar = project.meter_map.bar_start
    assert cuts.at(bar(end) - 480) > 3 * cuts.at(bar(first)) and cuts.at(bar(end)) == cuts.at(0), name


def test_the_loudness_follows_the_sections_and_the_fader_stays_free() -> None:
    project, placed = made("pop")
    gain = next(one for one in bus(project).automation if one.parameter == "gain")
    at = {one.name: gain.at(project.meter_map.bar_start(one.bar) + 7680) for one in placed}
    assert at["chorus"] - at["verse"] >= 1 and at["chorus"] - at["intro"] >= 2
    house, sections = made()
    gain = next(one for one in bus(house).automation if one.parameter == "gain")
    levels = {
        one.name: gain.at(house.meter_map.bar_start(one.bar) + one.bars * 3840) for one in sections if one.bars > 4
    }
    assert levels["drop"] - levels["build"] >= 2
    assert not project.master.automation and all(one.owner != bus(project).id for one in bus(project).automation)
    free = (track for track in project.tracks if track.output == project.master.id and track.kind != "return")
    assert [track.id for track in free] == [bus(project).id]


def test_a_song_of_a_style_that_fades_fades_on_the_master_returns_and_all() -> None:
    project, placed = song(composed("dub", 3), genre("dub").song, 1, ending="fade")
    (fader,) = project.master.automation
    start = project.meter_map.bar_start(placed[-1].bar)
    assert (fader.owner, fader.parameter) == (project.master.id, "gain_db")
    assert fader.at(start) == project.master.mixer.gain_db and fader.at(end_ticks(timeline(project)) - 1) <= -40
    again, _ = song(project, genre("dub").song, 1, ending="fade")
    assert len([track for track in again.tracks if track.kind == "group" and track.name == "premaster"]) == 1
    assert [len(one.automation) for one in (again.master, bus(again))] == [1, len(bus(project).automation)]


@pytest.mark.parametrize("style", ["pop", "house", "acid", "uptempo", "cinematic"])
def test_a_song_ends_on_the_tonic_in_its_last_bar(style: str) -> None:
    project, _ = made(style)
    last = song_of(project).bars[-1]
    pitched = {track.name for track in project.tracks if track.role not in (*DRUMS, *TRANSITIONS, "texture")}
    assert min(pitch for part, _, _, pitch in last if part in pitched) % 12 == project.key.tonic
    assert all(at == 0 for part, at, _, _ in last if part in pitched)


def test_a_song_has_as_many_bars_as_it_is_told_and_keeps_its_proportions() -> None:
    for bars in (32, 48, 64, 96, 136, 256):
        _, placed = made(bars=bars)
        assert sum(section.bars for section in placed) == bars
        named = {section.name: section.bars for section in placed}
        assert named["drop"] >= named["build"] and named["drop"] >= named["outro"]


def test_every_section_ends_as_the_scene_ends() -> None:
    """What leads on, fills and risers, is at the end of the scene: a section of less than it plays its last bars."""
    project, placed = made("pop")
    eight, last = project.meter_map.bar_start(8), end_ticks(timeline(project)) - project.meter_map.bar_ticks()
    assert placed[0].bars == 4
    for one in project.arrangement:
        _, clip = project.find_clip(one.clip)
        if one.start_ticks + one.length_ticks < last:
            assert clip.length_ticks == eight and (one.offset_ticks + one.length_ticks) % eight == 0


def test_a_second_song_takes_the_place_of_the_first() -> None:
    first, placed = made()
    again, _ = song(first, HOUSE, 1)
    check(again)
    assert [scene.name for scene in again.scenes] == [scene.name for scene in first.scenes]
    assert len(again.arrangement) == len(first.arrangement)
    assert len(list(again.clips())) == len(list(first.clips())), "nothing is left lying about"
    lone = SongSection(name="all", bars=8)
    other, _ = song(again, (lone,), 1)
    assert "A" in [scene.name for scene in other.scenes] and end_ticks(timeline(other)) == other.meter_map.bar_start(8)
    assert placed[0].name == "intro"


def test_a_section_named_again_is_that_section_again_and_the_last_chorus_has_a_second_voice_under_its_tune() -> None:
    project, placed = made("pop")
    assert [section.name for section in placed if section.name.startswith("chorus")] == ["chorus", "chorus", "chorus 3"]
    first, last = (
        project.find_scene(next(one.id for one in project.scenes if one.name == name))
        for name in ("chorus", "chorus 3")
    )
    assert first.slots.keys() == last.slots.keys()
    (other,) = [track for track in first.slots if first.slots[track] != last.slots[track]]
    before, after = (set(project.find_clip(scene.slots[other])[1].notes) for scene in (first, last))
    tune = {note.start_ticks: note.pitch for note in project.find_clip("lead:chorus")[1].notes}
    added = after - before
    assert before < after and len(added) >= 4
    assert all(tune[note.start_ticks] - note.pitch in (3, 4, 5, 7, 8, 9) for note in added)
    assert all(project.key.contains(note.pitch) for note in added)
    song = song_of(project)
    assert 1 > likeness(song.of("chorus", 1), song.of("chorus", 2)) >= 0.8


def test_what_was_made_by_hand_plays_as_it_is() -> None:
    project, track = tracks.add_track(new_project(), "mine", "midi")
    project, clip = clips.add_clip(project, track, project.scenes[0].id, 4 * 7680)
    done, placed = song(project, HOUSE, 1)
    check(done)
    assert {one.clip for one in done.arrangement} == {clip} and placed[0].tracks == ("mine",)
    with pytest.raises(UserError, match="no clips to make a song of"):
        song(new_project(), HOUSE, 1)
    empty, scene = scenes.add_scene(project, "empty")
    with pytest.raises(UserError, match="scene empty has no clips"):
        song(empty, HOUSE, 1, scene=scene)


def test_the_same_seed_gives_the_same_song() -> None:
    assert made()[0] == made()[0]
    assert song(composed("house", 3), HOUSE, 2)[0] != made()[0]


def test_a_song_of_a_length_that_was_asked_for_slows_down_and_is_as_long_as_that() -> None:
    waltz, style = composed("waltz", 3), genre("waltz")
    project, placed = song(waltz, style.song, 1, 64, ending="ritard")
    end = project.meter_map.bar_start(64)
    assert sum(one.bars for one in placed) == 64
    assert project.tempo_map.seconds(end) == pytest.approx(waltz.tempo_map.seconds(end), abs=0.001)
    last, now = project.tempo_map.at(end - 1), waltz.tempo_map.bpm
    assert last == pytest.approx(now * 2 / 3, abs=0.1)
    assert now < max(point.bpm for point in project.tempo_map.points) < 1.08 * now, "it presses on, hardly"
    free, _ = song(waltz, style.song, 1, ending="ritard")
    assert max(point.bpm for point in free.tempo_map.points) == now
