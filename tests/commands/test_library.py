"""Your library by command: what one project keeps, another one gets, the same to the note and to the parameter."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.commands.library.finding import AlikeList
from hardcore.commands.library.items import ItemView
from hardcore.commands.library.putting import ItemPut
from hardcore.commands.library.things import ItemList
from hardcore.commands.tracks.soundfolder import SoundHeard
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.knowledge.groove import groove as program_groove
from hardcore.paths import cache_folder
from hardcore.project.integrity import check
from hardcore.project.samples import sample
from hardcore.project.state import ProjectState, new_project
from hardcore.project.track import Track
from hardcore.store import library
from tests.song import song, studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.close()


def say(studio: Studio, *lines: str) -> Result:
    for line in lines:
        result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result


def elsewhere(studio: Studio, *lines: str) -> ProjectState:
    """Return what lines make of a new project, each of them one step."""
    say(studio, "/new")
    for line in lines:
        before, at = studio.controller.project, studio.controller.history.at
        say(studio, line)
        assert studio.controller.history.at == at + 1
        check(studio.controller.project)
        after = studio.controller.project
        studio.controller.undo()
        assert studio.controller.project is before
        studio.controller.redo()
        assert studio.controller.project is after
    return studio.controller.project


def sound(track: Track) -> object:
    """Return what a track sounds like: instrument, effects without their ids, level and place."""
    effects = [(one.device, dict(one.settings), one.bypass) for one in track.effects]
    return track.instrument, effects, track.mixer.gain_db, track.mixer.pan


def test_a_preset_an_instrument_and_effects_are_what_they_were(studio: Studio) -> None:
    say(studio, "/set bass cutoff 333", "/effect add bass drive", "/effect bypass bass drive on")
    own = studio.controller.project.find_track("bass")
    for kind in ("preset", "instrument", "effects"):
        say(studio, f"/library save {kind} {kind}-x --from bass")
    project = elsewhere(studio, "/library put preset-x --as low", "/track add lead", "/library put instrument-x lead")
    assert sound(project.find_track("low")) == sound(own)
    assert project.find_track("low").role == "bass"
    assert (project.find_track("lead").instrument, project.find_track("lead").effects) == (own.instrument, ())
    say(studio, "/library put effects-x lead", "/library put effects-x master")
    project = studio.controller.project
    assert sound(project.find_track("lead")) == sound(own)
    assert [one.device for one in project.master.effects] == ["filter", "drive"]
    with pytest.raises(UserError, match="effects are put on a track"):
        say(studio, "/library put effects-x")


def test_a_track_strip_has_levels_sends_and_live_effects(studio: Studio) -> None:
    say(studio, "/gain snare -7", "/pan snare L30", "/midi input snare", "/midi effect snare --arp up")
    own = studio.controller.project.find_track("snare")
    say(studio, "/library save track crack --from snare")
    project = elsewhere(studio, "/library put crack", "/library put crack --as second")
    for name in ("crack", "second"):
        track = project.find_track(name)
        assert sound(track) == sound(own)
        (send,) = track.sends
        assert (project.find_track(send.target).name, send.gain_db) == ("reverb", -12)
        assert track.midi_in is not None and own.midi_in is not None and track.midi_in.effects == own.midi_in.effects
    assert [track.name for track in project.tracks] == ["crack", "second", "reverb", "master"]
    assert sound(project.find_track("reverb")) == sound(song().find_track("reverb"))


def test_a_strip_leaves_the_clips_of_the_track_that_it_is_put_on(studio: Studio) -> None:
    say(studio, "/library save track strip --from bass")
    notes = studio.controller.project.find_clip("kick:A")[1].notes
    say(studio, "/library put strip kick")
    track, clip = studio.controller.project.find_clip("kick:A")
    assert (clip.notes, sound(track)) == (notes, sound(song().find_track("bass")))


def test_a_clip_of_notes_comes_with_its_sound_envelopes_and_groove(studio: Studio) -> None:
    say(
        studio, "/note add bass:A 1.2.3 C3 1/16", "/automation add bass:A cutoff 1.1.1 300",
        "/automation add bass:A filter.cutoff 2.1.1 900", "/groove set bass:A mpc_62 --amount 80",
    )  # fmt: skip
    _, own = studio.controller.project.find_clip("bass:A")
    say(studio, "/library save clip riff --from bass:A")
    project = elsewhere(studio, "/library put riff")
    track, clip = project.find_clip("riff")
    assert (clip.notes, clip.length_ticks, clip.groove) == (own.notes, own.length_ticks, own.groove)
    assert sound(track) == sound(song().find_track("bass"))
    points = [(one.parameter, one.points) for one in clip.automation]
    assert points == [(one.parameter, one.points) for one in own.automation]
    assert {one.owner for one in clip.automation} == {track.id, track.effects[0].id}
    assert project.grooves == (program_groove("mpc_62"),)
    put = say(studio, "/track add keys", "/library put riff keys")
    assert isinstance(put, ItemPut) and any("no such parameter" in line for line in put.details)
    assert studio.controller.project.find_clip("keys:A")[1].notes == own.notes
    say(studio, "/library put riff keys:A")
    assert len(studio.controller.project.find_track("keys").clips) == 2


def test_an_audio_clip_plays_the_same_artifact(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "loop.wav").write_bytes(sample("vinyl_loop").path.read_bytes())
    say(studio, "/import loop.wav", "/clip gain loop:A -3")
    _, own = studio.controller.project.find_clip("loop:A")
    assert own.region is not None
    say(studio, "/library save clip dust --from loop:A")
    project = elsewhere(studio, "/library put dust")
    track, clip = project.find_clip("dust")
    assert (track.kind, clip.region) == ("audio", own.region)
    with pytest.raises(UserError, match="holds notes"):
        say(studio, "/track add keys", "/library put dust keys")
    say(studio, "/new", "/artifacts gc --young")
    assert library.artifacts() == {own.region.sound.artifact}
    elsewhere(studio, "/library put dust")


def test_a_scene_comes_on_tracks_of_its_names_or_new_ones(studio: Studio) -> None:
    say(studio, "/scene time A 140", "/library save scene main --from A")
    own = studio.controller.project
    project = elsewhere(studio, "/track add kick", "/library put main")
    scene = project.find_scene("main")
    assert scene.bpm == 140
    assert [track.name for track in project.tracks] == ["kick", "snare", "hats", "bass", "reverb", "master"]
    for name in ("kick", "snare", "hats", "bass"):
        assert project.find_clip(f"{name}:main")[1].notes == own.find_clip(f"{name}:A")[1].notes
    assert sound(project.find_track("snare")) == sound(own.find_track("snare"))


def test_what_listens_to_another_track_is_left_out_and_told(studio: Studio) -> None:
    say(studio, "/effect add bass sidechain --side kick", "/automation add bass:A sidechain.ratio 1.1.1 3")
    for kind, source in (("preset", "bass"), ("effects", "bass"), ("track", "bass"), ("scene", "A")):
        kept = say(studio, f"/library save {kind} x --from {source}")
        assert "left out: sidechain of bass" in kept.text(), kind
    say(studio, "/library save clip x --from bass:A", "/track remove kick", "/library save track y --from bass")
    project = elsewhere(
        studio, "/library put preset:x", "/library put track:y", "/library put clip:x", "/library put scene:x"
    )
    assert {one.device for track in project.tracks for one in track.effects} == {"filter", "reverb"}


def test_a_groove_and_a_rhythm_are_shared_with_their_own_commands(studio: Studio) -> None:
    say(studio, "/groove set hats mpc_62", "/library save groove pocket --from hats", "/library save rhythm drive")
    assert "pocket" in say(studio, "/groove list").text() and "drive" in say(studio, "/rhythm seed list").text()
    say(studio, "/rhythm seed tag drive late")
    found = say(studio, "/library list --tag late")
    assert isinstance(found, ItemList) and [row.name for row in found.items] == ["drive"]
    project = elsewhere(studio, "/library put drive", "/library put pocket")
    assert project.groove is not None and project.groove.timing == program_groove("mpc_62").timing
    assert any(clip.provenance and clip.provenance.producer == "rhythm" for _, clip in project.clips())


def test_mappings_meet_tracks_of_their_names(studio: Studio) -> None:
    say(studio, "/map add cc7 gain kick", "/map add cc8 effect set bass filter cutoff", "/map add note36 launch A")
    say(studio, "/library save mapping knobs")
    say(studio, "/new", "/track add low", "/track add kick")
    put = say(studio, "/library put knobs")
    assert put.text().splitlines()[1:] == ["  left out: cc 8: there is no bass"]
    project = studio.controller.project
    kick = project.find_track("kick").id
    assert [(one.message, one.number, one.target) for one in project.maps] == [
        ("cc", 7, f"track gain {kick}"), ("note", 36, "launch A"),
    ]  # fmt: skip


def test_what_was_put_needs_the_library_no_more_and_is_known_there_once_saved(studio: Studio, tmp_path: Path) -> None:
    say(
        studio,
        "/library save preset rubber --from bass",
        "/set bass cutoff 200",
        "/library save preset rubber --from bass",
    )
    say(studio, "/new", "/library put rubber --version 1 --as one", "/library put rubber --as two", "/undo")
    say(studio, f"/save {tmp_path / 'other.hcs'}", "/library remove rubber", "/new", f"/open {tmp_path / 'other.hcs'}")
    assert studio.controller.project.find_track("one").instrument == song().find_track("bass").instrument
    say(studio, "/library restore rubber")
    shown = say(studio, "/library show rubber")
    assert isinstance(shown, ItemView)
    assert [(use.version, use.project, use.step) for use in shown.used_in] == [(1, str(tmp_path / "other.hcs"), 1)]
    assert [version.number for version in shown.versions] == [2, 1]


def test_words_find_what_it_is_what_plays_and_what_it_is_for(studio: Studio) -> None:
    say(
        studio, "/library save preset rubber --from bass --tags warm", '/library save track "my snare" --from snare',
        "/library save clip riff --from bass:A",
    )  # fmt: skip

    def found(words: str) -> list[str]:
        answer = say(studio, f"/library find {words}")
        assert isinstance(answer, ItemList)
        return [row.name for row in answer.items]

    assert set(found("basses")) == set(found("bass")) == {"rubber", "riff"}
    assert found("warm reese") == ["rubber", "riff"]
    assert found("snare strip") == ["my snare"]
    assert found("nothing") == []


def test_files_of_yours_are_listed_and_stay_where_they_are(studio: Studio) -> None:
    say(studio, '/genre new "cellar techno"')
    listed = say(studio, "/library list --kind style")
    assert isinstance(listed, ItemList) and [row.name for row in listed.items] == ["cellar_techno"]
    assert "cellar_techno.yaml" in say(studio, "/library show cellar_techno").text()
    with pytest.raises(UserError, match="own command"):
        say(studio, "/library put style:cellar_techno")


def test_a_name_that_is_there_twice_wants_its_kind_and_one_that_is_not_gets_the_nearest(studio: Studio) -> None:
    say(studio, "/library save preset rubber --from bass", "/library save track rubber --from bass")
    with pytest.raises(UserError, match="2 things called") as caught:
        say(studio, "/library put rubber bass")
    assert "preset:rubber, track:rubber" in caught.value.hint
    say(studio, "/library put track:rubber bass")
    with pytest.raises(UserError, match="no 'ruber' in your library") as caught:
        say(studio, "/library put ruber")
    assert "rubber" in caught.value.hint
    for line in (
        "/library save preset a/b --from bass",
        "/library save preset a:b --from bass",
        "/library save clip x",
    ):
        with pytest.raises(UserError):
            say(studio, line)


def test_an_instrument_with_effects_renders_the_same_in_another_project(studio: Studio, tmp_path: Path) -> None:
    """The same notes on a track with the same id: every sample is equal, and it is no silence."""
    say(studio, "/set bass cutoff 500", "/effect add bass drive", "/library save preset rubber --from bass")
    own = studio.controller.project.find_track("bass")

    def rendered(name: str) -> bytes:
        bass = studio.controller.project.find_track("bass")
        alone = new_project("x")
        track = own.evolve(instrument=bass.instrument, effects=bass.effects, output="t1", sends=())
        alone = alone.evolve(tracks=(track, alone.master), next_id=50)
        alone = alone.evolve(scenes=(alone.scenes[0].evolve(slots={track.id: track.clips[0].id}),))
        other = build_studio()
        try:
            other.controller.edit("x", lambda _: alone)
            say(other, f"/export {name} --bars 1")
        finally:
            other.close()
        audio, _ = soundfile.read(tmp_path / name)
        assert abs(audio).max() > 0.01
        return bytes(audio.tobytes())

    first = rendered("one.wav")
    elsewhere(studio, "/track add bass", "/library put rubber bass")
    assert rendered("two.wav") == first


def test_words_keep_use_and_ask_for_what_is_yours(studio: Studio) -> None:
    for line in (
        "save this bass sound as rubber", "keep the snare strip as crack", 'save the bass clip as "my riff"',
        "save the bass effects as grit", "save scene A as main",
    ):  # fmt: skip
        say(studio, line)
    names = {(item.kind, item.name) for item in library.items()[0]}
    assert names == {
        ("preset", "rubber"),
        ("track", "crack"),
        ("clip", "my riff"),
        ("effects", "grit"),
        ("scene", "main"),
    }
    found = say(studio, "what basses do I have?")
    assert isinstance(found, ItemList) and {row.name for row in found.items} == {"rubber", "my riff", "main"}
    say(studio, "/track add lead", "use my rubber bass on the lead")
    assert sound(studio.controller.project.find_track("lead")) == sound(song().find_track("bass"))
    assert isinstance(say(studio, "what's in my library"), ItemList)


def test_the_nearest_in_sound_is_found_by_ear_and_rendered_once(studio: Studio) -> None:
    """A copy is 0 away, another bass nearer than a hi-hat, whatever they are called."""
    say(studio, "/track add wob", "/track instrument wob wobble")
    for name, track in (("one", "hats"), ("two", "wob"), ("three", "bass"), ("chain", "bass")):
        say(studio, f"/library save {'effects' if name == 'chain' else 'preset'} {name} --from {track}")
    answer = say(studio, "/library find --like bass")
    assert isinstance(answer, AlikeList)
    apart = {row.name: row.distance for row in answer.items}
    assert apart["three"] == 0 < apart["two"] < apart["one"]
    assert [row.name for row in answer.items] == sorted(apart, key=lambda name: apart[name])
    previews = {path: path.stat().st_mtime_ns for path in (cache_folder() / "previews").iterdir()}
    again = say(studio, "/library find --like three")
    assert isinstance(again, AlikeList) and again.items[0].name == "two"
    assert {path: path.stat().st_mtime_ns for path in (cache_folder() / "previews").iterdir()} == previews


def test_a_thing_is_heard_without_a_change(studio: Studio) -> None:
    say(studio, "/library save preset rubber --from bass", "/library save groove pocket --from mpc_62")
    before, at = studio.controller.project, studio.controller.history.at
    heard = say(studio, "/library audition rubber")
    assert isinstance(heard, SoundHeard) and 1 < heard.seconds < 8
    assert (studio.controller.project, studio.controller.history.at) == (before, at)
    with pytest.raises(UserError):
        say(studio, "/library audition pocket")
