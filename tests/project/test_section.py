"""Sections follow one another without gaps; markers are in the order of time."""

import pytest
from pydantic import ValidationError

from hardcore.project.difference import differences
from hardcore.project.integrity import check
from hardcore.project.section import Marker, Section, starts
from hardcore.project.state import ProjectState, new_project
from tests.song import song

FORM = (
    Section(id="f90", name="intro", kind="intro", bars=8, energy=0.2),
    Section(id="f91", name="verse", kind="verse", bars=16),
    Section(id="f92", name="drop", kind="drop", bars=16, energy=1),
)


def sectioned() -> ProjectState:
    marks = (Marker(id="m94", name="out", tick=9000), Marker(id="m93", name="in", tick=10))
    return song().evolve(sections=FORM, markers=marks, next_id=95)


def test_a_section_starts_where_the_one_before_it_ends() -> None:
    assert starts(FORM) == [0, 8, 24, 40]
    assert starts((FORM[1], FORM[0], FORM[2])) == [0, 16, 24, 40]
    assert starts(()) == [0]


def test_an_empty_project_has_neither_and_a_full_one_is_sound() -> None:
    assert new_project().sections == () and new_project().markers == ()
    check(sectioned())
    assert [marker.name for marker in sectioned().markers] == ["in", "out"]


def test_an_edit_elsewhere_keeps_them_the_same_objects() -> None:
    project = sectioned()
    other = project.with_mixer("t1", gain_db=-1)
    assert other.sections is project.sections and other.markers is project.markers
    assert ProjectState.model_validate_json(project.model_dump_json()) == project


@pytest.mark.parametrize("wrong", [{"bars": 0}, {"energy": 1.5}, {"id": "s1"}, {"name": ""}])
def test_a_section_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FORM[0].evolve(**wrong)


def test_an_id_that_is_used_twice_or_not_spent_is_told() -> None:
    with pytest.raises(ValueError, match="the id f90 is used 2"):
        check(sectioned().evolve(sections=(FORM[0], FORM[0])))
    with pytest.raises(ValueError, match="next_id 94 is not above m94"):
        check(sectioned().evolve(next_id=94))


def test_what_changed_is_named() -> None:
    moved = sectioned().evolve(sections=(FORM[0].evolve(bars=4), FORM[2], FORM[1]), markers=())
    assert differences(sectioned(), moved) == [
        "section intro bars 8 → 4", "sections in another order", "marker in removed", "marker out removed",
    ]  # fmt: skip
