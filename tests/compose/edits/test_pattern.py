"""Patterns: where their hits stand, counted by hand."""

import pytest

from hardcore.compose.edits.pattern import EXAMPLE, pattern_hits
from hardcore.errors import UserError
from hardcore.music.meter import MeterMap
from tests.compose.edits.pieces import BAR, BEAT

FOUR = MeterMap()
SIXTEENTH = 480
EIGHTHS = [0, 2, 4, 6, 8, 10, 12, 14]


def at(text: str, bars: int = 1, meter: MeterMap = FOUR) -> list[int]:
    return [hit.start_ticks for hit in pattern_hits(text, meter, meter.bar_start(bars))]


@pytest.mark.parametrize(
    ("text", "sixteenths"),
    [
        ("1/4", [0, 4, 8, 12]), ("1/8", EIGHTHS), ("1/16", list(range(16))), ("1/4.", [0, 6, 12]), ("1/2", [0, 8]),
        ("5/16", [0, 4, 7, 10, 13]), ("3/8", [0, 6, 12]), ("4/16", [0, 4, 8, 12]),
        ("x..x..x.", [0, 3, 6, 8, 11, 14]), ("x... x..x", [0, 4, 7, 8, 12, 15]), ("X.o.|x.2.", EIGHTHS),
        ("beats 2,4", [4, 12]), ("beats 2 and 4", [4, 12]), ("beat 1", [0]), ("beats 1 2.5 4", [0, 6, 12]),
        ("four", [0, 4, 8, 12]), ("four on the floor", [0, 4, 8, 12]), ("Offbeats", [2, 6, 10, 14]),
        ("backbeat", [4, 12]), ("downbeats", [0]), ("eighths", EIGHTHS),
    ],
)  # fmt: skip
def test_a_pattern_stands_where_a_player_puts_it(text: str, sixteenths: list[int]) -> None:
    assert at(text) == [step * SIXTEENTH for step in sixteenths]


def test_triplets_part_a_beat_in_three() -> None:
    assert at("1/8t") == [round(beat * BEAT / 3) for beat in range(12)]
    assert at("1/16t")[:4] == [0, 320, 640, 960]


def test_bars_of_another_meter_have_their_own_beats() -> None:
    three = MeterMap().with_meter(3, 4)
    assert at("backbeat", 2, three) == [BEAT, 4 * BEAT]
    assert at("beats 2,3", 1, three) == [BEAT, 2 * BEAT]
    assert at("3/8", 1, three) == [0, round(3 * BEAT * 3 / 8), round(3 * BEAT * 6 / 8)]


def test_steps_go_on_through_the_bars_and_what_is_shorter_comes_again() -> None:
    assert at("x..", 1) == [step * SIXTEENTH for step in range(0, 16, 3)]
    assert at("x...............x.......x.......", 2) == [0, BAR, BAR + 2 * BEAT]


def test_letters_say_how() -> None:
    letters = [hit.letter for hit in pattern_hits("Xxo2", FOUR, 4 * SIXTEENTH)]
    assert letters == ["X", "x", "o", "2"]


@pytest.mark.parametrize(
    ("text", "why"),
    [("swing", EXAMPLE[:10]), ("1/0", "too fast"), ("1/512", "too fast"), ("17/16", "no euclidean"),
     ("beats 5", "no beat 5"), ("beats 0", "no beat 0"), ("....", "has no hit"), ("", "is no rhythm"),
     ("24", "is no rhythm")],
)  # fmt: skip
def test_what_is_no_pattern_is_refused_with_some_that_are(text: str, why: str) -> None:
    with pytest.raises(UserError) as error:
        at(text)
    assert why in error.value.line()
