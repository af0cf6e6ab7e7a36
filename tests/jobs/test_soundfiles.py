"""A user's own sounds in a render: the file itself is heard, and a missing one is said and silent."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped,unused-ignore]

from hardcore.engine import nodes
from hardcore.jobs.preparation import Prepared, prepare
from hardcore.jobs.render import render
from hardcore.jobs.request import Rendered, RenderRequest
from hardcore.jobs.soundfiles import collect, collected, look_for
from hardcore.project import clips, recordings, tracks
from hardcore.project.integrity import check
from hardcore.project.notes import Note
from hardcore.project.recording import Recording, file_digest, located
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import timeline
from hardcore.store.decoder import Decoder
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory
from tests.engine.sound import Audio, level_db

RATE = 48_000


def knock(hz: float = 300.0, rate: int = RATE, channels: int = 1) -> Audio:
    """Return a decaying tone of 0.4 s; the right side, if there is one, is the octave."""
    at = np.arange(round(0.4 * rate)) / rate
    sides = [0.5 * np.sin(2 * np.pi * hz * (1 + side) * at) * np.exp(-at * 12) for side in range(channels)]
    return np.stack(sides, axis=1).astype(np.float32)


def written(path: Path, audio: Audio, rate: int = RATE, **options: Any) -> Recording:
    soundfile.write(path, audio, rate, **options)
    info = soundfile.info(path)
    return Recording(
        sha256=file_digest(path), name=path.stem, path=str(path), size=path.stat().st_size, frames=info.frames,
        rate=rate, channels=audio.shape[1],
    )  # fmt: skip


def playing(*sounds: Recording) -> ProjectState:
    """Return a bar at 120 BPM with a track for each sound, one note at its root, faders at −12 dB."""
    project = new_project("own", seed=1)
    for sound in sounds:
        project, track_id = tracks.add_track(project, sound.name, instrument="sampler")
        project = recordings.set_recording(project, track_id, sound)
        project = project.with_mixer(track_id, gain_db=-12.0)
        project, _ = clips.add_clip(project, track_id, "s2", 7680, [Note(0, 3840, sound.root_note)])
    check(project)
    return project


def rendered(project: ProjectState, path: Path, **more: Any) -> tuple[Audio, Rendered]:
    request = RenderRequest(
        project, tuple(timeline(project)), path, depth="32f", tail_s=0.1, **{"listen": False, **more}
    )  # fmt: skip
    made = asyncio.run(render(request))
    return np.ascontiguousarray(soundfile.read(path, dtype="float32", always_2d=True)[0].T), made


def prepared(project: ProjectState) -> Prepared:
    return asyncio.run(prepare(project, {}, lambda share, words: None))


def likeness_db(heard: Audio, wanted: Audio) -> float:
    """Return how far under `wanted` the difference is when the level is made equal."""
    part, whole = heard[100 : len(wanted) - 500], wanted[100 : len(wanted) - 500]
    gain = float(np.dot(part, whole) / np.dot(part, part))
    return level_db(part * gain - whole) - level_db(whole)


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.wav", {"subtype": "PCM_24"}), ("f.wav", {"subtype": "FLOAT"}), ("a.aiff", {"subtype": "PCM_24"}),
     ("a.flac", {"subtype": "PCM_24"}), ("law.wav", {"subtype": "ULAW"})],
)  # fmt: skip
def test_a_render_plays_the_file_itself(name: str, options: dict[str, str], tmp_path: Path) -> None:
    sound = written(tmp_path / name, knock(channels=2), **options)
    heard, made = rendered(playing(sound), tmp_path / "out.wav")
    wanted = soundfile.read(tmp_path / name, dtype="float32", always_2d=True)[0]
    assert made.notes == ()
    for side in (0, 1):
        assert likeness_db(heard[side], wanted[:, side]) < -60


@pytest.mark.parametrize("name", ["a.ogg", "a.mp3"])
def test_a_compressed_file_is_decoded_once_and_played(name: str, tmp_path: Path, home: Path) -> None:
    sound = written(tmp_path / name, knock())
    heard, _ = rendered(playing(sound), tmp_path / "out.wav")
    wanted = soundfile.read(tmp_path / name, dtype="float32", always_2d=True)[0]
    assert likeness_db(heard[0], wanted[:, 0]) < -60
    assert [path.name for path in (home / "cache" / "samples").iterdir()] == [f"{sound.sha256}.wav"]
    assert located(sound) == home / "cache" / "samples" / f"{sound.sha256}.wav"


def test_a_file_of_another_rate_keeps_its_pitch_and_length(tmp_path: Path) -> None:
    sound = written(tmp_path / "slow.wav", knock(rate=22_050), 22_050)
    heard, _ = rendered(playing(sound), tmp_path / "out.wav")
    at_48k = knock()[:, 0]
    # Between two samples the player interpolates, so it is near but not the same.
    assert likeness_db(heard[0], at_48k) < -25
    assert level_db(heard[:, round(0.45 * RATE) :]) < -90


def test_a_missing_file_is_said_in_one_line_and_is_silent(tmp_path: Path) -> None:
    here, gone = written(tmp_path / "here.wav", knock()), written(tmp_path / "gone.wav", knock(500))
    alone, _ = rendered(playing(here), tmp_path / "alone.wav")
    (tmp_path / "gone.wav").unlink()
    heard, made = rendered(playing(here, gone), tmp_path / "out.wav")
    assert len(made.notes) == 1
    assert "gone is missing" in made.notes[0] and "gone is silent" in made.notes[0] and "relink" in made.notes[0]
    assert level_db(heard - alone) < -100


def test_another_sound_under_the_same_name_is_not_taken_for_it(tmp_path: Path) -> None:
    sound = written(tmp_path / "a.wav", knock())
    other = knock(700)
    soundfile.write(tmp_path / "a.wav", other, RATE)
    assert (tmp_path / "a.wav").stat().st_size == sound.size
    heard, made = rendered(playing(sound), tmp_path / "out.wav")
    assert "a is missing" in made.notes[0]
    assert level_db(heard) < -100


def test_a_known_place_is_used_where_the_own_path_is_gone(tmp_path: Path) -> None:
    sound = written(tmp_path / "a.wav", knock())
    moved = (tmp_path / "a.wav").rename(tmp_path / "moved.wav")
    heard, made = rendered(playing(sound), tmp_path / "out.wav", places={sound.sha256: moved})
    assert made.notes == ()
    assert likeness_db(heard[0], knock()[:, 0]) < -60


def test_a_device_or_a_folder_is_never_read_as_a_sound(tmp_path: Path) -> None:
    sound = written(tmp_path / "a.wav", knock())
    for path in ("/dev/zero", str(tmp_path), "/nowhere/a.wav"):
        project = playing(sound.evolve(path=path))
        assert prepared(project).places == {}


def test_two_renders_are_the_same_bytes(tmp_path: Path) -> None:
    project = playing(written(tmp_path / "a.wav", knock()), written(tmp_path / "b.wav", knock(411, 44_100), 44_100))
    for name in ("x.wav", "y.wav"):
        asyncio.run(render(RenderRequest(project, tuple(timeline(project)), tmp_path / name, listen=False)))
    assert (tmp_path / "x.wav").read_bytes() == (tmp_path / "y.wav").read_bytes()


def test_every_sound_has_a_buffer_of_its_own_also_where_hashes_meet(tmp_path: Path) -> None:
    sound = written(tmp_path / "a.wav", knock())
    place = nodes.RECORDINGS + 5
    hashes = [f"{place + n * nodes.RECORDINGS:012x}".ljust(64, "0") for n in range(6)]
    project = playing(*(sound.evolve(sha256=sha256, name=f"s{n}") for n, sha256 in enumerate(hashes)))
    found = nodes.recording_buffers(project)
    assert len(set(found.values())) == 6
    assert all(nodes.FIRST_RECORDING <= number < 4096 for number in found.values())
    assert found[min(hashes)] == nodes.FIRST_RECORDING + 5


def test_a_project_keeps_the_reference_and_opens_without_the_file(tmp_path: Path) -> None:
    project = playing(written(tmp_path / "a.wav", knock()))
    (tmp_path / "a.wav").unlink()
    encoder = Encoder(Memory())
    root = encoder.encode(project)
    objects = {stored.digest: stored for stored in encoder.fresh}
    assert Decoder(objects.get, Memory()).decode(root) == project


def test_a_moved_file_is_found_by_its_content(tmp_path: Path) -> None:
    sound = written(tmp_path / "a.wav", knock())
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "a.wav").rename(tmp_path / "deep" / "er" / "other name.wav")
    written(tmp_path / "deep" / "a.wav", knock(700))
    found = look_for({sound.sha256: sound.size}, tmp_path / "deep")
    assert found == {sound.sha256: tmp_path / "deep" / "er" / "other name.wav"}
    project = recordings.relinked(playing(sound), {sha256: str(path) for sha256, path in found.items()})
    assert prepared(project).notes == []


def test_collected_sounds_are_true_copies_and_equal_names_do_not_collide(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    sounds = [written(tmp_path / "one" / "a.wav", knock()), written(tmp_path / "two" / "a.wav", knock(700))]
    folder = tmp_path / "song samples"
    made = collect(sounds, {}, folder)
    assert {file_digest(path) for path in folder.iterdir()} == {sound.sha256 for sound in sounds}
    assert len(made) == 2 and all(collected(sound, folder) == made[sound.sha256] for sound in sounds)
    assert collect(sounds, {}, folder) == made and len(list(folder.iterdir())) == 2
