"""Critique: what is wrong is found where it was put, every command it names mends it, and mending is one step."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyloudnorm
import pytest
import soundfile

from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.registry import preview, registry
from hardcore.commands.core.results import Result
from hardcore.commands.mixing.critique import Critique, Mended, Point
from hardcore.compose.mix.judgement import Heard
from hardcore.compose.mix.target import wanted
from hardcore.compose.review.hearing import Ears
from hardcore.compose.review.reading import read
from hardcore.compose.review.review import review
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.project.clips import replace_clip
from hardcore.project.state import ProjectState
from hardcore.surfaces.repl.spokenanswers import spoken
from tests.song import begin, studio_with_song

POP = ("/compose pop, 8 bars, C major --seed 5",)
SONG = (*POP, "/song --seed 5 --lift 0")


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Yield a studio with two bars of kick, snare, hats and bass, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def do(studio: Studio, *lines: str) -> Result:
    """Return what the last of some lines answers; a piece that they begin with is made once."""
    begun = next((opening for opening in (SONG, POP) if lines[: len(opening)] == opening), ())
    if begun:
        begin(studio, *begun)
    results = [asyncio.run(run_line(studio, line, Caller())) for line in lines[len(begun) :]]
    assert results[-1] is not None
    return results[-1]


def said(studio: Studio, options: str = "--notes") -> tuple[Point, ...]:
    result = do(studio, f"/critique {options}")
    assert isinstance(result, Critique)
    assert [one.weight for one in result.items] == sorted((one.weight for one in result.items), reverse=True)
    return result.items


def of(studio: Studio, kind: str, options: str = "--notes") -> list[Point]:
    return [one for one in said(studio, options) if one.kind == kind]


# what is done to a piece, the kind of what is said of it, and where
FAULTS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("covered", (*POP, "/transpose lead -24"), "tune", "sits under"),
    ("no tune", (*POP, "/track remove lead"), "tune", "there is no tune"),
    ("muted", (*POP, "/track mute lead on"), "tune", "is muted"),
    ("alike", (*POP, "/velocity hats 90"), "velocity", "hats strikes all"),
    ("still", (*POP, "/track set pad movement 0", "/track set pad chorus 0", "/effect remove pad sidechain"),
     "movement", "nothing moves in pad"),
    ("crowded", (*POP, "/transpose keys -24", "/effect remove keys eq"), "low end", "share the low octaves"),
    ("end", (*SONG, "/key G major --bare"), "ending", "not at home on G"),
    ("hole", (*SONG, "/time insert 20 --bars 2"), "silence", "nothing sounds in bars 20-21"),
    ("alike sections", (*SONG, "/track mute pad on", "/arrangement scene verse 13 --bars 8"),
     "contrast", "does not stand out"),
    ("everything", (*SONG, "/arrangement scene chorus 1 --bars 4"), "contrast", "parts at once"),
    ("round", ("/arrangement scene A 1 --bars 64",), "repetition", "it repeats itself: 2 %"),
    ("one bar", ("/arrangement scene A 1 --bars 8",), "repetition", "play one bar 8 times"),
    ("beside the key", ("/key B major --bare",), "key", "100 % of bass is not in B major"),
)  # fmt: skip


@pytest.mark.parametrize(("lines", "kind", "words"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS])
def test_what_was_spoilt_is_said_and_the_command_that_is_named_mends_it(
    studio: Studio, lines: tuple[str, ...], kind: str, words: str
) -> None:
    do(studio, *lines)
    found = [one for one in of(studio, kind) if words in one.said]
    assert found, said(studio)
    point = found[0]
    assert 0 < point.weight <= 1 and 1 <= point.first_bar <= point.last_bar
    before = studio.controller.project
    do(studio, point.command)
    assert studio.controller.project != before, point.command
    again = [one for one in of(studio, kind) if one.said == point.said]
    assert not again, "the same is said with the same figures"


def test_a_tune_that_hardly_leaves_its_note_is_said(studio: Studio) -> None:
    begin(studio, *POP)

    def flattened(project: ProjectState) -> ProjectState:
        clip = project.find_track("lead").clips[0]
        return replace_clip(project, clip.evolve(notes=clip.notes.map(lambda note: note._replace(pitch=83))))

    studio.controller.edit("flat", flattened)
    found = [one for one in of(studio, "tune") if "stays within 0 semitones" in one.said]
    assert found and found[0].command == "/movement lead --by 1"
    do(studio, found[0].command)
    assert found[0].said not in [one.said for one in said(studio)]


def test_of_what_nobody_spoilt_nothing_is_said(studio: Studio) -> None:
    begin(studio, *SONG)
    assert said(studio) == ()
    assert "finds nothing to mend in it" in do(studio, "/critique --notes").text()


def test_a_stretch_is_judged_by_itself_and_sections_are_compared_all_the_same(studio: Studio) -> None:
    do(studio, *SONG, "/transpose lead -24 --in chorus", "/time insert 56 --bars 1")
    assert {one.kind for one in said(studio)} >= {"tune", "silence"}
    assert of(studio, "tune", "--notes --in chorus") and not of(studio, "silence", "--notes --in chorus")
    assert not of(studio, "tune", "--notes --in verse")
    with pytest.raises(UserError, match="no place in the piece"):
        do(studio, "/critique --in bridg")


def test_nothing_to_judge_is_said_in_a_line() -> None:
    from hardcore.app import build_studio

    empty = build_studio()
    try:
        with pytest.raises(UserError, match="nothing to judge"):
            do(empty, "/critique")
    finally:
        empty.close()


def test_mending_is_one_step_that_does_the_safe_ones_and_says_what_is_left(studio: Studio) -> None:
    do(studio, *POP, "/velocity hats 90", "/velocity shaker 70", "/track remove lead")
    before, steps = studio.controller.project, studio.controller.history.at
    result = do(studio, "/critique --notes --mend")
    assert isinstance(result, Mended)
    assert len(result.mended) == 2 and all(line.startswith("/velocity ") for line in result.mended)
    assert any("there is no tune" in line for line in result.left)
    assert result.step == steps + 1 and studio.controller.history.step.label == "critique --notes --mend"
    assert {one.kind for one in said(studio)} == {"tune"}
    do(studio, "/undo")
    assert studio.controller.project == before
    again = do(studio, "/critique --notes --mend --in 1-2")
    assert isinstance(again, Mended) and again.mended == result.mended


def levels(file: str, *cuts: float) -> list[float]:
    """Return the loudness of a file's stretches between shares of its length, by pyloudnorm."""
    sound, rate = soundfile.read(file)
    meter, edges = pyloudnorm.Meter(rate), [round(cut * len(sound)) for cut in cuts]
    return [float(meter.integrated_loudness(sound[a:b])) for a, b in pairwise(edges)]


def test_the_ears_find_a_chorus_as_loud_as_its_verse_and_mending_lifts_it(studio: Studio) -> None:
    scenes = ("/scene rename A verse", "/scene copy verse chorus")
    do(studio, *scenes, "/arrangement scene verse 1 --bars 2", "/arrangement scene chorus 3 --bars 2")
    do(studio, "/track gain master -6", "/track gain kick 10")
    do(studio, "/export before.wav --tail 0")
    verse, chorus = levels("before.wav", 0, 0.5, 1)
    found = of(studio, "loudness steps", "")
    assert [one.figure for one in found] == pytest.approx([chorus - verse], abs=0.15)
    assert "the chorus is 0.0 LU" in found[0].said.replace("−", "") and "--in 1-2" in found[0].command
    loud = of(studio, "kick and bass", "")
    assert loud and loud[0].figure is not None and loud[0].figure > 8 and "/track gain bass" in loud[0].command
    result = do(studio, "/critique --mend")
    assert isinstance(result, Mended) and found[0].command in result.mended and loud[0].command in result.mended
    do(studio, "/export after.wav --tail 0")
    verse, chorus = levels("after.wav", 0, 0.5, 1)
    assert chorus - verse >= 0.9


def test_an_export_says_in_one_line_what_weighs_most(studio: Studio) -> None:
    do(studio, "/key B major --bare")
    text = do(studio, "/export song.wav --tail 0").text()
    line = next(line for line in text.splitlines() if line.startswith("critique"))
    assert "not in B major" in line and ": /clip scale " in line
    assert "critique" not in do(studio, "/export short.wav --bars 1 --tail 0").text()


def ears(project: ProjectState, **other: float) -> Ears:
    """Return ears that hear a piece as its style wants it, but for some figures."""
    asked = wanted(project)
    bands = {band: (low + high) / 2 for band, (low, high) in asked.bands.items()} | {
        name: value for name, value in other.items() if name in asked.bands
    }
    parts = {track.id: (asked.places.get(track.id, -30.0), dict(bands)) for track in project.tracks}
    kick = parts[project.find_track("kick").id][0]
    parts[project.find_track("bass").id] = (kick - 5, dict(bands))
    loudest = max(level for track_id, (level, _) in parts.items())
    parts[project.find_track("lead").id] = (loudest, dict(bands))
    parts |= {track.id: (other[track.name], dict(bands)) for track in project.tracks if track.name in other}
    heard = Heard(other.get("lufs", asked.lufs), bands, other.get("low_sides", -60.0), parts)
    number = len(read(project).places)
    lufs = tuple(other.get(f"section{place}", -12.0 + 4 * (place % 2)) for place in range(number))
    tops = tuple(other.get(f"top{place}", -9.0) for place in range(number))
    return Ears(heard, other.get("sides", -8.0), lufs, tops)


# what the ears hear otherwise, and the words of what is said of it
HEARD: tuple[tuple[dict[str, float], str], ...] = (
    ({"lufs": -20.0}, "too quiet for pop"),
    ({"lufs": -4.0}, "too loud for pop"),
    ({"kick": -8.0, "bass": -24.0}, "kick is 16.0 LU over bass"),
    ({"kick": -20.0, "bass": -18.0}, "kick is −2.0 LU over bass"),
    ({"lead": -30.0, "keys": -20.0}, "lead is 10.0 LU under keys"),
    ({"hats": -12.0}, "too loud: −12.0 LUFS"),
    ({"hats": -60.0}, "too quiet: −60.0 LUFS"),
    ({"low": 3.0}, "it is muddy"),
    ({"low": -30.0}, "it is thin"),
    ({"high": 0.0}, "it is harsh"),
    ({"high": -40.0}, "it is dull"),
    ({"low_sides": -6.0}, "the low end is wide"),
    ({"sides": -30.0}, "it is narrow"),
    ({"sides": 1.0}, "it is too wide"),
    ({"section1": -12.0, "section2": -12.0}, "the chorus is 0.0 LU louder than the verse"),
    ({"section1": -11.0, "section2": -12.0}, "the chorus is 1.0 LU quieter than the verse"),
    ({f"section{place}": -12.0 + 1.5 * (place == 2) for place in range(8)}, "is what lifts it"),
    ({"top2": -14.0}, "darker above 2 kHz than the verse"),
)


@pytest.mark.parametrize(("other", "words"), HEARD, ids=[words for _, words in HEARD])
def test_what_the_ears_hear_is_said_and_its_command_does_something(
    studio: Studio, other: dict[str, float], words: str
) -> None:
    begin(studio, *SONG)
    project = studio.controller.project
    usual = {"section1": -14.0, "section2": -12.0}
    before = {one.said for one in review(project, ears=ears(project, **usual))}
    new = [one for one in review(project, ears=ears(project, **{**usual, **other})) if one.said not in before]
    assert any(words in one.said for one in new), [one.said for one in new]
    for one in new:
        name, arguments = one.remedy.command, dict(one.remedy.arguments)
        if name == "mix correct":  # it listens: it has tests of its own
            assert registry()[name].parsed(arguments) is not None
        else:
            assert preview(studio, registry()[name], arguments) != project, one


@pytest.mark.parametrize("style", ["blues", "boom_bap", "drum_and_bass", "metal", "trap"])
def test_every_command_that_is_named_for_a_song_can_be_run(studio: Studio, style: str) -> None:
    do(studio, f"/compose {style}, 8 bars --seed 100", "/song --seed 100")
    for one in said(studio):
        do(studio, one.command, "/undo")


def test_critique_is_said_without_a_slash_and_questions_are_answered_from_it(studio: Studio) -> None:
    do(studio, *SONG, "/track remove lead")
    found = do(studio, "critique the chorus --notes")
    assert isinstance(found, Critique) and "there is no tune" in found.text()
    for question in ("what's wrong with it?", "how can I improve this?", "how could this be improved?"):
        assert "there is no tune" in do(studio, question).text()
    assert studio.controller.history.step.label == "track remove lead"


def test_it_reads_the_same_to_a_screen_reader_and_its_remedies_are_data(studio: Studio) -> None:
    result = do(studio, *POP, "/transpose lead -24", "/critique --notes")
    assert isinstance(result, Critique) and result.items
    assert spoken(result, studio.controller.project) == result.text()
    for item, data in zip(result.items, result.data()["items"], strict=True):
        assert item.command.startswith(f"/{data['remedy']['command']}") and data["safe"] == data["remedy"]["safe"]
