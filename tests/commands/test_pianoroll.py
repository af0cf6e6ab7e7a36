"""The piano-roll: what stands in which column, and that the lines agree with each other."""

import time

from hypothesis import given
from hypothesis import strategies as st

from hardcore.commands.clips.pianoroll import draw
from hardcore.music.meter import MeterMap
from hardcore.project.notes import Note

BAR = 7680
FOUR = MeterMap()


def rows(drawing: str) -> list[str]:
    return drawing.split("\n")


def test_accents_notes_and_ghosts_have_signs_of_their_own() -> None:
    notes = [Note(0, 480, 36, 110), Note(1920, 480, 36, 109), Note(3840, 480, 36, 60), Note(5760, 480, 36, 59)]
    assert draw(notes, BAR, FOUR) == "   1\nC2 |X   x   x   o   |"


def test_a_held_note_covers_its_columns_up_to_its_end() -> None:
    assert rows(draw([Note(480, 1440, 36)], BAR, FOUR))[1] == "C2 |.x--.   .   .   |"
    assert rows(draw([Note(480, 1441, 36)], BAR, FOUR))[1] == "C2 |.x---   .   .   |"


def test_the_higher_pitch_stands_above() -> None:
    assert [row[:2] for row in rows(draw([Note(0, 480, 36), Note(0, 480, 48)], BAR, FOUR))[1:]] == ["C3", "C2"]


def test_flats_are_written_when_they_are_asked_for() -> None:
    assert "A#2" in draw([Note(0, 480, 46)], BAR, FOUR)
    assert "Bb2" in draw([Note(0, 480, 46)], BAR, FOUR, flats=True)


def test_a_start_beside_the_grid_shows_in_the_nearest_column() -> None:
    assert rows(draw([Note(239, 480, 36)], BAR, FOUR))[1].startswith("C2 |x")
    assert rows(draw([Note(240, 480, 36)], BAR, FOUR))[1].startswith("C2 |.x")


def test_a_note_just_before_the_end_shows_in_the_last_column() -> None:
    assert rows(draw([Note(BAR - 1, 480, 36)], BAR, FOUR))[1] == "C2 |.   .   .   .  x|"


def test_of_two_notes_in_one_column_the_louder_shows() -> None:
    assert "X" in draw([Note(0, 100, 36, 120), Note(100, 100, 36, 40)], BAR, FOUR)
    assert "X" in draw([Note(0, 100, 36, 40), Note(100, 100, 36, 120)], BAR, FOUR)


def test_beats_are_the_unit_of_the_meter() -> None:
    assert rows(draw([Note(0, 480, 36)], BAR, FOUR.with_meter(7, 8)))[1] == "C2 |x . . . . . . |. |"
    assert rows(draw([Note(0, 480, 36)], BAR, FOUR.with_meter(2, 2)))[1] == "C2 |x       .       |"


def test_a_change_of_meter_moves_the_bar_lines() -> None:
    drawing = draw([Note(0, 480, 36), Note(BAR, 480, 36)], BAR + 2 * 5760, FOUR.with_change(1, 3, 4))
    assert drawing == "   1                2            3\nC2 |x   .   .   .   |x   .   .   |.   .   .   |"


def test_a_bar_that_is_no_whole_number_of_sixteenths_keeps_its_line() -> None:
    drawing = draw([Note(7 * 240, 100, 36)], 14 * 240, FOUR.with_meter(7, 32))
    assert drawing == "   1    2\nC2 |....|x...|"


def test_a_wide_clip_is_wrapped_after_one_two_or_four_bars() -> None:
    drawing = draw([Note(bar * BAR, 480, 36) for bar in range(12)], 12 * BAR, FOUR, width=60)
    systems = drawing.split("\n\n")
    assert [system.split("\n")[0].split() for system in systems] == [
        [str(first), str(first + 1)] for first in (1, 3, 5, 7, 9, 11)
    ]
    assert all(row.endswith("|") and row.count("x") == 2 for row in (system.split("\n")[1] for system in systems))


def test_a_note_held_over_a_wrap_goes_on_in_the_next_system() -> None:
    second = draw([Note(BAR - 480, 960, 36)], 2 * BAR, FOUR, width=24).split("\n\n")[1]
    assert second.split("\n")[1].startswith("C2 |-")


def test_a_bar_too_wide_for_the_screen_is_broken_at_a_beat() -> None:
    first, second = draw([Note(0, 480, 36)], 2 * BAR, FOUR.with_meter(8, 4), width=30).split("\n\n")
    assert rows(first)[1].endswith(":") and not rows(first)[1].endswith("|:")
    assert rows(second)[0].split() == ["1.7"]
    assert rows(second)[1] == "C2 :.   .   |"


def test_numbers_that_would_touch_are_left_out() -> None:
    meter = FOUR.with_meter(1, 16)
    heading = rows(draw([Note(0, 100, 36)], 20 * 480, meter, width=80))[0]
    numbers = heading.split()
    assert numbers[:9] == [str(number) for number in range(1, 10)]
    assert set(map(int, numbers)) <= set(range(1, 21))


def test_an_empty_clip_says_so() -> None:
    assert draw([], BAR, FOUR) == "(empty)"


@given(
    st.integers(20, 200),
    st.sampled_from([(4, 4), (3, 4), (7, 8), (5, 16), (7, 32), (1, 1), (32, 4)]),
    st.lists(
        st.builds(Note, st.integers(0, 60_000), st.integers(1, 9000), st.integers(30, 50)), min_size=1, max_size=20
    ),
    st.integers(120, 61_000),
)
def test_numbers_stand_above_lines_and_nothing_is_wider_than_the_screen(
    width: int, meter: tuple[int, int], notes: list[Note], length: int
) -> None:
    inside = [note for note in notes if note.start_ticks < length]
    drawing = draw(inside, length, FOUR.with_meter(*meter), width=width)
    for system in drawing.split("\n\n") if inside else ():
        heading, *lines = rows(system)
        assert len({len(line) for line in lines}) == 1
        assert all(len(line) <= width for line in (heading[:1], *lines))
        for at, letter in enumerate(heading):
            if letter != " " and heading[at - 1] == " ":
                assert lines[0][at] in "|:"
    if inside:
        starts = {(note.pitch, note.start_ticks) for note in inside}
        assert 1 <= sum(drawing.count(sign) for sign in "Xxo") <= len(starts)


def test_long_clips_take_as_long_for_each_note_as_short_ones() -> None:
    def cost_s(count: int) -> float:
        notes, costs = [Note(at * 240, 240, 40 + at % 40) for at in range(count)], []
        for _ in range(3):
            begun = time.process_time()
            draw(notes, count * 240, FOUR)
            costs.append(time.process_time() - begun)
        return min(costs)

    assert cost_s(20_000) < 16 * cost_s(2_500)
