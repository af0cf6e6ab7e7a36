"""The genre commands: one's own style from name to music."""

from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.errors import UserError
from hardcore.knowledge import loader
from hardcore.surfaces.live import LiveStudio


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LiveStudio:
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path))
    return open_studio()


def test_a_new_style_is_a_file_that_a_prompt_can_name_at_once(studio: LiveStudio) -> None:
    with studio:
        made = studio.call("genre new", name="Cellar Techno", base="deep house")
        path = loader.own_folder() / "cellar_techno.yaml"
        assert str(path) in made.text()
        shown = studio.call("genre show", genre="cellar techno")
        assert shown.based_on == "deep_house" and shown.file == str(path)
        path.write_text(path.read_text().replace("# character: {energy: 0.7, darkness: 0.5}", "meter: 3/4"))
        studio.do("cellar techno")
        assert studio.project.provenance is not None
        assert (studio.project.meter_map.numerator, studio.project.provenance.intent["genre"]) == (3, '"cellar_techno"')
        assert "yours" in studio.call("genre list").text()


def test_a_style_that_is_there_is_not_written_over(studio: LiveStudio) -> None:
    with studio:
        for name in ("house", "gabba", "Gabba", "DnB"):
            with pytest.raises(UserError):
                studio.call("genre new", name=name)
        studio.call("genre new", name="mine")
        with pytest.raises(UserError, match="there is a genre"):
            studio.call("genre new", name="Mine!")
        with pytest.raises(UserError, match="no letter"):
            studio.call("genre new", name="…")
    assert [path.name for path in loader.own_folder().iterdir()] == ["mine.yaml"]


def test_a_check_names_the_mistake(studio: LiveStudio) -> None:
    with studio:
        studio.call("genre new", name="mine")
        path = loader.own_folder() / "mine.yaml"
        checked = studio.call("genre check", genre="mine")
        assert "mine holds; wanted: −10.5 LUFS" in checked.text()
        assert len(checked.rows) == 3
        for row in checked.rows:
            level = float(row[3].split(" LUFS")[0].replace("−", "-"))
            assert -16 < level < -7 and row[3].split(", ", 1)[1]
        path.write_text(path.read_text() + "swing: {default: 90}\n")
        with pytest.raises(UserError, match=r"mine\.yaml: swing\.default"):
            studio.call("genre check", genre="mine")
        assert "mine.yaml: swing.default" in studio.call("genre list").text()


def test_a_style_is_drafted_from_a_song(studio: LiveStudio, tmp_path: Path) -> None:
    with studio:
        studio.do("house in A minor, 124 bpm, 8 bars, four on the floor kick --seed 3")
        studio.call("export", file=str(tmp_path / "song.mid"))
        studio.do(f'/genre new "my club" --base house --from "{tmp_path / "song.mid"}"')
        known = loader.genre("my_club")
        assert (known.tempo.low, known.tempo.default, known.tempo.high) == (117, 124, 131)
        assert [choice.key.name for choice in known.keys] == ["A minor"]
        kick = max(known.drums.parts["kick"].patterns, key=lambda pattern: pattern.weight)
        assert [step for step, sign in enumerate(kick.steps.replace(" ", "")) if sign != "."] == [0, 4, 8, 12]
        assert known.bass.figures and known.lead.tune.cells and known.harmony.progressions
        studio.do("new piece: my club, 8 bars --seed 3")
        assert studio.project.provenance is not None
        assert studio.project.provenance.intent["genre"] == '"my_club"'


def test_a_style_is_not_drafted_from_what_is_no_song(studio: LiveStudio, tmp_path: Path) -> None:
    (tmp_path / "notes.mid").write_text("no notes at all")
    with studio:
        for name in ("notes.mid", "nowhere.mid"):
            with pytest.raises(UserError):
                studio.call("genre new", name="mine", **{"from": str(tmp_path / name)})
    assert not loader.own_folder().exists() or not list(loader.own_folder().iterdir())
