"""The samples of the program: their files, what they were made from, and the score that plays them."""

import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.engine import nodes, samples, structure
from hardcore.engine.osc import Argument, decode, score_packets
from hardcore.engine.score import build_score
from hardcore.errors import EngineError
from hardcore.paths import data_folder
from hardcore.project import clips, tracks
from hardcore.project.notes import Note
from hardcore.project.samples import Sample
from hardcore.project.samples import samples as known_samples
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline
from tests.engine.sound import RATE, Audio, cents, level_db, pitch_hz

SAMPLES = tuple(known_samples().values())


def heard(sample: Sample) -> Audio:
    """Return the samples of a file, float32 [channels, frames]."""
    audio, rate = soundfile.read(sample.path, dtype="float32", always_2d=True)
    assert rate == sample.rate == RATE
    return np.ascontiguousarray(audio.T)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every sample rendered anew."""
    folder = tmp_path_factory.mktemp("samples")
    samples.make_samples(folder)
    return folder


def whole_numbers(path: Path) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    return np.asarray(soundfile.read(path, dtype="int16", always_2d=True)[0], np.int64)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_rendered_again_is_the_same_file(sample: Sample, again: Path) -> None:
    fresh = again / sample.file
    if hashlib.sha256(fresh.read_bytes()).hexdigest() == sample.sha256:
        return
    # Another processor's sine may differ in its last bit, which can turn a rounding here and there, and no more.
    made, kept = whole_numbers(fresh), whole_numbers(sample.path)
    assert made.shape == kept.shape
    assert np.abs(made - kept).max() <= 1
    assert np.count_nonzero(made != kept) < made.size / 50


def test_two_renders_on_one_machine_are_the_same_bytes(again: Path, tmp_path: Path) -> None:
    samples.make_samples(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in data_folder("samples").iterdir() if path.suffix in (".wav", ".json"))
    for name in names:
        assert (tmp_path / name).read_bytes() == (again / name).read_bytes(), name


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_file_is_what_the_manifest_says_and_nothing_more(sample: Sample) -> None:
    content = sample.path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == sample.sha256
    assert len(content) <= 100_000
    assert heard(sample).shape == (sample.channels, sample.frames)
    assert soundfile.info(sample.path).subtype == "PCM_16"
    # Only these two chunks: no date, no name, no tag.
    assert content[12:16] == b"fmt " and content[36:40] == b"data"
    assert struct.unpack("<I", content[40:44])[0] == len(content) - 44
    assert sample.licence == "CC0-1.0"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_peaks_at_minus_1_db_begins_at_once_and_ends_quietly(sample: Sample) -> None:
    audio = heard(sample)
    assert level_db(audio) == pytest.approx(-1, abs=0.01)
    assert level_db(audio[:, :48]) > -61, "it begins within a millisecond"
    if not sample.loop:
        assert level_db(audio[:, -8:]) < -70


ROOTS = {"kick808_long": 36, "tom_low": 45, "perc_wood": 75, "bass_note_c2": 36}


@pytest.mark.parametrize("name", ROOTS)
def test_a_tuned_sample_sounds_at_its_root_note(name: str) -> None:
    sample = known_samples()[name]
    assert sample.root_note == ROOTS[name]
    wanted = 440 * 2 ** ((sample.root_note - 69) / 12)
    late, length = (0.3, 0.6) if sample.seconds > 0.6 else (0.02, sample.seconds - 0.03)
    # A short window cannot tell two cents from none.
    assert abs(cents(pitch_hz(heard(sample), wanted, late, length), wanted)) < (5 if length > 0.3 else 15)


def test_the_stab_is_a_minor_chord() -> None:
    sample = known_samples()["stab_minor"]
    assert sample.root_note == 60
    # Its saws are up to 9 cents out of tune with each other.
    for note in (60, 63, 67):
        wanted = 440 * 2 ** ((note - 69) / 12)
        assert abs(cents(pitch_hz(heard(sample), wanted, 0.02, 0.38), wanted)) < 15


def test_a_loop_runs_on_over_its_seam() -> None:
    loops = [heard(sample) for sample in SAMPLES if sample.loop]
    assert loops
    for audio in loops:
        steps = np.abs(np.diff(audio, axis=1))
        seam = np.abs(audio[:, 0] - audio[:, -1])
        assert seam.max() <= np.quantile(steps, 0.99)
        first, middle = (float(np.sqrt((part**2).mean())) for part in (audio[:, :4800], audio[:, 20000:28000]))
        assert abs(20 * np.log10(first / middle)) < 6, "the seam is neither a hole nor a bump"


def test_a_file_that_is_no_longer_made_is_removed_and_others_are_left(tmp_path: Path) -> None:
    (tmp_path / "old.wav").write_bytes(b"")
    (tmp_path / "readme.txt").write_text("mine")
    assert samples.main([str(tmp_path)]) == 0
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {recipe.name + ".wav" for recipe in samples.RECIPES} | {"manifest.json", "readme.txt"}


def sampled(*names: str) -> ProjectState:
    """Return a project with a sampler track for each sample, one note each."""
    project = new_project("samples", seed=1)
    for place, name in enumerate(names):
        project, track_id = tracks.add_track(project, f"track {place}", instrument="sampler")
        project = tracks.set_sample(project, track_id, name)
        project, _ = clips.add_clip(project, track_id, "s2", 7680, [Note(0, 960, 60)])
    return project


def first_bundle(project: ProjectState) -> list[tuple[str, list[Argument]]]:
    score = build_score(project, timeline(project), rate=RATE, tail_s=0.1)
    return decode(score_packets(score.data)[0])[1]


def notes_of(project: ProjectState) -> list[dict[str, Argument]]:
    score = build_score(project, timeline(project), rate=RATE, tail_s=0.1)
    said = [args for packet in score_packets(score.data) for address, args in decode(packet)[1] if address == "/s_new"]
    return [dict(zip(map(str, args[4::2]), args[5::2], strict=True)) for args in said if args[0] == "sampler"]


def test_a_score_reads_each_sample_once_after_the_synthdefs_and_before_the_first_synth() -> None:
    said = first_bundle(sampled("tom_low", "clap_wide", "tom_low"))
    reads = [args for address, args in said if address == "/b_allocRead"]
    assert [Path(str(args[1])).name for args in reads] == ["clap_wide.wav", "tom_low.wav"]
    assert [args[0] for args in reads] == [nodes.buffer("clap_wide"), nodes.buffer("tom_low")]
    assert all(args[2:] == [0, 0] for args in reads)
    order = [address for address, _ in said]
    last_definition = len(order) - 1 - order[::-1].index("/d_recv")
    assert last_definition < order.index("/b_allocRead") < order.index("/g_new")
    assert not any(address == "/b_allocRead" for address, _ in first_bundle(new_project()))


def test_the_order_of_tracks_does_not_change_what_is_read() -> None:
    names = [sample.name for sample in SAMPLES]
    one, other = structure.buffers(sampled(*names)), structure.buffers(sampled(*names[::-1]))
    assert one == other
    assert [decode(request)[1][0][1][0] for request in one] == list(range(len(names)))


def test_every_sample_has_a_buffer_of_its_own() -> None:
    assert sorted(nodes.buffer(sample.name) for sample in SAMPLES) == list(range(len(SAMPLES)))


def test_a_note_gets_the_sample_its_root_and_its_loop_unless_the_track_says_otherwise() -> None:
    project = sampled("vinyl_loop", "bass_note_c2")
    track = project.tracks[1].id
    loop, bass = notes_of(project)
    assert (loop["buffer"], loop["root_note"], loop["loop"]) == (nodes.buffer("vinyl_loop"), 60, 1)
    assert (bass["buffer"], bass["root_note"], bass["loop"]) == (nodes.buffer("bass_note_c2"), 36, 0)
    assert notes_of(tracks.set_parameter(project, track, "root_note", 48))[1]["root_note"] == 48
    assert notes_of(tracks.set_parameter(project, track, "loop", 1))[1]["loop"] == 1


def test_a_sample_whose_file_is_gone_is_named_with_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("hardcore.project.samples.data_folder", lambda name: tmp_path)
    with pytest.raises(EngineError) as caught:
        structure.buffers(sampled("rim_click"))
    assert "rim_click" in caught.value.message and str(tmp_path) in caught.value.hint
