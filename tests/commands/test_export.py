"""`export`: to where it goes, in several formats, tried first; what cannot be is refused at once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.exchange.exportresult import Exported, ExportPlan
from hardcore.controller.studio import Studio
from hardcore.knowledge.targets import target, targets
from hardcore.music import midifile
from tests.commands.test_desk import refusal, say
from tests.exchange.dawfile import DawFile
from tests.exchange.scorefile import Score
from tests.song import studio_with_song

PARTS = {"kick", "snare", "hats", "bass"}


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


async def _result(studio: Studio, line: str) -> object:
    return await run_line(studio, line, Caller())


def answer(studio: Studio, line: str) -> object:
    import asyncio

    return asyncio.run(_result(studio, line))


def test_a_file_without_an_ending_gets_the_format_of_where_it_goes(studio: Studio, tmp_path: Path) -> None:
    made = answer(studio, f"/export {tmp_path}/out --for spotify --also mp3 --stems")
    assert isinstance(made, Exported)
    assert [Path(file.file).name for file in made.files] == ["out.flac", "out.mp3"]
    assert made.rate == target("spotify").rate == soundfile.info(tmp_path / "out.flac").samplerate
    assert made.lufs == pytest.approx(-14, abs=0.2)
    assert "for −14.0 LUFS" in made.text()
    text = (tmp_path / "out stems" / "README.txt").read_text(encoding="utf-8")
    for line in ("tempo   138 BPM", "meter   4/4", "key     F minor", "length  2 bars, 3.478 s", "  kick.flac  kick"):
        assert line in text
    assert set(made.artifacts) == {Path(file) for file in tmp_path.rglob("*.*") if file.suffix in (".flac", ".mp3")}


def test_what_is_tried_is_told_and_not_written(studio: Studio, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    plan = answer(studio, f"/export {tmp_path}/out.wav --also mp3,flac --stems --dry-run")
    assert isinstance(plan, ExportPlan)
    assert [Path(one.file).name for one in plan.files[:3]] == ["out.wav", "out.mp3", "out.flac"]
    assert len(plan.files) == 3 + 6
    assert "Nothing was written" in plan.text()
    assert sorted(tmp_path.rglob("*")) == before


def test_facts_lie_beside_it(studio: Studio, tmp_path: Path) -> None:
    made = answer(studio, f"/export {tmp_path}/out --for timbre --tail 0")
    assert isinstance(made, Exported)
    assert made.sidecar == f"{tmp_path}/out.json"
    facts = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert facts["metadata"]["seed"] == studio.controller.project.seed
    assert facts["artifact_path"] == "out.wav"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/export {0}/x.wav --for spotfy", "did you mean spotify"),
        ("/export {0}/x.wav --also wav", "wav is written already"),
        ("/export {0}/x.wav --also mp3,mp3", "mp3 is written already"),
        ("/export {0}/x.wav --also mp4", "did you mean mp3"),
        ("/export {0}/x.flac --depth 32f", "FLAC cannot hold depth 32f"),
        ("/export {0}/x.wav --ppq 480", "a wav file has no --ppq (.mid have)"),
        ("/export {0}/x.mid --ppq 500", "480"),
        ("/export {0}/x.mid --for cd", "a MIDI file has no --for"),
        ("/export {0}/x.mid --parts bass", "a MIDI file has no --parts (.musicxml have)"),
        ("/export {0}/x.musicxml --parts drums", "drums is a group track, without notes"),
        ("/export {0}/x.dawproject --bars 2", "a DAWproject file has no --bars"),
        ("/export {0}/x.dawproject --only 2", "a DAWproject file has no --only"),
        ("/export {0}/x --also mp3", "no format"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_once(studio: Studio, tmp_path: Path, line: str, said: str) -> None:
    begun: list[object] = []
    assert studio.jobs is not None
    studio.jobs.listen(begun.append)
    assert said in refusal(studio, line.format(tmp_path))
    assert not begun


def test_a_midi_file_has_the_division_that_is_asked_for(studio: Studio, tmp_path: Path) -> None:
    say(studio, "/marker add solo 2")
    say(studio, f"/export {tmp_path}/x.mid --ppq 480")
    data = (tmp_path / "x.mid").read_bytes()
    assert int.from_bytes(data[12:14], "big") == 480
    assert b"solo" in data
    assert midifile.read(data).tempo_map.bpm == 138


def test_a_stretch_of_the_piece_is_all_that_is_written(studio: Studio, tmp_path: Path) -> None:
    answer(studio, f"/export {tmp_path}/all.mid")
    answer(studio, f"/export {tmp_path}/second.mid --only 2")
    whole, second = (midifile.read(tmp_path / name) for name in ("all.mid", "second.mid"))
    bar = whole.meter_map.bar_ticks()
    notes = sorted((track.name, *note[:3]) for track in whole.tracks for note in track.notes)
    later = [(name, start - bar, *more) for name, start, *more in notes if start >= bar]
    assert later == sorted((track.name, *note[:3]) for track in second.tracks for note in track.notes)
    assert 0 < len(later) < len(notes)


def test_every_target_says_what_it_is_for() -> None:
    for name, known in targets().items():
        assert known.about, name
        assert (known.lufs is None) or (known.rms is None)


def test_a_dawproject_says_what_it_cannot_hold_before_and_after(studio: Studio, tmp_path: Path) -> None:
    plan = answer(studio, f"/export {tmp_path}/out.dawproject --dry-run")
    assert isinstance(plan, ExportPlan) and not (tmp_path / "out.dawproject").exists()
    made = answer(studio, f"/export {tmp_path}/out.dawproject")
    assert isinstance(made, Exported) and made.losses == plan.losses
    assert "not as it was:\n  scenes without an arrangement: they are placed" in made.text()
    assert DawFile(tmp_path / "out.dawproject").notes()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_dawproject_has_the_sound_of_each_part_if_that_is_asked(studio: Studio, tmp_path: Path) -> None:
    made = answer(studio, f"/export {tmp_path}/out.dawproject --stems")
    assert isinstance(made, Exported)
    found = DawFile(tmp_path / "out.dawproject")
    muted = {one.name for one in found.channels() if one.mute}
    parts = {one.name: one.parent for one in found.channels() if one.content == "audio" and one.role == "regular"}
    assert muted == {"bounced"} and parts == dict.fromkeys([f"{name} audio" for name in PARTS], "bounced")
    assert {one.track for one in found.audio()} == parts.keys() and {one.track for one in found.notes()} == PARTS
    assert all(f"audio/{name}" in " ".join(found.names) for name in PARTS)


def test_a_score_has_the_part_that_the_file_is_named_after(studio: Studio, tmp_path: Path) -> None:
    plan = answer(studio, f"/export {tmp_path}/bass.musicxml --dry-run")
    assert isinstance(plan, ExportPlan) and not (tmp_path / "bass.musicxml").exists()
    made = answer(studio, f"/export {tmp_path}/bass.musicxml")
    assert isinstance(made, Exported) and "MusicXML, 3.48 s" in made.text()
    assert plan.files[0].bytes == (tmp_path / "bass.musicxml").stat().st_size
    (bass,) = Score((tmp_path / "bass.musicxml").read_bytes()).parts.items()
    assert (bass[0], len(bass[1]), {note.pitch for note in bass[1]}) == ("bass", 16, {41})
    said = answer(studio, f"/export {tmp_path}/song.musicxml --parts kick,bass")
    assert Score((tmp_path / "song.musicxml").read_bytes()).parts.keys() == {"kick", "bass"}
    assert isinstance(said, Exported) and said.losses == (
        "drums (snare, hats): a part of drums is written when it is named: --parts",
    )
    assert isinstance(answer(studio, f"/export {tmp_path}/x.mid --dry-run"), ExportPlan)
