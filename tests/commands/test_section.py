"""Sections by command and in words: what plays goes with them, and each is one step that undo takes back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcore import open_studio
from hardcore.audio import reader
from hardcore.audio.loudness import measure
from hardcore.compose.edits.sectionlevels import MOST_DB, missing, moved
from hardcore.errors import UserError
from hardcore.jobs.render import render
from hardcore.jobs.request import RenderRequest
from hardcore.project.scope import find_scope
from hardcore.project.section import starts
from hardcore.project.state import ProjectState
from hardcore.project.timeline import timeline
from hardcore.surfaces.live import LiveStudio

BAR = 7680


@pytest.fixture
def studio() -> Iterator[LiveStudio]:
    with open_studio() as opened:
        opened.do("uplifting trance, 138 bpm, A minor, 4 bars --seed 2")
        opened.do("/song --bars 48 --seed 2")
        yield opened


def names(project: ProjectState) -> list[str]:
    return [one.name for one in project.sections]


def bars(project: ProjectState, name: str) -> int:
    return next(one.bars for one in project.sections if one.name == name)


def last_bar(project: ProjectState) -> int:
    """Return where the arrangement ends, in bars, from what is placed."""
    return max(placed.start_ticks + placed.length_ticks for placed in project.arrangement) // BAR


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("make the break 8 bars", "/section resize break 8"),
        ("remove the break", "/section remove break"),
        ("move the break to the end", "/section move break"),
        ("repeat the break", "/section copy break"),
        ("add a bridge before the outro", "/section add bridge --before outro"),
    ],
)
def test_words_and_commands_do_the_same_and_undo_takes_it_back(studio: LiveStudio, said: str, command: str) -> None:
    before = studio.project
    studio.do(said)
    worded = studio.project
    assert worded != before
    studio.do("/undo")
    assert studio.project == before
    studio.do(command)
    assert names(studio.project) == names(worded)
    assert [one.bars for one in studio.project.sections] == [one.bars for one in worded.sections]


def test_the_song_is_as_long_as_its_sections_whatever_is_done_to_them(studio: LiveStudio) -> None:
    for line in ("section resize drop 12", "section move break", "section copy intro", "section remove build"):
        studio.do(f"/{line}")
        assert last_bar(studio.project) == starts(studio.project.sections)[-1], line


def test_a_section_resized_by_bars_is_that_much_longer(studio: LiveStudio) -> None:
    before = bars(studio.project, "break")
    studio.do("/section resize break --by 4")
    assert bars(studio.project, "break") == before + 4


def test_a_break_that_is_added_has_no_drums_and_no_bass(studio: LiveStudio) -> None:
    studio.do('/section add breakdown --bars 8 --before "drop 2"')
    place = names(studio.project).index("breakdown")
    start, end = (starts(studio.project.sections)[at] * BAR for at in (place, place + 1))
    playing = {
        track.role
        for track in studio.project.tracks
        if any(one.start_ticks < end and one.end_ticks > start for one in track.placements)
    }
    assert playing and not playing & {"kick", "snare", "hat_closed", "bass"}


def test_an_edit_in_one_of_two_drops_leaves_the_other(studio: LiveStudio) -> None:
    studio.do("lead 3 db louder in the second drop")
    track = studio.project.find_track("lead")
    moved = {clip.id for clip in track.clips if any(one.parameter == "gain_db" for one in clip.automation)}
    second = starts(studio.project.sections)[names(studio.project).index("drop 2")] * BAR
    assert moved
    assert {one.clip for one in track.placements if one.start_ticks >= second} >= moved
    assert not moved & {one.clip for one in track.placements if one.start_ticks < second}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/section resize brake 8", "break"),
        ("/section resize break", "how long"),
        ("/section resize break --by -99", "has only"),
        ("/section move intro --before build", "there already"),
        ("/section rename break drop", "already a section"),
        ("/track mute kick on --in chorus", "chorus"),
        ("make the chorus 8 bars", ""),
    ],
)
def test_what_can_not_be_done_is_refused_and_changes_nothing(studio: LiveStudio, line: str, said: str) -> None:
    before = studio.project
    with pytest.raises(UserError) as raised:
        studio.do(line)
    assert said in raised.value.line()
    assert studio.project is before


def test_a_loop_has_no_sections_and_the_answer_says_how_to_get_some() -> None:
    with open_studio() as studio:
        studio.do("house, 4 bars --seed 1")
        with pytest.raises(UserError, match="loop") as raised:
            studio.do("/section resize drop 8")
        assert "/song" in raised.value.line()


PAIR = "pop 150 bpm, C major, with kick, bass and pad only: verse 2 bars, chorus 2 bars --seed 3"


def loudness(project: ProjectState, first: int, last: int, path: Path) -> float:
    """Return how loud bars of a project are, LUFS, as they are rendered."""
    asyncio.run(render(RenderRequest(project, tuple(timeline(project)), path, listen=False)))
    sound, rate = reader.read(path)
    start, end = (int(project.tempo_map.seconds(project.meter_map.bar_start(bar)) * rate) for bar in (first - 1, last))
    heard = measure(sound[:, start:end], rate).integrated_lufs
    assert heard is not None
    return heard


@pytest.mark.soak
def test_a_section_is_balanced_by_what_is_heard(tmp_path: Path) -> None:
    with open_studio() as opened:
        opened.do(PAIR)
        opened.do("/gain all --by -8 --in verse")
        path, before = tmp_path / "heard.wav", opened.project
        apart = loudness(before, 1, 2, path) - loudness(before, 3, 4, path)
        assert apart < -2
        with pytest.raises(UserError, match=r"verse stands .* under chorus already"):
            opened.do("make the verse a bit quieter than the chorus")
        assert opened.project is before
        opened.do("make the verse as loud as the chorus")
        assert abs(loudness(opened.project, 1, 2, path) - loudness(opened.project, 3, 4, path)) < 1.2
        opened.do("/undo")
        assert opened.project == before


def test_faders_move_further_where_the_master_holds_against_them() -> None:
    assert missing(0.0, 3.0, 3.0, 0.0) == -3.0
    # 3 dB down were heard as 1: as much again twice
    assert missing(-3.0, 3.0, 2.0, 0.0) == -9.0
    assert missing(0.0, -40.0, -40.0, 0.0) == MOST_DB


def test_all_that_plays_in_a_stretch_is_moved_and_nothing_else(studio: LiveStudio) -> None:
    before = studio.project
    stretch = find_scope(before, "break").stretches
    after = moved(before, stretch, [-2.5])
    changed = set()
    for old, new in zip(before.tracks, after.tracks, strict=True):
        outside = [placed for placed in old.placements if placed not in new.placements]
        changed |= {old.name} if new.placements != old.placements else set()
        assert all(placed.start_ticks < stretch[0].end_ticks for placed in outside)
        assert new.mixer == old.mixer
    assert changed and moved(before, stretch, [0.0]) is before


def test_two_sections_that_share_bars_have_no_balance(studio: LiveStudio) -> None:
    with pytest.raises(UserError, match="share bars"):
        studio.do("/section balance drop drop 2")
