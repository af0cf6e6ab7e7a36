"""A group of cases fails where one of them does, and names it."""

import pytest

from tests.each import each


def test_every_case_is_tried_and_those_that_fail_are_named() -> None:
    tried = []

    @each(("left", "right"), [(1, 1), (1, 2), pytest.param(3, 4, id="three and four"), (5, 5)])
    def equal(left: int, right: int) -> None:
        tried.append(left)
        assert left == right

    with pytest.raises(ExceptionGroup, match="2 of 4 cases fail") as failed:
        equal()
    assert tried == [1, 1, 3, 5]
    assert [error.__notes__ for error in failed.value.exceptions] == [
        ["left, right: (1, 2)"], ["left, right: three and four"],
    ]  # fmt: skip


@each("number", [1, 2])
def test_fixtures_are_given_beside_the_cases(number: int, home: object) -> None:
    assert number and home is not None
