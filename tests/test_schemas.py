"""The schemas of results are frozen: what breaks a program that reads answers is told, what adds to them is not."""

import json
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests import schemas
from tests.blocks import ROOT
from tests.each import each

FOLDER = ROOT / "docs" / "schemas" / "results"
FILES = sorted(FOLDER.glob("*.json"))


@pytest.fixture
def edited() -> dict[str, Any]:
    """Return the schema of what an edit answers."""
    schema: dict[str, Any] = json.loads((FOLDER / "Edited.json").read_text(encoding="utf-8"))
    return schema


def test_every_command_says_what_it_answers_and_each_kind_has_a_schema() -> None:
    index = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    assert {name for names in index.values() for name in names} | {"Error", "index"} == {path.stem for path in FILES}
    assert index["track gain"] == ["Edited"] and index["track list"] == ["TrackList"]


@each("path", FILES, ids=lambda path: path.stem)
def test_a_schema_is_one(path: Any) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    if path.stem != "index":
        Draft202012Validator.check_schema(schema)
        assert {"result", "text"} <= set(schema["required"])


def test_what_a_program_would_miss_is_told(edited: dict[str, Any]) -> None:
    def without_a_field(new: dict[str, Any]) -> None:
        del new["properties"]["created"]

    def of_another_type(new: dict[str, Any]) -> None:
        new["$defs"]["Change"]["properties"]["field"]["type"] = "integer"

    def that_may_be_missing(new: dict[str, Any]) -> None:
        new["required"].remove("step")

    def with_one_kind_less(new: dict[str, Any]) -> None:
        new["$defs"]["Thing"]["properties"]["kind"]["enum"].remove("clip")

    def never_null(new: dict[str, Any]) -> None:
        new["properties"]["step"]["anyOf"].pop()

    for change in (without_a_field, of_another_type, that_may_be_missing, with_one_kind_less, never_null):
        new = deepcopy(edited)
        change(new)
        assert schemas.breaking(edited, new), change.__name__


def test_what_is_added_breaks_nothing(edited: dict[str, Any]) -> None:
    new = deepcopy(edited)
    new["properties"]["head"] = {"type": "string"}
    new["required"].append("head")
    new["$defs"]["Thing"]["properties"]["kind"]["enum"].append("rule")
    assert schemas.breaking(edited, new) == []
