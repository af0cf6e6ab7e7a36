"""The generated documentation is what the program says, and every link leads somewhere."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardcore.commands.core.registry import registry
from hardcore.project import devices
from tests import docs, reference
from tests.blocks import ROOT
from tests.each import each

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "knowledge_base").glob("*.md")),
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def prose(path: Path) -> str:
    """Return a page without its fenced blocks and code spans."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", text)


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    """Return every generated file as the program makes it now."""
    return docs.generated()


def test_the_generated_files_are_what_the_program_says(generated: dict[str, str]) -> None:
    there = {name: ROOT / "docs" / name for name in generated}
    kept = {name: path.read_text(encoding="utf-8") if path.exists() else "" for name, path in there.items()}
    assert [name for name in generated if kept[name] != generated[name]] == [], "out of date: run `make docs`"


def test_nothing_generated_is_left_over(generated: dict[str, str]) -> None:
    assert docs.stale(generated) == [], "run `make docs`"


def test_generating_twice_gives_the_same(generated: dict[str, str]) -> None:
    assert docs.generated() == generated


@each("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(prose(page)):
        if re.match(r"https?://|mailto:", target):
            continue
        name, _, part = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), f"{page.name} links to {target}"
        assert path.is_relative_to(ROOT), f"{page.name} links out of the project: {target}"
        if part:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert part in map(reference.anchor, headings), f"{page.name} links to {target}"


def test_every_term_of_the_glossary_lives_where_it_says() -> None:
    rows = [
        line.split("|")[1:-1]
        for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
        if "|" in line
    ]
    homes = [row[2].strip().strip("`") for row in rows if row[2].strip().startswith("`")]
    assert len(homes) > 50
    assert [home for home in homes if not (ROOT / home).is_file()] == []


def test_every_command_and_its_arguments_are_documented(generated: dict[str, str]) -> None:
    page = generated["reference/commands.md"]
    for known in registry().values():
        section = page.split(f"\n### {known.name}\n")[1].split("\n### ")[0]
        assert known.usage in section
        assert known.doc in section
        assert f"`/{known.example}`" in section
        assert all(f"| `{argument.name}` |" in section for argument in known.arguments)
        assert all(f"`/{alias}`" in section for alias in known.aliases)


def test_every_device_and_parameter_is_documented(generated: dict[str, str]) -> None:
    page = generated["reference/devices.md"]
    for device in (*devices.instruments().values(), *devices.effects().values()):
        section = page.split(f"\n### {device.id}\n")[1].split("\n### ")[0]
        assert all(f"| `{parameter.id}` |" in section for parameter in device.parameters)


def references(schema: Any) -> list[str]:
    """Return every `$ref` in a schema."""
    if isinstance(schema, list):
        return [found for part in schema for found in references(part)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
    return own + [found for part in schema.values() for found in references(part)]


@pytest.mark.parametrize(
    "made",
    [reference.commands_schema, reference.genre_schema, reference.project_schema, reference.rhythm_schema],
)
def test_a_schema_points_only_at_what_it_holds(made: Callable[[], dict[str, Any]]) -> None:
    schema = made()
    found = references(schema)
    assert found
    names = {f"#/$defs/{name.replace(' ', '%20')}" for name in schema["$defs"]}
    assert set(found) <= names


def test_the_picture_is_of_music(generated: dict[str, str]) -> None:
    picture = generated["guide/session.svg"]
    for word in ("playing", "drop", "level", "F1&#160;keys"):
        assert word in picture
    assert picture.count("hardcore-line-") > 20
    assert "error:" not in picture
