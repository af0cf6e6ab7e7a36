"""Parts: what a reference to several tracks means in a song whose tracks are written down here."""

import pytest

from hardcore.errors import UserError
from hardcore.project import tracks
from hardcore.project.state import ProjectState
from tests.song import song


def named(reference: str, project: ProjectState | None = None, *, members: bool = False) -> str:
    """Return the names of what is meant, with spaces."""
    return " ".join(track.name for track in (project or song()).find_tracks(reference, members=members))


def bussed() -> ProjectState:
    """Return the song with kick and snare on the group `drums` and a second bass."""
    project = song()
    bus = project.find_track("drums").id
    for name in ("kick", "snare"):
        project = tracks.route(project, project.find_track(name).id, bus)
    return tracks.add_track(project, "growl", role="bass", instrument="reese")[0]


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("kick", "kick"),
        ("KICK", "kick"),
        ("snare,kick", "kick snare"),
        ("kick, kick ,", "kick"),
        ("1,4", "kick bass"),
        ("t3", "kick"),
        ("all", "kick snare hats bass"),
        ("melodic", "bass"),
        ("hat_closed", "hats"),
        ("all-kick,snare", "hats bass"),
        ("all-drums", "bass"),
        ("drums-hats", "kick snare"),
        ("snare,all-kick,1,bass", "snare hats"),
        ("master,reverb", "reverb master"),
        ("drums", "drums"),  # the group of that name
    ],
)
def test_a_reference_means_these_tracks(reference: str, meant: str) -> None:
    assert named(reference) == meant


def test_a_group_of_words_is_by_role_where_no_track_has_its_name() -> None:
    project = tracks.rename_track(song(), song().find_track("drums").id, "bus")
    assert named("drums", project) == "kick snare hats"


def test_where_notes_are_meant_a_group_is_what_feeds_it() -> None:
    assert named("drums", bussed()) == "drums"
    assert named("drums", bussed(), members=True) == "kick snare hats"  # hats are a drum that does not feed it
    assert named("all-drums", bussed()) == "bass growl"
    project = tracks.rename_track(bussed(), bussed().find_track("drums").id, "bus")
    assert named("bus", project) == "bus"
    assert named("bus", project, members=True) == named("5", project, members=True) == "kick snare"
    assert named("all-bus", project) == "hats bass growl"
    empty = tracks.rename_track(song(), song().find_track("drums").id, "bus")
    with pytest.raises(UserError, match="no track is meant by 'bus'"):
        empty.find_tracks("bus", members=True)


def test_a_role_means_every_track_of_it_and_a_name_only_its_own() -> None:
    assert named("bass", bussed()) == "bass"
    renamed = tracks.rename_track(bussed(), bussed().find_track("bass").id, "low")
    assert named("bass", renamed) == "low growl"


def test_names_with_hyphens_and_commas_are_names() -> None:
    project = tracks.rename_track(song(), song().find_track("bass").id, "all-in, low")
    assert named("all-in, low", project) == "all-in, low"
    project = tracks.rename_track(project, project.find_track("all-in, low").id, "bass-kick")
    assert named("bass-kick", project) == "bass-kick"
    assert named("bass-kick,snare", project) == "snare bass-kick"


def test_a_track_without_a_role_is_what_its_instrument_is_for() -> None:
    project, _ = tracks.add_track(song(), "thump", instrument="kick909")
    project = tracks.rename_track(project, project.find_track("drums").id, "bus")
    assert named("drums", project) == "kick snare hats thump"
    assert named("melodic", project) == "bass"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("kik", "no track 'kik' (did you mean kick?)"),
        ("kick,snar", "no track 'snar' (did you mean snare?)"),
        ("all-kik", "no track 'kik' (did you mean kick?)"),
        ("lead", "no track is meant by 'lead' (there are kick, snare, hats, bass, drums, reverb, master)"),
        ("all-all", "'all-all' leaves no track (there are kick, snare, hats, bass, drums, reverb, master)"),
        (" , ", "no track is named (there are kick, snare, hats, bass, drums, reverb, master)"),
        ("9", "no track '9' (one of: kick, snare, hats, bass, drums, reverb, master, all, …)"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(reference: str, message: str) -> None:
    with pytest.raises(UserError) as refused:
        song().find_tracks(reference)
    assert refused.value.line() == message
