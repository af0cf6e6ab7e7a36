"""What must not change a reading: politeness, case, punctuation, a filler here and there; and what must: a denial."""

from typing import Any

import pytest

from hardcore.language.plan import Plan
from tests.language.test_phrases import read, sentences

EDITS = [one for one in sentences() if "does" in one.values[1] and not one.values[1].get("after")]
# what is given as a name is kept as it is typed, whatever is said with it
UNNAMED = [one for one in EDITS if not any("rename" in line for line in one.values[1]["does"])]
# "not too fast" asks for what the complaint "too fast" asks for
ORDERS = [one for one in EDITS if not {"too", "are", "sound"} & set(one.values[1]["say"].split())]
POLITE = ("please {}", "{} please", "can you {}", "could you {}?", "ok, {}", "{}, thanks", "{}.", "  {}  ", "hey, {}!")


@pytest.mark.parametrize(("base", "entry"), UNNAMED)
def test_politeness_case_and_punctuation_change_no_plan(base: str, entry: dict[str, Any]) -> None:
    plain = read(base, entry["say"])
    assert isinstance(plain, Plan)
    for pattern in POLITE:
        said = pattern.format(entry["say"])
        other = read(base, said)
        assert isinstance(other, Plan), said
        assert other.calls == plain.calls, said
    if entry["say"] == entry["say"].lower():
        shouted = read(base, entry["say"].capitalize())
        assert isinstance(shouted, Plan) and shouted.calls == plain.calls


@pytest.mark.parametrize(("base", "entry"), EDITS)
def test_a_plan_never_touches_a_part_that_its_sentence_does_not_name(base: str, entry: dict[str, Any]) -> None:
    plan = read(base, entry["say"])
    assert isinstance(plan, Plan)
    if plan.footprint.parts is None:
        return
    for call in plan.calls:
        tracks = call.arguments.get("tracks")
        if isinstance(tracks, str) and tracks[:1] == "t" and tracks[1:2].isdigit():
            assert set(tracks.split(",")) <= plan.footprint.parts


@pytest.mark.parametrize(("base", "entry"), ORDERS)
def test_a_denied_order_is_never_the_order(base: str, entry: dict[str, Any]) -> None:
    plain, denied = read(base, entry["say"]), read(base, f"don't {entry['say']}")
    assert isinstance(plain, Plan)
    if plain.calls:
        assert not (isinstance(denied, Plan) and denied.calls == plain.calls)
