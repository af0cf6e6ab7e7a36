"""Questions are answered from the documentation: the right passage, with the line where it stands."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardcore.assistant.answers import LONGEST, answer, search
from hardcore.assistant.passages import cut, page, pages, passages
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.controller.studio import Studio
from hardcore.errors import NotFound, UserError
from tests.blocks import ROOT
from tests.song import studio_with_song

# A question, and the page and heading where a person would look.
QUESTIONS = {
    "how can an agent work in my studio?": ("guide/server.md", "An agent"),
    "how do I take back one old change?": ("guide/branches.md", "Taking back one step of many"),
    "how do I cancel a job?": ("guide/jobs.md", "Jobs"),
    "how to learn a groove from a wav?": ("guide/rhythm.md", "Learning a groove"),
    "how do I merge a branch?": ("guide/branches.md", "Merging"),
    "what happens to unsaved work after a crash?": ("guide/README.md", "Keeping"),
    "what does the limiter do?": ("reference/devices.md", "limiter"),
    "where is the token of the server?": ("guide/server.md", "Serving"),
    "where are settings kept?": ("reference/commands.md", "config"),
    "how do I export stems?": ("guide/README.md", "Exporting"),
    "how do I put reverb on the snare?": ("reference/commands.md", "effect add"),
    "how do I render to mp3?": ("reference/commands.md", "export"),
    "what does panic do?": ("reference/commands.md", "panic"),
    "how do I list the keys of the full screen?": ("reference/commands.md", "keys"),
}


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = studio_with_song(tmp_path)
    yield studio
    studio.close()


def do(studio: Studio, line: str) -> Any:
    return asyncio.run(run_line(studio, line, Caller()))


def test_questions_find_the_passage_where_a_person_would_look() -> None:
    missed = {}
    for question, (name, heading) in QUESTIONS.items():
        found = [(hit.passage.page, hit.passage.headings[-1]) for hit in answer(question, 3)]
        if (name, heading) not in found:
            missed[question] = found
    assert len(missed) <= 2, missed


def test_a_passage_stands_where_it_says() -> None:
    assert len(passages()) > 1000
    for one in passages():
        lines = (ROOT / "docs" / one.page).read_text(encoding="utf-8").splitlines()
        assert lines[one.line - 1] == one.text.splitlines()[0], one.place


def test_every_line_of_a_page_is_in_a_passage_but_headings_rules_and_pictures() -> None:
    for name in pages():
        _, lines = page(name)
        kept = {line for one in passages() if one.page == name for line in one.text.splitlines()}
        left = [line for line in lines if line.strip() and line not in kept]
        assert all(line.startswith(("#", "|", "![", "<!--")) for line in left), (name, left)


def test_a_page_is_cut_at_paragraphs_items_and_rows() -> None:
    text = "# Top\n\none\ntwo\n\n```text\n> a\n```\n\n- first\n  more\n- second\n\n## Sub\n\n| a | b |\n|---|---|\n"
    text += "| x | y |"
    found = [(one.line, one.headings, one.text.splitlines()[0]) for one in cut("guide/x.md", text.splitlines())]
    assert found == [
        (3, ("Top",), "one"),
        (10, ("Top",), "- first"),
        (12, ("Top",), "- second"),
        (18, ("Top", "Sub"), "| x | y |"),
    ]


def test_snippets_are_short_and_plain() -> None:
    for hit in search("agent server token", 10):
        assert 0 < len(hit.snippet) <= LONGEST
        assert "](" not in hit.snippet and "```" not in hit.snippet


def test_pages_are_listed_searched_and_read(studio: Studio) -> None:
    listed = do(studio, "/docs list").items
    assert ("guide/jobs.md", "Jobs") in [(row.page, row.title) for row in listed]
    first = do(studio, "/docs search cancel a job --limit 1").items[0]
    assert first.page.endswith(("jobs.md", "commands.md"))
    read = do(studio, "/docs read jobs --lines 3")
    assert (read.page, read.line, read.next, len(read.body.splitlines())) == ("guide/jobs.md", 1, 4, 3)
    rest = do(studio, "/docs read jobs.md --line 4 --lines 2000")
    assert rest.next is None


def test_what_is_not_there_is_said_in_a_line(studio: Studio) -> None:
    with pytest.raises(NotFound, match="no page 'job'") as caught:
        do(studio, "/docs read job")
    assert "jobs.md" in caught.value.hint
    with pytest.raises(NotFound, match="the guide says nothing of that"):
        do(studio, "/docs answer xyzzy")
    with pytest.raises(UserError, match="lines"):
        do(studio, "/docs read jobs --line 99999")
    assert do(studio, "/docs search xyzzy").items == ()


def test_a_question_how_something_is_done_is_answered_from_the_guide(studio: Studio) -> None:
    before = studio.controller.project
    answered = do(studio, "how do I cancel a job?").text()
    assert "stops it at once" in answered or "Stop a job" in answered
    assert ".md:" in answered
    assert "138 bpm" in do(studio, "what is the tempo?").text()
    assert studio.controller.project is before
