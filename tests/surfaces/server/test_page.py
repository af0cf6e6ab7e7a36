"""The page at `/`: what it is allowed to load, what it calls, and what somebody without a mouse or good eyes needs.

In a browser it is tried by test_browser.py; here is what holds of the file and of what the server sends with it.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from hardcore.commands.core.registry import registry
from hardcore.surfaces.http.openapi import openapi
from hardcore.surfaces.http.page import PAGE
from hardcore.surfaces.outline import outline
from tests.song import song, studio_with_song
from tests.surfaces.server.served import Served, serving

SOURCE = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    studio = studio_with_song()
    with serving(studio, tmp_path_factory.mktemp("paged")) as served:
        yield served
    studio.close()


class Elements(HTMLParser):
    """Collects elements with their attributes and the text in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))

    def handle_data(self, data: str) -> None:
        if self.found:
            self.found[-1][2].append(data)


def elements() -> list[tuple[str, dict[str, str | None], str]]:
    parser = Elements()
    parser.feed(SOURCE)
    return [(tag, facts, "".join(text)) for tag, facts, text in parser.found]


def test_the_page_needs_no_token_and_may_load_nothing_from_elsewhere(server: Served) -> None:
    status, headers, body = server.raw("GET", "/", headers={"Authorization": ""})
    assert (status, headers["content-type"], body.decode()) == (200, "text/html; charset=utf-8", SOURCE)
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self'"
    for tag in ("script", "style"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", SOURCE, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert policy[f"{tag}-src"] == f"'sha256-{digest}'"
    for tag, facts, _ in elements():
        assert facts.get("src") is None and (facts.get("href") or "data:").startswith("data:"), (tag, facts)
        assert not any(name.startswith("on") or name == "style" for name in facts), "the policy forbids it"
    assert "//" not in re.sub(r"(?m)^\s*//.*$", "", SOURCE.replace("<!--", "")), "an address of somewhere else"


def test_everything_that_the_page_calls_is_in_the_description_of_the_server() -> None:
    paths = openapi("1")["paths"]
    called = set(re.findall(r'ask\("(GET|POST)", "([^"?]+)', SOURCE))
    called |= {("GET", path) for path in re.findall(r'fetch\("([^"?]+)', SOURCE)}
    assert {path for _, path in called} >= {"/status", "/project/outline", "/events", "/say", "/line", "/artifacts/"}
    for method, path in called - {("POST", "/do/")}:
        names = [f"{path}{{artifact}}/{what}" for what in ("sound", "peaks")] if path.endswith("/") else [path]
        assert all(method.lower() in paths[name] for name in names)
    names = set(re.findall(r'run\("([^"]+)"', SOURCE))
    (row,) = re.findall(r"for \(const name of (\[.*?\])\)", SOURCE)
    names |= set(re.findall(r'"(\w+)"', row))
    assert names >= {"play", "stop", "launch", "undo", "jobs", "job/cancel", "seek"}
    assert {f"/do/{name}" for name in names} <= paths.keys()


def test_the_commands_of_the_page_have_the_arguments_that_it_gives() -> None:
    given = re.findall(r'run\("([^"]+)", \{ (.*?) \}\)', SOURCE)
    assert len(given) >= 5
    for name, arguments in given:
        known = {argument.name for argument in registry()[name.replace("/", " ")].arguments}
        assert set(re.findall(r"(?:^|, )(\w+):", arguments)) <= known, name


def test_every_event_that_the_page_waits_for_is_one(server: Served) -> None:
    from hardcore.controller import events

    waited = set(re.findall(r'event\.event ===? "(\w+)"', SOURCE))
    waited |= set(re.findall(r'"(\w+)"', SOURCE.partition("].includes(event.event)")[0].rpartition("[")[2]))
    assert {"StepMade", "PlaybackChanged", "BeatReached", "JobChanged"} <= waited
    assert all(issubclass(getattr(events, name), events.Event) for name in waited)


def test_every_control_has_a_name_and_every_part_a_heading() -> None:
    labelled = {facts["for"] for tag, facts, _ in elements() if tag == "label"}
    for tag, facts, text in elements():
        if tag == "button":
            assert text.strip() or facts.get("aria-label"), facts
        if tag == "input":
            assert facts["id"] in labelled, facts
        if tag == "section":
            assert facts.get("aria-label") or facts.get("aria-labelledby"), facts
    tags = [tag for tag, _, _ in elements()]
    assert tags.count("main") == tags.count("h1") == 1 and ("html", "en") in {
        (tag, facts.get("lang")) for tag, facts, _ in elements()
    }
    assert ":focus-visible" in SOURCE and "outline: none" not in SOURCE


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_what_is_behind_it() -> None:
    known = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", SOURCE))
    (button,) = re.findall(r"button, input \{[^}]*background: (#[0-9a-f]{6})", SOURCE)
    (clip,) = re.findall(r"\.lane i \{ background: (#[0-9a-f]{6})", SOURCE)
    pairs = [(known[ink], back) for ink in ("ink", "soft", "on", "go", "bad") for back in (known["panel"], button)]
    for ink, back in [*pairs, (known["soft"], known["back"]), ("#ffffff", clip)]:
        bright, dark = sorted((luminance(ink), luminance(back)), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ink, back)


def test_what_the_page_draws_is_the_project_without_its_notes(server: Served) -> None:
    project = server.studio.controller.project
    status, drawn = server.get("/project/outline")
    assert status == 200 and drawn == outline(project)
    assert [track["name"] for track in drawn["tracks"]] == [track.name for track in project.tracks]
    (kick,) = [track for track in drawn["tracks"] if track["name"] == "kick"]
    scene = drawn["scenes"][0]
    assert kick["clips"][scene["slots"][kick["id"]]] == project.find_track("kick").clips[0].name
    assert "notes" not in str(drawn) and drawn["bpm"] == song().tempo_map.bpm


def test_the_arrangement_is_drawn_where_it_plays(server: Served) -> None:
    assert server.post("/do/song", {"bars": 32, "style": "techno", "seed": 1})[0] == 200
    drawn, project = server.get("/project/outline")[1], server.studio.controller.project
    ends = [one["start"] + one["length"] for one in drawn["sections"]]
    assert [one["start"] for one in drawn["sections"]] == [0, *ends[:-1]] and drawn["sections"][0]["bar"] == 1
    assert ends[-1] == project.meter_map.bar_start(32)
    placed = {(track["id"], one["clip"], one["start"]) for track in drawn["tracks"] for one in track["placements"]}
    assert placed == {(one.track, one.clip, one.start_ticks) for one in project.arrangement} and placed


def test_status_says_what_the_player_does_and_where_it_is(server: Served) -> None:
    assert server.get("/status")[1].items() >= {"playing": False, "at": "1.1.1", "tick": 0, "clips": {}}.items()
