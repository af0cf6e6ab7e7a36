"""A user's own genres: files beside the shipped ones, building on them, read again when they change."""

from pathlib import Path

import pytest

from hardcore.compose.producer import compose
from hardcore.errors import UserError
from hardcore.knowledge import loader
from hardcore.language.prompt.understand import understand


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARDCORE_HOME", str(tmp_path))
    loader.own_folder().mkdir()
    return loader.own_folder()


def write(own: Path, genre_id: str, text: str) -> None:
    (own / f"{genre_id}.yaml").write_text(f"name: {genre_id.replace('_', ' ')}\nabout: one of mine\n{text}")


def test_a_file_that_builds_on_another_says_only_what_differs(own: Path) -> None:
    write(own, "cellar", "based_on: house\nsynonyms: [basement]\ncharacter: {energy: 0.99}\nkeys: [{key: B minor}]\n")
    house, cellar = loader.genre("house"), loader.genre("cellar")
    assert cellar.character == house.character.evolve(energy=0.99)
    assert [choice.key.name for choice in cellar.keys] == ["B minor"]
    assert cellar.palette == house.palette and cellar.kin == ("house", *house.kin)
    assert cellar.synonyms == ("basement",)


def test_a_section_is_taken_away_by_null(own: Path) -> None:
    write(own, "cellar", "based_on: house\nparts: {kick: null}\ndrums: {parts: {kick: null}}\n")
    assert "kick" in loader.genre("house").parts
    assert "kick" not in loader.genre("cellar").parts and "kick" not in loader.genre("cellar").drums.parts


def test_a_prompt_names_it_and_a_changed_file_is_read_again(own: Path) -> None:
    assert "basement" not in loader.genre_words()
    write(own, "cellar", "based_on: house\nsynonyms: [basement]\ntempo: {low: 90, high: 99, default: 91}\n")
    assert compose(understand("basement, 2 bars"), 1).tempo_map.bpm == 91
    write(own, "cellar", "based_on: house\nsynonyms: [basement]\ntempo: {low: 90, high: 990, default: 400}\n")
    assert compose(understand("basement, 2 bars"), 1).tempo_map.bpm == 400
    (own / "cellar.yaml").unlink()
    assert "cellar" not in loader.genre_ids()


def test_a_build_on_a_build(own: Path) -> None:
    write(own, "one", "based_on: house\nbars: 3\n")
    write(own, "two", "based_on: one\nmeter: 3/4\n")
    two = loader.genre("two")
    assert (two.bars, two.meter, two.kin[:2]) == (3, "3/4", ("one", "house"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("based_on: hause\n", "mine.yaml: based_on: no genre 'hause'"),
        ("based_on: mine\n", "mine.yaml: based_on: mine → mine goes in a circle"),
        ("based_on: house\nbars: 0\n", "mine.yaml: bars: "),
        ("based_on: house\nsynonyms: [gabba]\n", "mine.yaml: synonyms: 'gabba' means gabber already"),
        ("based_on: [", "mine.yaml: "),
    ],
)
def test_a_mistake_in_one_is_told_and_stops_no_other(own: Path, text: str, said: str) -> None:
    write(own, "mine", text)
    assert said in loader.broken()["mine"]
    assert "mine" not in loader.genre_ids() and "house" in loader.genre_ids()
    assert understand("house, 2 bars").genre == "house"


def test_a_circle_of_two_is_refused(own: Path) -> None:
    write(own, "one", "based_on: two\n")
    write(own, "two", "based_on: one\n")
    assert set(loader.broken()) == {"one", "two"}
    with pytest.raises(UserError, match="circle"):
        loader.genre("one")


def test_an_own_file_takes_the_place_of_a_shipped_one(own: Path) -> None:
    write(own, "house", "based_on: acid\nbars: 5\n")
    assert loader.genre("house").bars == 5


def test_the_example_of_the_schema_document_is_a_style(tmp_path: Path) -> None:
    text = (loader.folder() / "SCHEMA.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "beguine.yaml"
    path.write_text(example, encoding="utf-8")
    known = loader.read_genre(path)
    assert known.name == "beguine" and known.bass.figures and known.harmony.parts["keys"].figures
