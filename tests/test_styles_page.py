"""The guide's page of styles: every genre is on it, with pictures that are there and small."""

from hardcore.knowledge import loader
from tests.styles import PAGE, PICTURES, in_families

MOST_BYTES = 3_000_000


def test_the_page_names_every_genre_with_its_pictures() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for genre_id in loader.genre_ids():
        assert f"\n## {loader.genre(genre_id).name}\n" in text, "python -m tests.styles"
        for kind in ("svg", "png"):
            assert f"(styles/{genre_id}.{kind})" in text
            assert (PICTURES / f"{genre_id}.{kind}").stat().st_size > 500


def test_the_pictures_of_no_genre_are_left_and_all_are_small() -> None:
    kept = list(PICTURES.iterdir())
    assert {path.stem for path in kept} == set(loader.genre_ids())
    assert sum(path.stat().st_size for path in kept) < MOST_BYTES


def test_families_come_first() -> None:
    row = in_families()
    assert sorted(row) == list(loader.genre_ids())
    for genre_id in row:
        base = loader.genre(genre_id).based_on
        assert base is None or row.index(base) < row.index(genre_id)
