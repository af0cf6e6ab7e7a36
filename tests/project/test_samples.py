"""Sampler tracks: which sample they play, how it is chosen, kept and refused."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import registry
from hardcore.commands.core.results import Done, Listing
from hardcore.errors import UserError
from hardcore.project import automation, clips, devices, tracks
from hardcore.project.devices import instrument
from hardcore.project.integrity import check
from hardcore.project.mixer import Instrument
from hardcore.project.samples import DEFAULT_SAMPLE, sample, sample_for, samples
from hardcore.project.state import ProjectState, new_project
from hardcore.store.decoder import Decoder
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory
from tests.song import song, studio_with_song


def with_sampler(name: str = "wood", role: str | None = None) -> tuple[ProjectState, str]:
    return tracks.add_track(new_project(), name, role=role, instrument="sampler")  # type: ignore[arg-type]


def said(studio: object, line: str) -> Done:
    result = asyncio.run(run_line(studio, line, Caller()))  # type: ignore[arg-type]
    assert isinstance(result, Done)
    return result


def shown(studio: object, line: str) -> "Listing[Any]":
    result = asyncio.run(run_line(studio, line, Caller()))  # type: ignore[arg-type]
    assert isinstance(result, Listing)
    return result


def test_the_manifest_says_what_every_sample_is_and_was_made_from() -> None:
    assert len(samples()) >= 10
    for name, known in samples().items():
        assert known.name == name and known.path.is_file()
        device = devices.instrument(known.device)
        assert {parameter.id for parameter in device.parameters} >= set(known.settings)
        assert 0 <= known.root_note <= 127 and 0 < known.seconds < 1.1
    assert any(known.loop for known in samples().values())


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one() -> None:
    with pytest.raises(UserError) as caught:
        sample("kick808long")
    assert "kick808_long" in caught.value.hint


def test_a_new_sampler_plays_what_suits_its_role() -> None:
    assert sample_for("kick").role == "kick"
    assert sample_for("pad").name == sample_for(None).name == DEFAULT_SAMPLE
    for role, wanted in (("kick", "kick808_long"), ("clap", "clap_wide"), (None, DEFAULT_SAMPLE)):
        project, track_id = with_sampler(role=role)
        instrument = project.find_track(track_id).instrument
        assert instrument is not None and instrument.sample == wanted


def test_another_instrument_drops_the_sample_and_a_sampler_again_starts_with_its_own() -> None:
    project, track_id = with_sampler()
    project = tracks.set_sample(project, track_id, "rim_click")
    project = tracks.set_parameter(project, track_id, "cutoff", 500)
    other = tracks.set_instrument(project, track_id, "reese").find_track(track_id).instrument
    assert other is not None and other.sample is None
    back = tracks.set_instrument(tracks.set_instrument(project, track_id, "reese"), track_id, "sampler")
    instrument = back.find_track(track_id).instrument
    assert instrument is not None and (instrument.sample, instrument.settings) == (DEFAULT_SAMPLE, {})


def test_another_sample_keeps_what_was_set_and_brings_its_own_root_and_loop() -> None:
    project, track_id = with_sampler()
    project = tracks.set_parameter(project, track_id, "cutoff", 500)
    for name in ("vinyl_loop", "bass_note_c2"):
        project = tracks.set_sample(project, track_id, name)
        instrument = project.find_track(track_id).instrument
        assert instrument is not None and instrument.settings == {"cutoff": 500}
        assert instrument.value("root_note") == sample(name).root_note
        assert instrument.value("loop") == sample(name).loop
        assert instrument.value("release") == devices.instrument("sampler").parameter("release").default
    project = tracks.set_parameter(project, track_id, "root_note", 50)
    instrument = tracks.set_sample(project, track_id, "tom_low").find_track(track_id).instrument
    assert instrument is not None and instrument.value("root_note") == 50


def test_a_sample_makes_a_sampler_of_another_instrument_but_not_of_a_group() -> None:
    project = song()
    hats, drums = project.find_track("hats").id, project.find_track("drums").id
    after = tracks.set_sample(project, hats, "hat_tick")
    instrument = after.find_track(hats).instrument
    assert instrument is not None and (instrument.device, instrument.sample) == ("sampler", "hat_tick")
    assert after.find_track(hats).clips == project.find_track(hats).clips
    with pytest.raises(UserError):
        tracks.set_sample(project, drums, "hat_tick")
    with pytest.raises(UserError, match="no sample"):
        tracks.set_sample(project, hats, "hat_tock")


def test_only_a_sampler_has_a_sample_and_only_a_known_one() -> None:
    with pytest.raises(UserError, match="plays no samples"):
        Instrument(device="reese", sample="rim_click")
    with pytest.raises(UserError, match="no sample"):
        Instrument(device="sampler", sample="rim_clack")
    with pytest.raises(ValidationError):
        Instrument(device="sampler", sample=3)  # type: ignore[arg-type]


def test_a_sampler_stored_before_there_were_samples_still_opens() -> None:
    old = {"device": "sampler", "settings": {"cutoff": 900.0}}
    assert Instrument.model_validate(old).sample == DEFAULT_SAMPLE
    assert Instrument.model_validate({"device": "reese", "settings": {}}).sample is None
    assert Instrument.model_validate_json(json.dumps(old)).sample == DEFAULT_SAMPLE


@given(st.sampled_from(sorted(samples())), st.booleans())
def test_a_project_with_a_sample_comes_back_from_the_store_as_it_was(name: str, rooted: bool) -> None:
    project, track_id = with_sampler()
    project = tracks.set_sample(project, track_id, name)
    project = tracks.set_parameter(project, track_id, "root_note", 40) if rooted else project
    check(project)
    encoder = Encoder(Memory())
    root = encoder.encode(project)
    objects = {stored.digest: stored for stored in encoder.fresh}
    again = Decoder(objects.get, Memory()).decode(root)
    assert again == project
    assert again.find_track(track_id).instrument == project.find_track(track_id).instrument


def test_nobody_sets_or_moves_the_buffer() -> None:
    project, track_id = with_sampler()
    with pytest.raises(UserError, match="the studio sets buffer") as caught:
        tracks.set_parameter(project, track_id, "buffer", 3)
    assert "track sample" in caught.value.hint
    with pytest.raises(UserError, match="the studio sets buffer"):
        tracks.add_track(project, "b", instrument="sampler", settings={"buffer": 3})
    project, clip_id = clips.add_clip(project, track_id, "s2", 7680)
    with pytest.raises(UserError, match="the studio sets buffer"):
        automation.with_point(project, clip_id, track_id, "buffer", 0, 3)
    with pytest.raises(UserError) as unknown:
        tracks.set_parameter(project, track_id, "bufer", 3)
    assert "buffer" not in unknown.value.hint


def test_nobody_sees_the_buffer() -> None:
    studio = studio_with_song()
    said(studio, "/track sample hats hat_tick")
    parameters = [row[1] for row in shown(studio, "/track show hats").rows]
    assert "root_note" in parameters and "buffer" not in parameters
    listed = {row[0]: row[-1] for row in shown(studio, "/devices").rows}
    assert "root_note" in listed["sampler"] and "buffer" not in listed["sampler"]
    parameter = registry()["track set"].arguments[1].kind
    completed = [choice.value for choice in parameter.complete(studio.controller.project, ("hats",))]
    assert "root_note" in completed and "buffer" not in completed
    studio.controller.close()


def test_the_commands_say_which_sample_plays(tmp_path: Path) -> None:
    studio = studio_with_song(tmp_path)
    assert "kick808_long" in said(studio, "/track add boom --instrument sampler --role kick").message
    assert "snare_dust" in said(studio, "/track instrument snare sampler").message
    answer = said(studio, "/sample hats hat_tick").message
    assert "hat_tick instead of hat_closed" in answer and "F#2" in answer
    assert "hat_tick" in {str(row[3]).partition(" ")[2] for row in shown(studio, "/tracks").rows}
    rows = {row[1]: row[2] for row in shown(studio, "/track show hats").rows}
    assert rows["root_note"] == 42
    before = studio.controller.project
    with pytest.raises(UserError) as caught:
        said(studio, "/sample hats hat_tik")
    assert "hat_tick" in caught.value.line() and studio.controller.project is before
    studio.controller.close()


def test_the_list_of_samples_and_completion_name_them_all() -> None:
    studio = studio_with_song()
    assert [row[0] for row in shown(studio, "/samples").rows] == list(samples())
    kind = registry()["track sample"].arguments[1].kind
    assert [choice.value for choice in kind.complete(studio.controller.project, ("hats",))] == list(samples())
    studio.controller.close()


def test_a_saved_project_opens_with_its_sample(tmp_path: Path) -> None:
    studio = studio_with_song(tmp_path)
    said(studio, "/track sample hats vinyl_loop")
    said(studio, "/save")
    studio.controller.close()
    studio = studio_with_song()
    asyncio.run(run_line(studio, f"/open {tmp_path / 'song.hcs'}", Caller()))
    instrument = studio.controller.project.find_track("hats").instrument
    assert instrument is not None and instrument.sample == "vinyl_loop"
    studio.controller.close()


def test_every_player_of_samples_gets_one_and_keeps_it_among_its_own_parameters() -> None:
    studio = studio_with_song()
    for name in ("slicer", "granular"):
        said(studio, f"/track instrument hats {name}")
        track = studio.controller.project.find_track("hats")
        assert track.instrument is not None and track.instrument.sample
        known = {parameter.id for parameter in instrument(name).parameters}
        assert set(track.instrument.chosen) <= known
    said(studio, "/track sample hats tom_low")
    track = studio.controller.project.find_track("hats")
    assert track.instrument is not None
    assert (track.instrument.device, track.instrument.sample) == ("granular", "tom_low")
    studio.controller.close()
