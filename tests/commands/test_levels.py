"""Levels by command: what moves, how far, and what is refused; figures written down here, one by the ear."""

import asyncio
from pathlib import Path

import pytest

from hardcore.audio import reader
from hardcore.audio.loudness import measure
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.project import tracks
from hardcore.project.automation import with_point
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.timeline import timeline
from tests.commands.asked import edited, refused
from tests.song import BAR, song


def gains(project: ProjectState) -> dict[str, float]:
    """Return the faders that are not at 0 dB."""
    return {track.name: track.mixer.gain_db for track in project.tracks if track.mixer.gain_db}


def muted(project: ProjectState) -> str:
    return " ".join(track.name for track in project.tracks if track.mixer.mute)


def soloed(project: ProjectState) -> str:
    return " ".join(track.name for track in project.tracks if track.mixer.solo)


@pytest.mark.parametrize(
    ("line", "faders"),
    [
        ("/track gain kick -3", {"kick": -3}),
        ("/gain kick,snare -3.25dB", {"kick": -3.25, "snare": -3.25}),
        ("/track gain all-kick --by -1", {"snare": -1, "hats": -1, "bass": -1}),
        ("/track gain 1 --by 0.1", {"kick": 0.1}),
        ("/track gain master --by=2", {"master": 2}),
    ],
)
def test_faders_of_several_tracks_are_set_and_moved(line: str, faders: dict[str, float]) -> None:
    assert gains(edited(line).project) == faders


def test_a_fader_is_moved_from_where_it_is_and_stops_at_its_end() -> None:
    made = edited("/track gain kick,snare --by 4", "/track gain kick 22", "/track gain snare -6")
    assert gains(made.project) == {"kick": 24, "snare": -2}
    assert made.said == [
        "2 changes", "  kick: gain +22 dB → +24 dB, as far as it goes", "  snare: gain -6 dB → -2 dB",
    ]  # fmt: skip


def test_what_is_there_already_is_refused_with_its_value_or_said() -> None:
    assert refused("/track gain kick 0") == "kick is at 0 dB already"
    assert refused("/track gain kick --by 1", "/track gain kick 24") == "kick is at +24 dB, as far as it goes"
    made = edited("/track gain kick,snare -2", "/track gain kick -2")
    assert made.said == ["1 change", "  snare: gain 0 dB → -2 dB", "  not changed: kick is at -2 dB already"]
    assert refused("/track gain kick") == ("say how much (such as track gain kick -3, track gain kick --by 2)")
    assert refused("/track gain kick -3 --by 2").startswith("say one of: a value, --by, --factor")


def test_the_envelopes_of_a_fader_go_with_it_but_silence_stays() -> None:
    project = with_point(song(), song().find_track("bass").clips[0].id, song().find_track("bass").id, "gain_db", 0, -10)
    fade = Automation(
        owner=MASTER_ID, parameter="gain_db",
        points=(AutomationPoint(tick=0, value=0), AutomationPoint(tick=BAR, value=-96)),
    )  # fmt: skip
    project = project.with_track(MASTER_ID, lambda track: track.evolve(automation=(fade,)))
    for by in (-6, 6):
        made = edited(f"/track gain bass,master --by {by}", project=project)
        assert [point.value for point in made.track("bass").clips[0].automation[0].points] == [-10 + by]
        assert [point.value for point in made.project.master.automation[0].points] == [by, -96]


def test_the_envelopes_of_a_pan_go_with_it_as_far_as_the_side() -> None:
    hats = song().find_track("hats")
    project = with_point(song(), hats.clips[0].id, hats.id, "pan", 0, -0.5)
    project = with_point(project, hats.clips[0].id, hats.id, "pan", 960, 0.9)
    made = edited("/track pan hats R20", project=project)
    assert [point.value for point in made.track("hats").clips[0].automation[0].points] == pytest.approx([-0.3, 1])


@pytest.mark.parametrize(
    ("line", "before", "pans"),
    [
        ("/track pan hats L30", (), {"hats": -0.3}),
        ("/track pan snare,hats --by 0.2", ("/track pan hats L30",), {"snare": 0.2, "hats": -0.1}),
        ("/track pan hats --by L20", ("/track pan hats R30",), {"hats": 0.1}),
        ("/track pan hats --by -25%", (), {"hats": -0.25}),
        ("/track pan hats --by 0.5", ("/track pan hats R80",), {"hats": 1}),
    ],
)
def test_pans_are_set_and_moved(line: str, before: tuple[str, ...], pans: dict[str, float]) -> None:
    project = edited(line, *before).project
    assert {track.name: track.mixer.pan for track in project.tracks if track.mixer.pan} == pytest.approx(pans)


def test_mute_says_what_is_heard() -> None:
    assert muted(edited("/track mute drums on", "/track remove drums").project) == "kick snare hats"
    assert muted(edited("/mute kick,snare", "/mute kick").project) == "kick snare"  # on where any is off
    assert muted(edited("/mute kick,snare", "/mute kick,snare").project) == ""
    made = edited("/mute hats on", "/solo hats on")
    assert (muted(made.project), soloed(made.project)) == ("hats", "")
    made = edited("/mute hats off", "/mute hats on", "/solo bass on")
    assert (muted(made.project), soloed(made.project)) == ("", "hats bass")
    assert made.said == ["hats: mute off beside what is soloed"]
    made = edited("/mute hats", "/mute hats on", "/solo bass on")  # the switch alone
    assert (muted(made.project), soloed(made.project)) == ("", "bass")
    assert refused("/mute kick off") == "kick is not muted"


def test_solo_lets_what_is_muted_sound() -> None:
    made = edited("/solo kick,bass on", "/mute kick on")
    assert (muted(made.project), soloed(made.project)) == ("", "kick bass")
    assert soloed(edited("/solo kick off", "/solo kick,bass on").project) == "bass"
    assert refused("/solo master on") == "the master cannot be soloed"
    assert refused("/solo master") == "the master cannot be soloed"


def test_only_mutes_the_others_and_all_brings_them_back() -> None:
    made = edited("/track only kick,bass", "/solo hats on", "/mute bass on", "/mute reverb on")
    assert (muted(made.project), soloed(made.project)) == ("snare hats reverb", "")
    assert made.said == ["only kick, bass: snare, hats muted"]
    back = edited("/track only all", "/track only kick", "/mute master on", "/solo kick on")
    assert (muted(back.project), soloed(back.project)) == ("", "")
    assert back.said == ["everything plays: kick, snare, hats, bass, master back"]
    assert refused("/track only all") == "everything plays already"
    assert refused("/track only reverb") == "reverb plays nothing of its own (name parts)"


def test_only_a_group_is_what_feeds_it_and_the_group_is_opened() -> None:
    made = edited("/only bus", "/track rename drums bus", "/route kick bus", "/route hats bus", "/mute bus on")
    assert muted(made.project) == "snare bass"


@pytest.mark.parametrize(
    ("line", "before", "db"),
    [
        ("/send kick,bass reverb -9", (), {"kick": -9, "snare": -12, "bass": -9}),
        ("/send snare reverb --by 5", (), {"snare": -7}),
        ("/send snare reverb -96", (), {}),
        ("/send snare reverb --by -90", (), {}),
        ("/send all reverb --by -2", ("/send bass reverb 0",), {"snare": -14, "bass": -2}),
    ],
)
def test_sends_are_set_moved_and_taken_away(line: str, before: tuple[str, ...], db: dict[str, float]) -> None:
    project = edited(line, *before).project
    assert {track.name: send.gain_db for track in project.tracks for send in track.sends} == db


def test_a_send_keeps_its_place_before_the_fader_until_it_is_set_anew() -> None:
    moved = edited("/send kick reverb --by 1", "/send kick reverb -9 --pre")
    assert [(send.gain_db, send.pre) for send in moved.track("kick").sends] == [(-8, True)]
    assert not edited("/send kick reverb -9", "/send kick reverb -9 --pre").track("kick").sends[0].pre
    assert refused("/send kick reverb --by 3") == "kick sends nothing to reverb (send kick reverb -12)"
    assert refused("/send snare reverb -12") == "snare sends -12 dB to reverb already"
    assert refused("/send kick drums -12") == "drums is not a return (add one: track add NAME --kind return)"


def value(project: ProjectState, name: str, parameter: str) -> float:
    """Return a parameter of a track's width effect."""
    track = project.find_track(name)
    return project.find_effect(track, "width").value(parameter)


def test_a_width_is_that_of_the_effect() -> None:
    made = edited("/track width bass,hats 0")
    assert [value(made.project, name, "width") for name in ("bass", "hats")] == [0, 0]
    assert made.said[1:] == ["  hats: width 100 → 0 %", "  bass: width 100 → 0 %"]
    folded = edited("/width master --below 120")
    assert (value(folded.project, "master", "mono_below"), value(folded.project, "master", "width")) == (120, 100)
    both = edited("/width bass 80% --below 0.15k", "/width bass 0")
    assert (value(both.project, "bass", "mono_below"), value(both.project, "bass", "width")) == (150, 80)
    assert len(both.track("bass").effects) == 2  # its filter, and one width effect
    assert refused("/width bass 100") == "bass is 100 % wide already"
    assert refused("/width bass --below 0") == "bass is mono nowhere already"


def test_a_step_of_width_goes_through_effect_instrument_and_pan() -> None:
    pad, _ = tracks.add_track(song(), "pad", role="pad", instrument="pad")
    own = pad.find_track("pad").instrument
    assert own is not None
    wider = edited("/width pad --by 0.5", project=pad).track("pad")
    assert wider.instrument is not None
    assert wider.instrument.value("width") == own.value("width") + 10
    opened = edited("/width pad --by 1", "/width pad 0", project=pad)  # the effect holds it back
    assert value(opened.project, "pad", "width") == 25
    assert edited("/width hats --by 1", "/pan hats L40").track("hats").mixer.pan == pytest.approx(-0.6)
    assert value(edited("/width kick --by -2").project, "kick", "width") == 50


def bussed() -> ProjectState:
    """Return the song with snare hits of velocity 100 and hats of 60, on eighths, through a group that is 6 dB down."""
    project = song()
    for name, step, velocity in (("snare", 1920, 100), ("hats", 960, 60)):
        notes = NoteBlock.of(Note(at, 480, 60, velocity) for at in range(0, 2 * BAR, step))
        clip = project.find_track(name).clips[0]
        project = project.with_clip(clip.id, lambda clip, notes=notes: clip.evolve(notes=notes))  # type: ignore[misc]
    hats, bus = project.find_track("hats").id, project.find_track("drums").id
    return tracks.route(project, hats, bus).with_mixer(bus, gain_db=-6)


def test_a_balance_is_what_the_ear_hears(tmp_path: Path) -> None:
    project = edited("/mix balance hats snare -9", project=bussed()).project

    def loudest(name: str) -> float:
        alone = edited(f"/only {name}", project=project).project
        path = tmp_path / f"{name}.wav"
        asyncio.run(render(RenderRequest(alone, tuple(timeline(alone)), path, listen=False)))
        heard = measure(*reader.read(path)).momentary_max_lufs
        assert heard is not None
        return heard

    assert loudest("hats") - loudest("snare") == pytest.approx(-9, abs=1.5)


def test_a_balance_counts_sounds_velocities_and_faders() -> None:
    # a hat is built 8 dB under a snare; velocity 60 is 30 log 0.6 = 6.7 dB less, its group 6 dB
    made = edited("/mix balance hats snare -9", project=bussed())
    assert made.track("hats").mixer.gain_db == pytest.approx(8 + 6.7 + 6 - 9, abs=0.11)
    assert made.said[0].endswith("20.7 dB under → 9 dB under snare")
    again = edited("/mix balance hats snare -9", "/gain snare -4", "/gain hats 3", project=bussed())
    assert again.track("hats").mixer.gain_db == pytest.approx(8 + 6.7 + 6 - 9 - 4, abs=0.11)
    bus = edited("/mix balance drums snare 0", project=bussed())
    assert bus.track("drums").mixer.gain_db == pytest.approx(-6 + 20.7, abs=0.11)


def test_what_stands_further_already_stays() -> None:
    assert refused("/mix balance kick snare 1 --least") == "kick stands 3 dB over snare already"
    assert refused("/mix balance snare kick -2 --least") == "snare stands 3 dB under kick already"
    louder = edited("/mix balance snare kick 1 --least")
    assert louder.track("snare").mixer.gain_db == pytest.approx(4.0, abs=0.11)


def test_what_has_no_balance_is_refused() -> None:
    assert refused("/mix balance kick kick 2") == "kick has no balance with itself"
    assert refused("/mix balance reverb kick 2") == "reverb plays nothing of its own (balance two parts or groups)"
    assert refused("/mix balance kick drums 2") == "nothing that sounds goes through drums"
    assert refused("/mix balance kick snare 3") == "kick stands 3 dB over snare already"
