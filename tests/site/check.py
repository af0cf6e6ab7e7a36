"""Reads a built site as a browser finds it, knowing nothing of how it was made, and says what is wrong with it."""

import json
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import soundfile

# What loads something when the page is opened, or played.
LOADING = {("link", "href"), ("script", "src"), ("img", "src"), ("audio", "src"), ("source", "src"), ("iframe", "src")}
QUIET = 1e-3


class Read(HTMLParser):
    """A page: what it links to, what it loads, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the links and anchors of an element."""
        for name, value in attrs:
            if value is None:
                continue
            if name in ("id", "name"):
                self.anchors.add(value)
            if (tag, name) in LOADING:
                self.loads.append(value)
            elif (tag, name) == ("a", "href"):
                self.links.append(value)


@cache
def page(path: Path) -> Read:
    """Return a page of the site."""
    return Read(path.read_text(encoding="utf-8"))


def pages(site: Path) -> list[Path]:
    """Return the pages of a site, but for the one that says that there is none: its links begin at the root."""
    return [path for path in sorted(site.rglob("*.html")) if path != site / "404.html"]


def faults(site: Path) -> list[str]:
    """Return a line for each thing that is wrong with a site."""
    page.cache_clear()
    return [*_links(site), *_search(site), *_sounds(site)]


def _links(site: Path) -> Iterator[str]:
    for path in pages(site):
        where = path.relative_to(site).as_posix()
        for target in page(path).loads:
            if urlsplit(target).scheme or target.startswith("//"):
                yield f"{where} loads {target} from elsewhere"
            elif not (path.parent / unquote(urlsplit(target).path)).is_file():
                yield f"{where} loads {target}, which is not there"
        for target in page(path).links:
            if not urlsplit(target).scheme and (fault := _leads_nowhere(path, target)):
                yield f"{where} links to {target}: {fault}"


def _leads_nowhere(path: Path, target: str) -> str:
    parts = urlsplit(target)
    there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not there.is_file():
        return "no such page"
    if parts.fragment and there.suffix == ".html" and unquote(parts.fragment) not in page(there).anchors:
        return "no such heading"
    return ""


def searched(site: Path) -> set[str]:
    """Return the pages that the search of a site knows."""
    known = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    return {entry["location"].partition("#")[0] for entry in known if entry["text"] or entry["title"]}


def _search(site: Path) -> Iterator[str]:
    known = searched(site)
    for path in pages(site):
        if (where := path.relative_to(site).as_posix()) not in known:
            yield f"the search does not know {where}"
    inlined = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    if (site / "search" / "search_index.json").read_text(encoding="utf-8") not in inlined:
        yield "a page that was opened from a folder searches something else"


def _sounds(site: Path) -> Iterator[str]:
    played = {(path.parent / load).resolve() for path in pages(site) for load in page(path).loads if _is_sound(load)}
    for sound in sorted((site / "sounds").glob("*")):
        samples, rate = soundfile.read(sound)
        if len(samples) < rate or abs(samples).max() < QUIET:
            yield f"{sound.name} is silent, or over at once"
        if sound.resolve() not in played:
            yield f"no page plays {sound.name}"


def _is_sound(target: str) -> bool:
    return target.endswith(".mp3")
