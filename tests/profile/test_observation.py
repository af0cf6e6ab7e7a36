"""Observing a piece: what one person's steps come to, whatever others do between them."""

import pytest

from hardcore.profile.model import MOST_PARTS, Observation
from hardcore.profile.observation import observe
from hardcore.project import tracks
from hardcore.project.clip import Provenance
from hardcore.project.state import ProjectState
from tests.song import song


def louder(project: ProjectState, track: str, by: float) -> ProjectState:
    found = project.find_track(track)
    return project.with_mixer(found.id, gain_db=found.mixer.gain_db + by)


def offsets(composed: ProjectState, *states: ProjectState) -> dict[str, dict[str, float | str]]:
    """Return what a person made of a piece who made each of these states from the one before."""
    return observe(composed, list(zip((composed, *states), states, strict=False)))


def test_what_is_left_alone_is_neutral() -> None:
    found = offsets(song())
    assert found["hat_closed"] == {"gain": 0, "instrument": "=hat_closed", "mute": 0, "pan": 0}
    assert found["piece"] == {"key": "=F minor", "mode": "=minor", "tempo": 0}
    assert found["snare"]["send:reverb"] == found["bass"]["effect:filter"] == 0


def test_steps_add_up_and_what_others_did_between_them_is_not_in_it() -> None:
    first = louder(song(), "hats", -2)
    theirs = louder(louder(first, "hats", 5), "kick", 4)
    last = louder(theirs, "hats", -1)
    found = observe(song(), [(song(), first), (theirs, last)])
    assert (found["hat_closed"]["gain"], found["kick"]["gain"]) == (-3, 0)


def test_each_kind_of_change_is_seen() -> None:
    project = song()
    bass, snare, reverb = (project.find_track(name).id for name in ("bass", "snare", "reverb"))
    changed = tracks.set_send(project, snare, reverb, -16)
    changed = tracks.remove_effect(changed, bass, changed.find_track("bass").effects[0].id)
    changed, _ = tracks.add_effect(changed, bass, "chorus")
    changed = tracks.set_instrument(changed, bass, "sub")
    changed = tracks.remove_track(changed, changed.find_track("kick").id)
    changed = tracks.set_effect(changed, reverb, changed.find_track("reverb").effects[0].id, {"mix": 10})
    changed = changed.evolve(tempo_map=changed.tempo_map.with_bpm(124.2))
    found = offsets(project, changed)
    assert found["snare"]["send:reverb"] == -4
    assert found["reverb"]["mix:reverb"] == -15
    assert found["bass"]["effect:filter"] == -1
    assert found["bass"]["effect:chorus"] == 1
    assert found["bass"]["instrument"] == "sub"
    assert found["kick"]["mute"] == 1
    assert found["piece"]["tempo"] == pytest.approx(-10.5, abs=0.1)


def test_a_sound_that_is_swapped_and_swapped_back_is_as_composed() -> None:
    project = song()
    bass = project.find_track("bass").id
    there = tracks.set_instrument(project, bass, "sub")
    assert offsets(project, there, tracks.set_instrument(there, bass, "reese"))["bass"]["instrument"] == "=reese"


def test_what_the_profile_did_and_the_person_left_is_their_choice() -> None:
    liked = louder(song(), "hats", -3)
    assert observe(song(), [(song(), liked)])["hat_closed"]["gain"] == -3
    assert offsets(song(), liked, louder(liked, "hats", 3))["hat_closed"]["gain"] == 0


def test_what_the_prompt_decided_is_left_out() -> None:
    intent = {"genre": '"house"', "bpm": "138", "darkness": "0.8", "devices": '{"bass": "reese"}', "space": "0.1"}
    source = Provenance(producer="me", version="1", intent=intent)
    found = offsets(song().evolve(provenance=source))
    assert "piece" not in found
    assert "instrument" not in found["bass"]
    assert not any(what.startswith(("send", "mix")) for known in found.values() for what in known)
    assert "gain" in found["bass"]


def test_no_name_and_no_number_of_tracks_is_too_much() -> None:
    project = song()
    for name in ("x" * 78, "piece", "a:b", "a\x9fb"):
        project, _ = tracks.add_track(project, name, "return")
    for number in range(MOST_PARTS + 6):
        project, _ = tracks.add_track(project, f"group {number}", "group")
    found = offsets(project, louder(project, "bass", 20))
    assert found["bass"]["gain"] == 12
    assert Observation(piece="0" * 16, style="house", at=0, offsets=found).offsets == found
