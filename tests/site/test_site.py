"""The site that `make site` built, read by other means and opened in a browser; and what finds its faults."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import yaml

from tests.blocks import ROOT
from tests.browser import browser, needs_chromium
from tests.site import OUTSIDE
from tests.site.check import faults, pages, searched
from tests.waiting import until

SITE = ROOT / "site"
BUILT = (SITE / "search" / "search_index.js").is_file()
built = pytest.mark.skipif(not BUILT, reason="`make site` was not run")
RESULT = ".md-search-result__item a[href$='#effect-sidechain']"
HEARD = """audio => new Promise((done, failed) => {
  audio.onloadedmetadata = () => done(audio.duration);
  audio.onerror = () => failed(new Error(audio.src));
  audio.load();
})"""


@built
def test_the_site_has_every_page_of_the_documentation_and_no_fault() -> None:
    assert faults(SITE) == []
    sources = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    places = [source.with_name("index.md") if source.name == "README.md" else source for source in sources]
    names = {path.relative_to(SITE).as_posix() for path in pages(SITE)}
    assert {place.with_suffix(".html").as_posix() for place in places} | {"index.html"} <= names


@built
def test_the_site_is_searched_down_to_its_headings() -> None:
    known = json.loads((SITE / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    assert len(searched(SITE)) == len(pages(SITE))
    (gain,) = (entry for entry in known if entry["location"] == "reference/commands.html#track-gain")
    assert "decibels" in gain["text"]


@built
@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="no ffprobe")
def test_the_site_plays_sounds_that_another_program_reads() -> None:
    sounds = sorted((SITE / "sounds").iterdir())
    words = ["ffprobe", "-v", "error", "-show_entries", "format=format_name,duration", "-of", "csv=p=0"]
    for sound in sounds:
        done = subprocess.run([*words, str(sound)], capture_output=True, text=True, timeout=30, check=True)
        kind, seconds = done.stdout.strip().split(",")
        assert (kind, float(seconds) > 3) == ("mp3", True), sound
    assert sounds


@built
@needs_chromium
def test_the_site_is_searched_and_heard_from_a_folder_without_a_network() -> None:
    with browser() as program:
        context = program.new_context(color_scheme="dark", offline=True)
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((SITE / "guide" / "styles.html").as_uri())
        assert page.evaluate(HEARD, page.query_selector("audio")) > 3
        assert page.get_attribute("body", "data-md-color-scheme") == "slate"
        page.fill(".md-search__input", "sidechain")
        # whatever the page had not begun to listen to is typed again
        until(lambda: page.press(".md-search__input", "End") or page.query_selector(RESULT), "a result")
        context.close()
    assert [address for address in asked if not re.match("file:|data:", address)] == []


def test_every_page_of_the_documentation_is_in_the_navigation() -> None:
    """A page that is not would end `make site`."""

    def named(part: Any) -> set[str]:
        if isinstance(part, str):
            return {part}
        return {name for one in (part.values() if isinstance(part, dict) else part) for name in named(one)}

    listed = named(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert listed - set(OUTSIDE) == pages, "mkdocs.yml has the navigation"
    assert set(OUTSIDE) <= listed


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a site of two pages and a sound, without a fault."""
    for name, text in {
        "index.html": '<h1 id="top">A</h1><a href="two.html#there">two</a><audio src="sounds/a.mp3"></audio>',
        "two.html": '<h2 id="there">B</h2><a href="index.html#top">one</a><img src="x.svg"><a href="#there">.</a>',
        "x.svg": "<svg/>",
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "search").mkdir()
    write_index(tmp_path, ["index.html", "two.html#there"])
    (tmp_path / "sounds").mkdir()
    soundfile.write(tmp_path / "sounds" / "a.mp3", np.sin(np.arange(96_000) / 20) / 2, 48_000)
    return tmp_path


def write_index(site: Path, places: list[str]) -> None:
    index = json.dumps({"docs": [{"location": place, "title": "A", "text": "a"} for place in places]})
    (site / "search" / "search_index.json").write_text(index)
    (site / "search" / "search_index.js").write_text(f"var __index = {index}")


def test_a_whole_site_has_no_fault(small: Path) -> None:
    assert faults(small) == []


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda site: replace(site / "index.html", "two.html", "three.html"), "index.html links to three.html#there"),
        (lambda site: replace(site / "two.html", "#top", "#bottom"), "no such heading"),
        (lambda site: replace(site / "two.html", "#there", "#here"), "two.html links to #here"),
        (lambda site: (site / "x.svg").unlink(), "two.html loads x.svg, which is not there"),
        (lambda site: replace(site / "two.html", "x.svg", "https://x.example/x.svg"), "from elsewhere"),
        (lambda site: replace(site / "two.html", "x.svg", "//x.example/x.svg"), "from elsewhere"),
        (lambda site: write_index(site, ["index.html"]), "the search does not know two.html"),
        (lambda site: (site / "search" / "search_index.js").write_text("var __index = {}"), "something else"),
        (lambda site: soundfile.write(site / "sounds" / "a.mp3", np.zeros(96_000), 48_000), "a.mp3 is silent"),
        (lambda site: replace(site / "index.html", "a.mp3", "b.mp3"), "no page plays a.mp3"),
    ],
)
def test_each_fault_of_a_site_is_told(small: Path, broken: Any, fault: str) -> None:
    broken(small)
    assert any(fault in line for line in faults(small))
