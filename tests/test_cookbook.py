"""Every line of the cookbook is run: the ways of a recipe leave equal projects, in which there is what it is for."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from hardcore.app import build_studio
from hardcore.surfaces.live import LiveStudio
from tests.blocks import ROOT, matches
from tests.cookbook import Group, Recipe, groups
from tests.effort import IS_SOAK
from tests.surfaces.server.agent import beside, said
from tests.surfaces.server.served import serving

GROUPS = {group.title: group for group in groups()}
RECIPES = [recipe for group in GROUPS.values() for recipe in group.recipes]
# An id of a thing; a velocity looks like one.
ID = re.compile(r"\b(?!v)[a-z]\d+\b")
IDEA = "idea"
# A rule says who made it, if it was not a person.
SIGNED = "  author agent\n"


class Kitchen:
    """A studio in which recipes are tried, each with the project that its group begins with."""

    def __init__(self, studio: LiveStudio, group: Group) -> None:
        self.studio, self.controller = studio, studio._studio.controller
        for line in group.start:
            studio.do(line)
        self.start, self.before = studio.project, self.text()

    def text(self) -> str:
        """Return the project as text."""
        return self.studio.call("project text").text()

    def run(self, way: str, text: str) -> tuple[str, str]:
        """Return what a way answers last, and the project that it leaves, as text with ids in the order they come."""
        if IDEA in self.controller.history.heads:
            self.studio.call("history drop", branch=IDEA)
        self.controller.edit("as it began", lambda _: self.start)
        answer = ""
        if way == "Python":
            exec(text, {"studio": self.studio})  # noqa: S102
        elif way == "MCP or HTTP":
            answer = self.studio._done(self.agent(text))
        else:
            answer = [self.studio.do(line).text() for line in text.splitlines()][-1]  # type: ignore[union-attr]
        known, named = set(ID.findall(self.before)), dict[str, str]()
        left = ID.sub(lambda id: id[0] if id[0] in known else named.setdefault(id[0], f"#{len(named)}"), self.text())
        return answer, left.replace(SIGNED, "")

    async def agent(self, text: str) -> str:
        """Return what the tool `run` says to an agent."""
        words = ""
        async with beside(self.studio._studio) as session:
            for line in text.splitlines():
                failed, words = await said(session, "run", calls=[json.loads(line)])
                assert not failed, words
        return words


def has(lines: Iterable[str], pattern: str) -> bool:
    """Return whether one of some lines is what a pattern says."""
    return any(matches([pattern], [line.strip()]) for line in lines)


def differing(one: str, other: str) -> list[str]:
    """Return the lines of which two texts do not have as many."""
    first, second = Counter(one.splitlines()), Counter(other.splitlines())
    return [*(first - second), *(second - first)] or ["the order"] * (one != other)


def try_out(recipe: Recipe, kitchen: Kitchen) -> None:
    """Run a recipe in each of its ways, and compare what comes of them."""
    left: dict[str, str] = {}
    ways = [*recipe.ways().items()]
    for way, (_, text) in ways[: 1 if recipe.slow and not IS_SOAK else None]:
        answer, left[way] = kitchen.run(way, text)
        if recipe.says and answer:
            assert has(answer.splitlines(), recipe.says), (way, answer)
        for file in recipe.files:
            path = Path(file)
            assert path.stat().st_size > 100, (way, file)
            shutil.rmtree(path.parent) if path.parent != Path() else path.unlink()
    first, *others = left
    for way in others:
        assert differing(left[first], left[way]) == [], way
    if recipe.shows:
        new = Counter(left[first].splitlines()) - Counter(kitchen.before.splitlines())
        assert has(new, recipe.shows), [*new][:20]
    else:
        assert left[first] == kitchen.before


@pytest.mark.parametrize("title", GROUPS)
def test_the_ways_of_a_recipe_leave_equal_projects(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARDCORE_RENDER_RATE", "24000")
    shutil.copy(ROOT / "samples" / "vinyl_loop.wav", "loop.wav")
    Path("prompts.txt").write_text("techno 130 bpm with kick, 1 bar\n")
    failures = []
    with LiveStudio(build_studio) as studio:
        kitchen = Kitchen(studio, GROUPS[title])
        for recipe in GROUPS[title].recipes:
            try:
                try_out(recipe, kitchen)
            except Exception as error:
                error.add_note(recipe.task)
                failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} recipes fail", failures)


def test_what_an_agent_calls_is_a_path_and_a_body_of_a_request(tmp_path: Path) -> None:
    recipe = GROUPS["From nothing"].recipes[-1]
    _, lines = recipe.ways()["MCP or HTTP"]
    studio = build_studio()
    studio.player = None
    with serving(studio, tmp_path) as server:
        for call in map(json.loads, lines.splitlines()):
            status, answer = server.post(f"/do/{call['name'].replace(' ', '/')}", call["arguments"])
            assert status == 200, answer
        assert recipe.shows in server.post("/do/project/text", {})[1]["text"]
    studio.close()


def test_there_are_forty_recipes_and_nearly_all_can_be_said() -> None:
    assert len({recipe.task for recipe in RECIPES}) == len(RECIPES) >= 40
    assert sum(bool(recipe.words) for recipe in RECIPES) >= 34
    assert all(bool(recipe.shows) + bool(recipe.files) + bool(recipe.says) == 1 for recipe in RECIPES)
