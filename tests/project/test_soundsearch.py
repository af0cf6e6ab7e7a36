"""Finding by words: what counts, in which order, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardcore.project.soundfacts import SoundFile
from hardcore.project.soundsearch import query, search
from tests.project.test_soundfacts import facts


def sound(path: str, kind: str, number: int, **more: object) -> SoundFile:
    return SoundFile(f"/s/{path}", "/s", 9, 1, facts(kind, sha256=f"{number:064x}", **more))


LIBRARY = [
    sound("drums/kick_low.wav", "kick", 1, hz=49.0, words=("dark", "long"), centroid_hz=150.0),
    sound("drums/kick_high.wav", "kick", 2, hz=61.0, words=("bright",)),
    sound("drums/boom.wav", "kick", 3, hz=52.0, words=("dark",)),
    sound("drums/hat.wav", "hat", 4, words=("bright", "short")),
    sound("loops/top 124.wav", "loop", 5, bpm=124.0, frames=96000 * 4),
    sound("loops/amen.wav", "loop", 6, bpm=172.0, key="A minor"),
    sound("tones/stab.wav", "stab", 7, key="F# minor", hz=185.0),
    sound("copy/kick_low.wav", "kick", 1, hz=49.0, words=("dark", "long")),
    SoundFile("/s/broken kick.wav", "/s", 9, 1, None, "it is silent"),
]


def names(text: str) -> list[str]:
    matches, whole = search(LIBRARY, query(text))
    return [match.file.name for match in matches] if whole else ["?", *(match.file.name for match in matches)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("dark kick 50hz", ["kick_low", "boom"]),
        ("kick", ["kick_high", "kick_low", "boom"]),
        ("kick 50-70 hz", ["kick_high", "boom"]),
        ("loop 120-130 bpm", ["top 124"]),
        ("loops at 172 bpm", ["amen"]),
        ("bpm 124", ["top 124"]),
        ("bright", ["hat", "kick_high"]),
        ("short bright hat", ["hat"]),
        ("F# minor", ["stab"]),
        ("gb min", ["stab"]),
        ("6-10 s", ["top 124"]),
        ("amen", ["amen"]),
        ("ame", ["amen"]),
        ("tones", ["stab"]),
        ("hat 50hz", ["?", "kick_low", "boom", "hat"]),
        ("zorp", ["?"]),
    ],
)
def test_a_question_is_answered_the_best_first(text: str, wanted: list[str]) -> None:
    assert sorted(names(text)) == sorted(wanted)
    if text.startswith(("dark", "kick 50")):
        assert names(text) == wanted


def test_every_match_says_why() -> None:
    best = search(LIBRARY, query("dark kick 50hz"))[0][0]
    assert best.why == "49.0 Hz, dark (150 Hz centre), kick by sound and name"


def test_a_sound_in_two_places_comes_once_and_a_broken_file_never() -> None:
    found = [match.file for match in search(LIBRARY, query("kick"))[0]]
    assert [file.name for file in found].count("kick_low") == 1
    assert all(file.facts is not None for file in found)


@given(st.text(max_size=80))
def test_any_text_is_a_question(text: str) -> None:
    search(LIBRARY, query(text))
    search(LIBRARY, query(f"{text} 9{'9' * 400}hz bpm {text} c minor"))
