"""DAWproject out: valid by its schemas, and read back by somebody who never saw the writer."""

import io
from pathlib import Path

import pytest

from hardcore.exchange.dawproject.document import metadata, write_document
from hardcore.exchange.dawproject.media import Sound
from hardcore.exchange.dawproject.package import write_package
from hardcore.jobs.exchange import unpacked
from hardcore.music.tempo import PPQ
from hardcore.project.events import Span, events
from hardcore.project.integrity import check
from hardcore.project.regionevents import region_events
from hardcore.project.state import ProjectState
from hardcore.project.timeline import end_ticks, timeline
from tests.exchange.dawfile import SCHEMAS, DawFile, Heard, Played
from tests.exchange.everything import RATE, everything, plain
from tests.song import BAR, song


def written(project: ProjectState, folder: Path) -> DawFile:
    """Return a project as it is read from the file that it was written to."""
    path = folder / "song.dawproject"
    (folder / "scratch").mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_package(file, project, lambda sound: unpacked(sound, folder / "scratch"))
    return DawFile(path)


@pytest.fixture(scope="module")
def schemas() -> tuple[object, object]:
    if SCHEMAS is None:
        pytest.skip("the schemas of DAWproject are not beside this checkout")
    xmlschema = pytest.importorskip("xmlschema")
    return tuple(xmlschema.XMLSchema(str(SCHEMAS / name)) for name in ("Project.xsd", "MetaData.xsd"))


@pytest.mark.parametrize("make", [song, plain, everything])
def test_what_is_written_is_valid(make, schemas) -> None:  # type: ignore[no-untyped-def]
    project = make()
    check(project)
    parts: list[str] = []
    write_document(project, parts.append)
    schemas[0].validate("".join(parts))
    schemas[1].validate(metadata(project))


def test_another_reader_finds_the_mixer(tmp_path: Path) -> None:
    project = plain()
    found = {one.name: one for one in written(project, tmp_path).channels()}
    assert found.keys() == {track.name for track in project.tracks}
    names = {track.id: track.name for track in project.tracks}
    for track in project.tracks:
        one = found[track.name]
        assert one.volume == pytest.approx(10 ** (track.mixer.gain_db / 20))
        assert one.pan == pytest.approx((track.mixer.pan + 1) / 2)
        assert (one.mute, one.solo) == (track.mixer.mute, track.mixer.solo)
        assert one.into == (names[track.output] if track.output else None)
        assert [(to, kind) for to, kind, _ in one.sends] == [
            (names[send.target], "pre" if send.pre else "post") for send in track.sends
        ]
        inserts = one.devices[1:] if track.instrument else one.devices
        assert [on for _, _, on, _ in inserts] == [not effect.bypass for effect in track.effects]
    assert found["kick"].parent == "drums" and found["drums"].content == "tracks"
    assert {one.role for one in found.values()} == {"regular", "submix", "effect", "master"}
    devices = {tag: values for tag, _, _, values in found["drums"].devices}
    assert list(devices) == ["Equalizer", "Compressor", "NoiseGate", "Limiter", "BuiltinDevice"]
    assert devices["Compressor"]["Ratio"] == pytest.approx(200 / 3), "3:1 lets a third through"
    assert devices["NoiseGate"]["Range"] == -40
    assert devices["Equalizer"]["lowShelf 0 Gain"] == 3 and devices["Equalizer"]["highPass 4 Freq"] == 45


def test_another_reader_hears_the_same_notes(tmp_path: Path) -> None:
    project = plain()
    playing = timeline(project)
    names = {track.id: track.name for track in project.tracks}
    wanted = sorted(
        Played(names[event.track_id], event.tick / PPQ, event.length_ticks / PPQ, event.pitch, event.velocity / 127)
        for event in events(project, playing, Span(0, end_ticks(playing)))
    )
    found = written(project, tmp_path).notes()
    assert len(found) == len(wanted) > 20
    for one, other in zip(found, wanted, strict=True):
        assert one[0] == other[0] and one[1:] == pytest.approx(other[1:], abs=1e-6)


def test_another_reader_hears_the_same_audio(tmp_path: Path) -> None:
    """Each piece of a pass begins where and at the place of its sound that the player would play."""
    project = plain()
    playing = timeline(project)
    names = {track.id: track.name for track in project.tracks}
    found = written(project, tmp_path).audio()
    wanted: list[Heard] = []
    before = None
    for event in region_events(project, playing, Span(0, end_ticks(playing))):
        region = event.region
        continues = before is not None and before.goes_on and before.end_tick == event.tick
        before = event
        if not continues:
            wanted.append(
                Heard(
                    names[event.track_id],
                    event.tick / PPQ,
                    0,
                    (event.first + event.at) / RATE,
                    "",
                    region.bpm,
                    region.gain_db,
                )
            )
    assert len(found) == len(wanted) > 6
    for one, other in zip(found, sorted(wanted), strict=True):
        assert one.track == other.track and one.bpm == (pytest.approx(other.bpm) if other.bpm else None)
        assert (one.time, one.from_s, one.gain_db) == pytest.approx((other.time, other.from_s, other.gain_db), abs=1e-5)


def test_another_reader_finds_time_places_scenes_and_automation(tmp_path: Path) -> None:
    project = plain()
    found = written(project, tmp_path)
    assert found.tempos() == [(0, 138, "hold"), (16, 150, "linear"), (32, 120, "hold")]
    assert found.meters() == [(0, 4, 4), (32, 3, 4)]
    assert found.markers() == [(16, 'the "drop"')]
    scenes = {
        scene.name: {project.find_track(t).name: project.find_clip(c)[1].name for t, c in scene.slots.items()}
        for scene in project.scenes
    }
    assert found.slots() == scenes
    moves = found.envelopes()
    assert moves["bass", "Volume"] == [(0, -12, "linear"), (16, 0, "hold")]
    assert moves["bass", "Pan"] == [(0, 0, "linear"), (8, 1, "linear")]
    assert moves["drums", "Ratio"] == [(0, 50, "linear"), (4, 87.5, "linear")]
    assert "F minor" in found.metadata


def test_sounds_lie_in_the_file_with_their_very_samples(tmp_path: Path) -> None:
    import numpy as np

    from hardcore.audio.intake import whole
    from hardcore.project import artifacts

    project = everything()
    found = written(project, tmp_path)
    files = [name for name in found.names if name.startswith("audio/")]
    assert len(files) == 3, "the loop, the hit, and the hit turned round"
    assert all("/" not in name.removeprefix("audio/") for name in files)
    region = project.find_track("loops").clips[2].region
    assert region is not None
    audio, _ = whole(artifacts.path_of(region.sound.artifact))
    turned, _ = whole(unpacked(Sound("", region.sound, reverse=True), tmp_path))
    assert np.array_equal(turned, audio[:, ::-1])


def test_what_is_lost_is_told_with_its_reason() -> None:
    losses = write_document(plain(), lambda text: None).losses
    assert [line.split(" (")[0] for line in losses] == ["instruments", "effects"], losses
    told = "\n".join(write_document(everything(), lambda text: None).losses)
    for lost in (
        "sections", "the vibe", "grooves (snare)", "chances of notes (kick)", "slides (kick)", "curves of automation",
        "notes before the beginning of their clip (kick)", "notes after the end", "side-chains (sidechain of bass)",
        "the direction of audio", "audio at a speed of its own (loops)",
    ):  # fmt: skip
        assert lost in told, told


def test_equal_projects_give_equal_bytes(tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        file = io.BytesIO()
        write_package(file, song(), lambda sound: tmp_path)
        made.append(file.getvalue())
    assert made[0] == made[1] and BAR
