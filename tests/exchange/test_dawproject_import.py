"""DAWproject in: what was written comes back, files of other programs are understood, and hostile ones refused."""

import asyncio
import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.exchange.dawproject import markup, opened
from hardcore.exchange.dawproject.package import write_package
from hardcore.exchange.dawproject.reading import read_project
from hardcore.exchange.dawproject.reduced import reduced
from hardcore.exchange.losses import Losses
from hardcore.jobs.exchange import read_dawproject, unpacked
from hardcore.music.tempo import PPQ
from hardcore.project.artifact import Artifact
from hardcore.project.events import Span, controls
from hardcore.project.integrity import check
from hardcore.project.regionevents import region_events
from hardcore.project.state import ProjectState, new_project
from hardcore.project.timeline import end_ticks, timeline
from tests.effort import examples
from tests.exchange.canonical import canonical
from tests.exchange.everything import everything, plain
from tests.project.edits import random_edit
from tests.song import BAR, song, studio_with_song


def there_and_back(project: ProjectState, folder: Path) -> tuple[ProjectState, list[str]]:
    """Return what is read of the file that a project was written to, and what was lost in reading."""
    path = folder / "x.dawproject"
    with path.open("wb") as file:
        write_package(file, project, lambda sound: unpacked(sound, folder))
    back, losses, _ = read_dawproject(path, folder, lambda share, words: None)
    check(back)
    return back, losses


@pytest.mark.parametrize("make", [song, plain, everything])
def test_a_song_comes_back_with_only_the_losses_that_were_told(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    project = make()
    back, losses = there_and_back(project, tmp_path)
    assert not losses
    told = reduced(project, Losses())
    one, other = canonical(told), canonical(back)
    for row in (*one["tracks"], *other["tracks"]):
        if row["name"] == "loops":  # audio is compared by what sounds of it
            row["placed"] = [entry[:3] for entry in row["placed"]]
    for scenes in (one["scenes"], other["scenes"]):
        for _, slots in scenes:
            slots.pop("loops", None)
    assert one == other


def test_audio_comes_back_as_it_sounded(tmp_path: Path) -> None:
    project = plain()
    back, _ = there_and_back(project, tmp_path)

    def sounding(project: ProjectState) -> list[tuple[float, ...]]:
        playing = timeline(project)
        return [
            (
                event.tick,
                event.end_tick,
                event.gain_db,
                event.first + event.at,
                event.speed,
                event.region.fade_in_s,
                event.region.fade_out_s,
                event.region.transpose,
                event.sound.artifact,
            )
            for event in region_events(project, playing, Span(0, end_ticks(playing)))
        ]

    mine, theirs = sounding(project), sounding(back)
    assert len(mine) == len(theirs) > 10
    for one, other in zip(mine, theirs, strict=True):
        assert one[-1] == other[-1], "the very samples"
        assert one[:3] == other[:3] and one[3] == pytest.approx(other[3], abs=1) and one[4] == pytest.approx(other[4])
        assert one[5:-1] == other[5:-1]


def test_automation_comes_back_as_it_moved(tmp_path: Path) -> None:
    """Also where curves became straight pieces: never more than a fiftieth of the way off."""
    project = everything()
    back, _ = there_and_back(project, tmp_path)

    def moving(project: ProjectState) -> dict[tuple[str, str, int], float]:
        names = {track.id: track.name for track in project.tracks}
        playing = timeline(project)
        found = controls(project, playing, Span(0, end_ticks(playing)))
        return {(names[e.track_id], e.parameter.partition(":")[0], e.tick): e.value for e in found}

    mine, theirs = moving(project), moving(back)
    assert mine.keys() == theirs.keys() and len(mine) > 100
    for key, value in mine.items():
        span = 2 if key[1] == "pan" else max(abs(value), 1)
        assert theirs[key] == pytest.approx(value, abs=span / 50), key


@given(seed=st.integers(0, 2**32), count=st.integers(1, 60))
@settings(max_examples=examples(60))
def test_any_project_comes_back(seed: int, count: int) -> None:
    rng, project = random.Random(seed), song()
    for _ in range(count):
        _, project = random_edit(project, rng)
    file = io.BytesIO()
    write_package(file, project, lambda sound: Path())
    with zipfile.ZipFile(file) as package:
        losses = Losses()
        back = read_project(opened.Opened(package, "x"), lambda path: pytest.fail("no audio"), losses)
    check(back)
    assert canonical(back) == canonical(reduced(project, Losses()))
    assert not losses.lines()


# What other programs write -------------------------------------------------------------------------------------------

OTHERS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Project version="1.0">
  <Application name="Some Studio" version="5.0"/>
  <Transport><Tempo max="666" min="20" unit="bpm" value="149" id="id0"/><TimeSignature denominator="4" numerator="4" id="id1"/></Transport>
  <Structure>
    <Track contentType="tracks" id="g" name="Band"><Channel role="master" destination="mc" id="gc"><Volume unit="linear" value="0.5" id="gv"/></Channel>
      <Track contentType="notes" id="b" name="Bass" color="#a2eabf">
        <Channel audioChannels="2" destination="gc" role="regular" id="bc">
          <Devices>
            <ClapPlugin deviceID="org.surge" deviceName="Surge XT" deviceRole="instrument" id="id7"><Parameters/><Enabled value="true"/><State path="plugins/x.clap-preset"/></ClapPlugin>
            <Equalizer deviceName="EQ" deviceRole="audioFX" id="eq">
              <Band type="bell"><Freq unit="hertz" value="300" id="f1"/><Gain unit="decibel" value="-6"/><Q unit="linear" value="2"/></Band>
              <Band type="bell"><Freq unit="hertz" value="400"/></Band><Band type="bell"><Freq unit="hertz" value="500"/></Band>
            </Equalizer>
            <Vst3Plugin deviceID="x" deviceName="Wide&amp;Deep" deviceRole="audioFX" id="v3"/>
          </Devices>
          <Mute value="false"/><Pan max="1" min="0" unit="normalized" value="0.25" id="bp"/>
          <Sends><Send destination="fc" type="post"><Volume unit="linear" value="0.5" id="sv"/></Send></Sends>
          <Volume max="2" min="0" unit="linear" value="2" id="bv"/>
        </Channel>
      </Track>
    </Track>
    <Track contentType="audio" id="d" name="Loop"><Channel destination="mc" role="regular" id="dc"/></Track>
    <Track contentType="audio" id="f" name="Echo"><Channel destination="mc" role="effect" id="fc"/></Track>
    <Track contentType="audio notes" id="m" name="Master"><Channel role="master" id="mc"><Volume unit="linear" value="1" id="mv"/></Channel></Track>
  </Structure>
  <Arrangement id="a">
    <Lanes timeUnit="beats" id="l">
      <Lanes track="b">
        <Clips>
          <Clip time="0" duration="8" playStart="0" name="line"><Notes>
            <Note time="0" duration="0.25" channel="0" key="40" vel="0.787402" rel="0.5"/><Note time="4" duration="0.25" channel="0" key="41"/>
          </Notes></Clip>
          <Clip time="8" duration="6" playStart="1" loopStart="2" loopEnd="4"><Notes><Note time="1" duration="1" channel="0" key="50" vel="1"/>
            <Note time="3" duration="1" channel="0" key="52" vel="1"/></Notes></Clip>
          <Clip time="16" duration="2" enable="false"><Notes/></Clip>
        </Clips>
        <Points unit="linear"><Target parameter="bv"/><RealPoint time="0" value="1" interpolation="linear"/><RealPoint time="8" value="0.5"/></Points>
      </Lanes>
      <Lanes track="d">
        <Clips>
          <Clip time="0.0" duration="8" playStart="0.0" loopStart="0.0" loopEnd="8" fadeTimeUnit="beats" fadeInTime="0.0" name="170bpm">
            <Clips><Clip time="0.0" duration="8" contentTimeUnit="beats" playStart="0.0">
              <Warps contentTimeUnit="seconds" timeUnit="beats"><Audio algorithm="stretch" channels="2" duration="3" sampleRate="8000"><File path="audio/../audio/x.wav"/></Audio>
                <Warp time="0.0" contentTime="0.0"/><Warp time="4" contentTime="1.2"/><Warp time="8" contentTime="2"/></Warps>
            </Clip></Clips>
          </Clip>
          <Clip time="8" duration="2" contentTimeUnit="seconds" playStart="0.5" fadeTimeUnit="seconds" fadeInTime="0.25" name="plain">
            <Audio channels="1" duration="2" sampleRate="8000"><File path="audio/../audio/x.wav"/></Audio></Clip>
          <Clip time="12" duration="4"><Audio channels="1" duration="2" sampleRate="8000"><File path="/etc/passwd" external="true"/></Audio></Clip>
        </Clips>
      </Lanes>
    </Lanes>
    <Markers><Marker time="4" name="here"/></Markers>
  </Arrangement>
  <Scenes><Scene name="one"><Lanes><ClipSlot track="b" hasStop="true"><Clip time="0" duration="4" loopStart="0" loopEnd="4"><Notes>
    <Note time="0" duration="1" channel="0" key="60" vel="0.5"/></Notes></Clip></ClipSlot><ClipSlot track="d" hasStop="true"/></Lanes></Scene></Scenes>
</Project>"""  # noqa: E501


def read(path: Path, folder: Path) -> tuple[ProjectState, list[str], list[Artifact]]:
    return read_dawproject(path, folder, lambda share, words: None)


def packed(folder: Path, document: str | bytes, **files: bytes) -> Path:
    """Return a DAWproject of a document and files."""
    path = folder / "other.dawproject"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("project.xml", document)
        for name, content in files.items():
            package.writestr(name, content)
    return path


def noise(seconds: float = 2.0) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.random.default_rng(1).uniform(-0.4, 0.4, round(8000 * seconds)), 8000, format="WAV")
    return file.getvalue()


def test_a_file_of_another_program_is_understood(tmp_path: Path) -> None:
    path = packed(tmp_path, OTHERS, **{"audio/../audio/x.wav": noise()})
    project, losses, found = read(path, tmp_path)
    check(project)
    assert project.tempo_map.bpm == 149 and len(found) == 1
    into = {track.name: project.find_track(track.output).name if track.output else None for track in project.tracks}
    assert into == {"Band": "Master", "Bass": "Band", "Loop": "Master", "Echo": "Master", "Master": None}
    assert [track.kind for track in project.tracks] == ["group", "midi", "audio", "return", "master"]
    bass, loop = project.find_track("Bass"), project.find_track("Loop")
    assert bass.role == "bass" and bass.instrument is not None and bass.mixer.pan == -0.5
    assert bass.mixer.gain_db == pytest.approx(6.02, abs=0.01)
    assert project.find_track(bass.sends[0].target).name == "Echo" and not bass.sends[0].pre
    assert [(fx.device, dict(fx.settings)) for fx in bass.effects] == [
        ("eq", {"mid1_freq": 300, "mid1_gain": -6, "mid1_q": 2, "mid2_freq": 400})
    ]
    assert [(p.start_ticks // PPQ, p.length_ticks // PPQ, p.offset_ticks // PPQ) for p in bass.placements] == [
        (0, 8, 0),
        (8, 3, 0),
        (11, 3, 0),
    ]
    line, lead_in, repeated = (
        [(n.start_ticks / PPQ, n.pitch) for n in project.find_clip(p.clip)[1].notes] for p in bass.placements
    )
    assert (line, lead_in, repeated) == ([(0, 40), (4, 41)], [(0, 50), (2, 52)], [(1, 52)])
    (level,) = bass.automation
    assert [(p.tick // PPQ, round(p.value, 1), p.shape) for p in level.points] == [(0, 0, "linear"), (8, -6, "step")]
    stretched, plain_one = (project.find_clip(p.clip)[1].region for p in loop.placements)
    assert stretched is not None and plain_one is not None
    assert (stretched.warp, stretched.bpm, stretched.frames) == ("stretch", 240, 16000)
    assert (plain_one.warp, plain_one.first, plain_one.fade_in_s) == ("off", 4000, 0.25)
    assert [marker.name for marker in project.markers] == ["here"]
    assert [(scene.name, len(scene.slots)) for scene in project.scenes] == [("one", 1)]
    told = "\n".join(losses)
    for lost in (
        "Surge XT of Bass",
        "Wide&Deep of Bass",
        "bands of equalizers",
        "warp markers",
        "switched off",
        "beside the project",
    ):
        assert lost in told, told


def test_times_in_seconds_lie_where_they_sound(tmp_path: Path) -> None:
    """A timeline may count in seconds; at 120 BPM a second is two quarters."""
    document = OTHERS.replace('value="149"', 'value="120"').replace(
        'timeUnit="beats" id="l"', 'timeUnit="seconds" id="l"'
    )
    project, _, _ = read(packed(tmp_path, document, **{"audio/../audio/x.wav": noise()}), tmp_path)
    line = project.find_track("Bass").placements[0]
    assert line.length_ticks == 16 * PPQ
    assert [note.start_ticks // PPQ for note in project.find_clip(line.clip)[1].notes] == [0, 8]
    assert [point.tick // PPQ for point in project.find_track("Bass").automation[0].points] == [0, 16]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
) + ']><Project version="1.0"><Application name="&j;" version="1"/></Project>'  # fmt: skip


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (BOMB, "declares a document type"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><Project/>', "declares a document type"),
        ("<Project>", "is no XML"),
        ("<Project>&nbsp;</Project>", "is no XML"),
        (b"\xff\xfe\x00\xd8<", "is no XML"),
        ("", "is no XML"),
        ("<Lanes>" * 100_000, "is too deep"),
        ("<Song/>", "is a Song"),
        (
            "<Project><Structure>" + '<Track id="a" name="x"/>' * 600 + "</Structure></Project>",
            "600 tracks",
        ),
    ],
    ids=["bomb", "external", "open", "entity", "bytes", "empty", "deep", "other", "tracks"],
)
def test_a_hostile_document_is_refused_in_one_line(tmp_path: Path, document: str | bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read(packed(tmp_path, document), tmp_path)


def test_a_hostile_zip_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal(path: Path) -> str:
        with pytest.raises(UserError) as error:
            read(path, tmp_path)
        assert "\n" not in error.value.line()
        return error.value.line()

    no_zip = tmp_path / "no.dawproject"
    no_zip.write_bytes(b"PK\x03\x04 and nothing more")
    assert "is no DAWproject" in refusal(no_zip)
    assert "has no project.xml" in refusal(_without_document(tmp_path))
    monkeypatch.setattr(opened, "LARGEST_DOCUMENT", 1 << 20)
    assert "is too large" in refusal(packed(tmp_path, " " * (2 << 20)))
    monkeypatch.setattr(opened, "MOST_ENTRIES", 3)
    assert "holds 5 files" in refusal(packed(tmp_path, OTHERS, a=b"", b=b"", c=b"", d=b""))
    whole = packed(tmp_path, OTHERS * 3)
    data = bytearray(whole.read_bytes())
    data[60:90] = bytes(30)
    whole.write_bytes(data)
    assert "damaged" in refusal(whole)


def _without_document(folder: Path) -> Path:
    path = folder / "empty.dawproject"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("other.xml", "<Project/>")
    return path


def test_an_entry_that_holds_more_than_it_claims_is_cut_off(tmp_path: Path) -> None:
    """The size in the directory is a lie: what is read is counted."""
    path = packed(tmp_path, OTHERS)
    data = path.read_bytes()
    directory = data.rindex(b"PK\x01\x02")
    path.write_bytes(data[: directory + 24] + (100).to_bytes(4, "little") + data[directory + 28 :])
    with pytest.raises(UserError):
        read(path, tmp_path)


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.wav"
    document = OTHERS.replace("audio/../audio/x.wav", "../outside.wav")
    inside = tmp_path / "inside"
    inside.mkdir()
    project, losses, _ = read(packed(tmp_path, document, **{"../outside.wav": noise()}), inside)
    assert not outside.exists() and {path.name for path in inside.iterdir()} == {"sound.wav"}
    assert len(project.find_track("Loop").clips) == 2, "its sounds are read all the same"
    assert losses


def test_limits_of_xml_hold_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 1000)
    with pytest.raises(UserError, match="too long"):
        markup.parse(io.BytesIO(b"<a>" + b"<b/>" * 2000 + b"</a>"), "it")
    text = markup.parse(io.BytesIO(b"<a>" + b"x" * 200_000 + b"</a>"), "it").text
    assert text is not None and len(text) <= 200_000


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.close()


def said(studio: Studio, line: str) -> str:
    answer = asyncio.run(run_line(studio, line, Caller()))
    assert answer is not None
    return answer.text()


def test_import_is_one_step_that_tells_what_was_lost(studio: Studio, tmp_path: Path) -> None:
    packed(tmp_path, OTHERS, **{"audio/../audio/x.wav": noise()})
    before = studio.controller.project
    answer = said(studio, "/import other.dawproject")
    assert "imported other.dawproject: 4 tracks, 1 scene, 1 sound" in answer
    assert "plug-ins (Surge XT of Bass): another instrument plays instead" in answer
    assert "tempo: the project has its own" in answer
    project = studio.controller.project
    check(project)
    assert project.tempo_map == before.tempo_map and len(project.tracks) == len(before.tracks) + 4
    assert {"Bass 2", "kick", "Loop"} <= {track.name for track in project.tracks}
    said(studio, "/undo")
    assert studio.controller.project == before
    with pytest.raises(UserError, match=r"--bpm is for sounds: other\.dawproject is a DAWproject file"):
        said(studio, "/import other.dawproject --bpm 120")
    with pytest.raises(UserError, match="no file"):
        said(studio, "/import nowhere.dawproject")


def test_an_empty_project_becomes_what_the_file_holds(studio: Studio, tmp_path: Path) -> None:
    said(studio, "/export there.dawproject")
    whole = studio.controller.project
    studio.controller.edit("empty", lambda project: new_project())
    said(studio, "/import there.dawproject")
    back = studio.controller.project
    assert canonical(back) == canonical(reduced(whole, Losses())) and BAR
