"""The page at `/` in a browser: what it shows, what its buttons do, what comes of what others do, and of bad names."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hardcore.project import clips, scenes, tracks
from hardcore.project.notes import Note
from hardcore.project.section import starts
from hardcore.project.state import ProjectState
from tests.audio.clips import BAR, kept, with_audio
from tests.browser import Shown, browser, needs_chromium, opened
from tests.pagepicture import PICTURE, digest, source_of
from tests.song import studio_with_song
from tests.surfaces.server.served import Served, serving
from tests.surfaces.server.test_stream import PIECE, Pushed

pytestmark = needs_chromium
RATE = 48_000
HOSTILE = "<img src=x onerror=document.title='owned'>"


def with_more(project: ProjectState) -> ProjectState:
    """Return the song with a sound that swells over a bar, and a track whose name is HTML, with a note."""
    swell = np.linspace(0, 1, RATE) * np.sin(np.arange(RATE) / 5)
    known = kept(swell.astype(np.float32)[None], "swell")
    project, _, _ = with_audio(project, known, BAR, "rain", warp="repitch", bpm=240)
    project, track = tracks.add_track(project, HOSTILE, instrument="reese")
    project, scene = scenes.add_scene(project, "C")
    return clips.add_clip(project, track, scene, BAR, [Note(0, BAR, 60)])[0]


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    studio = studio_with_song()
    studio.controller.edit("more", with_more)
    with serving(studio, tmp_path) as served:
        yield served
    studio.player = None
    studio.close()


@pytest.fixture
def shown(started: Any, server: Served) -> Iterator[Shown]:
    with opened(started, f"{server.url}/#token={server.token}") as shown:
        shown.page.locator("#grid canvas").first.wait_for()
        yield shown
        assert shown.complaints == [], "the browser complained, or was sent elsewhere"


def cell(shown: Shown, words: str) -> Any:
    """Return the picture in a cell of the grid."""
    return shown.page.locator(f'#grid button[aria-label^="launch {words}"] canvas')


def test_clips_are_drawn_as_what_is_in_them_and_anew_when_somebody_edits_them(shown: Shown, server: Served) -> None:
    page = shown.page
    assert page.url == f"{server.url}/" and page.title() == "song – hardcore", "the token has left the address"
    assert shown.runs(cell(shown, "kick in scene A: 8 notes, C2")) == 8
    assert shown.runs(cell(shown, "snare in scene A: 4 notes")) == 4
    loud = shown.columns(cell(shown, "rain in scene A: audio"))
    quarters = [float(np.mean(part)) for part in np.array_split(loud, 4)]
    assert quarters == sorted(quarters) and quarters[3] > 3 * quarters[0], "it swells from left to right"
    assert server.post("/do/note/add", {"clip": "kick:A", "at": "1.1.3", "pitch": "C2", "length": "1/16"})[0] == 200
    assert shown.runs(cell(shown, "kick in scene A: 9 notes")) == 9
    assert page.get_by_role("button", name=f"launch {HOSTILE} in scene C").is_visible()
    assert page.locator("#grid img").count() == 0 and page.title() == "song – hardcore", "a name is a name"


def test_words_are_shown_before_they_are_done_and_keys_are_enough(shown: Shown, server: Served) -> None:
    page, history = shown.page, server.studio.controller.history
    before = history.at
    page.get_by_label("Say", exact=True).fill("mute the kick")
    page.get_by_role("button", name="Preview").click()
    answer = page.locator("#answer")
    answer.filter(has_text="mute").wait_for()
    assert history.at == before
    page.get_by_label("Say", exact=True).press("Enter")
    page.locator('#grid button[aria-label="mute kick"][aria-pressed="true"]').wait_for()
    assert server.studio.controller.project.find_track("kick").mixer.mute
    for _ in range(4):  # Preview, Do, Undo, Redo
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "undo"
    page.keyboard.press("Enter")
    page.locator('#grid button[aria-label="mute kick"][aria-pressed="false"]').wait_for()
    assert history.at == before
    page.get_by_label("Say", exact=True).fill("/track gain nobody 3")
    page.get_by_role("button", name="Do", exact=True).click()
    page.locator("#answer.bad", has_text="nobody").wait_for()
    shown.complaints.clear()  # the browser tells of each answer that is no 200


def test_the_arrangement_has_its_sections_and_what_plays_in_them(shown: Shown, server: Served) -> None:
    assert server.post("/do/song", {"bars": 32, "style": "techno", "seed": 1})[0] == 200
    page, project = shown.page, server.studio.controller.project
    page.locator("#arrangement canvas").first.wait_for()
    whole = project.meter_map.bar_start(32)
    line = page.locator("#arrangement .of-sections > div").bounding_box()
    for section, bar in zip(project.sections, starts(project.sections), strict=False):
        box = page.locator(f'#arrangement button[aria-label^="go to {section.name}, bar {bar + 1},"]').bounding_box()
        left, width = ((box[key] - offset) / line["width"] for key, offset in (("x", line["x"]), ("width", 0)))
        assert abs(left - project.meter_map.bar_start(bar) / whole) < 0.01
        assert abs(width - section.bars / 32) < 0.01
    track = project.find_track("kick")
    one = track.placements[0]
    (clip,) = [clip for clip in track.clips if clip.id == one.clip]
    begin = {note.start_ticks for note in clip.notes}
    (lane,) = page.locator("#arrangement .lane", has=page.get_by_text("kick", exact=True)).all()
    hits = shown.runs(lane.locator("canvas").first)
    assert hits == pytest.approx(len(begin) * one.length_ticks / clip.length_ticks, rel=0.25)


def test_the_master_is_heard_and_drawn_as_it_comes(shown: Shown, server: Served) -> None:
    player = Pushed()
    server.studio.player = player  # type: ignore[assignment]
    page = shown.page
    page.get_by_role("button", name="Listen").click()
    page.locator('#listen[aria-pressed="true"]').wait_for()
    frames = len(PIECE) // 8
    for level in (0.0, 0.25, 0.5, 1.0):
        for _ in range(10):
            player.push(RATE, struct.pack("<f", level) * (2 * frames))
    scope = page.locator("#scope")
    wanted = 4 * 10 * frames * 50 // RATE
    shown.wait(f"master.peaks.length >= {wanted - 1}")
    loud = shown.columns(scope)[-2 * (wanted - 1) :]
    steps = [round(float(np.median(part)), 2) for part in np.array_split(loud, 4)]
    assert steps[1:] == pytest.approx([0.25, 0.5, 1.0], abs=0.05) and steps[0] < 0.05
    page.get_by_role("button", name="Listen").click()
    page.locator('#listen[aria-pressed="false"]').wait_for()
    assert page.locator("#answer").inner_text() == "the master is not heard here any more"


def test_without_the_token_it_asks_for_one_and_shows_nothing(started: Any, server: Served) -> None:
    with opened(started, server.url) as shown:
        page = shown.page
        page.locator("#token").wait_for()
        assert page.locator("#studio").is_hidden()
        page.locator("#token").fill("wrong")
        page.get_by_role("button", name="Connect").click()
        page.get_by_text("the token is not that of this server").wait_for()
        page.locator("#token").fill(server.token)
        page.get_by_role("button", name="Connect").click()
        page.get_by_text("connected", exact=True).wait_for()
        assert page.locator("#studio").is_visible()
        assert all("401" in one for one in shown.complaints), shown.complaints


def test_the_picture_in_the_guide_is_of_this_page() -> None:
    assert source_of(PICTURE.read_bytes()) == digest(), "the page looks otherwise now: make docs"
