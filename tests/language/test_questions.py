"""A question is answered with the command that shows it, and is never taken for a prompt."""

import pytest

from hardcore.compose.producer import compose
from hardcore.language.asking import is_question
from hardcore.language.asking import shown_by as answer
from hardcore.language.prompt.understand import understand
from hardcore.project.state import new_project


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("what chords is it playing?", "/clip show"),
        ("which key is it in", "/info"),
        ("how fast is it?", "/info"),
        ("what's the tempo?", "/info"),
        ("what instruments are playing?", "/tracks"),
        ("is it too loud?", "/mix check"),
        ("what did you change?", "/history"),
        ("how do I export?", "/help"),
        ("which styles do you have", "/genre list"),
        ("show me the chords", "/clip show"),
    ],
)
def test_a_question_is_answered_with_a_command(text: str, command: str) -> None:
    assert is_question(text)
    assert command in answer(compose(understand("house, 1 bar, C minor"), 4), text)


@pytest.mark.parametrize(
    "text",
    ["what about strings", "how about darker", "is it possible to add a harp", "what a techno track", "house", "darker",
     "can you make it darker?", "why not faster"],
)  # fmt: skip
def test_a_request_is_no_question(text: str) -> None:
    assert not is_question(text)


def test_chords_are_told_where_a_part_knows_them() -> None:
    assert answer(compose(understand("house, 4 bars, chords Am F C G"), 4), "what chords?").startswith(
        "chords: Am | F | C | G (/clip show "
    )
    assert "/analyse" in answer(new_project(), "what chords?")
