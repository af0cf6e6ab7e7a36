"""Grooves in a project: which counts, that the notes stay, baking, and files from before."""

import pytest

from hardcore.errors import UserError
from hardcore.knowledge.groove import groove, groove_ids
from hardcore.music import midifile
from hardcore.music.groove import GrooveTemplate, swing
from hardcore.music.learning import learn, of_song
from hardcore.project import clips, grooves, tracks
from hardcore.project.automation import with_point
from hardcore.project.baking import commit
from hardcore.project.clip import GrooveUse
from hardcore.project.events import NoteEvent, Span, events
from hardcore.project.integrity import check
from hardcore.project.midi import to_midi
from hardcore.project.notes import Note
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import end_ticks, timeline
from tests.song import song

BAR = 7680


def sixteenths(bars: int = 4, step: int = 480) -> ProjectState:
    length = bars * BAR
    project, track = tracks.add_track(new_project(seed=1), "hats", role="hat_closed", instrument="hat_closed")
    return clips.add_clip(project, track, "s2", length, [Note(at, 100, 42) for at in range(0, length, step)])[0]


def sounding(project: ProjectState, bars: int | None = None) -> list[NoteEvent]:
    playing = timeline(project, bars=bars)
    return events(project, playing, Span(0, end_ticks(playing)))


@pytest.mark.parametrize("groove_id", groove_ids())
def test_a_groove_goes_out_as_midi_and_is_learned_back(groove_id: str) -> None:
    wanted = groove(groove_id)
    project = grooves.put_on_project(sixteenths(step=wanted.step_ticks), wanted, 1, 1)
    song = midifile.read(to_midi(project, timeline(project)))
    learned = learn(of_song(song), "x", step_ticks=wanted.step_ticks).groove
    assert learned.timing == pytest.approx(wanted.timing, abs=1)
    assert learned.velocity == pytest.approx(wanted.velocity, abs=0.01)
    again = grooves.put_on_project(sixteenths(step=wanted.step_ticks), learned, 1, 1)
    assert [event.tick for event in sounding(again)] == [event.tick for event in sounding(project)]


def test_the_most_particular_groove_counts() -> None:
    project = song()
    hats, clip = project.find_clip("hats")
    ask = lambda p: grooves.in_force(p, p.find_track("hats"), p.find_clip("hats")[1])  # noqa: E731
    assert ask(project) is None
    project = grooves.put_on_project(project, groove("samba"), 0.5, 0.25)
    assert ask(project) == (groove("samba"), 0.5, 0.25)
    project = grooves.put_on_track(project, hats.id, groove("mpc_62"), 0.8, 0)
    assert ask(project) == (groove("mpc_62"), 0.8, 0)
    assert grooves.in_force(project, *project.find_clip("kick")) == (groove("samba"), 0.5, 0.25)
    project = grooves.put_on_clip(project, clip.id, groove("reggae"), 1, 1)
    assert ask(project) == (groove("reggae"), 1, 1)
    check(project)
    assert [known.id for known in project.grooves] == ["samba", "mpc_62", "reggae"]


def test_taking_a_groove_off_restores_exactly_what_sounded_before() -> None:
    project = song()
    hats, clip = project.find_clip("hats")
    before = sounding(project)
    for thing, put in (
        (project, grooves.put_on_project(project, groove("uk_garage"), 1, 1)),
        (hats, grooves.put_on_track(project, hats.id, groove("uk_garage"), 1, 1)),
        (clip, grooves.put_on_clip(project, clip.id, groove("uk_garage"), 1, 1)),
    ):
        assert sounding(put) != before
        assert [c.notes for _, c in put.clips()] == [c.notes for _, c in project.clips()]
        again = grooves.take_off(put, thing)
        assert sounding(again) == before
        assert again.evolve(grooves=()) == project


def test_velocity_and_timing_are_put_on_apart() -> None:
    drive = groove("samba")
    straight = sounding(sixteenths())
    timed = sounding(grooves.put_on_project(sixteenths(), drive, 1, 0))
    loud = sounding(grooves.put_on_project(sixteenths(), drive, 0, 1))
    assert [e.velocity for e in timed] == [e.velocity for e in straight]
    assert [e.tick for e in loud] == [e.tick for e in straight]
    assert [e.velocity for e in loud][:4] == [round(100 * factor) for factor in drive.velocity[:4]]
    half = sounding(grooves.put_on_project(sixteenths(), drive, 0.5, 0.5))
    assert half[6].tick - straight[6].tick == round(drive.timing[6] / 2)


@pytest.mark.parametrize("target", ["project", "track", "clip"])
def test_a_committed_groove_sounds_the_same_and_is_gone(target: str) -> None:
    project = song()
    hats, clip = project.find_clip("hats")
    project = grooves.put_on_project(project, groove("boom_bap"), 0.7, 0.9)
    project = grooves.put_on_track(project, hats.id, groove("hip_hop_drunk"), 1, 0.5)
    project = project.with_clip(
        clip.id, lambda clip: clip.evolve(notes=clip.notes.map(lambda n: n._replace(ratchet=2)))
    )
    thing = {"project": project, "track": project.find_track(hats.id), "clip": project.find_clip(clip.id)[1]}[target]
    baked = commit(project, thing)
    check(baked)
    assert sounding(baked) == sounding(project)
    assert grooves.in_force(baked, *baked.find_clip("hats")) is None
    assert [note.start_ticks for note in baked.find_clip("hats")[1].notes] == [n.start_ticks for n in clip.notes]
    if target == "project":
        assert baked.active_groove is None
    else:
        assert grooves.in_force(baked, *baked.find_clip("kick")) is not None
    with pytest.raises(UserError, match="nothing to commit"):
        commit(baked, baked.find_track(hats.id))


def test_a_clip_shorter_than_the_groove_is_written_out() -> None:
    two = learn(of_song(midifile.read(to_midi(p := sixteenths(2), timeline(p)))), "x", bars=2).groove
    two = two.evolve(timing=(0,) * 16 + tuple(range(0, 160, 10)))
    project = grooves.put_on_project(sixteenths(1), two, 1, 1)
    clip = project.tracks[0].clips[0]
    project = with_point(project, clip.id, project.tracks[0].id, "decay", 0, 0.05)
    project = with_point(project, clip.id, project.tracks[0].id, "decay", 3840, 0.2)
    baked = commit(project, project)
    assert baked.tracks[0].clips[0].length_ticks == 2 * BAR
    assert sounding(baked, 4) == sounding(project, 4)
    once, twice = project.tracks[0].clips[0].automation[0], baked.tracks[0].clips[0].automation[0]
    for tick in (0, 1000, 3840, 5000, BAR - 1):
        assert twice.at(tick) == pytest.approx(once.at(tick))
        assert twice.at(tick + BAR) == pytest.approx(once.at(tick))


def test_a_clip_that_never_ends_with_the_groove_is_not_baked() -> None:
    project = sixteenths(1)
    project = project.with_clip(project.tracks[0].clips[0].id, lambda clip: clip.evolve(length_ticks=BAR + 1))
    project = grooves.put_on_project(project, groove("samba"), 1, 1)
    with pytest.raises(UserError, match="never end together"):
        commit(project, project)


def test_another_groove_of_the_same_name_does_not_change_what_plays_the_first() -> None:
    project = song()
    mine = groove("mpc_62").evolve(timing=(0, 5) * 8)
    project = grooves.put_on_track(project, project.find_track("hats").id, groove("mpc_62"), 1, 1)
    project = grooves.put_on_track(project, project.find_track("kick").id, mine, 1, 1)
    assert project.find_track("hats").groove == GrooveUse(groove="mpc_62")
    assert project.find_track("kick").groove == GrooveUse(groove="mpc_62_2")
    check(project)
    again = grooves.put_on_project(project, mine, 1, 1)
    assert again.active_groove in ("mpc_62_3", "mpc_62_2")
    check(again)


def test_a_groove_in_use_is_not_dropped() -> None:
    project = grooves.put_on_project(song(), groove("samba"), 1, 1)
    with pytest.raises(UserError, match="used by project"):
        grooves.drop(project, "samba")
    assert grooves.drop(grooves.take_off(project, project), "samba").grooves == ()


def test_only_what_plays_notes_takes_a_groove() -> None:
    project = song()
    with pytest.raises(UserError, match="plays no notes"):
        grooves.put_on_track(project, project.find_track("reverb").id, groove("samba"), 1, 1)
    with pytest.raises(UserError, match="no groove of its own"):
        grooves.take_off(project, project.find_track("kick"))


def test_a_groove_that_is_not_there_is_found_out() -> None:
    project = song()
    wrong = project.with_track(
        project.find_track("hats").id, lambda track: track.evolve(groove=GrooveUse(groove="funk"))
    )
    with pytest.raises(ValueError, match="the groove of hats, funk"):
        check(wrong)


def test_a_full_project_lets_go_of_what_nothing_plays() -> None:
    many = tuple(GrooveTemplate(id=f"g{number}", name="g") for number in range(256))
    project = song().evolve(grooves=many, active_groove="g7")
    project = grooves.put_on_project(project, swing(60), 1, 1)
    assert {known.id for known in project.grooves} == {"g7", "swing-60"}


def test_a_copy_of_a_clip_keeps_its_groove() -> None:
    project = song()
    hats, clip = project.find_clip("hats")
    project = grooves.put_on_clip(project, clip.id, groove("samba"), 1, 0.5)
    project, copy = clips.copy_clip(project, clip.id, hats.id, project.scenes[1].id)
    assert project.find_clip(copy)[1].groove == GrooveUse(groove="samba", velocity=0.5)
