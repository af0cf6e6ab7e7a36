"""Every command's example runs, is one undoable step where it edits, and answers in words and in data."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.commands.call import Caller, Studio
from hardcore.commands.line import run_line
from hardcore.commands.registry import Command, registry
from hardcore.project.integrity import check
from hardcore.project.midi import to_midi
from hardcore.project.samples import sample
from hardcore.project.timeline import timeline
from hardcore.surfaces.answers import as_data
from tests.audio.soundfonts import layered
from tests.song import studio_with_song
from tests.surfaces.stage import full_screen

SONG = ("uplifting trance, 4 bars --seed 2", "/song --bars 48 --seed 2")
PREPARED = {
    "redo": ("/tempo 140", "/undo"),
    "history drop": ("/history branch bass",),
    "history merge": ("/history branch bass", "/gain bass -3 --head bass"),
    "history revert": ("/gain bass -3", "/gain kick -3"),
    **{f"section {verb}": SONG for verb in ("add", "remove", "move", "copy", "rename", "resize", "energy")},
    "effect move": ("/effect add bass drive", "/effect move bass drive 1"),
    "clip quantize": ("/note add bass:A 1.1.2+77 F2",),
    "clip scale": ("/note add bass:A 1.1.2 E2",),
    "tempo": ("/tempo 140",),
    "timing tighten": ("/timing humanize hats 50 --seed 1",),
    "chords colour": ("techno 138 bpm with bass and chords, 4 bars --seed 3",),
    "part vary": ("techno 138 bpm with bass, 2 bars --seed 3",),
    "arpeggiate": ("/note add bass:A 1.1.1 C3 1/4",),
    "automation clear": ("/automation add bass:A cutoff 1.1.1 300",),
    "arrangement clear": ("/place bass:A 1",),
    "scene clear": ("/clip copy bass:A bass B",),
    "regenerate": ("techno 138 bpm with bass, 2 bars --seed 3",),
    "vary": ("house 124 bpm with bass, 2 bars --seed 3",),
    "open": ("/new",),
    "preset load": ("/preset save snare deep",),
    "rhythm edit": ("/rhythm new mine.yaml",),
    **{
        f"rhythm seed {verb}": ("/rhythm seed save opener default", "/rhythm seed save second urgent")[
            : 1 + (verb == "breed")
        ]
        for verb in ("show", "render", "clone", "tag", "delete", "breed", "vary")
    },
    **{f"rhythm session {verb}": ("/rhythm session warehouse",) for verb in ("tell", "keep", "stop")},
    **{
        f"rhythm explore {verb}": ("/rhythm explore warehouse",)
        for verb in ("next", "back", "near", "far", "keep", "leave")
    },
    "preset delete": ("/preset save bass deep reese",),
    "groove remove": ("/groove set hats mpc_62",),
    "groove commit": ("/groove set hats mpc_62",),
    "groove delete": ("/groove learn song.mid --name mine",),
    "samples show": ("/samples add sounds",),
    "samples forget": ("/samples add sounds",),
    "samples audition": ("/samples add sounds",),
    "instrument zones": ("/instrument import piano.sf2 bass",),
    "instrument blend": ("/instrument import piano.sf2 bass",),
    "samples collect": ("/samples add sounds", "/track sample kick deep_kick"),
}


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song(tmp_path)
    project = studio.controller.project
    Path("sounds").mkdir()
    shutil.copy(sample("kick808_long").path, Path("sounds") / "deep_kick.wav")
    Path("piano.sf2").write_bytes(layered())
    Path("song.mid").write_bytes(to_midi(project, timeline(project)))
    with full_screen(studio):
        yield studio
    studio.close()


@pytest.mark.parametrize("known", registry().values(), ids=lambda known: known.name)
def test_the_example_of_a_command_runs(known: Command, studio: Studio) -> None:
    for line in PREPARED.get(known.name, ()):
        asyncio.run(run_line(studio, line, Caller()))
    controller = studio.controller
    at, before = controller.history.at, controller.project
    result = asyncio.run(run_line(studio, f"/{known.example}", Caller()))
    assert result is not None
    assert result.text().rstrip() == result.text() != ""
    json.dumps(as_data(result))
    check(controller.project)
    if known.does == "edit":
        assert controller.history.at != at, "an edit's example changes something"
        assert controller.history.step.label == known.example
        controller.undo()
        assert controller.project is before
    if known.does == "read":
        assert controller.project is before


@pytest.mark.parametrize("known", registry().values(), ids=lambda known: known.name)
def test_a_command_describes_itself(known: Command) -> None:
    schema = known.schema()
    assert schema["type"] == "object"
    assert set(schema.get("properties", {})) == {argument.name for argument in known.arguments}
    assert len(known.summary) <= 120
    assert known.summary.endswith(".")
