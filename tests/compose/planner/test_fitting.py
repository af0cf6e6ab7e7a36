"""Which sections a song of a length has."""

from hypothesis import example, given
from hypothesis import strategies as st

from hardcore.compose.planner.fitting import fitted
from hardcore.knowledge.loader import genre, genre_ids

HOUSE = genre("house").song


@example("dubstep", 80, 16)
@given(st.sampled_from(genre_ids()), st.integers(1, 4096), st.sampled_from((1, 4, 8, 12, 16)))
def test_any_song_is_exactly_as_long_as_was_asked(style: str, bars: int, scene_bars: int) -> None:
    form = genre(style).song
    found = fitted(form, bars, scene_bars)
    assert sum(length for _, length in found) == bars
    assert all(length >= 1 for _, length in found)
    rest = iter(form)
    assert all(section in rest for section, _ in found), "in their order"
    if bars >= 4 * len(form):
        assert len(found) == len(form), "none is left out where there is room"
    assert all(length % min(4, scene_bars) == 0 for _, length in found[:-1]), "joins are on phrases"


def test_a_song_without_a_length_is_as_long_as_its_style_says() -> None:
    assert fitted(HOUSE, None, 8) == tuple((section, section.bars) for section in HOUSE)


def test_a_song_too_short_for_all_keeps_what_it_is_about() -> None:
    def names(bars: int) -> list[tuple[str, int]]:
        return [(section.name, length) for section, length in fitted(HOUSE, bars, 8)]

    assert names(3) == [("drop", 3)]
    assert names(9) == [("drop", 4), ("outro", 5)]
    assert names(12) == [("intro", 4), ("drop", 4), ("outro", 4)]
    assert [name for name, _ in names(20)] == ["intro", "build", "drop", "break", "outro"]
