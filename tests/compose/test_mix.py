"""The mix of a new project: frequency slots, widths, groups, the master's low end."""

import pytest

from hardcore.compose.intent import Intent
from hardcore.compose.producer import compose
from hardcore.project.roles import DRUMS, Role
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from tests.saying import say


def composed(style: str, *roles: Role) -> ProjectState:
    return compose(Intent(genre=style, bars=4, only=roles), 1)


def cut_of(track: Track) -> float:
    return max((effect.value("low_cut") for effect in track.effects if effect.device == "eq"), default=20)


def test_what_is_not_low_leaves_room_for_what_is() -> None:
    project = composed("house", "kick", "bass", "chords", "pad")
    assert cut_of(project.find_track("pad")) >= 90
    assert cut_of(project.find_track("kick")) == cut_of(project.find_track("bass")) == 20
    alone = composed("house", "chords", "pad")
    assert cut_of(alone.find_track("pad")) == 20, "where nothing plays below there is nothing to make room for"


def test_chords_make_room_for_a_lead_that_plays() -> None:
    def dip(project: ProjectState) -> float:
        chain = project.find_track("chords").effects
        return min((effect.value("mid1_gain") for effect in chain if effect.device == "eq"), default=0)

    assert dip(composed("house", "kick", "chords", "lead")) < 0 == dip(composed("house", "kick", "chords"))


def test_the_master_s_low_end_is_mono() -> None:
    for style in ("ambient", "gabber", "jazz_trio"):
        low_end = compose(Intent(genre=style, bars=4), 2).master.effects[0]
        assert low_end.device == "width" and low_end.value("mono_below") >= 120


def test_a_drum_kit_is_glued_where_the_style_has_it_and_there_is_enough_to_glue() -> None:
    project = composed("rock", "kick", "snare", "hat_closed", "bass")
    names = [track.name for track in project.tracks]
    bus = project.find_track("drums")
    assert names.index("drums") == names.index("hats") + 1, "behind the drums, before the bass"
    assert bus.kind == "group" and bus.role is None and not bus.clips
    assert [effect.device for effect in bus.effects] == ["compressor"]
    fed = {track.role for track in project.tracks if track.output == bus.id}
    assert fed == {"kick", "snare", "hat_closed"} <= set(DRUMS)
    for small in (composed("rock", "kick", "snare", "bass"), composed("house", "kick", "clap", "hat_closed", "ride")):
        assert all(track.kind != "group" and track.output in (MASTER_ID, None) for track in small.tracks)


def test_a_drum_that_is_added_feeds_the_drums_group() -> None:
    project = composed("rock", "kick", "snare", "hat_closed", "bass")
    more = say(project, "add a ride")
    assert more.find_track("ride").output == project.find_track("drums").id


@pytest.mark.parametrize("style", ["rock", "drum_and_bass", "house"])
def test_the_same_seed_gives_the_same_mix(style: str) -> None:
    first, second = (compose(Intent(genre=style, bars=4), 9) for _ in range(2))
    assert first.model_dump_json() == second.model_dump_json()
