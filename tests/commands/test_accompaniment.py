"""Bass and lead in the session listen to its drums; words change a rhythm and keep it as a file."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore.app import build_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.knowledge.rhythmfile import as_text, compact
from hardcore.knowledge.rhythms import read_rhythm, rhythm, rhythm_ids
from hardcore.project.integrity import check
from hardcore.rhythm.config import load
from hardcore.rhythm.intents import tell
from tests.song import BAR, studio_with_song


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song()
    yield studio
    studio.controller.close()


def say(studio: Studio, line: str, caller: Caller | None = None) -> str:
    """Return what a line answers."""
    result = asyncio.run(run_line(studio, line, caller or Caller()))
    assert result is not None
    check(studio.controller.project)
    return result.text()


def starts(studio: Studio, clip: str) -> list[int]:
    """Return where the notes of a clip stand."""
    return [note.start_ticks for note in studio.controller.project.find_clip(clip)[1].notes]


def test_a_bass_follows_the_drums_of_a_track_a_clip_or_a_scene(studio: Studio) -> None:
    for word in ("kick", "kick:A", "A", "hats", ""):
        said = say(studio, f"/bass follow {word} --mode rolling_ostinato --bars 4 --seed 7")
        assert "bass:A plays rolling_ostinato: 4 bars" in said and "heard kick, snare, hats" in said
        project = studio.controller.project
        _, clip = project.find_clip("bass:A")
        assert clip.length_ticks == 4 * BAR and clip.provenance and clip.provenance.intent["mode"] == "rolling_ostinato"
        assert all(note.start_ticks % 1920 for note in clip.notes)
        assert all(project.key.contains(note.pitch) for note in clip.notes)
        assert say(studio, "/bass check bass:A").startswith("nothing is wrong")
        studio.controller.undo()
        assert studio.controller.project.find_clip("bass:A")[1].length_ticks == 2 * BAR


def test_the_same_seed_gives_the_same_clip_and_another_another(studio: Studio) -> None:
    found = []
    for seed in (7, 7, 8):
        say(studio, f"/bass follow --mode pocket_groove --seed {seed}")
        found.append(tuple(studio.controller.project.find_clip("bass:A")[1].notes))
    assert found[0] == found[1] != found[2]


def test_a_track_is_added_where_none_plays_bass_or_lead(studio: Studio) -> None:
    say(studio, "/track remove bass")
    say(studio, "/bass follow kick --mode sub_anchor --seed 1")
    say(studio, "/lead answer kick --seed 1")
    tracks = {track.name: track.role for track in studio.controller.project.tracks}
    assert tracks["sub"] == "sub" and tracks["lead"] == "lead"


def test_a_lead_keeps_off_the_bass_and_has_room_for_an_answer(studio: Studio) -> None:
    say(studio, "/bass follow kick --mode offbeat_stabs --bars 2 --seed 3")
    said = say(studio, "/lead answer kick --phrase 2 --seed 3")
    assert "asks: " in said and "answers: " in said and "4 bars" in said
    low = {start % (2 * BAR) for start in starts(studio, "bass:A")}
    assert starts(studio, "lead:A") and not low & {start % (2 * BAR) for start in starts(studio, "lead:A")}


def test_a_bass_in_the_kicks_way_is_found_and_put_right_once(studio: Studio) -> None:
    assert "starts with the kick" in say(studio, "/bass check bass:A --mode rolling_ostinato")
    assert "put right" in say(studio, "/bass repair bass:A --mode rolling_ostinato")
    assert say(studio, "/bass check bass:A --mode rolling_ostinato").startswith("nothing is wrong")
    with pytest.raises(UserError, match="nothing is wrong"):
        say(studio, "/bass repair bass:A --mode rolling_ostinato")


def test_swung_drums_of_the_engine_swing_the_bass(studio: Studio) -> None:
    say(studio, "/rhythm to-clip showcase --bars 4 --scene B")
    say(studio, "/bass follow B --mode rolling_ostinato --scene B --seed 2")
    notes = studio.controller.project.find_clip("bass:B")[1].notes
    assert {note.offset_ticks > 20 for note in notes if note.start_ticks % 960} == {True}
    assert {note.offset_ticks for note in notes if note.start_ticks % 960 == 0} == {0}


def test_a_kit_on_one_track_is_heard_by_its_general_midi_notes(studio: Studio) -> None:
    say(studio, "/track add kit --instrument sampler --role keys")
    say(studio, "/clip add kit B --bars 1")
    for place, pitch in (("1.1.1", 36), ("1.2.1", 38), ("1.3.1", 36), ("1.1.3", 42), ("1.2.3", 42), ("1.3.3", 42)):
        say(studio, f"/note add kit:B {place} {pitch} 1/16")
    said = say(studio, "/bass follow kit:B --mode pocket_groove --seed 1 --scene B")
    assert "heard kit" in said
    assert not {0, 3840} & set(starts(studio, "bass:B"))


def test_other_meters_and_keys(studio: Studio) -> None:
    for meter in ("3/4", "7/8", "5/32"):
        say(studio, f"/meter {meter}")
        for mode in ("root_fifth", "leadish"):
            say(studio, f'/bass follow kick --mode {mode} --bars 3 --seed 1 --key "D dorian"')
            length = studio.controller.project.find_clip("bass:A")[1].length_ticks
            assert length == 3 * studio.controller.project.meter_map.bar_ticks()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/bass follow kik", "kick"),
        ("/bass follow kick --mode roling", "rolling"),
        ("/bass follow B", "no drums"),
        ("/bass follow kick --bars 600", "1 to 512"),
        ("/bass check bass:A", "--mode"),
        ("/lead answer kick --phrase 0", "at least 1"),
        ("/lead answer kick --density 0", "density"),
        ("/bass follow kick --track drums", "holds no clips"),
        ("/rhythm tell warehouse more swong", "swing"),
        ("/rhythm tell warehose more swing", "warehouse"),
        ("/rhythm tell warehouse more swing --file x.txt", ".yaml"),
        (f"/rhythm tell warehouse more swing --file {'x' * 300}.yaml", "too long"),
        (f"/rhythm tell {'x' * 300}.yaml more swing", "too long"),
        (f"/save {'x' * 300}", "too long"),
    ],
)
def test_mistakes_name_the_nearest_choice_and_change_nothing(studio: Studio, line: str, hint: str) -> None:
    before = studio.controller.project
    with pytest.raises(UserError) as error:
        say(studio, line)
    assert hint in error.value.line()
    assert studio.controller.project is before
    assert list(Path.cwd().iterdir()) == []


def test_words_make_a_file_that_further_words_change(studio: Studio) -> None:
    said = say(studio, '/rhythm tell warehouse "more swing, denser hats" --file mine.yaml')
    assert "swing" in said and "→" in said
    first = read_rhythm(Path("mine.yaml"))
    assert first.swing == rhythm("warehouse").swing + 2
    say(studio, "/rhythm tell mine.yaml a bit faster")
    assert read_rhythm(Path("mine.yaml")).bpm == first.bpm + 2.5
    assert read_rhythm(Path("mine.yaml~").rename("before.yaml")).bpm == first.bpm
    say(studio, "/rhythm render mine.yaml a.mid --bars 2")
    with pytest.raises(UserError, match="exists already"):
        say(studio, "/rhythm tell warehouse tighter --file mine.yaml")
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["a.mid", "before.yaml", "mine.yaml"]


def test_what_is_at_its_limit_is_said(studio: Studio) -> None:
    assert "limit" in say(studio, "/rhythm tell polymeter no swing")


def test_words_write_only_in_the_callers_folders(studio: Studio, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    caller = Caller(author="someone", roots=(inside,))
    for name in ("../x.yaml", str(tmp_path / "x.yaml"), "a\0.yaml"):
        with pytest.raises(UserError):
            asyncio.run(run_line(studio, f'/rhythm tell warehouse faster --file "{name}"', caller))
    asyncio.run(run_line(studio, "/rhythm tell warehouse faster", caller))
    assert [path.name for path in tmp_path.rglob("*.yaml")] == ["warehouse.yaml"]


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_a_written_rhythm_is_read_back_equal_and_short(suffix: str, tmp_path: Path) -> None:
    for name in rhythm_ids():
        for words in ("polymetric", "hypnotic", "looser, more energy", "more ghost, sparser"):
            found = tell(rhythm(name), words).rhythm
            path = tmp_path / f"{name}{suffix}"
            path.write_text(as_text(found, suffix), encoding="utf-8")
            assert read_rhythm(path) == found
            assert len(compact(found).get("name", "")) == len(name)
    assert compact(load({"mode": "m4"})) == {"mode": "m4", "swing": 55.0, "layers": {name: {} for name in _names()}}


def _names() -> tuple[str, ...]:
    return tuple(load({"mode": "m4"}).layers)


def test_a_prompts_own_drums_are_heard() -> None:
    studio = build_studio()
    try:
        asyncio.run(run_line(studio, "dark warehouse techno, 138 bpm, F minor, 4 bars --seed 7", Caller()))
        said = say(studio, "/bass follow kick --seed 5")
        assert "4 bars" in said
        assert say(studio, f"/bass check {said.split()[0]}").startswith("nothing is wrong")
    finally:
        studio.controller.close()
