"""The session in a few lines: everything one needs to go on, and no more than a model can take."""

import asyncio
import re
from pathlib import Path

from hardcore import open_studio
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.commands.projects.session import SessionsCompared, SessionState
from hardcore.controller.studio import Studio
from hardcore.project.section import MOST_BARS, Marker
from hardcore.project.state import ProjectState
from tests.large import arranged
from tests.song import studio_with_song

LINES = (
    "/session vibe dark minimal techno, industrial",
    '/rule add "every 32 beats" launch next --priority low',
    '/rule add "marker drop" notify now --off',
    "/marker add drop 65",
    "/track gain bass -3",
)


def said(studio: Studio, *lines: str) -> Result:
    result = None
    for line in lines:
        result = asyncio.run(run_line(studio, line, Caller()))
    assert result is not None
    return result


def test_it_says_what_is_needed_to_go_on() -> None:
    studio = studio_with_song()
    try:
        asyncio.run(run_line(studio, "/track gain nobody 3", Caller()))
    except Exception as error:
        assert "nobody" in str(error)
    state = said(studio, *LINES, "/session")
    assert isinstance(state, SessionState)
    assert state.text().splitlines() == [
        "Session: song (not saved yet), step 6",
        "Vibe: dark minimal techno, industrial",
        "Tempo: 138 BPM, 4/4, F minor",
        "Transport: stopped at beat 0",
        "Rules: 2",
        "  - every 32 beats → launch next (low priority)",
        "  - marker drop → notify now (off)",
        "Markers: drop@256",
        "Recent history: 6",
        "  - track gain nobody 3 ✗ no track 'nobody' (one of: kick, snare, hats, bass, drums, reverb, …",
        *(f"  - {line.removeprefix('/')} ✓" for line in LINES),
    ]
    assert state.markers[0].beat == 256 and state.rules[0].priority == "low"
    assert state.created_at <= state.updated_at <= state.captured_at
    assert said(studio, '/session vibe ""').text() == "no vibe"
    studio.close()


def test_of_the_largest_project_it_takes_800_tokens_at_most() -> None:
    studio = studio_with_song()
    large = arranged(4, 200)
    many = tuple(Marker(id=f"m{90_000 + at}", name=f"a rather long name {at}", tick=at * 7680) for at in range(2000))
    studio.controller.edit("large", lambda project: large.evolve(markers=many, next_id=99_999, vibe="dark " * 79))
    text = said(studio, *(f"/title {'a long title of a piece ' * 3}{at}" for at in range(12)), "/session").text()
    pieces = re.findall(r"[A-Za-z]{1,4}|\d{1,3}|[^\sA-Za-z\d]", text)
    assert len(pieces) <= 800, "four letters, three figures or a sign are a token at most"
    for part in ("Rules: 1024", "… 1014 more", "Markers: ", "Sections: ", "Recent history: ", "more"):
        assert part in text
    studio.close()


def test_a_kept_session_is_listed_compared_and_loaded(tmp_path: Path) -> None:
    studio = studio_with_song(tmp_path)
    compared = said(studio, "/track gain bass -3", f"/session compare {tmp_path / 'song.hcs'}")
    assert isinstance(compared, SessionsCompared)
    assert compared.details == ("bass gain_db 0 → -3",)
    assert "song.hcs" in said(studio, "/session list").text()
    assert said(studio, "/new", f"/session load {tmp_path / 'song.hcs'}").text().startswith("opened song.hcs")
    studio.close()


def test_a_loop_of_more_bars_than_a_section_may_have_has_a_plan_of_the_most() -> None:
    with open_studio() as studio:
        studio.do("house, 2 bars --seed 1")
        studio.do("/meter 1/16")
        (clip,) = [clip for track, clip in studio.project.clips() if track.name == "kick"]
        track = studio.project.find_track("kick")

        def stretched(project: ProjectState) -> ProjectState:
            longer = clip.evolve(length_ticks=480 * 5000)
            return project.with_track(track.id, lambda one: one.evolve(clips=(longer,)))

        studio._studio.controller.edit("stretch", stretched)
        assert studio.call("session status").data()["session"]["seed_plan"]["total_bars"] == MOST_BARS
        studio.do(f"/schedule kick:A {MOST_BARS}")
        assert studio.call("session status").data()["session"]["seed_plan"] is None, "there is no song to plan"
