"""The loader: genres are found, and mistakes in their files are named."""

import time
from pathlib import Path

import pytest

from hardcore.errors import UserError
from hardcore.knowledge import loader


def broken(tmp_path: Path, old: str, new: str) -> str:
    text = (loader.folder() / "genres" / "house.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "broken.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        loader.read_genre(path)
    return caught.value.line()


def test_the_families_and_what_builds_on_them_are_there() -> None:
    ids = set(loader.genre_ids())
    assert ids >= {
        "warehouse_techno", "minimal_techno", "acid_techno", "dub_techno", "hard_techno", "melodic_techno", "acid",
        "house", "deep_house", "tech_house", "chicago_house", "hardcore", "gabber", "frenchcore", "uptempo",
        "speedcore", "terrorcore", "industrial_hardcore", "hardstyle", "trance", "psytrance", "drum_and_bass",
        "liquid_dnb", "neurofunk", "jungle", "dubstep", "uk_garage", "breakbeat", "electro", "footwork", "trap",
        "boom_bap", "lofi_hip_hop", "downtempo", "ambient", "drone", "synthwave", "disco", "funk", "pop", "rock",
        "metal", "reggae", "dub", "afrobeat", "amapiano", "reggaeton", "bossa_nova", "samba", "jazz_trio", "blues",
        "cinematic", "waltz", "salsa", "cumbia", "bachata", "afrobeats", "k_pop", "hyperpop", "country", "bluegrass",
        "folk", "soul", "rnb", "chiptune", "childrens_song", "lullaby", "string_quartet", "trailer", "noir",
        "happy_hardcore", "phonk", "drill", "indie_rock", "ragtime", "swing", "tango", "flamenco", "east_asian",
        "new_age_piano",
    }  # fmt: skip
    assert len(ids) >= 80


def test_an_unknown_genre_names_the_nearest() -> None:
    with pytest.raises(UserError, match="gaber") as caught:
        loader.genre("gaber")
    assert "gabber" in caught.value.hint


def test_every_phrase_means_one_genre() -> None:
    words = loader.genre_words()
    assert words["dnb"] == "drum_and_bass" and words["house"] == "house"
    assert (words["deep house"], words["jungle"], words["boom bap"]) == ("deep_house", "jungle", "boom_bap")
    assert all(phrase == phrase.lower() for phrase in words)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("synonyms:", "synonims:", "broken.yaml: top level: unknown key 'synonims' (did you mean synonyms"),
        ("anchored: true", "anchord: true", "drums.parts.kick: unknown key 'anchord' (did you mean anchored"),
        ("behaviours: {", "behaviors: {", "unknown key 'behaviors' (did you mean behaviours"),
        ("xo.o xo.o", "xo.o xq.o", "drums.parts.hat_closed.patterns.0.steps: 'q' is not a step"),
        ("xo.o xo.o", "xo.o xoo", "not a whole number of beats"),
        ("default: 57", "default: 90", "swing.default"),
        ("key: A minor", "key: H minor", "keys.0.key: 'H minor' is not a key"),
        ("reverb: -16", "rverb: -16", "sends to 'rverb', which is not a return"),
        ("meter: 4/4", "meter: 4/5", "meter: a meter cannot count 1/5"),
        ("bars: 8", "bars: 8\nbars: 4", "'bars' is written twice"),
        ("name: house", "name: [", "broken.yaml: "),
    ],
)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in broken(tmp_path, old, new)


def test_a_file_cannot_run_code(tmp_path: Path) -> None:
    assert "constructor" in broken(tmp_path, "about: ", "about: !!python/object/apply:os.getcwd []\n#")


@pytest.mark.parametrize("deep", ["[" * 3000 + "]" * 3000, "- " * 3000 + "x", "a: " + "{a: " * 3000 + "}" * 3000])
def test_a_file_from_elsewhere_that_is_nested_without_end_is_refused_in_words(deep: str, tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(deep)
    with pytest.raises(UserError, match="line 1: nested more than 100 deep"):
        loader.read_yaml(path)


def test_a_section_of_many_keys_takes_as_long_for_each_as_a_short_one(tmp_path: Path) -> None:
    def cost_s(count: int) -> float:
        path, costs = tmp_path / f"{count}.yaml", []
        path.write_text("".join(f"key{number}: 1\n" for number in range(count)))
        for _ in range(3):
            begun = time.process_time()
            assert len(loader.read_yaml(path)) == count
            costs.append(time.process_time() - begun)
        return min(costs)

    assert cost_s(8000) < 16 * cost_s(1000)
